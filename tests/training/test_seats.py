"""Taking a seat, waiting for one, giving it back, and who hears of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError
from app.notifications.models import Notice
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.rules import Place, Seat
from app.training.seats.taking import enrol
from tests.factories.people import make_user
from tests.factories.training import NOW, leave, make_coach, make_training, sign_up

SEAT = Place(Seat.CONFIRMED)
HOUR = timedelta(hours=1)

pytestmark = pytest.mark.usefixtures("session", "clock")


def waiting(position: int) -> Place:
    return Place(Seat.WAITING, position)


def people(count: int) -> list[User]:
    return [make_user(f"Person {number}") for number in range(1, count + 1)]


def places(training: TrainingSession) -> list[tuple[str, str]]:
    """(name, state) in the order of arrival."""
    rows = db.session.execute(
        select(User.name, Enrolment.state)
        .join(Enrolment, Enrolment.user_id == User.id)
        .where(Enrolment.training_id == training.id)
        .order_by(Enrolment.queue)
    )
    return [(name, state) for name, state in rows]


def mails(to: User) -> list[str]:
    return list(db.session.execute(select(Mail.kind).where(Mail.to == to.email).order_by(Mail.id)).scalars())


def notices(to: User) -> list[str]:
    return list(db.session.execute(select(Notice.kind).where(Notice.user_id == to.id).order_by(Notice.id)).scalars())


def test_seats_go_in_the_order_of_arrival_and_the_rest_waits() -> None:
    training, crowd = make_training(capacity=2), people(4)
    assert sign_up(training, *crowd) == [SEAT, SEAT, waiting(1), waiting(2)]
    assert [mails(person) for person in crowd] == [["seat confirmed"]] * 2 + [["seat waiting"]] * 2
    assert [notices(person) for person in crowd] == [["seat confirmed"]] * 2 + [["seat waiting"]] * 2


def test_signing_up_twice_is_signing_up_once() -> None:
    training, (first, second) = make_training(capacity=1), people(2)
    assert sign_up(training, first, first) == [SEAT, SEAT]
    assert sign_up(training, second, second) == [waiting(1), waiting(1)]
    assert places(training) == [("Person 1", "confirmed"), ("Person 2", "waiting")]
    assert (mails(first), mails(second)) == (["seat confirmed"], ["seat waiting"])


def test_leaving_gives_the_seat_to_the_first_who_waits_and_tells_both() -> None:
    training, crowd = make_training(capacity=1), people(3)
    sign_up(training, *crowd)
    leave(training, crowd[0])
    assert places(training) == [("Person 1", "cancelled"), ("Person 2", "confirmed"), ("Person 3", "waiting")]
    assert [mails(person) for person in crowd] == [
        ["seat confirmed", "seat given back"],
        ["seat waiting", "seat promoted"],
        ["seat waiting"],
    ]


def test_leaving_the_waiting_list_moves_up_those_behind() -> None:
    training, crowd = make_training(capacity=1), people(4)
    sign_up(training, *crowd)
    leave(training, crowd[1])
    assert sign_up(training, crowd[2], crowd[3]) == [waiting(1), waiting(2)]


def test_leaving_twice_is_leaving_once() -> None:
    training, crowd = make_training(capacity=1), people(3)
    sign_up(training, *crowd)
    leave(training, crowd[0])
    leave(training, crowd[0])
    leave(training, make_user("Never came"))
    assert places(training) == [("Person 1", "cancelled"), ("Person 2", "confirmed"), ("Person 3", "waiting")]


def test_whoever_comes_again_comes_last() -> None:
    training, crowd = make_training(capacity=1), people(3)
    sign_up(training, *crowd)
    leave(training, crowd[0])
    assert sign_up(training, crowd[0]) == [waiting(2)]
    assert places(training) == [("Person 2", "confirmed"), ("Person 3", "waiting"), ("Person 1", "waiting")]
    assert mails(crowd[0]) == ["seat confirmed", "seat given back", "seat waiting"]


def test_whoever_comes_again_gets_a_free_seat() -> None:
    training, (person,) = make_training(capacity=1), people(1)
    sign_up(training, person)
    leave(training, person)
    assert sign_up(training, person) == [SEAT]


def test_a_coach_of_the_session_needs_no_seat() -> None:
    coach = make_coach()
    with pytest.raises(ConflictError, match="need no seat"):
        sign_up(make_training(coach), coach)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"state": "draft"}, "not published"),
        ({"state": "cancelled"}, "cancelled"),
        ({"starts_at": NOW - HOUR}, "has begun"),
        ({"starts_at": NOW - 5 * HOUR}, "is over"),
        ({"signup_opens_at": NOW + HOUR}, "not opened"),
        ({"signup_closes_at": NOW - HOUR}, "closed"),
    ],
)
def test_sign_up_that_is_not_open_is_refused_with_a_sentence_and_changes_nothing(
    given: dict[str, object], sentence: str
) -> None:
    training, (person,) = make_training(**given), people(1)  # type: ignore[arg-type]
    with pytest.raises(ConflictError, match=sentence):
        sign_up(training, person)
    assert (places(training), mails(person)) == ([], [])


def test_a_place_cannot_be_given_back_once_the_session_has_begun() -> None:
    training, crowd = make_training(capacity=1), people(2)
    sign_up(training, *crowd)
    with time_machine.travel(training.starts_at, tick=False), pytest.raises(ConflictError, match="has begun"):
        leave(training, crowd[0])
    assert places(training) == [("Person 1", "confirmed"), ("Person 2", "waiting")]


def test_whoever_has_a_place_keeps_it_when_sign_up_closes() -> None:
    training, crowd = make_training(capacity=1, signup_closes_at=NOW + HOUR), people(2)
    sign_up(training, *crowd)
    later = NOW + 2 * HOUR
    leave(training, crowd[0], now=later)
    assert sign_up(training, crowd[1], now=later) == [SEAT]


def test_a_closed_account_loses_its_place_instead_of_getting_a_seat() -> None:
    training, crowd = make_training(capacity=1), people(3)
    sign_up(training, *crowd)
    with transaction():
        crowd[1].disabled_at = NOW
    leave(training, crowd[0])
    assert places(training) == [("Person 1", "cancelled"), ("Person 2", "cancelled"), ("Person 3", "confirmed")]
    assert mails(crowd[1]) == ["seat waiting"]


def test_every_step_stands_in_the_history_with_whoever_did_it() -> None:
    training, crowd = make_training(capacity=1), people(2)
    sign_up(training, *crowd)
    leave(training, crowd[0])
    rows = db.session.execute(
        select(Enrolment.user_id, EnrolmentEvent.step, EnrolmentEvent.state, EnrolmentEvent.by_id, EnrolmentEvent.at)
        .join(EnrolmentEvent.enrolment)
        .order_by(EnrolmentEvent.id)
    )
    first, second = crowd[0].id, crowd[1].id
    assert [tuple(row) for row in rows] == [
        (first, "take a seat", "confirmed", first, NOW),
        (second, "join the waiting list", "waiting", second, NOW),
        (first, "leave", "cancelled", first, NOW),
        (second, "be promoted", "confirmed", first, NOW),
    ]


def test_a_failure_after_the_seat_was_taken_takes_it_back() -> None:
    training, (person,) = make_training(), people(1)
    training_id = training.id

    def enrol_and_fail() -> None:
        with transaction() as session:
            enrol(session, training_id, actor=person, now=datetime(2026, 11, 16, tzinfo=UTC))
            raise OSError

    with pytest.raises(OSError):
        enrol_and_fail()
    assert (places(training), mails(person), notices(person)) == ([], [], [])


def test_a_sign_up_costs_few_statements(count_queries: list[str], session: Session) -> None:
    training, (person,) = make_training(), people(1)
    training_id = training.id
    session.rollback()
    count_queries.clear()
    with transaction() as writing:
        enrol(writing, training_id, actor=person, now=NOW)
    verbs = [statement.split()[0] for statement in count_queries if not statement.startswith("BEGIN")]
    assert verbs == ["SELECT", "SELECT", "SELECT", "INSERT", "INSERT", "INSERT", "INSERT", "UPDATE"]
