"""The front page of maturity: where the reader's teams stand and the one next thing to do, and what waits for a coach."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.accounts.login import me
from app.accounts.queries import get_team
from app.accounts.rules import Permission
from app.capabilities.queries import get_framework
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import DomainError, InvalidInputError
from app.maturity.assessing import service
from app.maturity.assessing.forms import StartForm
from app.maturity.assessing.front import list_choices, list_standings
from app.maturity.assessing.rules import half_year
from app.maturity.policy import speaks_for
from app.maturity.queries import list_in_hand, list_left_behind, list_waiting
from app.maturity.rules import STATE_NAMES, State
from app.web.access import ensure, member
from app.web.dates import request_now
from app.web.filters import local

blueprint = Blueprint("maturity", __name__)


@blueprint.get("/maturity/")
@member
def index() -> str:
    return _front(_start_form())


def _front(form: StartForm) -> str:
    person = me()
    is_coach = person.may(Permission.VERIFY_ASSESSMENTS)
    return render_template(
        "maturity/assessing/front.html",
        standings=list_standings(person),
        form=form,
        is_coach=is_coach,
        waiting=list_waiting(person) if is_coach else [],
        in_hand=list_in_hand(person) if is_coach else [],
        left_behind=list_left_behind() if person.may(Permission.MANAGE_TEAMS) else [],
        state_names=STATE_NAMES,
        states=State,
    )


def _start_form(*, sent: bool = False) -> StartForm:
    """The teams of the reader and what they can be assessed against, named after the half-year."""
    year, half = half_year(request_now().date())
    name = _("%(year)s, first half", year=year) if half == 1 else _("%(year)s, second half", year=year)
    form = StartForm(data={"title": name}) if sent else StartForm(formdata=None, data={"title": name})
    teams, frameworks = list_choices(me())
    form.team.choices = [SelectChoice(team.slug, team.name) for team in teams]
    form.framework.choices = [SelectChoice(framework.slug, local(framework.name)) for framework in frameworks]
    return form


@blueprint.post("/maturity/assessments")
@member
def start() -> ResponseReturnValue:
    """Begin an assessment of a team, or go to the one that runs already."""
    form = _start_form(sent=True)
    if not form.validate_on_submit():
        return _front(form), 422
    team, framework, title = get_team(form.team.data), get_framework(form.framework.data), form.title.data or ""
    ensure(speaks_for(me(), team.id))
    try:
        with transaction() as session:
            assessment, is_new = service.start(session, team, framework, title=title, actor=me(), now=utc_now())
            assessment_id = assessment.id
    except DomainError as error:
        field = error.field if isinstance(error, InvalidInputError) else "framework"
        form.blame(InvalidInputError(error.message, field=field))
        return _front(form), error.status
    if not is_new:
        flash(_("One is running already: this is it."), "warn")
    return redirect(url_for("assessing.show", assessment_id=assessment_id), 303)
