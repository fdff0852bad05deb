"""Several processes at once on one request or one coach, and workers that are killed: on both databases."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Team, User
from app.coaching.load import list_loads
from app.coaching.models import CoachingRequest, Engagement, Offer
from app.coaching.requests import service
from app.coaching.requests.jobs import find_coaches, move_clocks
from app.coaching.rules import Ask, OfferEnd
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, DomainError, InvalidInputError
from app.notifications.models import Notice
from tests.factories.coaches import make_coach
from tests.factories.coaching import make_request, set_most
from tests.factories.people import make_team, make_user
from tests.forking import all_at_once, forked, killed_at

pytestmark = [pytest.mark.race, pytest.mark.both_databases, pytest.mark.usefixtures("clock")]


def make_teams(number: int) -> list[tuple[Team, User]]:
    people = [make_user(f"Person {each}") for each in range(number)]
    return [(make_team(f"Team {each}", lead=person), person) for each, person in enumerate(people)]


def told() -> Counter[tuple[str, int]]:
    """How often each person was told each kind."""
    rows = db.session.execute(select(Notice.kind, Notice.user_id)).all()
    db.session.rollback()
    return Counter((kind, user_id) for kind, user_id in rows)


def test_many_teams_that_ask_at_once_do_not_pass_the_limit(app: Flask) -> None:
    coaches = [make_coach(f"Coach {number}").user.id for number in range(2)]
    teams = [(team.id, person.id) for team, person in make_teams(8)]

    def ask_all() -> None:
        """Each process asks for every team; a team's form is the same in all of them."""
        for team_id, person_id in teams:
            asking = service.Asking(team_id=team_id, goal="A goal")
            with transaction() as session:
                person = session.get_one(User, person_id)
                service.ask(session, asking, key="one form", actor=person, now=utc_now())

    assert all_at_once(4, ask_all) == [0, 0, 0, 0]
    loads = list_loads(coaches)
    assert [loads[each].total for each in coaches] == [3, 3]
    states = Counter(db.session.execute(select(CoachingRequest.state)).scalars())
    assert states == {Ask.OPEN: 6, Ask.STRANDED: 2}
    assert {number for (kind, _person), number in told().items() if kind == "coaching stranded"} == {1}
    assert sum(number for (kind, _person), number in told().items() if kind == "coaching offered") == 6


def test_two_requests_accepted_at_once_both_fit(app: Flask) -> None:
    coach = make_coach("Amara").user
    set_most(coach, 2)
    requests = [make_request(team, person).id for team, person in make_teams(2)]
    coach_id = coach.id

    def accept_both() -> None:
        for request_id in requests:
            try:
                with transaction() as session:
                    service.accept(session, request_id, actor=session.get_one(User, coach_id), now=utc_now())
            except ConflictError:
                db.session.rollback()

    assert all_at_once(4, accept_both) == [0, 0, 0, 0]
    assert list_loads([coach_id])[coach_id].engagements == 2
    assert Counter(db.session.execute(select(Engagement.request_id)).scalars()) == dict.fromkeys(requests, 1)
    assert {number for (kind, _person), number in told().items() if kind == "coaching accepted"} == {1}


def test_the_coach_accepts_while_the_clock_runs_out(app: Flask, clock: time_machine.Coordinates) -> None:
    """Either the coach has it or the next one: never both, and nobody is left with half of it."""
    first, second = make_coach("Amara").user.id, make_coach("Chen").user.id
    requests = [make_request(team, person, coach=None).id for team, person in make_teams(4)]
    clock.shift(timedelta(days=2))

    def accept() -> None:
        for request_id in requests:
            for coach_id in (first, second):
                try:
                    with transaction() as session:
                        service.accept(session, request_id, actor=session.get_one(User, coach_id), now=utc_now())
                except DomainError:
                    db.session.rollback()

    works: list[Callable[[], object]] = [accept, move_clocks, move_clocks]
    children = [forked(work) for work in works]
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    for request in db.session.execute(select(CoachingRequest)).scalars():
        offers = list(db.session.execute(select(Offer).where(Offer.request_id == request.id)).scalars())
        assert len([each for each in offers if each.ending is None]) == (request.state == Ask.OPEN)
        assert len([each for each in offers if each.ending == OfferEnd.ACCEPTED]) == (request.state == Ask.ACCEPTED)


def test_two_workers_pass_on_once(app: Flask, clock: time_machine.Coordinates) -> None:
    make_coach("Amara")
    make_coach("Chen")
    for team, person in make_teams(3):
        make_request(team, person)
    clock.shift(timedelta(days=2))
    assert all_at_once(3, lambda: (move_clocks(), find_coaches())) == [0, 0, 0]
    assert db.session.execute(select(func.count(Offer.id)).where(Offer.ending == OfferEnd.RAN_OUT)).scalar_one() == 3
    assert db.session.execute(select(func.count(Offer.id)).where(Offer.ending.is_(None))).scalar_one() == 3
    assert {number for (kind, _person), number in told().items() if kind == "coaching passed on"} == {1}


def state_of_all() -> tuple[list[object], list[object], int, int]:
    requests = db.session.execute(
        select(CoachingRequest.id, CoachingRequest.state, CoachingRequest.coach_id, CoachingRequest.due_at)
    ).all()
    offers = db.session.execute(select(Offer.request_id, Offer.coach_id, Offer.ending).order_by(Offer.id)).all()
    notices = db.session.execute(select(func.count(Notice.id))).scalar_one()
    mails = db.session.execute(select(func.count(Mail.id))).scalar_one()
    db.session.rollback()
    return list(requests), list(offers), notices, mails


def test_a_worker_that_is_killed_anywhere_repeats_harmlessly(app: Flask, clock: time_machine.Coordinates) -> None:
    make_coach("Amara")
    make_coach("Chen")
    ((team, person),) = make_teams(1)
    make_request(team, person)
    clock.shift(timedelta(days=2))
    before = state_of_all()
    number = 0
    while True:
        number += 1
        ended = killed_at(number, move_clocks)
        after = state_of_all()
        if ended == 0:
            break
        assert ended == signal.SIGKILL
        # Killed at its commit, it may have been done or not; before that, nothing was.
        if after != before:
            break
    assert number > 10
    move_clocks()
    requests, offers, notices, mails = state_of_all()
    assert (len(requests), len(offers), notices - before[2], mails - before[3]) == (1, 2, 3, 3)


def test_a_question_and_a_withdrawal_at_once(app: Flask) -> None:
    coach_id = make_coach("Amara").user.id
    pairs = [(make_request(team, person).id, person.id) for team, person in make_teams(3)]

    def ask_back(now: datetime) -> None:
        for request_id, _person in pairs:
            try:
                with transaction() as session:
                    coach = session.get_one(User, coach_id)
                    service.ask_back(session, request_id, question="Which?", actor=coach, now=now)
            except DomainError:
                db.session.rollback()

    def withdraw(now: datetime) -> None:
        for request_id, person_id in pairs:
            try:
                with transaction() as session:
                    service.withdraw(session, request_id, actor=session.get_one(User, person_id), now=now)
            except (ConflictError, InvalidInputError):
                db.session.rollback()

    def both() -> None:
        ask_back(utc_now())
        withdraw(utc_now())

    assert all_at_once(3, both) == [0, 0, 0]
    assert set(db.session.execute(select(CoachingRequest.state)).scalars()) == {Ask.WITHDRAWN}
    assert list_loads([coach_id])[coach_id].total == 0
    assert set(db.session.execute(select(Offer.ending)).scalars()) == {OfferEnd.WITHDRAWN}
