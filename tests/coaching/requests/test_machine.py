"""Teams and coaches who do anything in any order while the clock moves and jobs run twice: what must hold after each step."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, func, select

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.coaches.models import Coach
from app.coaching.load import list_loads
from app.coaching.matching import find_next, wanted_by
from app.coaching.models import CoachingRequest, CoachRoom, Engagement, Offer
from app.coaching.policy import can_read_engagement, can_read_request
from app.coaching.queries import visible_engagements, visible_requests
from app.coaching.requests import service
from app.coaching.requests.jobs import find_coaches, move_clocks, remind_teams
from app.coaching.rules import MAX_PENDING, OFFERED, PENDING, Ask, OfferEnd, Origin
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import DomainError
from app.notifications.models import Notice
from tests.conftest import NOW
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.thorough import examples

pytestmark = pytest.mark.slow

TEAMS, COACHES = 3, 4
a_team = st.integers(0, TEAMS - 1)
a_coach = st.integers(0, COACHES - 1)
a_request = st.integers(0, 20)
LIMITS = (1, 2, 1, 3)


class Coaching(RuleBasedStateMachine):
    """Three teams, four coaches with little room. Every rule is one transaction or one round of a job."""

    people: list[User]
    teams: list[Team]
    coaches: list[User]
    administrator: User
    capability_id: int

    @initialize()
    def begin(self) -> None:
        self.clock = time_machine.travel(NOW, tick=False)
        self.traveller = self.clock.start()
        # Whatever a coach may have had when the limit went down is allowed to stay.
        self.allowed = dict(zip((each.id for each in self.coaches), LIMITS, strict=True))
        with transaction() as session:
            for table in (Notice, Engagement, CoachingRequest, CoachRoom):
                session.execute(delete(table))
            for user_id, most in self.allowed.items():
                session.add(CoachRoom(user_id=user_id, most=most, note="", changed_at=NOW))
            for coach in session.execute(select(Coach)).scalars():
                coach.is_taking_requests = True

    def teardown(self) -> None:
        if hasattr(self, "clock"):
            self.clock.stop()

    @rule(team=a_team, is_hard=st.booleans(), wish=st.none() | a_coach)
    def ask(self, team: int, is_hard: bool, wish: int | None) -> None:
        asking = service.Asking(
            team_id=self.teams[team].id,
            goal="A goal",
            capability_id=self.capability_id if is_hard else None,
            to_level=4 if is_hard else None,
            coach_id=None if wish is None else self.coaches[wish].id,
        )
        key = str(db.session.execute(select(func.count(CoachingRequest.id))).scalar_one())
        self.attempt(lambda s, now: service.ask(s, asking, key=key, actor=self.people[team], now=now))

    @rule(number=a_request)
    def accept(self, number: int) -> None:
        self.as_coach(number, lambda s, request, coach, now: service.accept(s, request, actor=coach, now=now))

    @rule(number=a_request)
    def ask_back(self, number: int) -> None:
        self.as_coach(
            number, lambda s, request, coach, now: service.ask_back(s, request, question="Which?", actor=coach, now=now)
        )

    @rule(number=a_request)
    def decline(self, number: int) -> None:
        self.as_coach(
            number, lambda s, request, coach, now: service.decline(s, request, reason="No time", actor=coach, now=now)
        )

    @rule(number=a_request, to=a_coach)
    def hand_over(self, number: int, to: int) -> None:
        self.as_coach(
            number,
            lambda s, request, coach, now: service.hand_over(
                s, request, to_id=self.coaches[to].id, actor=coach, now=now
            ),
        )

    @rule(number=a_request, answers=st.booleans())
    def team_acts(self, number: int, answers: bool) -> None:
        request = self.request(number)
        if request is None:
            return
        request_id, person = request.id, self.person_of(request)
        if answers:
            self.attempt(lambda s, now: service.reply(s, request_id, answer="This", actor=person, now=now))
        else:
            self.attempt(lambda s, now: service.withdraw(s, request_id, actor=person, now=now))

    @rule(number=a_request, to=a_coach)
    def give(self, number: int, to: int) -> None:
        request = self.request(number)
        if request is not None:
            request_id, to_id = request.id, self.coaches[to].id
            self.attempt(lambda s, now: service.give(s, request_id, to_id=to_id, actor=self.administrator, now=now))

    @rule(coach=a_coach, most=st.integers(0, 3))
    def change_room(self, coach: int, most: int) -> None:
        user_id = self.coaches[coach].id
        with transaction() as session:
            session.merge(CoachRoom(user_id=user_id, most=most, note="", changed_at=utc_now()))
        self.allowed[user_id] = max(most, list_loads([user_id])[user_id].total)
        db.session.rollback()

    @rule(coach=a_coach)
    def end_one(self, coach: int) -> None:
        """An engagement of the coach comes to its end."""
        with transaction() as session:
            query = select(Engagement).where(
                Engagement.coach_id == self.coaches[coach].id, Engagement.state == "running"
            )
            engagement = session.execute(query.limit(1)).scalars().first()
            if engagement is not None:
                engagement.state = "ended"

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        self.traveller.shift(timedelta(hours=hours))

    @rule()
    def jobs_run(self) -> None:
        """Everything is done in the first round: the second one finds nothing."""
        for job in (move_clocks, find_coaches, remind_teams):
            job()
        told = self.count_told()
        assert [move_clocks(), find_coaches(), remind_teams()] == [0, 0, 0]
        assert self.count_told() == told
        late = select(CoachingRequest.id).where(CoachingRequest.state == Ask.OPEN, CoachingRequest.due_at <= utc_now())
        assert db.session.execute(late).all() == []
        stranded = db.session.execute(select(CoachingRequest).where(CoachingRequest.state == Ask.STRANDED)).scalars()
        assert [each.id for each in stranded if find_next(wanted_by(each), utc_now()) is not None] == []
        db.session.rollback()

    def request(self, number: int) -> CoachingRequest | None:
        """One of those there are, whatever its state."""
        found = list(db.session.execute(select(CoachingRequest).order_by(CoachingRequest.id)).scalars())
        return found[number % len(found)] if found else None

    def person_of(self, request: CoachingRequest) -> User:
        return self.people[[team.id for team in self.teams].index(request.team_id)]

    def as_coach(self, number: int, act: object) -> None:
        request = self.request(number)
        coach = next((each for each in self.coaches if request and each.id == request.coach_id), self.coaches[0])
        if request is not None:
            request_id = request.id
            self.attempt(lambda s, now: act(s, request_id, coach, now))  # type: ignore[operator]

    def attempt(self, act: object) -> None:
        """What is refused changes nothing: not the rows, and nobody is told."""
        before = self.snapshot()
        try:
            with transaction() as session:
                act(session, utc_now())  # type: ignore[operator]
        except DomainError:
            db.session.rollback()
            assert self.snapshot() == before

    def snapshot(self) -> list[object]:
        rows = db.session.execute(
            select(
                CoachingRequest.id, CoachingRequest.state, CoachingRequest.revision, CoachingRequest.coach_id
            ).order_by(CoachingRequest.id)
        ).all()
        found = [*rows, self.count_told(), db.session.execute(select(func.count(Engagement.id))).scalar_one()]
        db.session.rollback()
        return found

    def count_told(self) -> int:
        return db.session.execute(select(func.count(Notice.id))).scalar_one()

    @invariant()
    def nobody_is_over_the_limit(self) -> None:
        if not hasattr(self, "allowed"):
            return
        # Counted here once more, one row at a time, as the limit is meant.
        counted: Counter[int | None] = Counter()
        for engagement in db.session.execute(select(Engagement)).scalars():
            counted[engagement.coach_id] += engagement.state != "ended"
        for request in db.session.execute(select(CoachingRequest)).scalars():
            counted[request.coach_id] += request.state in {"open", "asked"}
        loads = list_loads([each.id for each in self.coaches])
        for user_id, allowed in self.allowed.items():
            assert counted[user_id] <= allowed
            assert loads[user_id].total == counted[user_id]
            self.allowed[user_id] = max(loads[user_id].most, counted[user_id])

    @invariant()
    def offers_fit_their_requests(self) -> None:
        db.session.rollback()
        running: Counter[int] = Counter()
        pairs: Counter[tuple[int, int]] = Counter()
        accepted: Counter[int] = Counter()
        with_coach = {}
        for each in db.session.execute(select(Offer).order_by(Offer.id)).scalars():
            assert each.coach_id is not None
            # Nobody gets it again but from an administrator.
            assert not pairs[each.request_id, each.coach_id] or each.origin == Origin.GIVEN
            pairs[each.request_id, each.coach_id] += 1
            running[each.request_id] += each.ending is None
            accepted[each.request_id] += each.ending == OfferEnd.ACCEPTED
            if each.ending is None:
                with_coach[each.request_id] = each.coach_id
        engaged = Counter(db.session.execute(select(Engagement.request_id)).scalars())
        pending: Counter[int] = Counter()
        for request in db.session.execute(select(CoachingRequest)).scalars():
            pending[request.team_id] += request.state in PENDING
            is_offered, is_accepted = request.state in OFFERED, request.state == Ask.ACCEPTED
            assert running[request.id] == is_offered
            assert with_coach.get(request.id) == (request.coach_id if is_offered else None)
            assert (request.due_at is not None) == (request.state == Ask.OPEN)
            assert (accepted[request.id], engaged[request.id]) == (is_accepted, is_accepted)
            assert (request.coach_id is not None) == (is_offered or is_accepted)
        assert max(pending.values(), default=0) <= MAX_PENDING

    @invariant()
    def everybody_is_told_once_of_each_offer(self) -> None:
        offered = Counter(db.session.execute(select(Offer.coach_id)).scalars())
        told = Counter(db.session.execute(select(Notice.user_id).where(Notice.kind == "coaching offered")).scalars())
        assert told == offered
        ran_out = Counter(db.session.execute(select(Offer.coach_id).where(Offer.ending == OfferEnd.RAN_OUT)).scalars())
        assert (
            Counter(db.session.execute(select(Notice.user_id).where(Notice.kind == "coaching ran out")).scalars())
            == ran_out
        )
        accepted = Counter(
            db.session.execute(
                select(CoachingRequest.asked_by_id).where(CoachingRequest.state == Ask.ACCEPTED)
            ).scalars()
        )
        assert (
            Counter(db.session.execute(select(Notice.user_id).where(Notice.kind == "coaching accepted")).scalars())
            == accepted
        )

    @invariant()
    def what_is_read_is_the_same_in_sql_and_in_python(self) -> None:
        if not hasattr(self, "allowed"):
            return
        requests = list(db.session.execute(select(CoachingRequest)).scalars())
        engagements = list(db.session.execute(select(Engagement)).scalars())
        for user in (*self.people, *self.coaches, self.administrator):
            seen = {each.id for each in db.session.execute(visible_requests(user)).scalars()}
            assert seen == {each.id for each in requests if can_read_request(user, each)}
            there = {each.id for each in db.session.execute(visible_engagements(user)).scalars()}
            assert there == {each.id for each in engagements if can_read_engagement(user, each)}
        db.session.rollback()


@pytest.mark.both_databases
def test_any_order_of_steps(app: Flask, database: str) -> None:
    class Here(Coaching):
        pass

    Here.capability_id = make_framework().areas[0].capabilities[0].id
    Here.people = [make_user(f"Person {number}") for number in range(TEAMS)]
    Here.teams = [make_team(f"Team {number}", lead=person) for number, person in enumerate(Here.people)]
    Here.coaches = [
        make_coach(f"Coach {number}", skills={Here.capability_id: 2 + number}).user for number in range(COACHES)
    ]
    Here.administrator = make_user("Ada", Role.ADMINISTRATOR)
    run_state_machine_as_test(
        Here,
        settings=settings(
            # PostgreSQL takes six times as long for the same; what it does otherwise is tried in test_at_once.
            max_examples=examples(30, quick=4) if database == "sqlite" else examples(6, quick=2),
            stateful_step_count=25,
            deadline=None,
            database=None,
            derandomize=True,
            # A run of so many steps can be read as it is; to shrink it takes minutes.
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
