"""Who was there, as far as it is known: asked by everything that comes after a session.

Where attendance was taken, those were there of whom it says so at one meeting at least; where it was not, those who had a seat.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import User
from app.training.seats.models import Enrolment
from app.training.seats.presence import ATTENDED, Attendance
from app.training.seats.rules import Seat


def attended() -> ColumnElement[bool]:
    """Of a place in the surrounding query: was the person at one meeting at least?"""
    return (
        select(Attendance.id)
        .where(Attendance.enrolment_id == Enrolment.id, Attendance.state.in_(ATTENDED))
        .correlate(Enrolment)
        .exists()
    )


def is_taken() -> ColumnElement[bool]:
    """Of a place in the surrounding query: was attendance taken at all in its session?"""
    other = aliased(Enrolment)
    return (
        select(Attendance.id)
        .join(other, other.id == Attendance.enrolment_id)
        .where(other.training_id == Enrolment.training_id)
        .correlate(Enrolment)
        .exists()
    )


def was_there() -> ColumnElement[bool]:
    """Of a place in the surrounding query, once the session is over."""
    return and_(Enrolment.state == Seat.CONFIRMED, or_(attended(), not_(is_taken())))


def has_been_there(session: Session, training_id: int, user_id: int) -> bool:
    query = select(Enrolment.id).where(Enrolment.training_id == training_id, Enrolment.user_id == user_id, was_there())
    return session.execute(query).first() is not None


def list_there(session: Session, training_id: int) -> list[User]:
    """Everybody with an open account who was there."""
    query = (
        select(User)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.training_id == training_id, was_there(), User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return list(session.execute(query).unique().scalars())


def list_seated(session: Session, training_id: int) -> list[User]:
    """Everybody with an open account who has a seat."""
    query = (
        select(User)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.training_id == training_id, Enrolment.state == Seat.CONFIRMED, User.disabled_at.is_(None))
        .order_by(User.id)
    )
    return list(session.execute(query).unique().scalars())


def count_attended(session: Session, training_id: int) -> dict[int, int]:
    """{user id: at how many of the session's meetings the person was}, of those with a seat; 0 for nowhere."""
    number = func.count(Attendance.id).filter(Attendance.state.in_(ATTENDED))
    query = (
        select(Enrolment.user_id, number)
        .outerjoin(Attendance, Attendance.enrolment_id == Enrolment.id)
        .where(Enrolment.training_id == training_id, Enrolment.state == Seat.CONFIRMED)
        .group_by(Enrolment.user_id)
    )
    return {user_id: number for user_id, number in session.execute(query)}
