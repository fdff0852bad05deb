"""Reading what the pages of signing up show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Membership, Team, User
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment, SignupAnswer
from app.training.seats.rules import Seat


@dataclass(frozen=True)
class Line:
    """Those with a place in a session, in the order of the waiting list, each with teams and answers."""

    requested: list[Enrolment]
    offered: list[Enrolment]
    waiting: list[Enrolment]
    confirmed: list[Enrolment]


def list_line(training: TrainingSession) -> Line:
    """Everybody with a place, by how it stands."""
    query = (
        select(Enrolment)
        .where(Enrolment.training_id == training.id, Enrolment.state != Seat.CANCELLED)
        .options(
            joinedload(Enrolment.user).selectinload(User.memberships).joinedload(Membership.team),
            selectinload(Enrolment.answers).joinedload(SignupAnswer.question),
        )
        .order_by(Enrolment.is_behind, Enrolment.queue)
    )
    by_state: dict[str, list[Enrolment]] = {seat: [] for seat in Seat}
    for enrolment in db.session.execute(query).unique().scalars():
        by_state[enrolment.state].append(enrolment)
    return Line(by_state[Seat.REQUESTED], by_state[Seat.OFFERED], by_state[Seat.WAITING], by_state[Seat.CONFIRMED])


def get_by_link(enrolment_id: int, queue: int) -> Enrolment:
    """The place that a signed link is about, with session and person. Raises NotFoundError where it is another one by now."""
    query = (
        select(Enrolment)
        .where(Enrolment.id == enrolment_id, Enrolment.queue == queue)
        .options(joinedload(Enrolment.training), joinedload(Enrolment.user))
    )
    enrolment = db.session.execute(query).unique().scalar_one_or_none()
    if enrolment is None or enrolment.user.disabled_at is not None:
        raise NotFoundError(_l("This link is about a place that is no longer there. Look at the page of the session."))
    return enrolment


def list_led_teams(user: User) -> list[Team]:
    """The teams that the person leads, with their people, by name."""
    query = (
        select(Team)
        .join(Membership, Membership.team_id == Team.id)
        .where(Membership.user_id == user.id, Membership.is_lead)
        .options(selectinload(Team.memberships).joinedload(Membership.user))
        .order_by(Team.name)
    )
    return list(db.session.execute(query).unique().scalars())


def leads_a_team(user_id: int) -> bool:
    """Does the person lead any team?"""
    query = select(Membership.user_id).where(Membership.user_id == user_id, Membership.is_lead).limit(1)
    return db.session.execute(query).first() is not None


def list_answers(training_id: int, user_id: int) -> Mapping[int, str]:
    """{question id: answer} of one person."""
    query = (
        select(SignupAnswer.question_id, SignupAnswer.value)
        .join(Enrolment, Enrolment.id == SignupAnswer.enrolment_id)
        .where(Enrolment.training_id == training_id, Enrolment.user_id == user_id)
    )
    return {question_id: value for question_id, value in db.session.execute(query)}


def states_of(training_id: int) -> Mapping[int, str]:
    """{user id: state of the place} of everybody with one."""
    query = select(Enrolment.user_id, Enrolment.state).where(
        Enrolment.training_id == training_id, Enrolment.state != Seat.CANCELLED
    )
    return {user_id: state for user_id, state in db.session.execute(query)}


def list_teams() -> list[Team]:
    """Every team by name."""
    return list(db.session.execute(select(Team).order_by(Team.name)).unique().scalars())
