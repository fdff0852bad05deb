"""Which entry of a history holds, and when attendance is taken."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.training.attendance.rules import can_excuse, can_take, holding, shows_codes
from app.training.seats.presence import Means

START = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Meeting:
    starts_at: datetime = START
    ends_at: datetime = START + 2 * HOUR


@dataclass(frozen=True)
class Entry:
    id: int
    state: str
    means: str
    minute: int

    @property
    def at(self) -> datetime:
        return START + self.minute * MINUTE


def tick(number: int, state: str, minute: int) -> Entry:
    return Entry(number, state, Means.ROSTER, minute)


def rest(number: int, minute: int) -> Entry:
    return Entry(number, "present", Means.REST, minute)


@pytest.mark.parametrize(
    ("entries", "state"),
    [
        ([], None),
        ([tick(1, "present", 5)], "present"),
        ([tick(1, "present", 5), tick(2, "absent", 9)], "absent"),
        # The tap of minute 5 arrived after that of minute 9.
        ([tick(1, "absent", 9), tick(2, "present", 5)], "absent"),
        ([tick(1, "present", 5), tick(2, "", 9)], ""),
        ([rest(1, 5)], "present"),
        ([tick(1, "absent", 5), rest(2, 9)], "absent"),
        # Bo was taken down as missing before everybody else was said to be there, but that arrived later.
        ([rest(1, 9), tick(2, "absent", 5)], "absent"),
        ([tick(1, "absent", 5), tick(2, "", 7), rest(3, 9)], "present"),
        ([rest(1, 5), tick(2, "late", 9)], "late"),
    ],
)
def test_the_latest_tap_holds_in_whatever_order_taps_arrive(entries: list[Entry], state: str | None) -> None:
    held = holding(entries)
    assert (held.state if held else None) == state


@given(
    st.lists(
        st.tuples(st.sampled_from(["present", "late", "excused", "absent", ""]), st.booleans()), min_size=1, max_size=8
    ),
    st.integers(),
)
def test_the_order_of_arrival_is_of_no_matter(said: list[tuple[str, bool]], seed: int) -> None:
    entries = [
        Entry(minute, "present" if is_rest else state, Means.REST if is_rest else Means.ROSTER, minute)
        for minute, (state, is_rest) in enumerate(said)
    ]
    shuffled = random.Random(seed).sample(entries, len(entries))
    assert holding(shuffled) == holding(entries)


@pytest.mark.parametrize(
    ("now", "coach", "administrator", "excuse", "codes"),
    [
        (START - HOUR - MINUTE, False, False, True, False),
        (START - HOUR, True, True, True, True),
        (START, True, True, False, True),
        (START + 3 * HOUR, True, True, False, True),
        (START + 3 * HOUR + MINUTE, True, True, False, False),
        (START + 2 * HOUR + 30 * DAY, True, True, False, False),
        (START + 2 * HOUR + 30 * DAY + MINUTE, False, True, False, False),
    ],
)
def test_what_can_be_done_when(now: datetime, coach: bool, administrator: bool, excuse: bool, codes: bool) -> None:
    meeting = Meeting()
    assert (
        can_take(meeting, now=now, is_administrator=False),
        can_take(meeting, now=now, is_administrator=True),
        can_excuse(meeting, now),
        shows_codes(meeting, now),
    ) == (coach, administrator, excuse, codes)
