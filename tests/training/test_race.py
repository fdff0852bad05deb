"""Never one seat too many, never one lost: several processes at once, on both databases."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.config import Config
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.training.models import TrainingSession
from app.training.rules import Waiting
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat, SeatStep
from tests.factories.training import NOW, make_coach, make_training
from tests.training.crowd import (
    CAPACITIES,
    PROCESSES,
    check_invariants,
    check_nobody_was_overtaken,
    count_steps,
    count_told,
    meddle,
    meddle_with_offers,
    places_of,
    run_together,
    sign_up_each,
)

pytestmark = [pytest.mark.race, pytest.mark.both_databases]
FAR_AHEAD = NOW.replace(year=2126)


def make_crowd(count: int) -> list[int]:
    with transaction() as session:
        users = [
            User(
                email=f"crowd{number}@example.com",
                name=f"Person {number}",
                language="en",
                time_zone="Asia/Shanghai",
                created_at=NOW,
            )
            for number in range(count)
        ]
        session.add_all(users)
        session.flush()
        return [user.id for user in users]


def release_database() -> None:
    """Hold no connection while others write."""
    db.session.remove()
    db.engine.dispose()


def test_200_sign_ups_from_4_processes_on_20_seats(app: Flask, config: Config) -> None:
    training_id, crowd = make_training(capacity=20, starts_at=FAR_AHEAD).id, make_crowd(200)
    release_database()
    seconds = run_together(
        config, sign_up_each, [(training_id, crowd[number::PROCESSES]) for number in range(PROCESSES)]
    )
    print(f"200 sign-ups in {seconds:.2f} s on {db.engine.dialect.name}")  # noqa: T201  # a measurement
    assert places_of(training_id) == [
        (number, Seat.CONFIRMED if number <= 20 else Seat.WAITING) for number in range(1, 201)
    ]
    told = Counter(db.session.execute(select(Mail.to)).scalars())
    assert (len(told), set(told.values())) == (200, {1})
    assert count_told("seat confirmed") == (20, 20)
    assert count_told("seat waiting") == (180, 180)
    positions = [params["position"] for params in db.session.execute(
        select(Mail.params).where(Mail.kind == "seat waiting").order_by(Mail.id)
    ).scalars()]  # fmt: skip
    assert sorted(positions) == list(range(1, 181))


def test_one_person_who_signs_up_from_4_processes_has_one_place(app: Flask, config: Config) -> None:
    training_id, (person,) = make_training(capacity=1, starts_at=FAR_AHEAD).id, make_crowd(1)
    release_database()
    run_together(config, sign_up_each, [(training_id, [person] * 10)] * PROCESSES)
    assert places_of(training_id) == [(1, Seat.CONFIRMED)]
    assert count_told("seat confirmed") == (1, 1)


@pytest.mark.parametrize("seed", [1, 2])
def test_coming_leaving_and_changing_seats_at_once(app: Flask, config: Config, seed: int) -> None:
    coach, crowd = make_coach(), make_crowd(30)
    training_id = make_training(coach, capacity=5, starts_at=FAR_AHEAD).id
    coach_id = coach.id
    release_database()
    shares = [(training_id, crowd, coach_id, seed * 100 + number) for number in range(PROCESSES)]
    run_together(config, meddle, shares)
    check_invariants(training_id)
    check_nobody_was_overtaken(training_id)
    confirmed = [state for _queue, state in places_of(training_id) if state == Seat.CONFIRMED]
    assert len(confirmed) <= max(CAPACITIES)
    assert count_told("seat confirmed") == (count_steps(SeatStep.TAKE),) * 2
    assert count_told("seat waiting") == (count_steps(SeatStep.QUEUE),) * 2
    assert count_told("seat promoted") == (count_steps(SeatStep.PROMOTE),) * 2
    assert db.session.execute(select(Enrolment.id)).first() is not None


TOLD = {
    "seat offered": SeatStep.OFFER,
    "offer lapsed": SeatStep.LAPSE,
    "seat waiting": SeatStep.QUEUE,
    "seat given": SeatStep.ADMIT,
}


@pytest.mark.parametrize("seed", [1, 2])
def test_offers_answers_and_lapses_at_once(app: Flask, config: Config, seed: int) -> None:
    coach, crowd = make_coach(), make_crowd(30)
    training = make_training(coach, capacity=5, starts_at=FAR_AHEAD)
    training_id, coach_id = training.id, coach.id
    with transaction() as session:
        session.get_one(TrainingSession, training_id).waiting = Waiting.OFFER
    release_database()
    shares = [(training_id, crowd, coach_id, seed * 100 + number) for number in range(PROCESSES)]
    run_together(config, meddle_with_offers, shares)
    check_invariants(training_id)
    for kind, step in TOLD.items():
        assert count_told(kind) == (count_steps(step),) * 2, kind
    took = count_steps(SeatStep.TAKE) + count_steps(SeatStep.ACCEPT)
    assert count_told("seat confirmed") == (took, took)
    let_in = count_steps(SeatStep.ADMIT)
    taken = [state for _queue, state in places_of(training_id) if state in {Seat.CONFIRMED, Seat.OFFERED}]
    assert len(taken) <= max(CAPACITIES) + let_in
    assert count_steps(SeatStep.OFFER) > 0
