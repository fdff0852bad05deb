"""Any order of everything that can happen to seats, against a plain model of what should come of it (docs/training.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, DomainError
from app.training.admissions import list_admissions
from app.training.attendance.service import let_in, record_rest
from app.training.models import Meeting, TrainingSession
from app.training.rules import Waiting
from app.training.seats import deciding, filling, holds, ledger, taking
from app.training.seats.attended import count_attended
from app.training.seats.models import Enrolment
from app.training.seats.rules import Place, Seat, SeatStep
from app.training.seats.settings import Settings, change_settings
from app.training.service import change
from tests.factories.people import make_team, make_user
from tests.factories.training import NOW, make_coach, make_details, make_training
from tests.thorough import examples
from tests.training.crowd import check_invariants

pytestmark = pytest.mark.slow

PEOPLE = 6
# The first three are in a team that the first one leads.
TEAM = (0, 1, 2)
HOURS = 10
somebody = st.integers(0, PEOPLE - 1)


class Plan:
    """The rules on plain lists. Who is asked for nothing stands nowhere."""

    def __init__(self, capacity: int) -> None:
        self.capacity, self.mode, self.approves, self.now = capacity, Waiting.PROMOTION, False, NOW
        self.seated, self.waiting, self.requested = list[int](), list[int](), list[int]()
        self.offered: dict[int, datetime] = {}
        self.held, self.from_hold = 0, set[int]()

    @property
    def held_left(self) -> int:
        taken = [person for person in self.from_hold if person in self.seated or person in self.offered]
        return max(0, self.held - len(taken))

    @property
    def left(self) -> int:
        return max(0, self.capacity - len(self.seated) - len(self.offered) - self.held_left)

    @property
    def free(self) -> int:
        return 0 if self.waiting else self.left

    def has_place(self, person: int) -> bool:
        return any(person in group for group in (self.seated, self.waiting, self.requested, self.offered))

    def out(self, person: int) -> None:
        for group in (self.seated, self.waiting, self.requested):
            if person in group:
                group.remove(person)
        self.offered.pop(person, None)
        self.from_hold.discard(person)

    def seat(self, person: int, *, held: bool = False) -> None:
        self.out(person)
        self.seated.append(person)
        if held:
            self.from_hold.add(person)

    def may_use_hold(self, person: int) -> bool:
        return person in TEAM and self.held_left > 0

    def fill(self) -> None:
        while self.waiting and self.left:
            person = self.waiting.pop(0)
            if self.mode == Waiting.PROMOTION:
                self.seated.append(person)
            else:
                self.offered[person] = self.now + timedelta(hours=HOURS)


class Seats(RuleBasedStateMachine):
    """One session, six people, one team, one coach. Every rule is one transaction, as a request has it."""

    coach: User
    people: list[User]
    team: Team
    coach_of_another: User

    @initialize(capacity=st.integers(1, 3), early=st.permutations(range(PEOPLE)))
    def announce(self, capacity: int, early: list[int]) -> None:
        self.plan = Plan(capacity)
        self.training_id = make_training(self.coach, capacity=capacity, starts_at=NOW + timedelta(days=60)).id
        for person in early[2:]:
            self.come(person)

    def do(self, act: Callable[[Session], object], *, is_refused: bool) -> None:
        """Act as a request does. What the plan refuses has to be refused, and changes nothing."""
        if is_refused:
            with pytest.raises(DomainError), transaction() as session:
                act(session)
            return
        with transaction() as session:
            act(session)

    @rule(person=somebody)
    def come(self, person: int) -> None:
        plan = self.plan
        self.do(
            lambda session: taking.enrol(session, self.training_id, actor=self.people[person], now=plan.now),
            is_refused=False,
        )
        if plan.has_place(person):
            return
        if plan.approves:
            plan.requested.append(person)
        elif plan.free or plan.may_use_hold(person):
            plan.seat(person, held=plan.may_use_hold(person))
        else:
            plan.waiting.append(person)

    @rule(person=somebody)
    def go(self, person: int) -> None:
        self.do(
            lambda session: taking.withdraw(session, self.training_id, actor=self.people[person], now=self.plan.now),
            is_refused=False,
        )
        self.plan.out(person)
        self.plan.fill()

    @rule(person=somebody, yes=st.booleans())
    def answer(self, person: int, yes: bool) -> None:
        plan = self.plan
        has_row = self.row(person) is not None
        if yes:
            is_refused = not has_row or (person not in plan.seated and person not in plan.offered)
            act = filling.accept
        else:
            is_refused, act = not has_row, filling.decline
        self.do(
            lambda session: act(session, self.training_id, actor=self.people[person], now=plan.now),
            is_refused=is_refused,
        )
        if is_refused or person not in plan.offered:
            return
        if yes:
            plan.seat(person)
        else:
            plan.out(person)
            plan.fill()

    @rule(hours=st.integers(1, 2 * HOURS))
    def time_passes(self, hours: int) -> None:
        plan = self.plan
        plan.now += timedelta(hours=hours)
        for training_id in filling.list_lapsed(db.session(), plan.now):
            if training_id == self.training_id:
                self.do(lambda session: filling.lapse(session, self.training_id, now=plan.now), is_refused=False)
        late = [person for person, until in plan.offered.items() if until <= plan.now]
        for person in late:
            plan.out(person)
        plan.fill()

    @rule(person=somebody)
    def approve(self, person: int) -> None:
        plan, user = self.plan, self.people[person]
        self.do(
            lambda session: deciding.approve(session, self.training_id, [user.id], actor=self.coach, now=plan.now),
            is_refused=False,
        )
        if person not in plan.requested:
            return
        if plan.free or plan.may_use_hold(person):
            plan.seat(person, held=plan.may_use_hold(person))
        else:
            plan.requested.remove(person)
            plan.waiting.append(person)
            # Whoever asked first stands first, whenever the coach said yes.
            plan.waiting.sort(key=self.queue)

    @rule(person=somebody)
    def let_in(self, person: int) -> None:
        plan, user_id = self.plan, self.people[person].id
        self.do(
            lambda session: deciding.admit(
                session, self.training_id, user_id, reason="Speaks there", actor=self.coach, now=plan.now
            ),
            is_refused=False,
        )
        if person not in plan.seated:
            plan.seat(person)

    @rule(person=somebody)
    def take_off(self, person: int) -> None:
        plan, user_id = self.plan, self.people[person].id
        is_refused = not plan.has_place(person)
        self.do(
            lambda session: deciding.take_off(
                session, self.training_id, user_id, reason="Left the company", actor=self.coach, now=plan.now
            ),
            is_refused=is_refused,
        )
        plan.out(person)
        plan.fill()

    @rule(seats=st.integers(1, 3))
    def hold(self, seats: int) -> None:
        plan = self.plan
        is_refused = seats - plan.held > plan.left
        self.do(
            lambda session: holds.hold(
                session,
                self.training_id,
                team_id=self.team.id,
                seats=seats,
                until=plan.now + timedelta(hours=1),
                actor=self.coach,
                now=plan.now,
            ),
            is_refused=is_refused,
        )
        if is_refused:
            return
        plan.held = seats
        for person in [each for each in plan.waiting if each in TEAM][: plan.held_left]:
            plan.seat(person, held=True)
        plan.fill()

    @rule()
    def free_hold(self) -> None:
        for hold, _left in holds.list_holds(db.session(), self.training_id):
            hold_id = hold.id
            self.do(
                lambda session, hold_id=hold_id: holds.release_hold(  # type: ignore[misc]
                    session, self.training_id, hold_id, by_id=None, now=self.plan.now
                ),
                is_refused=False,
            )
        self.plan.held, self.plan.from_hold = 0, set()
        self.plan.fill()

    @rule(chosen=st.sets(st.sampled_from(TEAM), min_size=1))
    def whole_team(self, chosen: set[int]) -> None:
        plan = self.plan
        new = [person for person in sorted(chosen) if person not in plan.seated]
        halfway = any(plan.has_place(person) for person in new)
        is_refused = plan.approves or halfway or len(new) > plan.free + plan.held_left
        self.do(
            lambda session: taking.enrol_team(
                session,
                self.training_id,
                team_id=self.team.id,
                user_ids=[self.people[person].id for person in sorted(chosen)],
                actor=self.people[0],
                now=plan.now,
            ),
            is_refused=is_refused,
        )
        if not is_refused:
            held = plan.held_left
            for number, person in enumerate(new):
                plan.seat(person, held=number < held)

    @rule(capacity=st.integers(1, 5))
    def resize(self, capacity: int) -> None:
        training = db.session.get_one(TrainingSession, self.training_id)
        details, revision = make_details(self.coach, capacity=capacity, starts_at=training.starts_at), training.revision
        self.do(
            lambda session: change(
                session, self.training_id, details, revision=revision, actor=self.coach, now=self.plan.now
            ),
            is_refused=False,
        )
        self.plan.capacity = capacity
        self.plan.fill()

    @rule(mode=st.sampled_from(Waiting), approves=st.booleans())
    def change_the_rules(self, mode: Waiting, approves: bool) -> None:
        revision = db.session.get_one(TrainingSession, self.training_id).revision
        wanted = Settings(
            needs_approval=approves,
            waiting=mode,
            offer_hours=HOURS,
            absentees_last=False,
            minimum=None,
            decide_at=None,
        )
        self.do(
            lambda session: change_settings(
                session, self.training_id, wanted, revision=revision, actor=self.coach, now=self.plan.now
            ),
            is_refused=False,
        )
        self.plan.mode, self.plan.approves = mode, approves

    def row(self, person: int) -> Enrolment | None:
        return db.session.execute(
            select(Enrolment).where(
                Enrolment.training_id == self.training_id, Enrolment.user_id == self.people[person].id
            )
        ).scalar_one_or_none()

    def queue(self, person: int) -> int:
        row = self.row(person)
        assert row is not None
        return row.queue

    @rule(person=somebody)
    def look(self, person: int) -> None:
        """The page says to a person what the plan says."""
        plan = self.plan
        admission = list_admissions(self.people[person], [self.training_id], now=plan.now)[self.training_id]
        expected = None
        if person in plan.seated:
            expected = Place(Seat.CONFIRMED)
        elif person in plan.offered:
            expected = Place(Seat.OFFERED, until=plan.offered[person])
        elif person in plan.waiting:
            expected = Place(Seat.WAITING, plan.waiting.index(person) + 1)
        elif person in plan.requested:
            expected = Place(Seat.REQUESTED)
        assert admission.place == expected
        assert admission.seats.free == plan.free
        assert admission.own_held == (plan.held_left if person in TEAM else 0)

    @invariant()
    def the_database_says_what_the_plan_says(self) -> None:
        rows = db.session.execute(
            select(Enrolment.user_id, Enrolment.state)
            .where(Enrolment.training_id == self.training_id)
            .order_by(Enrolment.queue)
        ).all()
        number = {person.id: index for index, person in enumerate(self.people)}
        groups = {seat: [number[user_id] for user_id, state in rows if state == seat] for seat in Seat}
        plan = self.plan
        assert groups[Seat.WAITING] == plan.waiting
        assert set(groups[Seat.CONFIRMED]) == set(plan.seated)
        assert set(groups[Seat.OFFERED]) == set(plan.offered)
        assert set(groups[Seat.REQUESTED]) == set(plan.requested)

    @invariant()
    def what_always_holds_does(self) -> None:
        assert not (self.plan.waiting and self.plan.left), "a seat is left while somebody waits"
        check_invariants(self.training_id)

    def teardown(self) -> None:
        """On the day: whoever has a seat is there, and one who has none walks in. Nobody's place changes by being ticked."""
        plan, day = self.plan, NOW + timedelta(days=60, minutes=5)
        meeting_id = db.session.execute(select(Meeting.id).where(Meeting.training_id == self.training_id)).scalar_one()
        with pytest.raises(ConflictError), transaction() as session:
            taking.enrol(session, self.training_id, actor=self.coach_of_another, now=day)
        with transaction() as session:
            record_rest(session, meeting_id, str(uuid4()), actor=self.coach, now=day)
        self.the_database_says_what_the_plan_says()
        for person in [each for each in range(PEOPLE) if each not in plan.seated][:1]:
            user_id = self.people[person].id
            with transaction() as session:
                let_in(session, meeting_id, user_id, str(uuid4()), reason="Came along", actor=self.coach, now=day)
            plan.seat(person)
        self.the_database_says_what_the_plan_says()
        there = count_attended(db.session(), self.training_id)
        assert there == {self.people[person].id: 1 for person in plan.seated}


@pytest.mark.both_databases
def test_any_order_of_steps_ends_where_the_plan_says(app: Flask, clock: object) -> None:
    people = [make_user(f"Person {number}") for number in range(PEOPLE)]
    team = make_team("Payments", *(people[person] for person in TEAM[1:]), lead=people[0])
    here = type(
        "Here",
        (Seats,),
        {"coach": make_coach(), "people": people, "team": team, "coach_of_another": make_coach("Another")},
    )
    run_state_machine_as_test(
        here,
        settings=settings(
            max_examples=examples(40, quick=4),
            stateful_step_count=20,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_step_that_the_table_lacks_is_refused(app: Flask, clock: object) -> None:
    coach, person = make_coach(), make_user()
    training_id = make_training(coach).id
    with transaction() as session:
        taking.enrol(session, training_id, actor=person, now=NOW)
        enrolment = ledger.find(session, training_id, person.id)
        assert enrolment is not None
        with pytest.raises(ConflictError, match="faster"):
            ledger.take_step(session, enrolment, SeatStep.REFUSE, by_id=coach.id, now=NOW, reason="No")
