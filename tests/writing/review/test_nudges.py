"""What lies about is said once to whom it concerns."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import time_machine

from app.kernel.db import transaction
from app.writing.review.jobs import remind_people
from app.writing.review.service import hand_back
from app.writing.rules import Step
from tests.writing.review.conftest import House, now

DAY = 24 * 3600
Told = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def days(house: House, clock: time_machine.Coordinates, told: Told) -> Callable[[int], list[tuple[str, str]]]:
    """Let so many days pass, with the worker running twice on each; what people are told meanwhile."""

    def passed(number: int) -> list[tuple[str, str]]:
        before = len(told())
        for _day in range(number):
            clock.shift(DAY)
            remind_people()
            assert remind_people() == 0
        return told()[before:]

    return passed


def test_the_reviewer_hears_the_day_before_and_when_it_is_overdue_then_editors(
    house: House, days: Callable[[int], list[tuple[str, str]]]
) -> None:
    house.submit()  # Monday the 16th; due Monday the 23rd
    assert days(3) == []
    assert days(1) == [("Edda Editor", "review due")]
    assert days(3) == []
    assert days(1) == [("Edda Editor", "review overdue")]
    assert days(1) == []
    assert days(1) == [("Edda Editor", "review left lying"), ("Emil Editor", "review left lying")]
    assert days(20) == []


def test_a_worker_that_was_away_reminds_of_the_later_thing_alone(
    house: House, clock: time_machine.Coordinates, told: Told
) -> None:
    house.submit()
    clock.shift(8 * DAY)
    assert remind_people() == 1
    assert told()[1:] == [("Edda Editor", "review overdue")]


def test_what_nobody_was_asked_for_is_told_to_editors(
    house: House, days: Callable[[int], list[tuple[str, str]]]
) -> None:
    house.submit()
    for person in (house.edda, house.emil):
        with transaction() as session:
            hand_back(session, house.letter, reason="No.", actor=person, due_on=now().date(), now=now())
    assert [kind for _name, kind in days(11)] == ["review left lying", "review left lying"]


def test_authors_hear_after_ten_working_days_unless_they_have_begun(
    house: House, days: Callable[[int], list[tuple[str, str]]]
) -> None:
    house.submit()
    house.decide(Step.REQUEST_CHANGES, house.edda)
    assert days(13) == []
    assert days(1) == [("Anna Author", "review changes")]
    assert days(30) == []


def test_whoever_has_begun_is_left_in_peace_for_as_long_again(
    house: House, days: Callable[[int], list[tuple[str, str]]]
) -> None:
    house.submit()
    house.decide(Step.REQUEST_CHANGES, house.edda)
    days(10)
    house.save("Other words.")
    assert days(13) == []
    assert days(1) == [("Anna Author", "review changes")]


def test_the_next_round_has_reminders_of_its_own(house: House, days: Callable[[int], list[tuple[str, str]]]) -> None:
    house.submit()
    days(4)
    house.step(Step.TAKE_BACK)
    house.save("Other words.")
    house.submit()
    assert days(7) == [("Edda Editor", "review due")]
