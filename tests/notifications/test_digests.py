"""Digests: what is new since the last one, once, at the hour that the person chose."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.jobs.composing import Letter, compose
from app.jobs.mail import send_due_mail
from app.jobs.models import Mail, MailState
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.digests import MOST_LINES, forget_hidden, send_digests
from app.notifications.models import Notice
from app.notifications.queries import all_ways
from app.notifications.rules import Mailing, Topic, next_digest
from app.notifications.service import mark_all_read
from tests.factories.people import make_user
from tests.forking import all_at_once, killed_at
from tests.jobs.post import Post, texts
from tests.notifications.conftest import tell, want

DAY = timedelta(days=1)


@pytest.fixture
def yue(app: Flask, clock: time_machine.Traveller) -> User:
    return make_user("Lin Yue", email="yue@example.com")


def mails() -> list[Mail]:
    db.session.rollback()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


def items(mail: Mail) -> dict[str, list[str]]:
    return {group["topic"]: [params["title"] for _kind, params in group["items"]] for group in mail.params["groups"]}


def at(clock: time_machine.Traveller, moment: datetime) -> None:
    clock.move_to(moment, tick=False)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


# The rule, with the edges of summer time.


@pytest.mark.parametrize(
    ("after", "zone", "hour", "mailing", "due"),
    [
        # Monday 10:00 in Shanghai: tomorrow at eight, next Monday at eight.
        (utc(2026, 11, 16, 2), "Asia/Shanghai", 8, Mailing.DAILY, utc(2026, 11, 17, 0)),
        (utc(2026, 11, 16, 2), "Asia/Shanghai", 8, Mailing.WEEKLY, utc(2026, 11, 23, 0)),
        # A moment before, and at the moment itself: what comes at eight sharp is in the next one.
        (utc(2026, 11, 15, 23, 59), "Asia/Shanghai", 8, Mailing.WEEKLY, utc(2026, 11, 16, 0)),
        (utc(2026, 11, 16, 0), "Asia/Shanghai", 8, Mailing.DAILY, utc(2026, 11, 17, 0)),
        # The night in which Berlin's clocks go forward (02:00 becomes 03:00), and the days around it.
        (utc(2027, 3, 27, 12), "Europe/Berlin", 8, Mailing.DAILY, utc(2027, 3, 28, 6)),
        (utc(2027, 3, 26, 12), "Europe/Berlin", 8, Mailing.DAILY, utc(2027, 3, 27, 7)),
        (utc(2027, 3, 27, 12), "Europe/Berlin", 2, Mailing.DAILY, utc(2027, 3, 28, 1)),
        # The night in which they go back: two o'clock comes twice, the first one counts.
        (utc(2026, 10, 24, 12), "Europe/Berlin", 2, Mailing.DAILY, utc(2026, 10, 25, 0)),
        (utc(2026, 10, 25, 0, 30), "Europe/Berlin", 2, Mailing.DAILY, utc(2026, 10, 26, 1)),
        (utc(2026, 10, 24, 12), "Europe/Berlin", 8, Mailing.DAILY, utc(2026, 10, 25, 7)),
        (utc(2026, 10, 23, 12), "Europe/Berlin", 8, Mailing.WEEKLY, utc(2026, 10, 26, 7)),
        # Clocks that skip midnight (Cairo, 24 April 2026), and a zone that this machine does not know.
        (utc(2026, 4, 23, 12), "Africa/Cairo", 0, Mailing.DAILY, utc(2026, 4, 23, 22)),
        (utc(2026, 4, 23, 12), "Mars/Olympus", 8, Mailing.DAILY, utc(2026, 4, 24, 8)),
    ],
)
def test_a_digest_is_due_at_the_hour_on_the_persons_clock(
    after: datetime, zone: str, hour: int, mailing: Mailing, due: datetime
) -> None:
    assert next_digest(after, zone, hour, mailing) == due


def test_there_is_one_digest_a_day_through_a_whole_year_of_any_zone() -> None:
    for zone in ("Europe/Berlin", "Australia/Lord_Howe", "America/New_York", "Africa/Cairo", "Asia/Shanghai"):
        for hour in (0, 2, 8, 23):
            moment, days = utc(2026, 1, 1), []
            for _day in range(366):
                later = next_digest(moment, zone, hour, Mailing.DAILY)
                days.append(later - moment)
                moment = later
            assert set(days[1:]) <= {timedelta(hours=hours / 2) for hours in range(45, 52)}


# The mail.


def test_a_digest_gathers_what_is_unread_by_topic_and_tells_it_once(yue: User, clock: time_machine.Traveller) -> None:
    tell(yue, title="First")
    tell(yue, title="A word", kind="a comment")
    clock.shift(timedelta(hours=1))
    tell(yue, title="Second")
    tell(yue, title="Seat", kind="a seat")
    assert (send_digests(), [mail.kind for mail in mails()]) == (0, ["a seat"])

    at(clock, utc(2026, 11, 17, 0))
    assert send_digests() == 1

    digest = mails()[-1]
    assert (digest.to, digest.kind, items(digest)) == (
        "yue@example.com",
        "digest",
        {"comments": ["A word"], "following": ["Second", "First"]},
    )
    assert send_digests() == 0
    clock.shift(DAY)
    assert (send_digests(), len(mails())) == (0, 2)


def test_nothing_new_no_mail(yue: User, clock: time_machine.Traveller) -> None:
    tell(yue)
    with transaction() as session:
        mark_all_read(session, yue.id, now=utc_now())
    clock.shift(2 * DAY)
    assert (send_digests(), mails()) == (0, [])
    assert db.session.scalars(select(Notice.digest_due_at)).all() == [None]


def test_what_is_wanted_by_mail_only_is_in_the_digest_and_then_forgotten(
    yue: User, clock: time_machine.Traveller
) -> None:
    want(yue, Topic.FOLLOWING, Mailing.DAILY, in_app=False)
    tell(yue, title="Quiet")
    assert forget_hidden() == 0
    clock.shift(DAY)
    assert forget_hidden() == 0
    assert send_digests() == 1
    assert items(mails()[0]) == {"following": ["Quiet"]}
    clock.shift(timedelta(minutes=1))
    assert (forget_hidden(), db.session.scalars(select(Notice)).all()) == (1, [])


def test_daily_and_weekly_come_each_in_their_time(yue: User, clock: time_machine.Traveller) -> None:
    want(yue, Topic.COMMENTS, Mailing.WEEKLY)
    tell(yue, title="Daily")
    tell(yue, title="Weekly", kind="a comment")
    sent = []
    for _day in range(8):
        clock.shift(DAY)
        sent.append(send_digests())
    assert sent == [1, 0, 0, 0, 0, 0, 1, 0]
    assert [items(mail) for mail in mails()] == [{"following": ["Daily"]}, {"comments": ["Weekly"]}]


def test_everybody_gets_it_on_the_own_clock(yue: User, clock: time_machine.Traveller) -> None:
    berta = make_user("Berta Berlin", email="berta@example.com")
    with transaction() as session:
        session.get_one(User, berta.id).time_zone = "Europe/Berlin"
    want(yue, Topic.FOLLOWING, Mailing.DAILY, hour=18)
    tell(yue, berta)  # 10:00 in Shanghai, 03:00 in Berlin
    got = []
    for _hour in range(24):
        clock.shift(timedelta(hours=1))
        if send_digests():
            got.append((utc_now().hour, mails()[-1].to))
    assert got == [(7, "berta@example.com"), (10, "yue@example.com")]


def test_a_worker_that_was_away_sends_one_digest_not_three(yue: User, clock: time_machine.Traveller) -> None:
    for number in range(3):
        tell(yue, title=f"Number {number}")
        clock.shift(DAY)
    assert (send_digests(), len(mails())) == (1, 1)
    assert items(mails()[0]) == {"following": ["Number 2", "Number 1", "Number 0"]}


def test_who_has_left_gets_none(yue: User, clock: time_machine.Traveller) -> None:
    tell(yue)
    with transaction() as session:
        session.get_one(User, yue.id).disabled_at = utc_now()
    clock.shift(DAY)
    assert (send_digests(), mails()) == (0, [])
    assert db.session.scalars(select(Notice.digest_due_at)).all() == [None]


def test_the_digest_itself_can_be_stopped(yue: User, clock: time_machine.Traveller, client: object) -> None:
    tell(yue)
    clock.shift(DAY)
    send_digests()
    with db.session.no_autoflush:
        letter = compose(mails()[0], now=utc_now())
    assert letter is not None
    path = "/" + str(letter.message["List-Unsubscribe"]).strip("<>").split("/", 3)[3]
    assert client.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200  # type: ignore[attr-defined]

    ways = all_ways(db.session(), yue.id)
    assert (ways[Topic.COMMENTS].mailing, ways[Topic.FOLLOWING].mailing) == (Mailing.NEVER, Mailing.NEVER)
    assert ways[Topic.MENTIONS].mailing is Mailing.AT_ONCE
    tell(yue)
    clock.shift(DAY)
    assert send_digests() == 0


@pytest.mark.usefixtures("server")
def test_the_mail_in_both_forms_and_no_more_than_a_few_lines_a_topic(
    yue: User,
    clock: time_machine.Traveller,
    post: Post,
) -> None:
    with transaction() as session:
        session.get_one(User, yue.id).language = "zh"
    for number in range(MOST_LINES + 5):
        tell(yue, title=f"Title <{number}>")
    clock.shift(DAY)
    send_digests()
    assert send_due_mail() == 1

    (mail,) = post.messages
    both = texts(mail)
    assert str(mail["Subject"]) == "Guildhall：有 17 条与你有关的新消息"
    assert both["text/plain"].count("* Title <") == MOST_LINES
    assert "* 还有 5 条" in both["text/plain"]
    assert "/notices?topic=following" in both["text/plain"]
    assert both["text/html"].count(">Title &lt;") == MOST_LINES
    assert "我关注的内容" in both["text/html"]


def test_what_no_longer_holds_is_left_out_and_nothing_left_is_dropped(
    app: Flask, yue: User, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: set[str] = {"Gone"}
    monkeypatch.setitem(
        app.extensions["current messages"], "news", lambda params, *_: None if params["title"] in gone else params
    )
    tell(yue, title="Gone")
    tell(yue, title="Here")
    clock.shift(DAY)
    send_digests()
    letter = compose(mails()[0], now=utc_now())
    assert letter is not None
    assert (str(letter.message["Subject"]), "Gone" in said(letter)) == (
        "Guildhall: one thing is new for you",
        False,
    )
    gone.add("Here")
    assert send_due_mail() == 0
    assert mails()[0].state == MailState.DROPPED


def test_a_kind_of_an_older_version_does_not_keep_the_others_back(
    app: Flask, yue: User, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(yue, title="Old", kind="a comment")
    tell(yue, title="Here")
    monkeypatch.delitem(app.extensions["messages"], "a comment")
    clock.shift(DAY)
    send_digests()
    letter = compose(mails()[0], now=utc_now())
    assert letter is not None
    assert ("Here" in said(letter), "Old" in said(letter)) == (True, False)


def said(letter: Letter) -> str:
    return texts(letter.message)["text/plain"]


# More of the same.


def test_more_of_the_same_is_one_line_with_a_number(yue: User, clock: time_machine.Traveller) -> None:
    for number in range(12):
        tell(yue, title=f"Practice {number}", bundle="build practice")
    tell(yue, title="Another", bundle="another thing")

    rows = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [row.params for row in rows] == [{"title": "Practice 11", "number": 12}, {"title": "Another"}]
    clock.shift(DAY)
    send_digests()
    tell(yue, title="Practice 12", bundle="build practice")
    rows = db.session.scalars(select(Notice).order_by(Notice.id)).all()
    assert [row.params.get("number", 1) for row in rows] == [12, 1, 1], "what was in a digest is not told again"


def test_a_line_that_was_read_is_not_counted_up(yue: User) -> None:
    tell(yue, bundle="x")
    with transaction() as session:
        mark_all_read(session, yue.id, now=utc_now())
    tell(yue, bundle="x")
    assert [row.params.get("number", 1) for row in db.session.scalars(select(Notice))] == [1, 1]


def test_at_once_means_one_mail_of_the_same_a_day(yue: User, clock: time_machine.Traveller) -> None:
    want(yue, Topic.FOLLOWING, Mailing.AT_ONCE)
    for _number in range(5):
        tell(yue, bundle="x")
    assert len(mails()) == 1
    clock.shift(DAY)
    tell(yue, bundle="x")
    assert len(mails()) == 2


# Crashes and races.


@pytest.mark.race
@pytest.mark.both_databases
def test_a_worker_killed_at_any_statement_has_done_all_or_nothing(
    app: Flask, yue: User, clock: time_machine.Traveller
) -> None:
    number, ended, yue_id = 0, -1, yue.id
    while ended:
        number += 1
        tell(db.session.get_one(User, yue_id), title=f"Round {number}")
        clock.shift(DAY)
        ended = killed_at(number, send_digests)
        send_digests()
        titles = [title for mail in mails() for title in items(mail)["following"]]
        assert titles == [f"Round {each}" for each in range(1, number + 1)], f"killed at statement {number}"
    assert number > 4


@pytest.mark.race
@pytest.mark.both_databases
def test_two_workers_send_each_digest_once(app: Flask, yue: User, clock: time_machine.Traveller) -> None:
    people = [yue, *(make_user(f"Member {number}") for number in range(30))]
    ids = sorted(person.id for person in people)
    tell(*people)
    clock.shift(DAY)
    assert all_at_once(3, send_digests) == [0, 0, 0]
    assert sorted(mail.user_id or 0 for mail in mails()) == ids
