"""Seats kept for a team until a moment. A hold is in force as long as its row is there; the worker takes it away in time."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, User
from app.kernel.errors import ConflictError, InvalidInputError
from app.notifications.service import notify
from app.training.seats import ledger
from app.training.seats.filling import fill_seats
from app.training.seats.models import Enrolment, SeatHold
from app.training.seats.rules import Seat, SeatStep, can_still_leave
from app.training.seats.telling import invitation, ticket


def hold(
    session: Session, training_id: int, *, team_id: int, seats: int, until: datetime, actor: User, now: datetime
) -> SeatHold:
    """Keep so many seats for a team until then, in place of what was kept for it before. Those of the team who wait get them at
    once, first come first served; the others are told by who leads the team.

    Raises InvalidInputError for a number or a moment that makes no sense, ConflictError where so many are not left.
    """
    training = ledger.lock(session, training_id)
    if not now < until <= training.starts_at:
        raise InvalidInputError(_l("Choose a moment between now and the start."), field="until")
    if not can_still_leave(training, now):
        raise ConflictError(_l("This session has begun or is cancelled; places stay as they are."))
    row = session.execute(
        select(SeatHold).where(SeatHold.training_id == training_id, SeatHold.team_id == team_id)
    ).scalar_one_or_none()
    before = row.seats if row else 0
    if seats < 1 or seats - before > ledger.count(session, training, 0).seats.left:
        raise ConflictError(_l("So many seats are not left. Raise the capacity, or hold fewer."))
    if row is None:
        row = SeatHold(training_id=training_id, team_id=team_id)
        session.add(row)
    row.seats, row.until, row.created_by_id = seats, until, actor.id
    session.flush()
    _serve_those_who_wait(session, row, actor=actor, now=now)
    fill_seats(session, training, by_id=actor.id, now=now)
    return row


def _serve_those_who_wait(session: Session, row: SeatHold, *, actor: User, now: datetime) -> None:
    training = ledger.lock(session, row.training_id)
    in_team = select(Membership.user_id).where(Membership.team_id == row.team_id)
    _hold_id, left = ledger.hold_of_team(session, row.training_id, row.team_id)
    waits = (Enrolment.state == Seat.WAITING) & Enrolment.user_id.in_(in_team)
    for enrolment in ledger.list_where(session, row.training_id, waits, limit=left):
        enrolment.hold_id = row.id
        ledger.take_step(session, enrolment, SeatStep.PROMOTE, by_id=actor.id, now=now)
        notify(session, enrolment.user, "seat promoted", {**invitation(training), **ticket(enrolment)}, now=now)


def release_hold(session: Session, training_id: int, hold_id: int, *, by_id: int | None, now: datetime) -> None:
    """Keep nothing for that team any more; what it has taken stays its own. Nothing happens where the hold is gone."""
    training = ledger.lock(session, training_id)
    row = session.get(SeatHold, hold_id)
    if row is None or row.training_id != training_id:
        return
    for enrolment in session.execute(select(Enrolment).where(Enrolment.hold_id == hold_id)).scalars():
        enrolment.hold_id = None
    session.delete(row)
    session.flush()
    fill_seats(session, training, by_id=by_id, now=now)


def list_ended(session: Session, now: datetime) -> list[tuple[int, int]]:
    """(session, hold) of the holds whose time is over."""
    query = select(SeatHold.training_id, SeatHold.id).where(SeatHold.until <= now)
    return [(training_id, hold_id) for training_id, hold_id in session.execute(query)]


def list_holds(session: Session, training_id: int) -> list[tuple[SeatHold, int]]:
    """What is held in a session, with how many seats of each are not taken yet, by team."""
    query = select(SeatHold, ledger.held_for()).where(SeatHold.training_id == training_id)
    found = [(hold, left) for hold, left in session.execute(query).unique()]
    return sorted(found, key=lambda pair: pair[0].team.name)
