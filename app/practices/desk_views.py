"""Writing practices: new ones, changes to those that are there, and translations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice

from app.accounts.login import me
from app.capabilities.queries import list_main_capabilities
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.kernel.types import LANGUAGES
from app.practices.content import blank
from app.practices.forms import PracticeForm
from app.practices.kind import PracticeKind
from app.practices.naming import free_slug, is_free
from app.practices.starts import starts
from app.web.access import member
from app.web.i18n import language
from app.web.words import keeps_words
from app.writing.desk.bench import Desk, Place
from app.writing.desk.frame import write_new, write_on
from app.writing.kinds import Content
from app.writing.models import Manuscript
from app.writing.policy import can_read
from app.writing.queries import content_of, find_manuscript, get_readable
from app.writing.rooms import Offer

blueprint = Blueprint("practices_desk", __name__, template_folder="templates")
KIND = PracticeKind()
OFFER = Offer(
    _l("Write a practice"),
    _l("Something that works, so that another team can do it, too: what, why, how, and how one sees that it works."),
    "practices_desk.new",
    "pen-line",
)


@blueprint.route("/practices/new", methods=["GET", "POST"])
@member
@keeps_words
def new() -> ResponseReturnValue:
    wanted = request.args.get("lang", "")
    chosen = wanted if wanted in LANGUAGES else language()
    return write_new(desk_for(chosen), blank())


@blueprint.route("/practices/<slug>/edit", methods=["GET", "POST"])
@member
@keeps_words
def edit(slug: str) -> ResponseReturnValue:
    manuscript = get_readable(KIND.name, slug, _wanted_language(slug), me())
    return write_on(desk_for(manuscript.language, manuscript), manuscript)


@blueprint.route("/practices/<slug>/translate", methods=["GET", "POST"])
@member
@keeps_words
def translate(slug: str) -> ResponseReturnValue:
    """Begin the translation of what is published; go on with it where it has begun."""
    wanted = request.args.get("lang", "")
    original = _original(slug, wanted)
    begun = find_manuscript(KIND.name, slug, wanted)
    if begun is not None and not can_read(me(), begun):
        raise ConflictError(_("Somebody is translating it already. You can go on with it once it is published."))
    if begun is not None:
        return redirect(KIND.edit_url(begun), 303)
    number = original.published_number or original.latest_number
    content = content_of(original, number)

    def place(_typed: PracticeForm, _manuscript: Manuscript | None) -> Place:
        return Place(slug, wanted, translation_of=original.language, source_number=number)

    desk = replace(desk_for(wanted), place=place, context=partial(_context, original=original), starts=())
    return write_new(desk, content)


def desk_for(language: str, manuscript: Manuscript | None = None) -> Desk:
    """The desk of a practice that is there, or of a new one in `language`."""
    form = partial(_form, language=language, slug=manuscript.slug if manuscript else "")
    offered = () if manuscript else starts(language)
    return Desk(KIND, "practices/desk.html", form, _place if manuscript else _new_place, _context, starts=offered)


def _form(content: Content, typed: MultiDict[str, str] | None, *, language: str, slug: str = "") -> PracticeForm:
    return PracticeForm(content, typed, capabilities=_capabilities(), language=language, slug=slug)


def _capabilities() -> list[SelectChoice]:
    return [
        SelectChoice(each.slug, each.name.in_(language()), optgroup=each.area.name.in_(language()))
        for each in list_main_capabilities()
    ]


def _context(_form: PracticeForm, *, original: Manuscript | None = None) -> Mapping[str, Any]:
    return {"original": original, "original_url": KIND.url(original.slug, original.language) if original else ""}


def _new_place(form: PracticeForm, _manuscript: Manuscript | None) -> Place:
    """At the address that was chosen, else at that of the title."""
    chosen = form.slug.data or ""
    if chosen and not is_free(chosen):
        raise InvalidInputError(_("There is a practice at this address already."), field="slug")
    return Place(chosen or free_slug(form.title.data or ""), form.language_code)


def _place(form: PracticeForm, manuscript: Manuscript | None) -> Place:
    """As long as it was never published, it can be given another address."""
    assert manuscript is not None
    chosen = form.slug.data or manuscript.slug
    if chosen != manuscript.slug and not is_free(chosen):
        raise InvalidInputError(_("There is a practice at this address already."), field="slug")
    return Place(chosen, manuscript.language)


def _wanted_language(slug: str) -> str:
    """The language of the address, else the reader's where the practice has it, else the one it has."""
    wanted = request.args.get("lang", "")
    if wanted in LANGUAGES:
        return wanted
    other = next(each for each in LANGUAGES if each != language())
    return language() if find_manuscript(KIND.name, slug, language()) else other


def _original(slug: str, wanted: str) -> Manuscript:
    """What is to be translated into `wanted`: the same in the other language, as it is published. Raises NotFoundError."""
    if wanted not in LANGUAGES:
        raise NotFoundError(_("Say into which language it is to be translated."))
    other = next(each for each in LANGUAGES if each != wanted)
    original = get_readable(KIND.name, slug, other, me())
    if not original.is_live:
        raise NotFoundError(_("Only what is published can be translated."))
    return original
