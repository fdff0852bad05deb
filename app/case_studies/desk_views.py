"""Writing case studies and reviewing them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby, starmap

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from wtforms import SelectChoice

from app.accounts.login import me
from app.accounts.models import Team
from app.accounts.queries import teams_of
from app.capabilities.queries import list_main_capabilities
from app.case_studies import policy
from app.case_studies.credits import all_creditable
from app.case_studies.forms import Choices, DecisionForm, StoryForm, filled_from
from app.case_studies.guides import GUIDES, METRIC_NAMES
from app.case_studies.models import CaseStudy
from app.case_studies.pages import Shown, show_preview
from app.case_studies.queries import get_version, get_versions, of_teams, queue_of
from app.case_studies.rules import EDITABLE, STANDS, STEP_NAMES, State, Step
from app.case_studies.service import change_draft, create_draft, take_step
from app.case_studies.views import blueprint, show_page
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.web.access import ensure, member, requires
from app.web.i18n import language
from app.web.paging import paginate, requested_page
from app.writing.rooms import Offer

OFFER = Offer(
    _l("Tell your team's story"),
    _l("What your team changed, with the numbers from before and after, and what it would do again."),
    "case_studies.new",
    "book-open-check",
)

# Handed on, so that whoever takes the blueprint from here has it with every route.
__all__ = ["blueprint"]


@blueprint.get("/case-studies/mine")
@member
def mine() -> str:
    """What the reader's teams have written, by state."""
    page = paginate(of_teams(me()), number=requested_page())
    groups = [
        (rows[0].state_name, rows)
        for _state, group in groupby(page.items, lambda row: row.state)
        if (rows := list(group))
    ]
    return render_template("case_studies/mine.html", page=page, groups=groups, has_team=bool(me().team_ids))


@blueprint.get("/case-studies/review")
@requires(policy.can_review)
def review() -> str:
    """What waits for the reader's decision."""
    page = paginate(queue_of(me()), number=requested_page())
    return render_template("case_studies/review.html", page=page)


@blueprint.route("/case-studies/new", methods=["GET", "POST"])
@member
def new() -> ResponseReturnValue:
    teams = teams_of(me())
    if not teams:
        return render_template("case_studies/no_team.html")
    form = StoryForm(_choices(teams), data={"language": language(), "team": str(teams[0].id)})

    def save() -> CaseStudy:
        with transaction() as session:
            return create_draft(session, form.story, actor=me(), now=utc_now())

    return _answer(form, None, teams, save)


@blueprint.route("/case-studies/<slug>/edit", methods=["GET", "POST"])
@member
def edit(slug: str) -> ResponseReturnValue:
    case_study = _get(slug)
    ensure(policy.can_edit(me(), case_study))
    _refuse_unless_editable(case_study)
    teams = teams_of(me())
    story = case_study.story
    form = StoryForm(_choices(teams, story.sessions), data=filled_from(story, case_study.revision))

    def save() -> CaseStudy:
        with transaction() as session:
            now, revision = utc_now(), form.revision.data or 0
            change_draft(session, case_study, form.story, revision=revision, actor=me(), now=now)
        return case_study

    return _answer(form, case_study, teams, save)


def _answer(
    form: StoryForm, case_study: CaseStudy | None, teams: list[Team], save: Callable[[], CaseStudy]
) -> ResponseReturnValue:
    """One form, three buttons: one more row of numbers, a preview, or save. Only the last one changes anything."""
    action = request.form.get("action", "save")
    if request.method == "POST" and action == "add-row":
        form.add_row()
        return _form_page(form, case_study), 200
    if not form.validate_on_submit():
        return _form_page(form, case_study), 422 if request.method == "POST" else 200
    try:
        if action == "preview":
            return _form_page(form, case_study, _preview(form, teams)), 200
        saved = save()
    except ConflictError as error:
        form.keep_over(case_study.revision if case_study else 0, error)
        return _form_page(form, case_study), 409
    except InvalidInputError as error:
        form.blame(error)
        return _form_page(form, case_study), 422
    flash(_("The draft is saved."), "good")
    return redirect(url_for("case_studies.show", slug=saved.slug, lang=saved.language), 303)


def _preview(form: StoryForm, teams: list[Team]) -> Shown:
    team = next(team for team in teams if str(team.id) == form.team.data)
    return show_preview(form.story, team)


def _form_page(form: StoryForm, case_study: CaseStudy | None, preview: Shown | None = None) -> str:
    return render_template(
        "case_studies/edit.html",
        form=form,
        case_study=case_study,
        preview=preview,
        guides=GUIDES,
        metric_names=METRIC_NAMES,
    )


def _choices(teams: list[Team], sessions: Sequence[str] = ()) -> Choices:
    offer = all_creditable(sessions)
    return Choices(
        teams=[SelectChoice(str(team.id), team.name) for team in teams],
        capabilities=[
            SelectChoice(str(each.id), each.name.in_(language()), optgroup=each.area.name.in_(language()))
            for each in list_main_capabilities()
        ],
        practices=list(starmap(SelectChoice, offer.practices)),
        coaches=list(starmap(SelectChoice, offer.coaches)),
        sessions=list(starmap(SelectChoice, offer.sessions)),
    )


def _refuse_unless_editable(case_study: CaseStudy) -> None:
    """Say at once that the text is closed, rather than after somebody has typed. The service checks again."""
    if case_study.is_kept_in_file or State(case_study.state) not in EDITABLE:
        raise ConflictError(STANDS[State(case_study.state)])


@blueprint.post("/case-studies/<slug>/submission")
@member
def submit(slug: str) -> ResponseReturnValue:
    return _step(slug, Step.SUBMIT, _("It is submitted. An editor who is not in your team will read it."))


@blueprint.post("/case-studies/<slug>/withdrawal")
@member
def withdraw(slug: str) -> ResponseReturnValue:
    return _step(slug, Step.WITHDRAW, _("It is withdrawn. Only your team sees it now."))


@blueprint.post("/case-studies/<slug>/reopening")
@member
def reopen(slug: str) -> ResponseReturnValue:
    return _step(slug, Step.REOPEN, _("It is a draft again."))


def _step(slug: str, step: Step, done: str) -> ResponseReturnValue:
    case_study = _get(slug)
    ensure(policy.can_take(me(), case_study, step))
    with transaction() as session:
        take_step(session, case_study, step, actor=me(), now=utc_now())
    flash(done, "good")
    return redirect(url_for("case_studies.show", slug=slug, lang=case_study.language), 303)


@blueprint.post("/case-studies/<slug>/decision")
@requires(policy.can_review)
def decide(slug: str) -> ResponseReturnValue:
    case_study = _get(slug)
    ensure(policy.is_reviewer(me(), case_study))
    form = DecisionForm()
    if form.validate_on_submit():
        step, comment = form.step, form.comment.data or ""
        try:
            with transaction() as session:
                take_step(session, case_study, step, actor=me(), now=utc_now(), comment=comment)
        except InvalidInputError as error:
            form.blame(error)
        else:
            decided: LazyString = STEP_NAMES[step]
            flash(_("%(step)s. The team has been told.", step=decided), "good")
            return redirect(url_for("case_studies.show", slug=slug, lang=case_study.language), 303)
    return show_page(case_study, get_versions(slug, me()), form), 422


def _get(slug: str) -> CaseStudy:
    """The version that the address or the form names. Raises NotFoundError for what the person may not see."""
    return get_version(slug, request.values.get("lang"), me())
