"""Saying who was there. Each function is one action; the caller opens the transaction.

What holds of a person at a meeting is what the history says (`rules.holding`); the row in `attendance` is written anew from it after
every entry. So it is of no matter in which order entries arrive, and what arrives twice counts once. Whoever writes locks the
meeting first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_OID, uuid5

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError, NotFoundError
from app.training.attendance.rules import NOTHING, can_excuse, can_take, holding, shows_codes
from app.training.models import Meeting
from app.training.policy import is_administrator
from app.training.rules import MAX_REASON, State
from app.training.seats.deciding import admit
from app.training.seats.models import Enrolment
from app.training.seats.presence import ATTENDED, Attendance, AttendanceEvent, Means, Presence
from app.training.seats.rules import Seat


@dataclass(frozen=True)
class Tap:
    """Something said of people at a meeting: `state` is empty where it is taken back. `mark` was chosen by the sender, once for
    everybody it is said of; `at` is when it was tapped, which can be long before it arrives.
    """

    mark: str
    who: Sequence[int]
    state: str
    at: datetime
    means: Means = Means.ROSTER
    note: str = ""


@dataclass(frozen=True)
class Undo:
    """What the tap with the mark `undone` brought about is to be as it was before."""

    mark: str
    undone: str
    at: datetime


def record(session: Session, meeting_id: int, said: Tap | Undo, *, actor: User, now: datetime) -> None:
    """Write down what somebody who runs the session says. What was written down before is not written again.

    Raises ConflictError where attendance cannot be taken now, InvalidInputError for a note that is too long, NotFoundError for
    somebody without a seat.
    """
    meeting = _lock(session, meeting_id)
    if isinstance(said, Undo):
        _check_time(meeting, {NOTHING}, actor=actor, now=now)
        _undo(session, meeting, said, actor=actor)
        return
    _check_time(meeting, {said.state}, actor=actor, now=now)
    if len(said.note) > MAX_REASON:
        raise InvalidInputError(_l("Use at most 500 characters."), field="note")
    who = set(said.who)
    if who != _seated(session, meeting.training_id, who):
        raise NotFoundError(_l("Somebody in the list has no seat any more. Load the page again."))
    _write(session, meeting, said, by_id=actor.id)


def record_all(
    session: Session, meeting_id: int, taps: Iterable[Tap | Undo], *, actor: User, now: datetime
) -> dict[str, object]:
    """Write down what was tapped on one device, in its order. Returns {mark: sentence} of what was refused; one that is refused
    does not stop the others.
    """
    refused: dict[str, object] = {}
    for said in taps:
        try:
            record(session, meeting_id, said, actor=actor, now=now)
        except DomainError as error:
            refused[said.mark] = error.message
    return refused


def record_rest(session: Session, meeting_id: int, mark: str, *, actor: User, now: datetime) -> None:
    """Everybody with a seat of whom nothing is said was there. Raises ConflictError where it cannot be said now."""
    meeting = _lock(session, meeting_id)
    said = select(Attendance.enrolment_id).where(Attendance.meeting_id == meeting_id)
    rest = session.execute(
        select(Enrolment.id).where(
            Enrolment.training_id == meeting.training_id, Enrolment.state == Seat.CONFIRMED, Enrolment.id.not_in(said)
        )
    ).scalars()
    tap = Tap(mark, list(rest), Presence.PRESENT, now, Means.REST)
    record(session, meeting_id, tap, actor=actor, now=now)


def record_code(
    session: Session, meeting_id: int, user_id: int, mark: str, *, actor: User, means: Means, now: datetime
) -> None:
    """The person has shown a code, or seen the one on the wall, and is there. Whoever is there already stays as they are, be
    it late. Raises ConflictError outside of the hours of codes, ForbiddenError without a seat.
    """
    meeting = _lock(session, meeting_id)
    if meeting.training.state != State.PUBLISHED or not shows_codes(meeting, now):
        raise ConflictError(
            _l("Codes count from an hour before the meeting until an hour after it. A coach can still tick you.")
        )
    enrolment_id = session.execute(
        select(Enrolment.id).where(
            Enrolment.training_id == meeting.training_id,
            Enrolment.user_id == user_id,
            Enrolment.state == Seat.CONFIRMED,
        )
    ).scalar_one_or_none()
    if enrolment_id is None:
        raise ForbiddenError(_l("There is no seat for this person. A coach of the session can let them in."))
    state = session.execute(_state(meeting_id, enrolment_id)).scalar_one_or_none()
    if state not in ATTENDED:
        _write(session, meeting, Tap(mark, [enrolment_id], Presence.PRESENT, now, means), by_id=actor.id)


def excuse(session: Session, meeting_id: int, mark: str, note: str, *, actor: User, now: datetime) -> None:
    """The person says before the start that they cannot come, and why; without a word, that they come after all.

    Raises ConflictError from the start on and where a coach has said otherwise, ForbiddenError without a seat.
    """
    meeting = _lock(session, meeting_id)
    if meeting.training.state != State.PUBLISHED or not can_excuse(meeting, now):
        raise ConflictError(_l("The meeting has begun or does not take place. Tell a coach of the session instead."))
    if len(note) > MAX_REASON:
        raise InvalidInputError(_l("Use at most 500 characters."), field="note")
    enrolment_id = session.execute(
        select(Enrolment.id).where(
            Enrolment.training_id == meeting.training_id,
            Enrolment.user_id == actor.id,
            Enrolment.state == Seat.CONFIRMED,
        )
    ).scalar_one_or_none()
    if enrolment_id is None:
        raise ForbiddenError(_l("You have no seat in this session."))
    state = session.execute(_state(meeting_id, enrolment_id)).scalar_one_or_none()
    if state not in {None, Presence.EXCUSED}:
        raise ConflictError(_l("A coach has said already that you are there. Tell them if that is wrong."))
    wanted = Presence.EXCUSED if note else NOTHING
    _write(session, meeting, Tap(mark, [enrolment_id], wanted, now, Means.ROSTER, note), by_id=actor.id)


def let_in(
    session: Session, meeting_id: int, user_id: int, mark: str, *, reason: str, actor: User, now: datetime
) -> None:
    """Somebody without a seat has come, gets one on the spot, and was there. Raises ConflictError where attendance cannot be
    taken now, and for a coach of the session; NotFoundError without an open account.
    """
    training_id = session.execute(select(Meeting.training_id).where(Meeting.id == meeting_id)).scalar_one()
    # The seat first: whoever locks a session and its meeting locks them in this order.
    admit(session, training_id, user_id, reason=reason, actor=actor, now=now)
    meeting = _lock(session, meeting_id)
    _check_time(meeting, {Presence.PRESENT}, actor=actor, now=now)
    enrolment_id = session.execute(
        select(Enrolment.id).where(Enrolment.training_id == training_id, Enrolment.user_id == user_id)
    ).scalar_one()
    _write(session, meeting, Tap(mark, [enrolment_id], Presence.PRESENT, now, Means.WALK_IN), by_id=actor.id)


def _lock(session: Session, meeting_id: int) -> Meeting:
    """The meeting, whose attendance nobody else writes until this transaction ends. Raises NotFoundError."""
    query = select(Meeting).where(Meeting.id == meeting_id).with_for_update().execution_options(populate_existing=True)
    meeting = session.execute(query).scalar_one_or_none()
    if meeting is None:
        raise NotFoundError(_l("There is no such meeting. Load the page of the session again."))
    return meeting


def _check_time(meeting: Meeting, states: set[str], *, actor: User, now: datetime) -> None:
    """Before attendance can be taken, somebody can still be excused, or that be taken back."""
    if meeting.training.state != State.PUBLISHED:
        raise ConflictError(_l("This session is a draft or cancelled, so nobody was there."))
    is_early = can_excuse(meeting, now) and states <= {NOTHING, Presence.EXCUSED}
    if not is_early and not can_take(meeting, now=now, is_administrator=is_administrator(actor)):
        raise ConflictError(
            _l(
                "Attendance is taken from an hour before the meeting until 30 days after it. "
                "Later on, an administrator can correct it."
            )
        )


def _seated(session: Session, training_id: int, ids: set[int]) -> set[int]:
    query = select(Enrolment.id).where(
        Enrolment.training_id == training_id, Enrolment.id.in_(ids), Enrolment.state == Seat.CONFIRMED
    )
    return set(session.execute(query).scalars())


def _state(meeting_id: int, enrolment_id: int) -> Select[str]:
    return select(Attendance.state).where(Attendance.meeting_id == meeting_id, Attendance.enrolment_id == enrolment_id)


def _undo(session: Session, meeting: Meeting, said: Undo, *, actor: User) -> None:
    """Where the undone entry still holds, what held before it is said again, by an entry of its own."""
    touched = select(AttendanceEvent.enrolment_id).where(
        AttendanceEvent.meeting_id == meeting.id, AttendanceEvent.mark == said.undone, AttendanceEvent.by_id == actor.id
    )
    for enrolment_id, entries in _histories(session, meeting.id, session.execute(touched).scalars()).items():
        holds = holding(entries)
        if holds is not None and holds.mark == said.undone:
            before = holding(entry for entry in entries if entry.mark != said.undone)
            state, note = (before.state, before.note) if before else (NOTHING, "")
            _write(session, meeting, Tap(said.mark, [enrolment_id], state, said.at, note=note), by_id=actor.id)


def undo_mark(mark: str) -> str:
    """The mark with which a tap is undone: the same each time, so that a form that is sent twice undoes once."""
    return str(uuid5(NAMESPACE_OID, mark))


def _write(session: Session, meeting: Meeting, tap: Tap, *, by_id: int) -> None:
    known = session.execute(
        select(AttendanceEvent.enrolment_id).where(
            AttendanceEvent.meeting_id == meeting.id, AttendanceEvent.mark == tap.mark
        )
    ).scalars()
    new = sorted(set(tap.who) - set(known))
    if not new:
        return
    entry = {"state": tap.state, "means": tap.means, "note": tap.note, "at": tap.at, "by_id": by_id}
    session.execute(
        insert(AttendanceEvent),
        [{"meeting_id": meeting.id, "enrolment_id": each, "mark": tap.mark, **entry} for each in new],
    )
    _settle(session, meeting.id, new)


def _settle(session: Session, meeting_id: int, ids: Sequence[int]) -> None:
    """Make what is known of these people what their histories say."""
    session.execute(delete(Attendance).where(Attendance.meeting_id == meeting_id, Attendance.enrolment_id.in_(ids)))
    rows = []
    for enrolment_id, entries in _histories(session, meeting_id, ids).items():
        holds = holding(entries)
        if holds is not None and holds.state:
            means = Means.ROSTER if holds.means == Means.REST else holds.means
            rows.append(
                {
                    "meeting_id": meeting_id,
                    "enrolment_id": enrolment_id,
                    "state": holds.state,
                    "means": means,
                    "at": holds.at,
                }
            )
    if rows:
        session.execute(insert(Attendance), rows)
    session.flush()


def _histories(session: Session, meeting_id: int, ids: Iterable[int]) -> dict[int, list[AttendanceEvent]]:
    """The entries of each of these people at the meeting."""
    found: dict[int, list[AttendanceEvent]] = {}
    query = select(AttendanceEvent).where(
        AttendanceEvent.meeting_id == meeting_id, AttendanceEvent.enrolment_id.in_(list(ids))
    )
    for entry in session.execute(query).scalars():
        found.setdefault(entry.enrolment_id, []).append(entry)
    return found
