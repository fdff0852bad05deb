"""Times follow from the order: worked by hand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.training.talks.rules import Slot, address_in, count_without_room, has_programme, slots_of


@dataclass(frozen=True)
class Talk:
    minutes: int | None
    break_before: int = 0


def at(clock: str, day: int = 20) -> datetime:
    hours, minutes = map(int, clock.split(":"))
    return datetime(2026, 11, day, hours, minutes, tzinfo=UTC)


def meeting(start: str, end: str, day: int = 20) -> Slot:
    return Slot(at(start, day), at(end, day))


def test_talks_come_one_after_the_other_with_their_breaks() -> None:
    talks = [Talk(30, 10), Talk(45), Talk(20, 15)]
    assert slots_of(talks, [meeting("14:00", "16:30")]) == [
        meeting("14:10", "14:40"),
        meeting("14:40", "15:25"),
        meeting("15:40", "16:00"),
    ]


def test_what_does_not_fit_into_a_meeting_begins_with_the_next() -> None:
    meetings = [meeting("14:00", "15:00", day=21), meeting("14:00", "15:00")]
    assert slots_of([Talk(40), Talk(30, 20), Talk(30)], meetings) == [
        meeting("14:00", "14:40"),
        meeting("14:00", "14:30", day=21),
        meeting("14:30", "15:00", day=21),
    ]


def test_nothing_stands_outside_of_the_meetings() -> None:
    talks = [Talk(50), Talk(20), Talk(5)]
    slots = slots_of(talks, [meeting("14:00", "15:00")])
    assert slots == [meeting("14:00", "14:50"), None, None]
    assert count_without_room(talks, slots) == 2


def test_a_poster_takes_no_time() -> None:
    talks = [Talk(30), Talk(None, 30), Talk(30)]
    slots = slots_of(talks, [meeting("14:00", "15:00")])
    assert slots == [meeting("14:00", "14:30"), None, meeting("14:30", "15:00")]
    assert count_without_room(talks, slots) == 0


@given(
    st.lists(st.builds(Talk, st.none() | st.integers(5, 120), st.integers(0, 60)), max_size=12),
    st.lists(st.integers(30, 240), min_size=1, max_size=4),
)
def test_no_two_talks_meet_and_all_lie_within_a_meeting(talks: list[Talk], lengths: list[int]) -> None:
    meetings = [Slot(at("09:00", day), at("09:00", day) + timedelta(minutes=n)) for day, n in enumerate(lengths, 1)]
    slots = [slot for slot in slots_of(talks, meetings) if slot]
    assert all(
        any(each.starts_at <= slot.starts_at and slot.ends_at <= each.ends_at for each in meetings) for slot in slots
    )
    assert all(one.ends_at <= other.starts_at for one, other in pairwise(slots))


def test_a_colleague_is_known_by_the_address_and_a_guest_by_the_name() -> None:
    typed = ("Chen Coach <chen@example.com>", "chen@example.com", "Dr. Ada Guest", "Lin < Yue")
    assert [address_in(text) for text in typed] == ["chen@example.com", "chen@example.com", None, None]


def test_two_kinds_have_a_programme() -> None:
    kinds = ("workshop", "sharing", "exhibition", "coach_training")
    assert [has_programme(kind) for kind in kinds] == [False, True, True, False]
