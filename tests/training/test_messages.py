"""What people read in mail and notices: their language, their zone, and how to get in only with a seat."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.jobs.messages import Message, reading_as, word
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.training.messages import WORDINGS
from app.training.service import cancel, change
from tests.factories.people import make_user
from tests.factories.training import NOW, leave, make_coach, make_details, make_training, sign_up

pytestmark = pytest.mark.usefixtures("app", "clock")
LINK = "https://meet.example.com/steps"


def told(person: User, language: str = "en", time_zone: str = "Asia/Shanghai") -> dict[str, Message]:
    """What the person was told, by kind, as somebody in that language and zone reads it."""
    mails = db.session.execute(select(Mail).where(Mail.to == person.email)).scalars().all()
    with reading_as(language, time_zone):
        return {mail.kind: word(mail.kind, mail.params) for mail in mails}


@pytest.fixture
def crowd() -> list[User]:
    """Three people of a session with one seat: the first left, the second moved up, the third waits; then it was moved
    and cancelled.
    """
    coach, people = make_coach(), [make_user(f"Person {number}") for number in range(3)]
    training = make_training(coach, slug="steps", capacity=1)
    sign_up(training, *people)
    leave(training, people[0])
    training_id = training.id
    later = datetime(2026, 11, 23, 18, 0, tzinfo=UTC)
    with transaction() as session:
        details = make_details(coach, capacity=1, place="Room 9", starts_at=later)
        change(session, training_id, details, revision=1, actor=coach, now=NOW)
    with transaction() as session:
        cancel(session, training_id, reason="The coach is ill", actor=coach, now=NOW)
    return people


def test_every_kind_of_message_is_sent_in_this_story(crowd: list[User]) -> None:
    kinds = {kind for person in crowd for kind in told(person)}
    # Those two are about calendars (tests/training/calendar_entries).
    assert kinds | {"seat gone", "meetings dropped"} == {*WORDINGS, "seat given back"}


def test_a_seat_comes_with_time_place_link_and_calendar(crowd: list[User]) -> None:
    message = told(crowd[0])["seat confirmed"]
    assert message.subject == "Your seat: Small steps"
    assert message.url == "http://127.0.0.1:8000/training/steps"
    for words in ("Nov", "14:00 to 16:00 (Asia/Shanghai)", "Room 3", LINK, "/training/steps.ics"):
        assert words in message.body


def test_times_are_the_readers_own_and_days_are_written_out(crowd: list[User]) -> None:
    body = told(crowd[0], time_zone="America/New_York")["seat confirmed"].body
    assert "01:00 to 03:00 (America/New York)" in body
    assert "November 20, 2026" in body
    assert "Friday" not in body
    assert "2026年11月24日" in told(crowd[1], "zh")["training changed"].body


def test_the_waiting_list_comes_with_the_position_and_without_the_link(crowd: list[User]) -> None:
    message = told(crowd[2])["seat waiting"]
    assert "number 2 on the waiting list" in message.body
    assert LINK not in message.body


def test_whoever_moves_up_gets_the_link(crowd: list[User]) -> None:
    message = told(crowd[1])["seat promoted"]
    assert message.subject == "You have a seat now: Small steps"
    assert LINK in message.body


def test_a_change_says_what_is_and_what_was(crowd: list[User]) -> None:
    seated, waits = told(crowd[1])["training changed"].body, told(crowd[2])["training changed"].body
    for words in ("Room 9", "02:00 to 04:00", "Before: ", "Room 3", "14:00 to 16:00"):
        assert words in seated
        assert words in waits
    assert (LINK in seated, LINK in waits) == (True, False)


def test_a_cancellation_says_why(crowd: list[User]) -> None:
    message = told(crowd[2])["training cancelled"]
    assert message.subject == "Cancelled: Small steps"
    assert "Reason: The coach is ill" in message.body
    assert LINK not in message.body


def test_the_notices_page_shows_them(crowd: list[User], app: Flask, log_in: object) -> None:
    browser = log_in(crowd[1])  # type: ignore[operator]
    page = browser.get("/notices").text
    for subject in ("You have a seat now: Small steps", "Changed: Small steps", "Cancelled: Small steps"):
        assert subject in page
