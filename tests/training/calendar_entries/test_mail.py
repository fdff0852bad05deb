"""What mail does to a calendar: an entry of its own for each meeting, renewed and taken away in place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from icalendar import Calendar
from sqlalchemy import delete

from app.accounts.models import User
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.training.calendar_entries.models import CalendarEntry
from app.training.calendar_entries.upkeep import forget_old_entries, withdraw_entries
from app.training.models import TrainingSession
from app.training.seats.ledger import lock
from app.training.seats.taking import withdraw
from app.training.service import cancel, change
from tests.factories.people import make_user
from tests.factories.training import NOW, leave, make_coach, make_details, make_training, sign_up
from tests.training.calendar_entries.mailing import Letterbox, OwnCalendar

HOUR = timedelta(hours=1)
TUESDAYS = [(NOW + timedelta(days=8 + 7 * week), NOW + timedelta(days=8 + 7 * week, hours=2)) for week in range(3)]


def alter(training: TrainingSession, **details: object) -> None:
    training_id = training.id
    with transaction() as session:
        present = lock(session, training_id)
        coach = present.coaches[0]
        change(session, training_id, make_details(coach, **details), revision=present.revision, actor=coach, now=NOW)


def call_off(training: TrainingSession) -> None:
    training_id = training.id
    with transaction() as session:
        actor = session.get_one(TrainingSession, training_id).coaches[0]
        cancel(session, training_id, reason="The coach is ill", actor=actor, now=NOW)


def course(**given: Any) -> TrainingSession:
    return make_training(slug="course", starts_at=TUESDAYS[0][0], ends_at=TUESDAYS[-1][1], meetings=TUESDAYS, **given)


def events(calendars: list[Calendar]) -> list[tuple[str, int]]:
    """(method, SEQUENCE) of each part's first event."""
    return [(str(calendar["METHOD"]), calendar.events[0].sequence) for calendar in calendars]


def parts(message: Any) -> list[Any]:
    return list(message.iter_parts())


def test_a_seat_comes_as_an_invitation_that_every_program_reads(letters: Letterbox) -> None:
    training, person = make_training(slug="steps"), make_user('Lin "喆祎" Yue; Dr., MD')
    meeting_id = training.meetings[0].id
    sign_up(training, person)

    ((kind, message),) = letters.to(person)

    assert kind == "seat confirmed"
    assert message.get_content_type() == "multipart/mixed"
    alternatives, attached = parts(message)
    assert [part.get_content_type() for part in parts(alternatives)] == ["text/plain", "text/html", "text/calendar"]
    part = parts(alternatives)[2]
    assert (part.get_param("method"), part.get_param("charset")) == ("REQUEST", "utf-8")
    assert part.get_content_disposition() is None
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    # The file and the part are the same, to the byte but for how lines end.
    assert attached.get_content().decode().split() == part.get_content().split()
    (calendar,) = letters.calendars(person)
    (event,) = calendar.events
    assert str(calendar["METHOD"]) == "REQUEST"
    assert (event.uid, event.sequence, event.status) == (f"steps.{meeting_id}@guildhall.invalid", 0, "CONFIRMED")
    assert str(event["ORGANIZER"]) == "mailto:post@guildhall.example"
    assert str(event["ORGANIZER"].params["CN"]) == "Guildhall"
    guest = event["ATTENDEE"]
    assert str(guest) == f"mailto:{person.email}"
    assert dict(guest.params) == {
        "CN": "Lin '喆祎' Yue; Dr., MD",
        "CUTYPE": "INDIVIDUAL",
        "ROLE": "REQ-PARTICIPANT",
        "PARTSTAT": "ACCEPTED",
        "RSVP": "FALSE",
    }
    assert (event.start, event.end) == (training.starts_at, training.ends_at)
    assert "https://meet.example.com/steps" in str(event["DESCRIPTION"])


def test_each_meeting_is_an_entry_of_its_own(letters: Letterbox) -> None:
    training, person = course(), make_user()
    ids = [meeting.id for meeting in training.meetings]
    sign_up(training, person)

    (calendar,) = letters.calendars(person)

    assert [event.uid for event in calendar.events] == [f"course.{each}@guildhall.invalid" for each in ids]
    assert [(event.start, event.end) for event in calendar.events] == TUESDAYS
    assert [str(event["SUMMARY"]) for event in calendar.events] == [f"Small steps ({each}/3)" for each in (1, 2, 3)]


def test_the_text_tells_every_meeting(letters: Letterbox) -> None:
    training, person = course(), make_user()
    sign_up(training, person)

    ((_kind, message),) = letters.to(person)

    text = next(part for part in message.walk() if part.get_content_type() == "text/plain").get_content()
    assert [day in text for day in ("November 24", "December 1", "December 8")] == [True] * 3


def test_through_every_change_the_entry_stays_one_and_rises(letters: Letterbox, clock: time_machine.Traveller) -> None:
    training, person = make_training(slug="steps"), make_user()
    own = OwnCalendar()
    sign_up(training, person)
    own.take(letters.calendars(person))
    for details in (
        {"place": "Room 9"},
        {"starts_at": NOW + timedelta(days=6)},
        {"link": "https://meet.example.com/x"},
    ):
        clock.shift(60)
        alter(training, **details)
    clock.shift(60)
    call_off(training)

    calendars = letters.calendars(person)

    assert events(calendars) == [
        ("REQUEST", 0),
        # The three changes waited together, and each mail says what holds when it leaves: nothing of it any more.
        ("CANCEL", 4),
    ]
    assert len({event.uid for calendar in calendars for event in calendar.events}) == 1
    assert calendars[-1].events[0].status == "CANCELLED"
    assert own.take(calendars).entries == {}


def test_a_change_tells_the_calendar_the_new_time(letters: Letterbox, clock: time_machine.Traveller) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    own = OwnCalendar().take(letters.calendars(person))
    later = NOW + timedelta(days=7)
    alter(training, starts_at=later, title="Smaller steps, \n and; 喆祎 😀")

    own.take(letters.calendars(person))

    assert own.times == [(later, later + 2 * HOUR)]
    (event,) = own.entries.values()
    assert (event.sequence, str(event["SUMMARY"])) == (1, "Smaller steps, and; 喆祎 😀")


def test_whoever_waits_gets_no_calendar_part(letters: Letterbox) -> None:
    training, first, second = make_training(capacity=1), make_user(), make_user()
    sign_up(training, first, second)
    alter(training, capacity=1, place="Room 9")
    call_off(training)

    kinds = letters.kinds(second)

    assert (kinds, letters.calendars(second)) == (["seat waiting", "training changed", "training cancelled"], [])


def test_whoever_leaves_is_uninvited_without_a_status(letters: Letterbox) -> None:
    """RFC 5546, 3.2.5: "If uninviting specific Attendees, then MUST NOT be included"."""
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    letters.collect()
    leave(training, person)
    letters.collect()
    # The mail that confirms it has done it already.
    assert withdraw_entries() == 0

    calendars = letters.calendars(person)

    assert events(calendars) == [("REQUEST", 0), ("CANCEL", 1)]
    assert "STATUS" not in calendars[1].events[0]
    assert str(calendars[1].events[0]["ATTENDEE"]) == f"mailto:{person.email}"
    assert OwnCalendar().take(calendars).entries == {}
    assert db.session.query(CalendarEntry).count() == 0


def test_whoever_comes_again_has_an_entry_again(letters: Letterbox, clock: time_machine.Traveller) -> None:
    training, person = make_training(slug="steps"), make_user()
    for _ in range(3):
        sign_up(training, person)
        letters.collect()
        clock.shift(60)
        leave(training, person)
        letters.collect()
        clock.shift(60)
    sign_up(training, person)

    calendars = letters.calendars(person)

    assert [method for method, _ in events(calendars)] == ["REQUEST", "CANCEL"] * 3 + ["REQUEST"]
    assert [sequence for _, sequence in events(calendars)] == list(range(7))
    assert len(OwnCalendar().take(calendars).entries) == 1


def test_who_left_and_came_again_before_anything_was_sent_is_not_told_of_it(letters: Letterbox) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    letters.collect()
    leave(training, person)
    # As if the seat had been lost in a way that nobody is told of.
    with transaction() as session:
        session.execute(delete(Mail).where(Mail.kind == "seat given back"))
    assert withdraw_entries() == 1
    sign_up(training, person)
    assert withdraw_entries() == 0

    kinds, calendars = letters.kinds(person), letters.calendars(person)

    assert "seat gone" not in kinds
    assert {method for method, _ in events(calendars)} == {"REQUEST"}
    assert len(OwnCalendar().take(calendars).entries) == 1


def test_mail_that_waited_puts_nothing_old_over_anything_new(letters: Letterbox) -> None:
    """Everything happens while the mail server is away; then all of it leaves at once."""
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    alter(training, place="Room 9")
    leave(training, person)
    alter(training, place="Room 10")
    sign_up(training, person)
    later = NOW + timedelta(days=9)
    alter(training, starts_at=later, place="Room 11")

    calendars = letters.calendars(person)

    assert {(calendar.events[0].start, str(calendar.events[0]["LOCATION"])) for calendar in calendars} == {
        (later, "Room 11")
    }
    assert len({sequence for _, sequence in events(calendars)}) == 1
    assert OwnCalendar().take(list(reversed(calendars))).times == [(later, later + 2 * HOUR)]


def test_text_and_calendar_of_a_mail_that_waited_agree(letters: Letterbox) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    alter(training, starts_at=datetime(2026, 12, 3, 6, 0, tzinfo=UTC))

    first = letters.to(person)[0][1]

    text = next(part for part in first.walk() if part.get_content_type() == "text/plain").get_content()
    assert "December 3, 2026, 14:00 to 16:00" in text


def test_a_meeting_that_is_dropped_goes_and_the_others_stay(letters: Letterbox) -> None:
    training, person = course(), make_user()
    sign_up(training, person)
    letters.collect()
    alter(training, starts_at=TUESDAYS[0][0], ends_at=TUESDAYS[1][1], meetings=TUESDAYS[:2])
    letters.collect()
    assert withdraw_entries() == 1
    assert withdraw_entries() == 0

    calendars = letters.calendars(person)

    assert letters.kinds(person) == ["seat confirmed", "training changed", "meetings dropped"]
    assert events(calendars) == [("REQUEST", 0), ("REQUEST", 1), ("CANCEL", 1)]
    assert calendars[2].events[0].status == "CANCELLED"
    assert OwnCalendar().take(calendars).times == TUESDAYS[:2]


def test_a_meeting_in_the_middle_that_moves_is_told(letters: Letterbox) -> None:
    training, person = course(), make_user()
    sign_up(training, person)
    letters.collect()
    moved = [TUESDAYS[0], (TUESDAYS[1][0] + HOUR, TUESDAYS[1][1] + HOUR), TUESDAYS[2]]
    alter(training, starts_at=TUESDAYS[0][0], ends_at=TUESDAYS[2][1], meetings=moved)

    calendars = letters.calendars(person)

    assert events(calendars) == [("REQUEST", 0), ("REQUEST", 1)]
    assert OwnCalendar().take(calendars).times == moved


def test_a_course_that_is_called_off_takes_all_meetings_out(letters: Letterbox) -> None:
    training, person = course(), make_user()
    sign_up(training, person)
    letters.collect()
    call_off(training)

    calendars = letters.calendars(person)

    assert [len(calendar.events) for calendar in calendars] == [3, 3]
    assert {event.status for event in calendars[1].events} == {"CANCELLED"}
    assert OwnCalendar().take(calendars).times == []
    assert withdraw_entries() == 0


def test_whoever_becomes_a_coach_loses_the_entry_of_the_seat(letters: Letterbox) -> None:
    training, person = make_training(slug="steps"), make_coach("Becomes Coach")
    coach_ids = sorted(training.coach_ids)
    sign_up(training, person)
    letters.collect()
    alter(training, coach_ids=[*coach_ids, person.id])
    letters.collect()
    withdraw_entries()

    assert letters.kinds(person)[-1] == "seat gone"
    assert events(letters.calendars(person)) == [("REQUEST", 0), ("CANCEL", 1)]


def test_who_is_told_by_another_mail_is_not_told_twice(letters: Letterbox) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    letters.collect()
    call_off(training)

    assert withdraw_entries() == 0
    assert letters.kinds(person) == ["seat confirmed", "training cancelled"]
    assert withdraw_entries() == 0


@pytest.mark.both_databases
def test_a_closed_account_is_left_alone(letters: Letterbox, app: Flask) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    letters.collect()
    person_id, training_id = person.id, training.id
    with transaction() as session:
        closed = session.get_one(User, person_id)
        withdraw(session, training_id, actor=closed, now=NOW)
        closed.disabled_at = NOW

    assert withdraw_entries() == 0


def test_what_lies_far_behind_is_forgotten(letters: Letterbox, clock: time_machine.Traveller) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    letters.collect()
    clock.shift(timedelta(days=30))
    assert forget_old_entries() == 0
    clock.shift(timedelta(days=60))
    assert forget_old_entries() == 1
