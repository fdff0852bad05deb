"""What is known of a team between two snapshots: what it adopted and did, who coached it, what it went to. Constant in queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, undefer

from app.accounts.models import Membership, User
from app.coaching.models import Engagement
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.rules import ItemState, PlanState
from app.improvement.stories.models import StoryOrigin
from app.kernel.db import db
from app.maturity.models import Snapshot
from app.practices.adoption.models import Adoption, AdoptionEvent
from app.practices.adoption.rules import ADOPTED, What
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.presence import ATTENDED, Attendance
from app.writing.models import Manuscript

# So many people of a team at a session make it something that the team went to.
ENOUGH_PEOPLE = 2


@dataclass(frozen=True)
class Stretch:
    """The time between two snapshots, as moments and as days."""

    start: datetime
    end: datetime
    first: date
    last: date


def list_snapshots(team_id: int) -> list[Snapshot]:
    """Those of a team, the oldest first, of each framework in turn; without their documents."""
    query = (
        select(Snapshot)
        .where(Snapshot.team_id == team_id)
        .options(joinedload(Snapshot.framework))
        .order_by(Snapshot.framework_id, Snapshot.taken_at, Snapshot.id)
    )
    return list(db.session.execute(query).scalars())


def load_whole(ids: Sequence[int]) -> dict[int, Snapshot]:
    """These with their documents and who verified them, by id."""
    query = (
        select(Snapshot)
        .where(Snapshot.id.in_(ids))
        .options(undefer(Snapshot.content), joinedload(Snapshot.verifier), joinedload(Snapshot.framework))
        .execution_options(populate_existing=True)
    )
    return {snapshot.id: snapshot for snapshot in db.session.execute(query).unique().scalars()}


def list_origins(team_id: int) -> list[tuple[StoryOrigin, Manuscript]]:
    """Which texts of the team began from which snapshots, the newest first."""
    query = (
        select(StoryOrigin, Manuscript)
        .join(Manuscript, Manuscript.id == StoryOrigin.manuscript_id)
        .where(StoryOrigin.team_id == team_id)
        .order_by(StoryOrigin.at.desc())
    )
    return [(origin, manuscript) for origin, manuscript in db.session.execute(query).unique()]


def find_origin(before_id: int, after_id: int) -> Manuscript | None:
    """The text that began from these two."""
    query = (
        select(Manuscript)
        .join(StoryOrigin, StoryOrigin.manuscript_id == Manuscript.id)
        .where(StoryOrigin.before_id == before_id, StoryOrigin.after_id == after_id)
    )
    return db.session.execute(query).unique().scalar_one_or_none()


def list_adopted(team_id: int, stretch: Stretch) -> list[Adoption]:
    """What the team took up or got further with in the time, and uses now, in the order in which it did. A trial is not yet use."""
    moved = select(AdoptionEvent.adoption_id).where(
        AdoptionEvent.what == What.SAID, AdoptionEvent.since.between(stretch.first, stretch.last)
    )
    query = (
        select(Adoption)
        .where(Adoption.team_id == team_id, Adoption.stage.in_(ADOPTED), Adoption.id.in_(moved))
        .order_by(Adoption.since, Adoption.id)
    )
    return list(db.session.execute(query).scalars())


def list_done(team_id: int, framework_id: int, stretch: Stretch) -> list[PlanItem]:
    """What of the team's plans was done in the time."""
    query = (
        select(PlanItem)
        .join(Plan)
        .where(
            Plan.team_id == team_id,
            Plan.framework_id == framework_id,
            PlanItem.state == ItemState.DONE,
            PlanItem.state_since >= stretch.start,
            PlanItem.state_since <= stretch.end,
        )
        .order_by(PlanItem.state_since, PlanItem.id)
    )
    return list(db.session.execute(query).scalars())


def list_learned(team_id: int, framework_id: int, stretch: Stretch) -> list[str]:
    """What the team wrote down when it closed a plan that began in the time."""
    query = (
        select(Plan.learned)
        .where(
            Plan.team_id == team_id,
            Plan.framework_id == framework_id,
            Plan.state == PlanState.CLOSED,
            Plan.began_on.between(stretch.first, stretch.last),
            Plan.learned != "",
        )
        .order_by(Plan.began_on, Plan.id)
    )
    return list(db.session.execute(query).scalars())


@dataclass(frozen=True)
class Help:
    """That somebody coached the team, and when. Nothing of what coach and team wrote to each other is read."""

    coach_id: int
    coach: str
    began_on: date
    ended_on: date | None


def list_help(team_id: int, stretch: Stretch) -> list[Help]:
    """Who coached the team in the time."""
    query = (
        select(User.id, User.name, Engagement.began_on, Engagement.ended_on)
        .join(User, User.id == Engagement.coach_id)
        .where(
            Engagement.team_id == team_id,
            Engagement.began_on <= stretch.last,
            func.coalesce(Engagement.ended_on, stretch.last) >= stretch.first,
        )
        .order_by(Engagement.began_on, Engagement.id)
    )
    return [Help(*row) for row in db.session.execute(query)]


def list_attended(team_id: int, start: datetime, end: datetime) -> list[TrainingSession]:
    """The sessions in the time at which two people were, at least, of those who are of the team now: who was of it then is not kept."""
    people = (
        select(Enrolment.training_id)
        .join(Attendance, Attendance.enrolment_id == Enrolment.id)
        .join(Membership, Membership.user_id == Enrolment.user_id)
        .where(Membership.team_id == team_id, Attendance.state.in_(ATTENDED))
        .group_by(Enrolment.training_id)
        .having(func.count(Enrolment.user_id.distinct()) >= ENOUGH_PEOPLE)
    )
    query = (
        select(TrainingSession)
        .where(
            TrainingSession.id.in_(people),
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.starts_at.between(start, end),
        )
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    return list(db.session.execute(query).scalars())
