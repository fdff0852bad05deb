"""What coach and team do in an engagement. Each function is one action; the caller opens the transaction.

Whoever acts on an engagement locks its row first. What two people can change at once carries a revision: who changes what
somebody else has changed meanwhile is told, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Team, User
from app.accounts.queries import find_contacts
from app.coaching.load import load_of, lock_loads
from app.coaching.matching import ensure_of_another_team
from app.coaching.models import Engagement, Goal
from app.coaching.policy import can_read_engagement
from app.coaching.queries import NO_SUCH_ENGAGEMENT
from app.coaching.rules import ENGAGEMENT_STEPS, MAX_TITLE, EngagementStep, Phase
from app.kernel.clock import zone
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.kernel.state import WrongStepError
from app.notifications.service import notify_all


@dataclass(frozen=True, kw_only=True)
class GoalDraft:
    """What is to be reached: a capability at a level, or something in words."""

    capability_id: int | None = None
    from_level: int | None = None
    to_level: int | None = None
    text: str = ""


def begin(
    session: Session,
    *,
    team_id: int,
    coach_id: int,
    title: str,
    goals: Sequence[GoalDraft] = (),
    request_id: int | None = None,
    ends_on: date | None = None,
    now: datetime,
    is_sample: bool = False,
) -> Engagement:
    """A coach begins to help a team. With a `request_id`, that request was counted in the coach's load already; without one
    there has to be room. Raises ConflictError where there is none, InvalidInputError for a coach of the team itself.
    """
    lock_loads(session)
    coach = session.get_one(User, coach_id)
    ensure_of_another_team(coach_id, team_id)
    if request_id is None and not load_of(coach_id).has_room:
        raise ConflictError(_l("This coach has no room at the moment."))
    engagement = Engagement(
        request_id=request_id,
        team_id=team_id,
        coach_id=coach_id,
        title=" ".join(title.split())[:MAX_TITLE],
        state=Phase.RUNNING,
        state_since=now,
        began_on=now.astimezone(zone(coach.time_zone)).date(),
        ends_on=ends_on,
        created_at=now,
        is_sample=is_sample,
        goals=[
            Goal(capability_id=each.capability_id, from_level=each.from_level, to_level=each.to_level, text=each.text)
            for each in goals
        ],
    )
    session.add(engagement)
    session.flush()
    return engagement


def pause(session: Session, engagement_id: int, *, actor: User, now: datetime) -> None:
    """Not now, but again. A pause still counts as load: the coach keeps the place."""
    engagement = lock(session, engagement_id, actor)
    _take_step(session, engagement, EngagementStep.PAUSE, now)
    tell_others(session, engagement, "coaching paused", actor=actor, now=now)


def resume(session: Session, engagement_id: int, *, actor: User, now: datetime) -> None:
    engagement = lock(session, engagement_id, actor)
    _take_step(session, engagement, EngagementStep.RESUME, now)
    tell_others(session, engagement, "coaching resumed", actor=actor, now=now)


def end(
    session: Session,
    engagement_id: int,
    *,
    outcome: str,
    reached: Collection[int] = (),
    actor: User,
    now: datetime,
) -> None:
    """Say what came of it, and which goals (by id) were reached. Raises InvalidInputError without words."""
    if not outcome.strip():
        raise InvalidInputError(_l("Say in some words what came of it."), field="outcome")
    engagement = lock(session, engagement_id, actor)
    _take_step(session, engagement, EngagementStep.END, now)
    engagement.ended_on = today_of(actor, now)
    engagement.outcome = outcome.strip()
    for goal in engagement.goals:
        if goal.id in reached and goal.reached_on is None:
            goal.reached_on = engagement.ended_on
    session.flush()
    tell_others(session, engagement, "coaching ended", actor=actor, now=now)


def save_frame(
    session: Session,
    engagement_id: int,
    *,
    title: str,
    ends_on: date | None,
    outcome: str,
    revision: int,
    actor: User,
) -> None:
    """How it is called, when it is meant to end, and what came of it so far. Raises ConflictError if somebody saved these since
    `revision` was read.
    """
    title = " ".join(title.split())
    if not title or len(title) > MAX_TITLE:
        raise InvalidInputError(_l("Use between 1 and 120 characters."), field="title")
    engagement = lock(session, engagement_id, actor)
    if engagement.revision != revision:
        raise ConflictError(CHANGED_MEANWHILE)
    if ends_on is not None and ends_on < engagement.began_on:
        raise InvalidInputError(_l("It cannot end before it begins."), field="ends_on")
    engagement.title, engagement.ends_on, engagement.outcome = title, ends_on, outcome.strip()
    engagement.revision += 1
    session.flush()


CHANGED_MEANWHILE = _l(
    "Somebody else has saved this meanwhile. What they wrote stands above; put yours together with it."
)


def lock(session: Session, engagement_id: int, actor: User, *, must_run: bool = False) -> Engagement:
    """The engagement as it stays until this transaction ends, for its coach and its team. Raises NotFoundError for others,
    ConflictError if it `must_run` and has ended.
    """
    found = session.execute(select(Engagement.id).where(Engagement.id == engagement_id).with_for_update()).first()
    if found is None:
        raise NotFoundError(NO_SUCH_ENGAGEMENT)
    parts = [joinedload(Engagement.team).selectinload(Team.memberships), selectinload(Engagement.goals)]
    engagement = session.get_one(Engagement, engagement_id, populate_existing=True, options=parts)
    if not can_read_engagement(actor, engagement):
        raise NotFoundError(NO_SUCH_ENGAGEMENT)
    if must_run and engagement.state == Phase.ENDED:
        raise ConflictError(_l("This engagement has ended. What is written in it stays as it is."))
    return engagement


def _take_step(session: Session, engagement: Engagement, step: EngagementStep, now: datetime) -> None:
    """The one gateway of an engagement's state. Raises ConflictError."""
    try:
        engagement.state = ENGAGEMENT_STEPS.after(Phase(engagement.state), step)
    except WrongStepError:
        raise ConflictError(_l("Somebody else has done that already, or the engagement has ended.")) from None
    engagement.state_since = now
    engagement.revision += 1
    session.flush()


def tell_others(session: Session, engagement: Engagement, kind: str, *, actor: User, now: datetime) -> None:
    """The coach and everybody of the team, but whoever did it."""
    people = {each.user_id for each in engagement.team.memberships} | {engagement.coach_id}
    contacts = find_contacts(session, [each for each in people if each not in {None, actor.id}])
    params = {"engagement": engagement.id, "team": engagement.team.name, "actor": actor.name}
    notify_all(session, contacts.values(), kind, params, now=now)


def tell_leads(session: Session, engagement: Engagement, kind: str, *, now: datetime) -> None:
    """Whoever leads the team; everybody in it where nobody does. `engagement` was loaded with its team."""
    people = engagement.team.memberships
    contacts = find_contacts(session, [each.user_id for each in people if each.is_lead])
    contacts = contacts or find_contacts(session, [each.user_id for each in people])
    notify_all(session, contacts.values(), kind, {"engagement": engagement.id, "team": engagement.team.name}, now=now)


def today_of(person: User, now: datetime) -> date:
    """Which day it is for that person."""
    return now.astimezone(zone(person.time_zone)).date()
