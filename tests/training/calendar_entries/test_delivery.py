"""The calendar's part through a real mail server that drops the line."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.jobs.mail import send_due_mail
from app.kernel.db import db
from app.training.calendar_entries.models import CalendarEntry
from tests.factories.people import make_user
from tests.factories.training import leave, make_training, sign_up
from tests.jobs.post import Post, running
from tests.training.calendar_entries.mailing import OwnCalendar, calendar_parts

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def post(configure: Callable[..., None]) -> Iterator[Post]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    configure(mail_server="127.0.0.1", mail_port=port, mail_from="Guildhall <post@guildhall.example>")
    post = Post()
    with running(post, port):
        yield post


def noted() -> int:
    db.session.rollback()
    return db.session.execute(select(func.count()).select_from(CalendarEntry)).scalar_one()


def test_an_invitation_arrives_as_it_was_written(post: Post) -> None:
    sign_up(make_training(slug="steps", title="喆祎, 小步; 快跑 😀"), make_user("喆祎"))

    assert send_due_mail() == 1

    ((_sender, recipients, message),) = post.taken
    (calendar,) = calendar_parts(message)
    (event,) = calendar.events
    assert (str(calendar["METHOD"]), str(event["SUMMARY"])) == ("REQUEST", "喆祎, 小步; 快跑 😀")
    assert str(event["ATTENDEE"]) == f"mailto:{recipients[0]}"
    assert noted() == 1


@pytest.mark.parametrize("stage", ["DATA", "TEXT", "TAKEN"])
def test_a_cancellation_whose_line_drops_comes_again_in_full(
    post: Post, clock: time_machine.Traveller, stage: str
) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    send_due_mail()
    leave(training, person)
    post.hang_ups[stage] = 1

    assert send_due_mail() == 0
    # Nobody knows whether it was taken, so the entry may still stand there.
    assert noted() == 1
    clock.shift(timedelta(minutes=1))
    assert send_due_mail() == 1

    assert noted() == 0
    calendars = [part for message in post.messages for part in calendar_parts(message)]
    assert {str(part["METHOD"]) for part in calendars[1:]} == {"CANCEL"}
    assert {part.events[0].sequence for part in calendars[1:]} == {1}
    assert OwnCalendar().take(calendars).times == []


def test_an_invitation_that_was_perhaps_taken_is_taken_back(post: Post, clock: time_machine.Traveller) -> None:
    training, person = make_training(slug="steps"), make_user()
    sign_up(training, person)
    post.hang_ups["TAKEN"] = 1
    assert send_due_mail() == 0
    leave(training, person)
    clock.shift(timedelta(minutes=1))
    while send_due_mail():
        pass

    calendars = [part for message in post.messages for part in calendar_parts(message)]

    assert [str(part["METHOD"]) for part in calendars] == ["REQUEST", "CANCEL"]
    assert OwnCalendar().take(calendars).times == []
