"""When a seat can be taken, and which wall times there are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.kernel.errors import InvalidInputError
from app.kernel.state import WrongStepError
from app.training.rules import SESSION_STEPS, State, Step, check_future, check_times, read_wall_time
from app.training.seats.rules import (
    REFUSALS,
    SEAT_STEPS,
    STANDING_OF,
    Place,
    Seat,
    Seats,
    SeatStep,
    Standing,
    can_still_leave,
    standing,
)

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Session:
    state: str = State.PUBLISHED
    starts_at: datetime = NOW + 24 * HOUR
    ends_at: datetime = NOW + 26 * HOUR
    signup_opens_at: datetime | None = None
    signup_closes_at: datetime | None = None
    head_start_at: datetime | None = None


FREE, FULL = Seats(2, 1, 0), Seats(2, 2, 0)
SEAT, WAITING = Place(Seat.CONFIRMED), Place(Seat.WAITING, 1)


@pytest.mark.parametrize(
    ("training", "seats", "place", "leads", "expected"),
    [
        (Session(), FREE, None, False, Standing.FREE),
        (Session(), FULL, None, False, Standing.FULL),
        (Session(), Seats(2, 1, 1), None, False, Standing.FULL),
        (Session(), FULL, SEAT, False, Standing.SEATED),
        (Session(), FULL, WAITING, False, Standing.QUEUED),
        (Session(), FREE, None, True, Standing.LEADS),
        (Session(state=State.DRAFT), FREE, None, True, Standing.DRAFT),
        (Session(state=State.CANCELLED), FREE, SEAT, False, Standing.CANCELLED),
        (Session(starts_at=NOW), FREE, None, False, Standing.BEGUN),
        (Session(starts_at=NOW - HOUR, ends_at=NOW), FREE, SEAT, False, Standing.OVER),
        (Session(signup_opens_at=NOW + HOUR), FREE, None, False, Standing.NOT_YET),
        (Session(signup_opens_at=NOW), FREE, None, False, Standing.FREE),
        (Session(signup_closes_at=NOW), FREE, None, False, Standing.CLOSED),
        (Session(signup_closes_at=NOW + HOUR), FREE, None, False, Standing.FREE),
        (Session(signup_closes_at=NOW), FREE, SEAT, False, Standing.SEATED),
    ],
)
def test_how_a_person_stands_to_a_session(
    training: Session, seats: Seats, place: Place | None, leads: bool, expected: Standing
) -> None:
    assert standing(training, seats, place, leads=leads, now=NOW) is expected


def test_every_standing_without_a_way_in_has_a_sentence() -> None:
    open_ones = {Standing.FREE, Standing.FULL, *STANDING_OF.values()}
    assert set(REFUSALS) == set(Standing) - open_ones


def test_a_seat_is_not_free_while_somebody_waits_for_it() -> None:
    assert [Seats(3, 1, 0).free, Seats(3, 1, 1).free, Seats(3, 5, 0).free] == [2, 0, 0]


def test_a_place_can_be_given_back_until_the_session_begins() -> None:
    assert can_still_leave(Session(), NOW)
    assert not can_still_leave(Session(starts_at=NOW), NOW)
    assert not can_still_leave(Session(state=State.CANCELLED), NOW)


def test_only_these_steps_change_a_session() -> None:
    steps = {(state, step) for state in State for step in Step if SESSION_STEPS.allows(state, step)}
    assert steps == {(State.DRAFT, Step.PUBLISH), (State.PUBLISHED, Step.CANCEL)}


def test_nobody_is_promoted_out_of_a_seat() -> None:
    assert SEAT_STEPS.after(Seat.WAITING, SeatStep.PROMOTE) is Seat.CONFIRMED
    with pytest.raises(WrongStepError):
        SEAT_STEPS.after(Seat.CONFIRMED, SeatStep.PROMOTE)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"ends_at": NOW + 24 * HOUR}, "ends_at"),
        ({"signup_closes_at": NOW + 25 * HOUR}, "signup_closes_at"),
        ({"signup_opens_at": NOW + 24 * HOUR}, "signup_opens_at"),
        ({"signup_opens_at": NOW + 2 * HOUR, "signup_closes_at": NOW + 2 * HOUR}, "signup_opens_at"),
    ],
)
def test_times_that_contradict_each_other_are_refused(changed: dict[str, Any], field: str) -> None:
    times = replace(Session(), **changed)
    with pytest.raises(InvalidInputError) as caught:
        check_times(
            starts_at=times.starts_at,
            ends_at=times.ends_at,
            signup_opens_at=times.signup_opens_at,
            signup_closes_at=times.signup_closes_at,
        )
    assert caught.value.field == field


def test_what_has_begun_cannot_be_announced() -> None:
    check_future(NOW + HOUR, NOW)
    with pytest.raises(InvalidInputError):
        check_future(NOW, NOW)


def test_a_wall_time_is_read_in_its_zone() -> None:
    time = read_wall_time(datetime.fromisoformat("2026-11-20T14:00"), "Asia/Shanghai")
    assert (time.moment, time.is_twofold) == (datetime(2026, 11, 20, 6, 0, tzinfo=UTC), False)


def test_a_wall_time_that_clocks_skip_is_refused() -> None:
    with pytest.raises(InvalidInputError, match="put forward"):
        read_wall_time(datetime.fromisoformat("2027-03-28T02:30"), "Europe/Berlin")


def test_of_a_wall_time_that_comes_twice_the_first_is_taken() -> None:
    time = read_wall_time(datetime.fromisoformat("2026-10-25T02:30"), "Europe/Berlin")
    assert (time.moment, time.is_twofold) == (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True)
