"""Booking, moving, cancelling: one person at a time, by the rules of the hours, on both databases."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.coaching.office_hours import keeping, service
from app.coaching.office_hours.keeping import BookedThenError, Fate, Word
from app.coaching.office_hours.models import Booking, OfficeHours
from app.coaching.office_hours.policy import can_read
from app.coaching.office_hours.queries import visible_to
from app.coaching.office_hours.rules import State, Step
from app.coaching.office_hours.service import About, SlotTakenError
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from tests.factories.coaches import make_coach
from tests.factories.office_hours import (
    DAY,
    HOUR,
    NOW,
    WEDNESDAY_AT_TWO,
    book,
    cancel,
    make_details,
    make_hours,
    move,
    reloaded,
)
from tests.factories.people import make_user
from tests.forking import all_at_once

LogIn = Callable[[User], FlaskClient]
HALF = timedelta(minutes=30)
pytestmark = pytest.mark.usefixtures("clock")


def booked() -> list[tuple[str, int]]:
    db.session.rollback()
    rows = select(Booking).where(Booking.state == State.BOOKED).order_by(Booking.starts_at)
    return [(f"{each.starts_at:%a %H:%M}", each.user_id) for each in db.session.execute(rows).scalars()]


def test_a_free_time_is_booked_and_then_it_is_gone(app: Flask) -> None:
    hours, ann, bob = make_hours(), make_user("Ann"), make_user("Bob")
    found = book(hours, ann, topic="Our pipeline")
    assert (found.starts_at, found.ends_at, found.place) == (WEDNESDAY_AT_TWO, WEDNESDAY_AT_TWO + HALF, "Room 5")
    with pytest.raises(SlotTakenError):
        book(hours, bob)
    assert booked() == [("Wed 06:00", ann.id)]


def test_a_form_sent_twice_books_once(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    assert book(hours, ann).id == book(hours, ann).id
    assert len(booked()) == 1


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (WEDNESDAY_AT_TWO + timedelta(minutes=10), SlotTakenError),
        (WEDNESDAY_AT_TWO + DAY, SlotTakenError),
        (WEDNESDAY_AT_TWO - 14 * DAY, SlotTakenError),
        (WEDNESDAY_AT_TWO + 35 * DAY, ConflictError),
    ],
)
def test_what_is_not_offered_cannot_be_booked(app: Flask, at: object, said: type[ConflictError]) -> None:
    with pytest.raises(said):
        book(make_hours(), make_user(), at)  # type: ignore[arg-type]


def test_too_late_to_book_is_said_with_the_rule(app: Flask) -> None:
    hours = make_hours()
    with (
        time_machine.travel(WEDNESDAY_AT_TWO - 11 * HOUR, tick=False),
        pytest.raises(ConflictError, match="at least 12 hours"),
    ):
        book(hours, make_user())


def test_nobody_books_themselves_nor_two_coaches_at_once(app: Flask) -> None:
    first, second, ann = make_hours(), make_hours(make_coach("Zed")), make_user("Ann")
    with pytest.raises(ForbiddenError):
        book(first, first.coach)
    book(first, ann)
    with pytest.raises(ConflictError, match="another coach"):
        book(second, ann)


def test_hours_of_a_coach_who_is_none_any_more_offer_nothing(app: Flask) -> None:
    hours = make_hours()
    with transaction() as session:
        coach = session.get_one(User, hours.coach_id)
        coach.grants.clear()
    with pytest.raises(SlotTakenError):
        book(hours, make_user())


def test_a_booking_moves_in_place_and_frees_its_time(app: Flask) -> None:
    hours, ann, bob = make_hours(), make_user("Ann"), make_user("Bob")
    found = book(hours, ann)
    moved = move(found, hours, WEDNESDAY_AT_TWO + HALF, ann)
    assert (moved.id, moved.sequence, moved.starts_at) == (found.id, 1, WEDNESDAY_AT_TWO + HALF)
    assert move(moved, hours, WEDNESDAY_AT_TWO + HALF, ann).sequence == 1
    book(hours, bob)
    with pytest.raises(SlotTakenError):
        move(moved, hours, WEDNESDAY_AT_TWO, ann)


def test_the_coach_does_not_move_it_and_others_do_not_see_it(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found = book(hours, ann)
    with pytest.raises(ForbiddenError):
        move(found, hours, WEDNESDAY_AT_TWO + HALF, hours.coach)
    with pytest.raises(NotFoundError):
        move(found, hours, WEDNESDAY_AT_TWO + HALF, make_user("Eve"))


def test_it_is_cancelled_until_two_hours_before_and_by_the_coach_at_any_time(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found = book(hours, ann)
    with time_machine.travel(WEDNESDAY_AT_TWO - HOUR, tick=False):
        with pytest.raises(ConflictError, match="too late"):
            cancel(found, ann)
        with pytest.raises(InvalidInputError):
            cancel(found, hours.coach)
        done = cancel(found, hours.coach, "Ill today")
    assert (done.state, done.reason, done.sequence) == (State.CANCELLED, "Ill today", 1)
    assert cancel(found, ann).sequence == 1


def test_nobody_has_more_than_two_bookings_to_come_with_one_coach(app: Flask) -> None:
    coach, ann = make_coach(), make_user("Ann")
    hours, other = make_hours(coach), make_hours(coach, weekday=3)
    first = book(hours, ann)
    book(other, ann, WEDNESDAY_AT_TWO + DAY)
    with pytest.raises(ConflictError, match="2 bookings with this coach"):
        book(other, ann, WEDNESDAY_AT_TWO + DAY + HALF)
    assert book(hours, ann).id == first.id
    move(first, hours, WEDNESDAY_AT_TWO + HOUR, ann)
    book(hours, make_user("Bob"))
    book(make_hours(make_coach("Zed")), ann)
    with time_machine.travel(WEDNESDAY_AT_TWO + 2 * HOUR, tick=False):
        book(other, ann, WEDNESDAY_AT_TWO + DAY + HALF)


def test_what_is_over_is_not_cancelled_any_more(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found = book(hours, ann)
    with time_machine.travel(WEDNESDAY_AT_TWO + HALF, tick=False):
        with pytest.raises(ConflictError, match="It is over"):
            cancel(found, hours.coach, "I forgot")
        assert reloaded(found).state == State.BOOKED
    with time_machine.travel(WEDNESDAY_AT_TWO + HALF / 2, tick=False):
        assert cancel(found, hours.coach, "We stop here").state == State.CANCELLED


def test_afterwards_the_coach_says_how_it_was_and_can_put_it_right(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found_id, coach_id = book(hours, ann).id, hours.coach_id

    def say(step: Step, who: int) -> str:
        with transaction() as session:
            return service.say_how_it_was(
                session, found_id, step, actor=session.get_one(User, who), now=utc_now()
            ).state

    with pytest.raises(ConflictError, match="not begun"):
        say(Step.HOLD, coach_id)
    with time_machine.travel(WEDNESDAY_AT_TWO + HOUR, tick=False):
        with pytest.raises(ForbiddenError):
            say(Step.HOLD, ann.id)
        assert [say(step, coach_id) for step in (Step.MISS, Step.MISS, Step.HOLD)] == ["missed", "missed", "held"]
        with pytest.raises(ConflictError):
            cancel(reloaded(db.session.get_one(Booking, found_id)), hours.coach, "Why")


def end(hours_id: int, coach_id: int) -> None:
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        keeping.end_hours(session, hours_id, date(2026, 11, 17), Word(), coach=coach, now=utc_now())


def change(hours: OfficeHours, word: Word = Word(), **details: object) -> None:
    hours_id, coach_id, revision = hours.id, hours.coach_id, hours.revision
    with transaction() as session:
        coach = session.get_one(User, coach_id)
        keeping.change_hours(
            session, hours_id, make_details(**details), word, revision=revision, coach=coach, now=utc_now()
        )


@pytest.mark.both_databases
def test_hours_that_change_ask_first_what_becomes_of_bookings(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found = book(hours, ann)
    with pytest.raises(BookedThenError) as asked:
        change(hours, starts=time(15))
    assert [each.id for each in asked.value.bookings] == [found.id]
    db.session.rollback()
    assert db.session.get_one(OfficeHours, hours.id).starts == time(14)
    change(hours, Word(Fate.KEEP), starts=time(15))
    assert reloaded(found).state == State.BOOKED
    # What is kept outside is not asked about again.
    db.session.rollback()
    change(db.session.get_one(OfficeHours, hours.id), starts=time(15), place="Room 6")
    assert (reloaded(found).place, reloaded(found).sequence) == ("Room 6", 1)


def test_hours_that_change_can_take_their_bookings_along(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found = book(hours, ann)
    with pytest.raises(InvalidInputError):
        change(hours, Word(Fate.CANCEL), starts=time(15))
    change(hours, Word(Fate.CANCEL, "I teach then"), starts=time(15))
    assert (reloaded(found).state, reloaded(found).reason) == (State.CANCELLED, "I teach then")


def test_ending_and_being_away_ask_as_well(app: Flask) -> None:
    hours, ann = make_hours(), make_user("Ann")
    found, coach_id, hours_id = book(hours, ann), hours.coach_id, hours.id
    with pytest.raises(BookedThenError):
        end(hours_id, coach_id)

    def be_away(word: Word) -> None:
        with transaction() as session:
            coach = session.get_one(User, coach_id)
            keeping.be_away(session, date(2026, 11, 17), date(2026, 12, 1), word, coach=coach, now=utc_now())

    with pytest.raises(BookedThenError):
        be_away(Word())
    be_away(Word(Fate.CANCEL, "On holiday"))
    assert reloaded(found).state == State.CANCELLED
    with pytest.raises(SlotTakenError):
        book(hours, ann)
    book(hours, ann, WEDNESDAY_AT_TWO + 14 * DAY)


def test_two_hours_of_a_coach_do_not_overlap(app: Flask) -> None:
    coach = make_coach()
    make_hours(coach)
    with pytest.raises(InvalidInputError, match="14:00 to 16:00"):
        make_hours(coach, starts=time(15), ends=time(17))
    make_hours(coach, starts=time(16), ends=time(17))


def test_who_reads_a_booking_in_sql_and_in_python(app: Flask) -> None:
    people = [make_user("Ann"), make_user("Bob"), make_coach("Amara").user, make_coach("Zed").user]
    hours = [make_hours(people[2]), make_hours(people[3])]
    book(hours[0], people[0])
    book(hours[1], people[1])
    book(hours[1], people[2], WEDNESDAY_AT_TWO + HALF)
    everything = list(db.session.execute(select(Booking)).scalars())
    for person in people:
        seen = {each.id for each in db.session.execute(visible_to(person)).scalars()}
        assert seen == {each.id for each in everything if can_read(person, each)}


@pytest.mark.both_databases
def test_the_schema_itself_knows_one_booking_at_a_time(app: Flask) -> None:
    hours, ann, bob = make_hours(), make_user("Ann"), make_user("Bob")
    found = book(hours, ann)
    values = {name: getattr(found, name) for name in ("coach_id", "starts_at", "ends_at", "time_zone", "state")}
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Booking(user_id=bob.id, created_at=NOW, changed_at=NOW, **values))


@pytest.mark.race
@pytest.mark.both_databases
def test_of_many_at_once_one_gets_the_time(app: Flask) -> None:
    hours_id = make_hours().id
    people = [make_user(f"Person {number}").id for number in range(6)]
    log = app.config["GUILDHALL"].data_dir / "said"
    log.unlink(missing_ok=True)

    def try_it() -> None:
        person_id = people[int.from_bytes(os.urandom(2), "big") % len(people)]
        try:
            with transaction() as session:
                actor = session.get_one(User, person_id)
                service.book(session, hours_id, WEDNESDAY_AT_TWO, About(), actor=actor, now=utc_now())
            said = f"{person_id}"
        except SlotTakenError:
            said = "taken"
        with log.open("a") as file:
            file.write(f"{said}\n")

    assert set(all_at_once(8, try_it)) == {0}
    winners = set(log.read_text().split()) - {"taken"}
    assert [str(person_id) for _at, person_id in booked()] == sorted(winners)
    assert len(winners) == 1
