"""iCalendar objects as other programs read them: zones, the change of the clocks, and whatever people call things."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from app.jobs.calendar_zones import timezone_of
from app.jobs.calendars import Address, Entry, as_calendar
from tests.thorough import examples

HOUR = timedelta(hours=1)
ORGANIZER = Address("Guildhall", "post@guildhall.example")
ZONES = (
    "Europe/Berlin",
    "America/New_York",
    "Asia/Shanghai",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
)


def entry(**given: object) -> Entry:
    values: dict[str, object] = {
        "uid": "steps.1@guildhall.invalid",
        "title": "Small steps",
        "starts_at": datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 20, 8, 0, tzinfo=UTC),
        "zone": "Asia/Shanghai",
        "place": "Room 3",
        "text": "Bring a laptop.",
        "url": "https://guildhall.example/training/steps",
        "sequence": 0,
        "stamp": datetime(2026, 11, 16, tzinfo=UTC),
        "changed_at": datetime(2026, 11, 16, tzinfo=UTC),
        "status": "CONFIRMED",
        **given,
    }
    return Entry(**values)  # type: ignore[arg-type]


def read(*entries: Entry, attendee: Address | None = None) -> Any:
    content = as_calendar(entries, method="REQUEST", organizer=ORGANIZER, attendee=attendee)
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return Calendar.from_ical(content)


def by_the_book(timezone: Any, wall: datetime) -> timedelta:
    """The offset at a clock reading as RFC 5545, 3.6.5 tells to find it: of the last observance whose onset lies before."""
    onsets = [(each["DTSTART"].dt, each["TZOFFSETTO"].td) for each in timezone.subcomponents]
    return max((onset, offset) for onset, offset in onsets if onset <= wall)[1]


def moment_of(timezone: Any, event: Any, name: str) -> datetime:
    """The moment that a program finds that knows no zones but the one in the file."""
    wall: datetime = event[name].dt.replace(tzinfo=None)
    return (wall - by_the_book(timezone, wall)).replace(tzinfo=UTC)


# (zone, start in the zone's own time, hours): before, across and after the clocks change.
CASES = [
    ("Europe/Berlin", "2027-03-27T22:00", 12),
    ("Europe/Berlin", "2027-03-28T01:30", 4),
    ("Europe/Berlin", "2027-03-28T03:00", 2),
    ("Europe/Berlin", "2026-10-24T20:00", 14),
    ("Europe/Berlin", "2026-10-25T01:30", 6),
    ("Europe/Berlin", "2026-10-25T03:00", 2),
    ("America/New_York", "2027-03-13T21:00", 15),
    ("America/New_York", "2026-11-01T00:30", 8),
    ("Asia/Shanghai", "2026-11-20T14:00", 2),
    ("Asia/Kathmandu", "2026-11-20T14:00", 2),
    ("UTC", "2026-11-20T14:00", 2),
]


@pytest.mark.parametrize(("name", "wall", "hours"), CASES)
def test_times_are_what_they_are_with_the_zones_of_the_file_alone(name: str, wall: str, hours: int) -> None:
    starts_at = datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(name)).astimezone(UTC)
    ends_at = starts_at + hours * HOUR

    calendar = read(entry(zone=name, starts_at=starts_at, ends_at=ends_at))

    (event,) = calendar.events
    assert (event.start, event.end) == (starts_at, ends_at)
    if name == "UTC":
        assert (calendar.timezones, event["DTSTART"].to_ical()) == ([], b"20261120T140000Z")
        return
    (timezone,) = calendar.timezones
    assert (timezone.tz_name, str(event["DTSTART"].params["TZID"])) == (name, name)
    assert moment_of(timezone, event, "DTSTART") == starts_at
    assert moment_of(timezone, event, "DTEND") == ends_at


def subcomponents(name: str, first: int, last: int) -> Any:
    return timezone_of(name, first, last).subcomponents


def onsets(name: str, year: int) -> list[tuple[str, str, str, str]]:
    """(kind, onset, from, to) of the changes in that year."""
    return [
        (each.name, each["DTSTART"].to_ical().decode(), each["TZOFFSETFROM"].to_ical(), each["TZOFFSETTO"].to_ical())
        for each in subcomponents(name, 2026, 2027)
        if each["DTSTART"].dt.year == year and each["TZOFFSETFROM"].td != each["TZOFFSETTO"].td
    ]


def test_the_changes_of_the_clocks_are_told_as_the_clocks_showed_them_before() -> None:
    # Directive 2000/84/EC; Energy Policy Act of 2005.
    assert onsets("Europe/Berlin", 2027) == [
        ("DAYLIGHT", "20270328T020000", "+0100", "+0200"),
        ("STANDARD", "20271031T030000", "+0200", "+0100"),
    ]
    assert onsets("America/New_York", 2026) == [
        ("DAYLIGHT", "20260308T020000", "-0500", "-0400"),
        ("STANDARD", "20261101T020000", "-0400", "-0500"),
    ]
    assert onsets("Asia/Shanghai", 2026) == onsets("Asia/Kathmandu", 2026) == []
    assert [each["TZOFFSETTO"].to_ical() for each in subcomponents("Asia/Kathmandu", 2026, 2026)] == ["+0545"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ZONES)
def test_at_every_hour_of_two_years_the_file_agrees_with_the_zone(name: str) -> None:
    there, timezone = ZoneInfo(name), timezone_of(name, 2026, 2028)
    moments = [datetime(2026, 6, 1, tzinfo=UTC) + number * HOUR for number in range(2 * 365 * 24)]
    walls = [moment.astimezone(there) for moment in moments]
    wrong = [
        wall
        for before, wall in pairwise(walls)
        # A reading that comes twice is for no program to tell apart; the first of them is meant.
        if not wall.fold
        and by_the_book(timezone, wall.replace(tzinfo=None)) != wall.utcoffset()
        and wall.replace(fold=1).utcoffset() == before.utcoffset()
    ]
    assert wrong == []


TEXT = st.text(st.characters(codec="utf-8"), max_size=80)


@settings(deadline=None, max_examples=examples(200))
@given(title=TEXT, place=TEXT, text=TEXT, name=TEXT)
def test_whatever_people_write_is_text_and_never_a_property(title: str, place: str, text: str, name: str) -> None:
    attendee = Address(name, "yue@example.com")

    calendar = read(entry(title=title, place=place, text=text), attendee=attendee)

    (event,) = calendar.events
    allowed = (
        "UID SEQUENCE DTSTAMP LAST-MODIFIED SUMMARY DTSTART DTEND DESCRIPTION LOCATION URL STATUS ORGANIZER ATTENDEE"
    )
    assert set(event) <= set(allowed.split())
    assert str(event["ATTENDEE"]) == "mailto:yue@example.com"
    assert set(calendar) == {"PRODID", "VERSION", "METHOD"}


@pytest.mark.parametrize(
    "title", ["a, b; c\\n d", "喆祎 😀", 'say "hi"', "x:y;z=1", "END:VEVENT", "a" * 200, "喆" * 100]
)
def test_titles_come_back_as_they_were(title: str) -> None:
    (event,) = read(entry(title=title, place=title, text=title)).events
    assert [str(event[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION")] == [title] * 3


def test_line_breaks_stay_in_texts_and_nowhere_else() -> None:
    hostile = "Trunk\r\nATTENDEE:mailto:eve@example.com\nBEGIN:VALARM"

    calendar = read(entry(title=hostile, place=hostile, text=hostile), attendee=Address(hostile, "yue@example.com"))

    (event,) = calendar.events
    flat = "Trunk ATTENDEE:mailto:eve@example.com BEGIN:VALARM"
    assert (str(event["SUMMARY"]), str(event["LOCATION"]), event["ATTENDEE"].params["CN"]) == (flat, flat, flat)
    assert str(event["DESCRIPTION"]) == hostile.replace("\r\n", "\n")
    assert str(event["ATTENDEE"]) == "mailto:yue@example.com"
    assert event.subcomponents == []


def test_a_zone_stands_once_for_all_entries_of_it() -> None:
    calendar = read(
        *(
            entry(
                uid=f"{number}",
                zone=name,
                starts_at=datetime(year, 5, 1, tzinfo=UTC),
                ends_at=datetime(year, 5, 1, 1, tzinfo=UTC),
            )
            for number, (name, year) in enumerate(
                [("Europe/Berlin", 2026), ("Asia/Shanghai", 2026), ("Europe/Berlin", 2029)]
            )
        )
    )
    assert [each.tz_name for each in calendar.timezones] == ["Europe/Berlin", "Asia/Shanghai"]
    years = [each["DTSTART"].dt.year for each in calendar.timezones[0].subcomponents]
    assert (min(years), max(years)) == (2025, 2030)


def test_a_zone_that_this_machine_no_longer_knows_breaks_nothing() -> None:
    calendar = read(entry(zone="Mars/Olympus"))
    assert (calendar.timezones, calendar.events[0].start) == ([], datetime(2026, 11, 20, 6, 0, tzinfo=UTC))
