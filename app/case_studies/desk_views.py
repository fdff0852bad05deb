"""Writing case studies at the desk: as a story or as an interview."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import starmap
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import SelectChoice

from app.accounts.login import me
from app.accounts.models import Team
from app.accounts.queries import teams_of
from app.capabilities.queries import list_main_capabilities
from app.case_studies.contents import content_of_story, story_of
from app.case_studies.credits import all_creditable
from app.case_studies.forms import ACTIONS, FORMS, CaseStudyForm, Choices
from app.case_studies.guides import GUIDES, INTERVIEW_QUESTIONS
from app.case_studies.kind import KIND
from app.case_studies.measures import MEASURES
from app.case_studies.queries import get_own_manuscript
from app.case_studies.rules import CASE_STUDY, Answer, Form, Story
from app.case_studies.service import byline_of
from app.case_studies.views import blueprint
from app.kernel.errors import NotFoundError
from app.kernel.slugs import unique_slug
from app.kernel.types import LANGUAGES
from app.web.access import ensure, member
from app.web.i18n import language
from app.web.words import keeps_words
from app.writing.desk.bench import Desk, Place
from app.writing.desk.frame import write_new, write_on
from app.writing.kinds import Content
from app.writing.models import Manuscript
from app.writing.policy import can_write
from app.writing.queries import content_of, find_manuscript
from app.writing.rooms import Offer

# Handed on, so that whoever takes the blueprint from here has it with every route.
__all__ = ["OFFER", "blueprint"]

OFFER = Offer(
    _l("Tell your team's story"),
    _l("What your team changed, with the numbers from before and after, and what it would do again."),
    "case_studies.new",
    "book-open-check",
)


@blueprint.route("/case-studies/new", methods=["GET", "POST"])
@member
@keeps_words
def new() -> ResponseReturnValue:
    """Without `form` in the address, the choice between a story and an interview."""
    teams = teams_of(me())
    told_as = request.args.get("form", "")
    if not teams:
        return render_template("case_studies/no_team.html")
    if told_as not in list(Form):
        return render_template("case_studies/choose.html")
    return write_new(_desk(teams, [me().name]), content_of_story(_blank(Form(told_as), teams[0])))


@blueprint.route("/case-studies/<slug>/edit", methods=["GET", "POST"])
@member
@keeps_words
def edit(slug: str) -> ResponseReturnValue:
    manuscript = get_own_manuscript(slug, request.args.get("lang"), me())
    teams = teams_of(me())
    if manuscript.team is not None and manuscript.team not in teams:
        teams = [*teams, manuscript.team]
    return write_on(_desk(teams, [author.user.name for author in manuscript.authors]), manuscript)


@blueprint.route("/case-studies/<slug>/translate", methods=["GET", "POST"])
@member
@keeps_words
def translate(slug: str) -> ResponseReturnValue:
    """Begin the translation of what is published, for those who write it; go on with it where it has begun."""
    wanted = request.args.get("lang", "")
    original = _original(slug, wanted)
    ensure(can_write(me(), original))
    begun = find_manuscript(CASE_STUDY, slug, wanted)
    if begun is not None:
        return redirect(KIND.edit_url(begun), 303)
    number = original.published_number or original.latest_number
    teams = [original.team] if original.team else teams_of(me())

    def place(_typed: CaseStudyForm, _manuscript: Manuscript | None) -> Place:
        return Place(slug, wanted, translation_of=original.language, source_number=number)

    authors = [author.user.name for author in original.authors]
    content = {**content_of(original, number), "language": wanted}
    return write_new(replace(_desk(teams, authors, original), place=place), content)


def _original(slug: str, wanted: str) -> Manuscript:
    """What is to be translated into `wanted`: the same in the other language, as it is published. Raises NotFoundError."""
    others = [each for each in LANGUAGES if each != wanted]
    if wanted not in LANGUAGES:
        raise NotFoundError(_("Say into which language it is to be translated."))
    original = get_own_manuscript(slug, others[0], me())
    if not original.is_live or original.is_kept_in_file:
        raise NotFoundError(_("Only what is published can be translated."))
    return original


def _blank(told_as: Form, team: Team) -> Story:
    """Nothing is written yet; an interview has questions to begin from."""
    questions = INTERVIEW_QUESTIONS[language()] if told_as is Form.INTERVIEW else ()
    answers = tuple(Answer(question, "") for question in questions)
    return Story(title="", language=language(), team=team.slug, form=told_as, answers=answers)


def _desk(teams: Sequence[Team], authors: list[str], original: Manuscript | None = None) -> Desk:
    bylines = [byline_of(team.name, authors) for team in teams]
    context = partial(_context, bylines=bylines, original=original)
    return Desk(KIND, "case_studies/desk.html", partial(_form, teams=teams), _place, context, ACTIONS)


def _form(content: Content, typed: MultiDict[str, str] | None, *, teams: Sequence[Team]) -> CaseStudyForm:
    story = story_of(content)
    return FORMS[story.form](story, typed, _choices(teams, story.sessions))


def _place(form: CaseStudyForm, manuscript: Manuscript | None) -> Place:
    """A new one gets an address of its title; it keeps it."""
    if manuscript is not None:
        return Place(manuscript.slug, manuscript.language)
    return Place(unique_slug(form.title.data, "case-study"), form.language_code)


def _context(_form: CaseStudyForm, *, bylines: Sequence[str], original: Manuscript | None = None) -> Mapping[str, Any]:
    url = KIND.url(original.slug, original.language) if original else ""
    return {"guides": GUIDES, "measures": MEASURES, "bylines": bylines, "original": original, "original_url": url}


def _choices(teams: Sequence[Team], sessions: Sequence[str]) -> Choices:
    offer = all_creditable(sessions)
    return Choices(
        teams=[SelectChoice(team.slug, team.name) for team in teams],
        capabilities=[
            SelectChoice(each.slug, each.name.in_(language()), optgroup=each.area.name.in_(language()))
            for each in list_main_capabilities()
        ],
        practices=list(starmap(SelectChoice, offer.practices)),
        coaches=list(starmap(SelectChoice, offer.coaches)),
        sessions=list(starmap(SelectChoice, offer.sessions)),
    )
