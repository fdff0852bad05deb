"""Any order of sign-ups, leaves and changes of capacity, against a plain model of what should come of it."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.accounts.models import User
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError
from app.training.admissions import list_admissions
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.rules import Place, Seat
from app.training.seats.taking import enrol, withdraw
from app.training.service import cancel, change
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_details, make_training
from tests.thorough import examples
from tests.training.crowd import check_invariants, check_nobody_was_overtaken

PEOPLE = 6
somebody = st.integers(0, PEOPLE - 1)


class Plan:
    """The rules in a dozen lines: who sits, who waits, and how many messages of each kind were due."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.seated, self.waiting = capacity, list[int](), list[int]()
        self.told = dict.fromkeys(("seat confirmed", "seat waiting", "seat promoted", "training cancelled"), 0)
        self.is_cancelled = False

    def come(self, person: int) -> None:
        if person in self.seated or person in self.waiting:
            return
        free = len(self.seated) < self.capacity
        (self.seated if free else self.waiting).append(person)
        self.told["seat confirmed" if free else "seat waiting"] += 1

    def go(self, person: int) -> None:
        for group in (self.seated, self.waiting):
            if person in group:
                group.remove(person)
        self.fill()

    def fill(self) -> None:
        while self.waiting and len(self.seated) < self.capacity:
            self.seated.append(self.waiting.pop(0))
            self.told["seat promoted"] += 1


class Seating(RuleBasedStateMachine):
    """One session, six people, one coach. Every rule is one transaction, as a request has it."""

    coach: User
    people: list[User]

    @initialize(capacity=st.integers(1, 3), early=st.permutations(range(PEOPLE)))
    def announce(self, capacity: int, early: list[int]) -> None:
        """A session that is popular from the first day: all but one have come."""
        self.plan = Plan(capacity)
        with transaction() as session:
            for mail in session.execute(select(Mail)).scalars():
                session.delete(mail)
        self.training_id = make_training(self.coach, capacity=capacity).id
        for person in early[1:]:
            self.come(person)

    @rule(person=somebody)
    def come(self, person: int) -> None:
        with transaction() as session:
            if self.plan.is_cancelled:
                with pytest.raises(ConflictError):
                    enrol(session, self.training_id, actor=self.people[person], now=NOW)
                return
            place = enrol(session, self.training_id, actor=self.people[person], now=NOW)
        self.plan.come(person)
        assert place == self.expected(person)

    @rule(person=somebody)
    def go(self, person: int) -> None:
        if self.plan.is_cancelled:
            return
        with transaction() as session:
            withdraw(session, self.training_id, actor=self.people[person], now=NOW)
        self.plan.go(person)

    @rule(capacity=st.integers(1, 5))
    def resize(self, capacity: int) -> None:
        if self.plan.is_cancelled:
            return
        training = db.session.get_one(TrainingSession, self.training_id)
        details, revision = make_details(self.coach, capacity=capacity), training.revision
        with transaction() as session:
            change(session, self.training_id, details, revision=revision, actor=self.coach, now=NOW)
        self.plan.capacity = capacity
        self.plan.fill()

    @rule(dice=st.integers(0, 9))
    def call_off(self, dice: int) -> None:
        """Seldom, because nothing happens afterwards."""
        if dice or self.plan.is_cancelled:
            return
        with transaction() as session:
            cancel(session, self.training_id, reason="Ill", actor=self.coach, now=NOW)
        self.plan.is_cancelled = True
        self.plan.told["training cancelled"] += len(self.plan.seated) + len(self.plan.waiting)

    def expected(self, person: int) -> Place | None:
        if person in self.plan.seated:
            return Place(Seat.CONFIRMED)
        return Place(Seat.WAITING, self.plan.waiting.index(person) + 1) if person in self.plan.waiting else None

    @invariant()
    def the_database_says_what_the_plan_says(self) -> None:
        rows = db.session.execute(
            select(Enrolment.user_id, Enrolment.state)
            .where(Enrolment.training_id == self.training_id, Enrolment.state != Seat.CANCELLED)
            .order_by(Enrolment.queue)
        ).all()
        number = {person.id: index for index, person in enumerate(self.people)}
        assert [number[user_id] for user_id, state in rows if state == Seat.WAITING] == self.plan.waiting
        assert {number[user_id] for user_id, state in rows if state == Seat.CONFIRMED} == set(self.plan.seated)

    @rule(person=somebody)
    def look(self, person: int) -> None:
        """The page says the same to whoever looks at it."""
        admission = list_admissions(self.people[person], [self.training_id], now=NOW)[self.training_id]
        assert admission.place == self.expected(person)
        assert (admission.seats.confirmed, admission.seats.waiting) == (
            len(self.plan.seated),
            len(self.plan.waiting),
        )

    @invariant()
    def everybody_was_told_once(self) -> None:
        kinds = list(db.session.execute(select(Mail.kind)).scalars())
        assert {kind: kinds.count(kind) for kind in self.plan.told} == self.plan.told

    @invariant()
    def what_always_holds_does(self) -> None:
        check_invariants(self.training_id)
        check_nobody_was_overtaken(self.training_id)


@pytest.mark.both_databases
def test_any_order_of_steps_ends_where_the_plan_says(app: Flask, clock: object) -> None:
    coach, people = make_coach(), [make_user(f"Person {number}") for number in range(PEOPLE)]
    here = type("Here", (Seating,), {"coach": coach, "people": people})
    run_state_machine_as_test(
        here,
        settings=settings(
            max_examples=examples(30, quick=4),
            stateful_step_count=15,
            deadline=None,
            database=None,
            derandomize=True,
            # To shrink a failure takes minutes, and a run of fifteen steps can be read as it is.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
