"""Reading who was there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, case, func, or_, select
from sqlalchemy.orm import aliased, selectinload

from app.accounts.models import Membership, User
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.attendance.rules import CODES_AFTER, OPENS_BEFORE
from app.training.models import Meeting, TrainingCoach, TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment, SignupAnswer
from app.training.seats.presence import ATTENDED, Attendance, AttendanceEvent
from app.training.seats.rules import Seat

HISTORY_LIMIT = 500
FOUND_LIMIT = 10
MIN_SEARCH = 2


def get_meeting(training: TrainingSession, meeting_id: int) -> Meeting:
    """Raises NotFoundError where it is no meeting of this session."""
    for meeting in training.meetings:
        if meeting.id == meeting_id:
            return meeting
    raise NotFoundError(_l("There is no such meeting. Load the page of the session again."))


def count_by_meeting(training_id: int) -> dict[int, tuple[int, int]]:
    """{meeting id: (how many were there, of how many something is said)}."""
    there = func.sum(case((Attendance.state.in_(ATTENDED), 1), else_=0))
    query = (
        _of_seats(Attendance.meeting_id, there, func.count())
        .where(Enrolment.training_id == training_id)
        .group_by(Attendance.meeting_id)
    )
    return {meeting_id: (number, said) for meeting_id, number, said in db.session.execute(query)}


def _of_seats(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Attendance)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.state == Seat.CONFIRMED)
    )


def list_states(training_id: int) -> dict[tuple[int, int], str]:
    """{(enrolment id, meeting id): what is said}, also of those who left since."""
    query = (
        select(Attendance.enrolment_id, Attendance.meeting_id, Attendance.state)
        .join(Enrolment, Enrolment.id == Attendance.enrolment_id)
        .where(Enrolment.training_id == training_id)
    )
    return {(enrolment_id, meeting_id): state for enrolment_id, meeting_id, state in db.session.execute(query)}


def list_present_states(meeting_id: int) -> dict[int, str]:
    """{enrolment id: what is said} at one meeting."""
    query = select(Attendance.enrolment_id, Attendance.state).where(Attendance.meeting_id == meeting_id)
    return {enrolment_id: state for enrolment_id, state in db.session.execute(query)}


@dataclass(frozen=True)
class Line:
    """An entry of a meeting's history, with names. `by` is empty where the account is gone."""

    mark: str
    enrolment_id: int
    name: str
    state: str
    means: str
    note: str
    at: datetime
    by_id: int | None
    by: str


def list_history(meeting_id: int) -> list[Line]:
    """What was said of whom at the meeting, the last first."""
    actor = aliased(User)
    query = (
        select(AttendanceEvent, User.name, actor.name)
        .join(Enrolment, Enrolment.id == AttendanceEvent.enrolment_id)
        .join(User, User.id == Enrolment.user_id)
        .outerjoin(actor, actor.id == AttendanceEvent.by_id)
        .where(AttendanceEvent.meeting_id == meeting_id)
        .order_by(AttendanceEvent.at.desc(), AttendanceEvent.id.desc())
        .limit(HISTORY_LIMIT)
    )
    return [
        Line(each.mark, each.enrolment_id, name, each.state, each.means, each.note, each.at, each.by_id, by or "")
        for each, name, by in db.session.execute(query)
    ]


def find_last_mark(lines: Iterable[Line], user_id: int, *, since: datetime) -> Line | None:
    """The last tap of this person among `lines`, if it is not older than `since`."""
    return next((line for line in lines if line.by_id == user_id and line.at >= since), None)


def find_people(text: str, training: TrainingSession) -> list[User]:
    """Open accounts without a seat in the session, by a part of the name or the whole address, with their teams."""
    if len(text) < MIN_SEARCH:
        return []
    seated = select(Enrolment.user_id).where(Enrolment.training_id == training.id, Enrolment.state == Seat.CONFIRMED)
    query = (
        select(User)
        .where(
            User.disabled_at.is_(None),
            or_(User.name.icontains(text, autoescape=True), User.email == text.lower()),
            User.id.not_in(seated),
            User.id.not_in(select(TrainingCoach.user_id).where(TrainingCoach.training_id == training.id)),
        )
        .options(selectinload(User.memberships).joinedload(Membership.team))
        .order_by(User.name, User.id)
        .limit(FOUND_LIMIT)
    )
    return list(db.session.execute(query).unique().scalars())


@dataclass(frozen=True)
class Own:
    """One meeting as one person with a seat sees it. `state` is empty where nothing is said."""

    meeting_id: int
    training_id: int
    slug: str
    title: str
    enrolment_id: int
    starts_at: datetime
    ends_at: datetime
    state: str


def list_own(user_id: int, training_id: int) -> list[Own]:
    """The meetings of a session in which the person has a seat, by time. One query."""
    return _own(user_id, TrainingSession.id == training_id)


def list_own_now(user_id: int, now: datetime) -> list[Own]:
    """The meetings of the person's sessions at which a code counts now."""
    return _own(
        user_id,
        TrainingSession.state == State.PUBLISHED,
        Meeting.starts_at <= now + OPENS_BEFORE,
        Meeting.ends_at >= now - CODES_AFTER,
    )


def _own(user_id: int, *conditions: Any) -> list[Own]:
    query = (
        select(
            Meeting.id,
            TrainingSession.id,
            TrainingSession.slug,
            TrainingSession.title,
            Enrolment.id,
            Meeting.starts_at,
            Meeting.ends_at,
            func.coalesce(Attendance.state, ""),
        )
        .join(TrainingSession, TrainingSession.id == Meeting.training_id)
        .join(Enrolment, Enrolment.training_id == TrainingSession.id)
        .outerjoin(Attendance, (Attendance.meeting_id == Meeting.id) & (Attendance.enrolment_id == Enrolment.id))
        .where(Enrolment.user_id == user_id, Enrolment.state == Seat.CONFIRMED, *conditions)
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return [Own(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class Seated:
    """Somebody with a seat."""

    enrolment_id: int
    user_id: int
    name: str


def list_seated(training_id: int) -> list[Seated]:
    """Everybody with a seat."""
    query = (
        select(Enrolment.id, User.id, User.name)
        .join(Enrolment.user)
        .where(Enrolment.training_id == training_id, Enrolment.state == Seat.CONFIRMED)
    )
    return [Seated(*row) for row in db.session.execute(query)]


def list_answers(training_id: int) -> dict[tuple[int, int], str]:
    """{(enrolment id, question id): answer}."""
    query = (
        select(SignupAnswer.enrolment_id, SignupAnswer.question_id, SignupAnswer.value)
        .join(Enrolment, Enrolment.id == SignupAnswer.enrolment_id)
        .where(Enrolment.training_id == training_id)
    )
    return {(enrolment_id, question_id): value for enrolment_id, question_id, value in db.session.execute(query)}
