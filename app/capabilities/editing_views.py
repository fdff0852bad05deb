"""Editing the draft of a framework by forms: the framework itself, its areas, its capabilities."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.capabilities import editing
from app.capabilities.checking import Path, check
from app.capabilities.differing import differences
from app.capabilities.documents import Document, areas_of, capabilities_of, fingerprint, placed_capabilities
from app.capabilities.drafts import Draft, WrongDraftError, change_draft, get_draft, said_by
from app.capabilities.forms import AreaForm, CapabilityForm, FrameworkForm
from app.capabilities.policy import can_edit_frameworks
from app.capabilities.word_marks import mark_words
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, DomainError, InvalidInputError, NotFoundError
from app.kernel.types import Localized
from app.web.access import requires, the_member
from app.web.i18n import language
from app.web.words import keeps_words, kept_words

blueprint = Blueprint("framework_editing", __name__, template_folder="templates")
WAYS = {"up": -1, "down": 1}


@blueprint.app_template_global()
def localized(texts: Mapping[str, str]) -> str:
    """A text of a document in the reader's language."""
    return Localized(texts).in_(language())


blueprint.add_app_template_global(mark_words)


@blueprint.route("/capabilities/<framework>/edit/framework", methods=["GET", "POST"])
@requires(can_edit_frameworks)
@keeps_words
def whole(framework: str) -> ResponseReturnValue:
    draft, form = get_draft(framework), FrameworkForm()
    now_says = {name: draft.content[name] for name in (*FrameworkForm.TEXTS, "official")}
    return _edit(
        draft,
        form,
        now_says,
        lambda content: editing.put_framework(content, form.item),
        lambda content: {name: content[name] for name in now_says},
        lambda _content: (),
        _("The framework itself"),
    )


@blueprint.route("/capabilities/<framework>/edit/areas/new", methods=["GET", "POST"])
@requires(can_edit_frameworks)
@keeps_words
def new_area(framework: str) -> ResponseReturnValue:
    draft, form = get_draft(framework), AreaForm()
    return _edit(
        draft,
        form,
        None,
        lambda content: editing.put_area(content, None, form.item, ()),
        lambda _content: None,
        lambda content: ("areas", len(content["areas"])),
        _("A new area"),
    )


@blueprint.route("/capabilities/<framework>/edit/areas/<slug>", methods=["GET", "POST"])
@requires(can_edit_frameworks)
@keeps_words
def area(framework: str, slug: str) -> ResponseReturnValue:
    draft, form = get_draft(framework), AreaForm()
    try:
        item = _own(editing.find_area(draft.content, slug))
    except NotFoundError:
        return _gone()
    published = areas_of(draft.live) if draft.live else {}
    return _edit(
        draft,
        form,
        item,
        lambda content: editing.put_area(content, slug, form.item, published),
        lambda content: _own(editing.find_area(content, slug)),
        lambda content: ("areas", list(areas_of(content)).index(slug)),
        localized(item["name"]),
    )


def _gone() -> ResponseReturnValue:
    """Somebody has renamed or removed what a form is about: what was typed into it is shown once more. Raises NotFoundError where
    nothing was.
    """
    if request.method != "POST":
        raise NotFoundError(editing.GONE)
    return kept_words(editing.GONE)


def _own(area: dict[str, Any]) -> dict[str, Any]:
    """What an area says without its capabilities, which somebody else may edit meanwhile."""
    return {name: value for name, value in area.items() if name != "capabilities"}


@blueprint.route("/capabilities/<framework>/edit/areas/<area>/new", methods=["GET", "POST"])
@requires(can_edit_frameworks)
@keeps_words
def new_capability(framework: str, area: str) -> ResponseReturnValue:
    draft = get_draft(framework)
    inside = editing.find_area(draft.content, area)["capabilities"]
    form = _capability_form(draft, area, "")
    return _edit(
        draft,
        form,
        None,
        lambda content: editing.put_capability(content, None, form.area.data, form.item, ()),
        lambda _content: None,
        lambda content: _place(content, form.area.data, None, len(inside)),
        _("A new capability"),
    )


@blueprint.route("/capabilities/<framework>/edit/capabilities/<slug>", methods=["GET", "POST"])
@requires(can_edit_frameworks)
@keeps_words
def capability(framework: str, slug: str) -> ResponseReturnValue:
    draft = get_draft(framework)
    try:
        home, item = editing.find_capability(draft.content, slug)
    except NotFoundError:
        return _gone()
    form = _capability_form(draft, home, slug)
    published = capabilities_of(draft.live) if draft.live else {}
    return _edit(
        draft,
        form,
        {**item, "area": home},
        lambda content: editing.put_capability(content, slug, form.area.data, form.item, published),
        lambda content: {
            **editing.find_capability(content, slug)[1],
            "area": editing.find_capability(content, slug)[0],
        },
        lambda content: _place(content, form.area.data, slug, -1),
        localized(item["name"]),
    )


def _capability_form(draft: Draft, area: str, slug: str) -> CapabilityForm:
    form = CapabilityForm(area=area)
    form.area.choices = [SelectChoice(key, localized(each["name"])) for key, each in areas_of(draft.content).items()]
    others = capabilities_of(draft.content).items()
    form.needs.choices = [SelectChoice(key, localized(each["name"])) for key, each in others if key != slug]
    return form


def _place(content: Document, area: str, slug: str | None, number: int) -> Path:
    """Where the capability stands after the step, as problems name it."""
    index = list(areas_of(content)).index(area)
    home = [each["slug"] for each in content["areas"][index]["capabilities"]]
    inside = home.index(slug) if slug in home else len(home) if number < 0 else number
    return ("areas", index, "capabilities", inside)


def _edit(
    draft: Draft,
    form: Any,
    item: Document | None,
    put: Callable[[Document], dict[str, Any]],
    again: Callable[[Document], Document | None],
    place: Callable[[Document], Path],
    title: str,
) -> ResponseReturnValue:
    """One item of the draft in its form. `item` is what it says now (None for a new one), and `again` finds it once more inside the
    transaction: where it says something else than what the form was opened with, nothing is saved, and the differences are shown.
    """
    now_says = fingerprint(item)
    between: list[Any] = []
    if form.validate_on_submit():
        try:
            unsaved = _save(draft, form, put, again, place)
        except NotFoundError:
            return _gone()
        if unsaved is None:
            flash(_("The draft is saved. Readers see it when it is published."), "good")
            return redirect(url_for("framework_drafts.show", framework=draft.slug), 303)
        between = unsaved
        # Whoever sends it once more has seen what the others wrote.
        now_says = fingerprint(again(get_draft(draft.slug).content)) if between else form.seen.data
    elif item is not None and request.method == "GET":
        form.fill(item)
    form.seen.data = now_says
    page = render_template(
        "capabilities/editing/item.html",
        draft=draft,
        form=form,
        title=title,
        item=item,
        between=between,
        names=names_in(draft.content),
    )
    return page, 422 if request.method == "POST" else 200


def _save(
    draft: Draft,
    form: Any,
    put: Callable[[Document], dict[str, Any]],
    again: Callable[[Document], Document | None],
    place: Callable[[Document], Path],
) -> list[Any] | None:
    """Put what was typed into the draft. None where that went well; otherwise the form says why not, and where somebody was quicker
    the answer is what lies between theirs and this.
    """
    actor = the_member()
    try:
        with transaction() as session:
            change_draft(
                session, draft.slug, lambda found: _step(found, form.seen.data, put, again), editor=actor, now=utc_now()
            )
    except ConflictError as error:
        form.blame(error)
        return _between(get_draft(draft.slug).content, put)
    except WrongDraftError as error:
        form.blame_problems(error.problems, place(draft.content))
    except InvalidInputError as error:
        form.blame(error)
    else:
        return None
    return []


def _step(
    found: Draft, seen: str, put: Callable[[Document], dict[str, Any]], again: Callable[[Document], Document | None]
) -> dict[str, Any]:
    if fingerprint(again(found.content)) != seen:
        raise ConflictError(said_by(found))
    return put(found.content)


def _between(content: Document, put: Callable[[Document], dict[str, Any]]) -> list[Any]:
    """From what the draft says to what was typed."""
    return differences(content, check(put(content)).document)


def names_in(*documents: Document) -> dict[str, str]:
    """{slug: name} of the areas and capabilities of all of them, for slugs that differences name."""
    found = {}
    for document in documents:
        found.update({slug: localized(area["name"]) for slug, area in areas_of(document).items()})
        found.update({each["slug"]: localized(each["name"]) for _area, each in placed_capabilities(document)})
    return found


@blueprint.post("/capabilities/<framework>/edit/areas/<slug>/<any(up,down,remove):how>")
@requires(can_edit_frameworks)
def place_area(framework: str, slug: str, how: str) -> ResponseReturnValue:
    def step(draft: Draft) -> dict[str, Any]:
        if how == "remove":
            return editing.remove_area(draft.content, slug)
        return editing.move_area(draft.content, slug, WAYS[how])

    return _take(framework, step, f"area-{slug}")


@blueprint.post("/capabilities/<framework>/edit/capabilities/<slug>/<any(up,down,remove):how>")
@requires(can_edit_frameworks)
def place_capability(framework: str, slug: str, how: str) -> ResponseReturnValue:
    def step(draft: Draft) -> dict[str, Any]:
        if how == "remove":
            return editing.remove_capability(draft.content, slug)
        return editing.move_capability(draft.content, slug, WAYS[how])

    return _take(framework, step, f"capability-{slug}")


def _take(framework: str, step: Callable[[Draft], dict[str, Any]], anchor: str) -> ResponseReturnValue:
    actor = the_member()
    try:
        with transaction() as session:
            change_draft(session, framework, step, editor=actor, now=utc_now())
    except DomainError as error:
        flash(str(error), "warn")
        anchor = ""
    return redirect(url_for("framework_drafts.show", framework=framework, _anchor=anchor or None), 303)
