"""Starting a case study from what is known."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.login import me
from app.accounts.models import Team
from app.accounts.queries import get_team
from app.case_studies.kind import KIND
from app.config import Config
from app.improvement.plans.models import Plan
from app.improvement.stories.choosing import Pair, find_pair, usual_pair
from app.improvement.stories.facts import Facts, gather
from app.improvement.stories.policy import can_begin
from app.improvement.stories.queries import find_origin, list_snapshots
from app.improvement.stories.service import begin_story
from app.improvement.stories.wording import first_draft
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.maturity.models import Snapshot
from app.maturity.policy import can_see_standing
from app.web.access import ensure, member
from app.web.dates import request_now
from app.web.i18n import LOCALES
from app.web.numbers import whole_number

blueprint = Blueprint("stories", __name__, template_folder="templates")


@blueprint.get("/teams/<slug>/story")
@member
def new(slug: str) -> str:
    """What the first draft would say, of which two snapshots."""
    team = _team(slug)
    snapshots = list_snapshots(team.id)
    pair = _asked(snapshots) or usual_pair(snapshots, _baselines(team.id))
    if pair is None:
        return render_template("improvement/stories/too_early.html", team=team, snapshots=snapshots)
    language = _language(team)
    facts = _facts(team, pair, language)
    with force_locale(LOCALES[language]):
        draft = first_draft(facts)
    return render_template(
        "improvement/stories/new.html",
        team=team,
        pair=pair,
        snapshots=[each for each in snapshots if each.framework_id == pair.after.framework_id],
        facts=facts,
        draft=draft,
        language_of_draft=language,
        begun=find_origin(pair.before.id, pair.after.id),
        edit_url=KIND.edit_url,
    )


@blueprint.post("/teams/<slug>/story")
@member
def start(slug: str) -> ResponseReturnValue:
    """Raises InvalidInputError where the two snapshots are none of the team's."""
    team = _team(slug)
    pair = find_pair(
        list_snapshots(team.id), whole_number(request.form.get("before")), whole_number(request.form.get("after"))
    )
    if pair is None:
        raise InvalidInputError(_("Choose two different snapshots of your team, of the same framework."))
    language, actor, now = _language(team), me(), request_now()
    facts = _facts(team, pair, language)
    with force_locale(LOCALES[language]):
        draft = first_draft(facts)
    before_id, after_id = pair.before.id, pair.after.id
    with transaction() as session:
        manuscript, is_new = begin_story(session, draft, before_id, after_id, actor=actor, now=now)
        url = KIND.edit_url(manuscript)
    if is_new:
        flash(
            _("Half of it is written. Read every line, tell what happened in your own words, then submit it."), "good"
        )
    else:
        flash(_("Your team has begun this story already. Here it is."), "warn")
    return redirect(url, 303)


def _team(slug: str) -> Team:
    """The team whose story somebody wants to begin. Raises NotFoundError for whoever does not see where it stands, ForbiddenError
    for whoever sees it and is not of it.
    """
    team = get_team(slug)
    if not can_see_standing(me(), team):
        raise NotFoundError(_("There is no such team."))
    ensure(can_begin(me(), team))
    return team


def _asked(snapshots: list[Snapshot]) -> Pair | None:
    return find_pair(snapshots, whole_number(request.args.get("before")), whole_number(request.args.get("after")))


def _baselines(team_id: int) -> frozenset[int]:
    """The snapshots from which the team's plans began."""
    query = select(Plan.baseline_id).where(Plan.team_id == team_id, Plan.baseline_id.is_not(None))
    return frozenset(each for each in db.session.execute(query).scalars() if each is not None)


def _language(team: Team) -> str:
    """That of whoever leads the team, the first by name; else the reader's own."""
    leads = [membership.user for membership in team.people if membership.is_lead]
    return (leads or [me()])[0].language


def _facts(team: Team, pair: Pair, language: str) -> Facts:
    config: Config = current_app.config["GUILDHALL"]
    return gather(team, pair.before.id, pair.after.id, language=language, time_zone=config.default_time_zone)
