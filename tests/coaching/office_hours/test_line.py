"""The line of a drop-in day, whatever people press and in whatever order."""

from __future__ import annotations

import pytest
import time_machine
from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.accounts.models import User
from app.coaching.office_hours import line, service
from app.coaching.office_hours.line import TURN
from app.coaching.office_hours.models import Booking, Ticket
from app.coaching.office_hours.rules import InLine, LineStep, Span, State, Step
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import Base, db, transaction
from app.kernel.errors import ConflictError, DomainError, ForbiddenError
from tests.factories.coaches import make_coach
from tests.factories.office_hours import DAY, HOUR, NOW, WEDNESDAY_AT_TWO, make_hours, stand_in_line
from tests.factories.people import make_user
from tests.forking import all_at_once

OPEN = NOW + 4 * HOUR  # Monday, 14:00 in Shanghai


def call(ticket: Ticket, coach: User) -> str:
    ticket_id, coach_id = ticket.id, coach.id
    with transaction() as session:
        return line.call(session, ticket_id, coach=session.get_one(User, coach_id), now=utc_now()).state


def finish(ticket: Ticket, coach: User, step: LineStep) -> str:
    ticket_id, coach_id = ticket.id, coach.id
    with transaction() as session:
        return line.say_how_it_ended(
            session, ticket_id, step, coach=session.get_one(User, coach_id), now=utc_now()
        ).state


def test_people_come_are_called_one_after_the_other_and_go(app: Flask) -> None:
    with time_machine.travel(OPEN, tick=False):
        hours = make_hours(weekday=0, is_drop_in=True)
        ann, bob = make_user("Ann"), make_user("Bob")
        first, again, second = (stand_in_line(hours, person) for person in (ann, ann, bob))
        assert (first.number, again.id, second.number) == (1, first.id, 2)
        with pytest.raises(ForbiddenError):
            stand_in_line(hours, hours.coach)
        with pytest.raises(ForbiddenError):
            call(first, bob)
        assert [call(first, hours.coach), call(first, hours.coach)] == ["called", "called"]
        with pytest.raises(ConflictError, match="with you still"):
            call(second, hours.coach)
        assert finish(first, hours.coach, LineStep.SERVE) == "served"
        assert call(second, hours.coach) == "called"
        assert finish(second, hours.coach, LineStep.MISS) == "missed"
        assert stand_in_line(hours, bob).number == 3
        assert db.session.execute(select(Mail.kind).where(Mail.user_id == ann.id)).scalars().all() == [TURN]


@pytest.mark.parametrize("hours_before", [-3, 1.01])
def test_the_line_opens_an_hour_before_and_closes_at_the_end(app: Flask, hours_before: float) -> None:
    with time_machine.travel(NOW, tick=False):
        hours, ann = make_hours(weekday=0, is_drop_in=True), make_user("Ann")
    with time_machine.travel(OPEN - hours_before * HOUR, tick=False), pytest.raises(ConflictError):
        stand_in_line(hours, ann)


@pytest.mark.race
@pytest.mark.both_databases
def test_of_many_who_come_at_once_each_gets_a_number(app: Flask) -> None:
    with time_machine.travel(OPEN, tick=False):
        hours_id = make_hours(weekday=0, is_drop_in=True).id
        people = iter([make_user(f"Person {number}").id for number in range(6)])
        ids = list(people)

        def come() -> None:
            for person_id in ids:
                with transaction() as session:
                    line.join(session, hours_id, "", actor=session.get_one(User, person_id), now=OPEN)

        assert set(all_at_once(3, come)) == {0}
        db.session.rollback()
        numbers = sorted(db.session.execute(select(Ticket.number)).scalars())
    assert numbers == [1, 2, 3, 4, 5, 6]


class AnyOrder(RuleBasedStateMachine):
    """Four people, two coaches with bookable hours and a line; whatever they press, these things hold."""

    def __init__(self) -> None:
        super().__init__()
        with transaction() as session:
            for model in (Ticket, Booking):
                session.query(model).delete()
        self.people, self.coaches, self.hours, self.line_id = FIXED

    def attempt(self, act: object) -> None:
        try:
            with transaction() as session:
                act(session)  # type: ignore[operator]
        except DomainError:
            db.session.rollback()

    def ids(self, model: type[Base]) -> list[int]:
        db.session.rollback()
        return list(db.session.execute(select(model.id).order_by(model.id)).scalars())  # type: ignore[attr-defined]

    @rule(who=st.integers(0, 3), whose=st.integers(0, 1), at=st.integers(0, 4))
    def book(self, who: int, whose: int, at: int) -> None:
        start = WEDNESDAY_AT_TWO + at * HOUR / 2
        self.attempt(
            lambda session: service.book(
                session,
                self.hours[whose],
                start,
                service.About(),
                actor=session.get_one(User, self.people[who]),
                now=OPEN,
            )
        )

    @rule(who=st.integers(0, 5), which=st.integers(0, 9), whose=st.integers(0, 1), at=st.integers(0, 4))
    def move(self, who: int, which: int, whose: int, at: int) -> None:
        found, people = self.ids(Booking), [*self.people, *self.coaches]
        if found:
            start = WEDNESDAY_AT_TWO + at * HOUR / 2
            self.attempt(
                lambda session: service.move(
                    session,
                    found[which % len(found)],
                    self.hours[whose],
                    start,
                    actor=session.get_one(User, people[who]),
                    now=OPEN,
                )
            )

    @rule(who=st.integers(0, 5), which=st.integers(0, 9), days=st.integers(0, 4), step=st.sampled_from(list(Step)))
    def end(self, who: int, which: int, days: int, step: Step) -> None:
        found, people = self.ids(Booking), [*self.people, *self.coaches]
        if not found:
            return
        booking_id = found[which % len(found)]

        def act(session: object) -> None:
            actor, now = session.get_one(User, people[who]), OPEN + days * DAY  # type: ignore[attr-defined]
            if step in {Step.HOLD, Step.MISS}:
                service.say_how_it_was(session, booking_id, step, actor=actor, now=now)  # type: ignore[arg-type]
            else:
                service.cancel(session, booking_id, reason="Why", actor=actor, now=now)  # type: ignore[arg-type]

        self.attempt(act)

    @rule(who=st.integers(0, 3))
    def come(self, who: int) -> None:
        self.attempt(
            lambda session: line.join(
                session, self.line_id, "", actor=session.get_one(User, self.people[who]), now=OPEN
            )
        )

    @rule(which=st.integers(0, 9), step=st.sampled_from(list(LineStep)))
    def go_on(self, which: int, step: LineStep) -> None:
        found = self.ids(Ticket)
        if not found:
            return
        ticket_id = found[which % len(found)]

        def act(session: object) -> None:
            coach = session.get_one(User, self.coaches[0])  # type: ignore[attr-defined]
            ticket = session.get_one(Ticket, ticket_id)  # type: ignore[attr-defined]
            if step is LineStep.CALL:
                line.call(session, ticket_id, coach=coach, now=OPEN)  # type: ignore[arg-type]
            elif step is LineStep.LEAVE:
                line.leave(session, ticket_id, actor=ticket.user, now=OPEN)  # type: ignore[arg-type]
            else:
                line.say_how_it_ended(session, ticket_id, step, coach=coach, now=OPEN)  # type: ignore[arg-type]

        self.attempt(act)

    @invariant()
    def nobody_is_in_two_places(self) -> None:
        db.session.rollback()
        rows = list(db.session.execute(select(Booking).where(Booking.state == State.BOOKED)).scalars())
        for one in rows:
            for other in rows:
                if one.id < other.id and {one.coach_id, one.user_id} & {other.coach_id, other.user_id}:
                    assert not Span(one.starts_at, one.ends_at).overlaps(Span(other.starts_at, other.ends_at))

    @invariant()
    def one_is_called_and_everybody_stands_once(self) -> None:
        db.session.rollback()
        rows = list(db.session.execute(select(Ticket)).scalars())
        assert sum(each.state == InLine.CALLED for each in rows) <= 1
        here = [each.user_id for each in rows if each.state in {InLine.WAITING, InLine.CALLED}]
        assert len(here) == len(set(here))
        assert sorted(each.number for each in rows) == list(range(1, len(rows) + 1))


FIXED: tuple[list[int], list[int], list[int], int] = ([], [], [], 0)


@pytest.mark.both_databases
@pytest.mark.slow
def test_whatever_is_pressed_in_whatever_order(app: Flask) -> None:
    global FIXED  # noqa: PLW0603  # a machine is made by hypothesis, without arguments
    with time_machine.travel(OPEN, tick=False):
        coaches = [make_coach("Amara"), make_coach("Zed")]
        hours = [make_hours(coach) for coach in coaches]
        drop_in = make_hours(coaches[0], weekday=0, is_drop_in=True)
        people = [make_user(f"Person {number}").id for number in range(4)]
        FIXED = (people, [coach.user_id for coach in coaches], [each.id for each in hours], drop_in.id)
        run_state_machine_as_test(AnyOrder, settings=settings(max_examples=12, stateful_step_count=25, deadline=None))
