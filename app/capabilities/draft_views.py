"""The draft of a framework: what is in it, as YAML, what it changes, and publishing it. New frameworks begin here, too."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.capabilities import editing
from app.capabilities.differing import differences
from app.capabilities.drafts import (
    Draft,
    WrongDraftError,
    begin_framework,
    change_draft,
    discard_draft,
    ensure_seen,
    get_draft,
    keep_draft,
    publish_draft,
)
from app.capabilities.editing_views import names_in
from app.capabilities.files import RefusedFrameworkError, parse_framework, write_framework
from app.capabilities.forms import NewFrameworkForm, PublishForm, YamlForm
from app.capabilities.policy import can_edit_frameworks
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, DomainError, InvalidInputError
from app.web.access import requires, the_member
from app.web.numbers import sent_revision
from app.web.words import keeps_words

blueprint = Blueprint("framework_drafts", __name__, template_folder="templates")
Problems = list[tuple[int | None, str]]


@blueprint.route("/capabilities/new", methods=["GET", "POST"])
@requires(can_edit_frameworks)
@keeps_words
def new() -> ResponseReturnValue:
    """Begin with a few words, and go on by forms."""
    form, actor = NewFrameworkForm(), the_member()
    if form.validate_on_submit():
        content = editing.blank(form.slug.data or "") | form.item
        try:
            with transaction() as session:
                begin_framework(session, content, editor=actor, now=utc_now())
        except WrongDraftError as error:
            form.blame_problems(error.problems, ())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The draft is there. Add its areas and capabilities; readers see it when it is published."), "good")
            return redirect(url_for("framework_drafts.show", framework=content["slug"]), 303)
    page = render_template("capabilities/editing/new.html", form=form, yaml=YamlForm(formdata=None), problems=[])
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/capabilities/new/yaml")
@requires(can_edit_frameworks)
@keeps_words
def new_from_yaml() -> ResponseReturnValue:
    """Begin with a whole file. Where it is the next version of a framework that is there, its draft is the place for it."""
    form, actor = YamlForm(), the_member()
    problems: Problems = []
    try:
        content = parse_framework(_sent_text(form))
        with transaction() as session:
            begin_framework(session, content, editor=actor, now=utc_now())
    except RefusedFrameworkError as error:
        problems = list(error.problems)
    except InvalidInputError as error:
        form.blame(error)
    else:
        flash(_("The file is read and its draft is there. Look through it, and publish it."), "good")
        return redirect(url_for("framework_drafts.show", framework=content["slug"]), 303)
    empty = NewFrameworkForm(formdata=None)
    return render_template("capabilities/editing/new.html", form=empty, yaml=form, problems=problems), 422


@blueprint.get("/capabilities/<framework>/edit")
@requires(can_edit_frameworks)
def show(framework: str) -> str:
    draft = get_draft(framework)
    return render_template("capabilities/editing/draft.html", draft=draft, changes=_changes(draft))


def _changes(draft: Draft) -> list[Any]:
    return differences(draft.live, draft.content) if draft.live else []


@blueprint.route("/capabilities/<framework>/edit/yaml", methods=["GET", "POST"])
@requires(can_edit_frameworks)
@keeps_words
def as_yaml(framework: str) -> ResponseReturnValue:
    """The whole draft as one text, to be changed here or replaced by a file."""
    draft, form, actor = get_draft(framework), YamlForm(), the_member()
    problems: Problems = []
    if form.validate_on_submit():
        revision = sent_revision(form.revision.data)

        def step(found: Draft) -> dict[str, Any]:
            ensure_seen(found, revision)
            return content

        try:
            content = parse_framework(_sent_text(form))
            with transaction() as session:
                change_draft(session, framework, step, editor=actor, now=utc_now())
        except RefusedFrameworkError as error:
            problems = list(error.problems)
        except ConflictError as error:
            draft = get_draft(framework)
            # To send it once more is then meant.
            form.revision.data = str(draft.revision)
            form.blame(error)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The draft is saved. Readers see it when it is published."), "good")
            return redirect(url_for("framework_drafts.show", framework=framework), 303)
    elif request.method == "GET":
        form.text.data, form.revision.data = write_framework(draft.content), str(draft.revision)
    page = render_template("capabilities/editing/yaml.html", draft=draft, form=form, problems=problems)
    return page, 422 if request.method == "POST" else 200


def _sent_text(form: YamlForm) -> str:
    """The file where one was sent, else the text as it was typed: trimmed, its lines would be counted wrong. Raises
    RefusedFrameworkError for what is no text.
    """
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        return request.form.get("text", "").replace("\r\n", "\n")
    try:
        text = sent.stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RefusedFrameworkError([(None, _("The file is no text in UTF-8."))]) from None
    # What was wrong is shown beside the text.
    form.text.data = text
    return text


@blueprint.route("/capabilities/<framework>/edit/publish", methods=["GET", "POST"])
@requires(can_edit_frameworks)
def publish(framework: str) -> ResponseReturnValue:
    """Everything that the draft changes, and the button below it."""
    draft, form, actor = get_draft(framework), PublishForm(), the_member()
    if form.validate_on_submit():
        try:
            with transaction() as session:
                version = publish_draft(
                    session,
                    framework,
                    sent_revision(form.revision.data),
                    label=form.label.data or "",
                    note=form.note.data or "",
                    editor=actor,
                    now=utc_now(),
                )
                number = version.number
        except ConflictError as error:
            form.blame(error)
            draft = get_draft(framework)
        else:
            flash(_("Version %(number)s is published.", number=number), "good")
            return redirect(url_for("framework_versions.show", framework=framework, number=number), 303)
    elif request.method == "GET":
        form.label.data = draft.content["version"]
    form.revision.data = str(draft.revision)
    page = render_template(
        "capabilities/editing/publish.html",
        draft=draft,
        form=form,
        changes=_changes(draft),
        names=names_in(*([draft.live] if draft.live else []), draft.content),
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/capabilities/<framework>/edit/<any(keep,discard):how>")
@requires(can_edit_frameworks)
def settle(framework: str, how: str) -> ResponseReturnValue:
    """Go on with a draft that a newer version has overtaken, or throw it away."""
    actor, revision = the_member(), sent_revision(request.form.get("revision"))
    is_new = get_draft(framework).framework is None
    try:
        with transaction() as session:
            if how == "keep":
                keep_draft(session, framework, revision, editor=actor, now=utc_now())
            else:
                discard_draft(session, framework, revision)
    except DomainError as error:
        flash(str(error), "warn")
        return redirect(url_for("framework_drafts.show", framework=framework), 303)
    if how == "discard":
        flash(_("The draft is thrown away."), "good")
        way = url_for("capabilities.index") if is_new else url_for("capabilities.framework", framework=framework)
        return redirect(way, 303)
    return redirect(url_for("framework_drafts.publish", framework=framework), 303)
