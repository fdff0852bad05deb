"""Taking a seat and giving it back. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, User
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.service import notify
from app.notifications.topics import Recipient
from app.training.seats import ledger
from app.training.seats.filling import fill_seats
from app.training.seats.missing import MANY, count_missed
from app.training.seats.models import Enrolment
from app.training.seats.questions import write_answers
from app.training.seats.rules import REFUSALS, Offered, Place, Seat, SeatStep, Standing, can_still_leave, standing
from app.training.seats.telling import announcement, invitation

Answers = Mapping[int, str]


def enrol(
    session: Session, training_id: int, *, actor: Recipient, now: datetime, answers: Answers | None = None
) -> Place:
    """Take a seat, or the last place of the waiting list, or ask for a seat where a coach has to say yes. Whoever has a place
    keeps it, and is told nothing twice. `answers` are {question id: what was answered}.

    Raises ConflictError where sign-up is not open to this person, InvalidInputError for answers that do not do.
    """
    training = ledger.claim(session, training_id)
    count = ledger.count(session, training, actor.id)
    enrolment = ledger.find(session, training_id, actor.id) if count.has_been_here else None
    place = ledger.place_of(session, enrolment)
    hold_id = ledger.find_hold(session, training_id, actor.id) if count.seats.held and place is None else None
    early = training.head_start_at is not None and ledger.is_early(session, training_id, actor.id)
    stands = standing(
        training, count.seats, place, leads=count.leads, now=now, is_early=early, own_held=hold_id is not None
    )
    if stands in REFUSALS:
        raise ConflictError(REFUSALS[stands])
    if place is not None:
        return place
    step = SeatStep.REQUEST if training.needs_approval else _STEPS[stands]
    is_behind = training.absentees_last and count_missed(session, actor.id, now=now) >= MANY
    enrolment_id = ledger.come_in(
        session,
        training_id,
        enrolment,
        step,
        by_id=actor.id,
        now=now,
        user_id=actor.id,
        queue=count.last + 1,
        is_behind=is_behind,
        hold_id=hold_id if step is SeatStep.TAKE else None,
    )
    if count.asks:
        write_answers(session, training_id, enrolment_id, answers or {})
    if step is SeatStep.TAKE:
        notify(session, actor, "seat confirmed", invitation(training), now=now)
        return Place(Seat.CONFIRMED)
    if step is SeatStep.REQUEST:
        notify(session, actor, "seat requested", announcement(training), now=now)
        return Place(Seat.REQUESTED)
    place = ledger.place_of(session, ledger.find(session, training_id, actor.id))
    assert place is not None
    notify(session, actor, "seat waiting", {**announcement(training), "position": place.position}, now=now)
    return place


_STEPS = {Standing.FREE: SeatStep.TAKE, Standing.FULL: SeatStep.QUEUE}


def answer(session: Session, training_id: int, *, actor: User, answers: Answers) -> None:
    """Say something else to the questions of a session in which `actor` has a place. Raises InvalidInputError, or NotFoundError
    without a place.
    """
    ledger.claim(session, training_id)
    enrolment = ledger.find(session, training_id, actor.id)
    if enrolment is None or enrolment.state == Seat.CANCELLED:
        raise NotFoundError(_l("You have no place in this session."))
    write_answers(session, training_id, enrolment.id, answers)


def enrol_team(
    session: Session, training_id: int, *, team_id: int, user_ids: Sequence[int], actor: User, now: datetime
) -> int:
    """Give seats to these people of a team, to all of them or to none. Whoever has a seat already keeps it. Returns how many
    got one now.

    Raises ForbiddenError for whoever does not lead the team, InvalidInputError for somebody who is not in it, ConflictError
    where sign-up is not open or there are not seats enough.
    """
    memberships = {
        each.user_id: each
        for each in session.execute(select(Membership).where(Membership.team_id == team_id)).unique().scalars()
    }
    if actor.id not in memberships or not memberships[actor.id].is_lead:
        raise ForbiddenError(_l("Only who leads a team can sign it up."))
    people = [memberships[user_id].user for user_id in dict.fromkeys(user_ids) if user_id in memberships]
    if not people or len(people) < len(set(user_ids)) or any(person.disabled_at for person in people):
        raise InvalidInputError(_l("Choose people who are in the team now."), field="people")
    training = ledger.claim(session, training_id)
    _check_open(session, training, people, now)
    rows = {person.id: ledger.find(session, training_id, person.id) for person in people}
    new = [person for person in people if (row := rows[person.id]) is None or row.state == Seat.CANCELLED]
    waiting = [person.name for person in people if (row := rows[person.id]) is not None and row.state in _HALFWAY]
    if waiting:
        raise ConflictError(
            _l(
                "%(names)s: on the waiting list, or asked already. Leave them out; they keep their place.",
                names=", ".join(waiting),
            )
        )
    _take_all(session, training, team_id, [(person, rows[person.id]) for person in new], actor=actor, now=now)
    return len(new)


_HALFWAY = (Seat.WAITING, Seat.OFFERED, Seat.REQUESTED)


def _check_open(session: Session, training: Offered, people: Sequence[User], now: datetime) -> None:
    if training.needs_approval:
        raise ConflictError(_l("A coach says yes to each person here, so everybody signs up for themselves."))
    for person in people:
        found = ledger.count(session, training, person.id)
        stands = standing(training, found.seats, None, leads=found.leads, now=now)
        if stands is Standing.LEADS:
            raise ConflictError(_l("%(name)s runs this session and needs no seat.", name=person.name))
        if stands in REFUSALS:
            raise ConflictError(REFUSALS[stands])


def _take_all(
    session: Session,
    training: Offered,
    team_id: int,
    people: Sequence[tuple[User, Enrolment | None]],
    *,
    actor: User,
    now: datetime,
) -> None:
    found = ledger.count(session, training, actor.id)
    hold_id, held = ledger.hold_of_team(session, training.id, team_id)
    if len(people) > found.seats.free + held:
        raise ConflictError(
            _l(
                "%(wanted)s seats are needed and %(free)s can be had. Nobody was signed up; choose fewer people.",
                wanted=len(people),
                free=found.seats.free + held,
            )
        )
    for number, (person, row) in enumerate(people):
        ledger.come_in(
            session,
            training.id,
            row,
            SeatStep.TAKE,
            by_id=actor.id,
            now=now,
            user_id=person.id,
            queue=found.last + 1 + number,
            is_behind=False,
            hold_id=hold_id if number < held else None,
        )
        notify(session, person, "seat by lead", {**invitation(training), "lead": actor.name}, now=now)


def withdraw(session: Session, training_id: int, *, actor: User, now: datetime) -> None:
    """Give the place back; the next one on the waiting list gets the seat. Nothing happens without a place.

    Raises ConflictError once the session has begun or is cancelled.
    """
    training = ledger.lock(session, training_id)
    enrolment = ledger.find(session, training_id, actor.id)
    if enrolment is None or enrolment.state == Seat.CANCELLED:
        return
    if not can_still_leave(training, now):
        raise ConflictError(_l("This session has begun or is cancelled; your place stays as it is."))
    had_seat = enrolment.state == Seat.CONFIRMED
    ledger.take_step(session, enrolment, SeatStep.LEAVE, by_id=actor.id, now=now)
    if had_seat:
        notify(session, actor, "seat given back", announcement(training), now=now)
    fill_seats(session, training, by_id=actor.id, now=now)
