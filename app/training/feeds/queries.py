"""What a feed shows. Each takes the same number of queries, however many sessions there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload, undefer_group

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaches.queries import visible_to as coaches_visible_to
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.calendar_entries.queries import count_steps
from app.training.feeds.models import CalendarFeed
from app.training.feeds.rules import LIMIT, hash_of, window
from app.training.lists import Choices, between, listed
from app.training.models import TrainingCoach, TrainingSession
from app.training.queries import leads_of
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat

# What a calendar shows of a session.
SHOWN = (selectinload(TrainingSession.meetings), undefer_group("texts"))
NO_SUCH_CALENDAR = _l("There is no such calendar, or its address was renewed or switched off.")


@dataclass(frozen=True)
class Seated:
    """A person's seat as a calendar sees it: steps of the place after the first, and the last one's moment."""

    steps: int
    changed_at: datetime


def get_reader(token: str) -> User:
    """Whose secret address this is. Raises NotFoundError where it is none (any more), or the account is closed."""
    query = select(CalendarFeed).where(CalendarFeed.token_hash == hash_of(token)).options(joinedload(CalendarFeed.user))
    feed = db.session.execute(query).unique().scalar_one_or_none()
    if feed is None or not feed.user.is_active:
        raise NotFoundError(NO_SUCH_CALENDAR)
    return feed.user


def find_feed(user_id: int) -> CalendarFeed | None:
    return db.session.get(CalendarFeed, user_id)


def list_sessions(choices: Choices, coach_slug: str, *, now: datetime) -> list[TrainingSession]:
    """What the list would show with these filters, within the window. Raises NotFoundError for a coach nobody sees."""
    conditions = [*between(*window(now)), *_of_coach(coach_slug)]
    return _run(listed(conditions, choices, newest_first=True))


def _of_coach(slug: str) -> list[ColumnElement[bool]]:
    if not slug:
        return []
    return [leads_of(get_coach(slug).user_id)]


def get_coach(slug: str) -> Coach:
    """A coach with a profile that every reader may see. Raises NotFoundError."""
    found = db.session.execute(coaches_visible_to(None).where(Coach.slug == slug)).unique().scalar_one_or_none()
    if found is None:
        raise NotFoundError(NO_SUCH_CALENDAR)
    return found


def list_own(user: User, *, now: datetime) -> list[TrainingSession]:
    """The sessions in which `user` has a seat, or which the person runs, within the window; also those that were cancelled."""
    seated = (
        select(Enrolment.id)
        .where(
            Enrolment.training_id == TrainingSession.id,
            Enrolment.user_id == user.id,
            Enrolment.state == Seat.CONFIRMED,
        )
        .exists()
    )
    conditions = [*between(*window(now)), or_(seated, leads_of(user.id))]
    return _run(select(TrainingSession).where(*conditions).order_by(TrainingSession.starts_at.desc()))


def _run(query: Select[Any]) -> list[TrainingSession]:
    found = db.session.execute(query.options(*SHOWN).limit(LIMIT)).unique().scalars()
    return sorted(found, key=lambda training: (training.starts_at, training.id))


def seats_of(user: User, trainings: Sequence[TrainingSession]) -> Mapping[int, Seated]:
    """{session id: the person's seat} of those sessions in which the person has one. Two queries."""
    rows = db.session.execute(
        select(Enrolment.training_id, Enrolment.id, Enrolment.changed_at).where(
            Enrolment.user_id == user.id,
            Enrolment.state == Seat.CONFIRMED,
            Enrolment.training_id.in_([training.id for training in trainings]),
        )
    ).all()
    steps = count_steps([enrolment_id for _training_id, enrolment_id, _changed_at in rows])
    return {
        training_id: Seated(steps.get(enrolment_id, 0), changed_at) for training_id, enrolment_id, changed_at in rows
    }


def run_by(user: User, trainings: Sequence[TrainingSession]) -> Collection[int]:
    """The ids of those sessions of which the person is a coach."""
    ids = [training.id for training in trainings]
    rows = select(TrainingCoach.training_id).where(TrainingCoach.user_id == user.id, TrainingCoach.training_id.in_(ids))
    return set(db.session.execute(rows).scalars())


def list_coaches(*, now: datetime) -> list[Coach]:
    """Coaches with a profile who run a session that is still to come, by name."""
    runs = (
        select(TrainingCoach.user_id)
        .join(TrainingSession, TrainingSession.id == TrainingCoach.training_id)
        .where(
            TrainingCoach.user_id == Coach.user_id,
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.ends_at > now,
        )
        .exists()
    )
    found = db.session.execute(coaches_visible_to(None).where(runs)).unique().scalars()
    return sorted(found, key=lambda coach: coach.user.name)
