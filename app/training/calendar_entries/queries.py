"""How a person's place in a session looks to a calendar."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload, undefer_group

from app.kernel.db import db
from app.training.calendar_entries.models import CalendarEntry
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.rules import Seat


def find_place(user_id: int, slug: str) -> Enrolment | None:
    """The place that the person has or had in the session, with the session, its meetings and the person."""
    with_session = joinedload(Enrolment.training)
    query = (
        select(Enrolment)
        .join(Enrolment.training)
        .where(TrainingSession.slug == slug, Enrolment.user_id == user_id)
        .options(
            with_session.options(selectinload(TrainingSession.meetings), undefer_group("texts")),
            joinedload(Enrolment.user),
        )
    )
    return db.session.execute(query).unique().scalar_one_or_none()


def has_seat(enrolment: Enrolment) -> bool:
    """Does the session take place, and has the person a seat in it?"""
    return enrolment.state == Seat.CONFIRMED and enrolment.training.state == State.PUBLISHED


def sequence_of(enrolment: Enrolment) -> int:
    """SEQUENCE of the person's entries: the session's changes and the steps of the person's place together, so that it rises
    with each of either, and begins at 0.
    """
    return enrolment.training.sequence + count_steps([enrolment.id]).get(enrolment.id, 0)


def count_steps(enrolment_ids: Iterable[int]) -> dict[int, int]:
    """{enrolment id: steps of the place after the first one}."""
    rows = db.session.execute(
        select(EnrolmentEvent.enrolment_id, func.count())
        .where(EnrolmentEvent.enrolment_id.in_(list(enrolment_ids)))
        .group_by(EnrolmentEvent.enrolment_id)
    )
    return {enrolment_id: max(count - 1, 0) for enrolment_id, count in rows}


def list_entries(enrolment_id: int) -> list[CalendarEntry]:
    """What stands in the person's calendar of this session, by time."""
    query = (
        select(CalendarEntry)
        .where(CalendarEntry.enrolment_id == enrolment_id)
        .order_by(CalendarEntry.starts_at, CalendarEntry.id)
    )
    return list(db.session.execute(query).scalars())
