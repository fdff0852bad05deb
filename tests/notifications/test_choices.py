"""How a person wants to be told of what, and the way out of mail."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.jobs.mail import send_due_mail
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.notifications.links import read_way_out, sign_way_out
from app.notifications.models import Notice, NoticeChoice
from app.notifications.queries import all_ways, count_unread, hour_of
from app.notifications.rules import RULES, Mailing, Topic, Way, default_way
from tests.factories.people import make_user
from tests.jobs.post import Post, texts
from tests.notifications.conftest import tell, want

SECRET = "tests only tests only tests only 0123456789"


@pytest.fixture
def yue(app: Flask, clock: time_machine.Traveller) -> User:
    return make_user("Lin Yue", email="yue@example.com")


def test_every_wording_has_a_topic(app: Flask) -> None:
    unsorted = set(app.extensions["messages"]) - set(app.extensions["topics"])
    assert unsorted == set()
    assert set(app.extensions["topics"]) - set(app.extensions["messages"]) == set()


def test_what_would_be_lost_in_a_digest_cannot_be_chosen(app: Flask) -> None:
    assert {topic for topic, rule in RULES.items() if rule.is_locked} == {
        Topic.SEATS,
        Topic.RUNNING,
        Topic.COACHING,
        Topic.ACCOUNT,
    }
    assert all(rule.reason for rule in RULES.values() if len(rule.allowed) < len(Mailing))
    assert all(rule.mailing in rule.allowed for rule in RULES.values())
    assert app.extensions["topics"]["seat offered"] is Topic.SEATS


@pytest.mark.parametrize(
    ("mailing", "in_app", "notices", "mails"),
    [
        (Mailing.AT_ONCE, True, [(True, False)], 1),
        (Mailing.AT_ONCE, False, [], 1),
        (Mailing.DAILY, True, [(True, True)], 0),
        (Mailing.WEEKLY, False, [(False, True)], 0),
        (Mailing.NEVER, True, [(True, False)], 0),
        (Mailing.NEVER, False, [], 0),
    ],
)
def test_a_message_goes_the_way_that_was_chosen(
    yue: User, mailing: Mailing, in_app: bool, notices: list[tuple[bool, bool]], mails: int
) -> None:
    want(yue, Topic.MENTIONS, mailing, in_app=in_app)

    tell(yue, kind="a mention")

    rows = db.session.scalars(select(Notice)).all()
    assert [(row.in_app, row.digest_due_at is not None) for row in rows] == notices
    assert len(db.session.scalars(select(Mail)).all()) == mails
    assert count_unread(yue.id) == sum(shown for shown, _waits in notices)


def test_seats_are_told_at_once_whatever_is_sent(yue: User, log_in: Callable[[User], FlaskClient]) -> None:
    answer = log_in(yue).post("/notices/choices", data={"hour": "8", "mail-seats": "never", "mail-reading": "never"})

    assert answer.status_code == 303
    ways = all_ways(db.session(), yue.id)
    assert ways[Topic.SEATS] == Way(in_app=True, mailing=Mailing.AT_ONCE)
    assert ways[Topic.READING].mailing is Mailing.AT_ONCE


def test_nothing_is_asked_of_what_is_locked(yue: User, count_queries: list[str]) -> None:
    count_queries.clear()
    tell(yue, kind="a seat")
    assert [line for line in count_queries if "notice_choice" in line or "digest_hour" in line] == []


def test_telling_many_asks_as_often_as_telling_one(app: Flask, yue: User, count_queries: list[str]) -> None:
    yue_contact = yue.contact

    def reading() -> int:
        return len([line for line in count_queries if line.startswith("SELECT")])

    people = [make_user(f"Member {number}").contact for number in range(20)]
    count_queries.clear()
    tell(yue_contact, bundle="x")
    for_one = reading()
    count_queries.clear()
    tell(*people, bundle="x")
    assert reading() == for_one


def test_the_page_shows_what_holds_and_keeps_what_is_chosen(yue: User, log_in: Callable[[User], FlaskClient]) -> None:
    browser = log_in(yue)
    page = browser.get("/notices/choices").text
    assert len(re.findall(r"Always, and at once", page)) == 4
    assert "On the clocks of Asia/Shanghai" in page
    assert re.findall(r'<option value="8" selected', page) != []

    data = {"hour": "17", "in_app": ["comments", "mentions"], "mail-comments": "never", "mail-following": "weekly"}
    assert browser.post("/notices/choices", data=data).status_code == 303

    ways = all_ways(db.session(), yue.id)
    assert ways[Topic.COMMENTS] == Way(in_app=True, mailing=Mailing.NEVER)
    assert ways[Topic.FOLLOWING] == Way(in_app=False, mailing=Mailing.WEEKLY)
    assert hour_of(db.session(), yue.id) == 17
    assert re.search(r'<option value="17" selected', browser.get("/notices/choices").text)


def test_nonsense_is_the_default_and_an_hour_has_to_exist(yue: User, log_in: Callable[[User], FlaskClient]) -> None:
    browser = log_in(yue)
    browser.post("/notices/choices", data={"hour": "8", "mail-comments": "hourly", "in_app": ["comments", "x"]})
    assert all_ways(db.session(), yue.id)[Topic.COMMENTS] == default_way(Topic.COMMENTS)
    assert browser.post("/notices/choices", data={"hour": "24"}).status_code == 422


def test_only_what_is_not_the_default_is_kept(yue: User) -> None:
    want(yue, Topic.MENTIONS, Mailing.NEVER)
    assert [row.topic for row in db.session.scalars(select(NoticeChoice))] == ["mentions"]
    want(yue, Topic.MENTIONS, Mailing.AT_ONCE)
    assert db.session.scalars(select(NoticeChoice)).all() == []


def test_nobody_chooses_for_another(yue: User, log_in: Callable[[User], FlaskClient], client: FlaskClient) -> None:
    log_in(make_user("Chen Xiao")).post("/notices/choices", data={"hour": "3", "mail-mentions": "never"})
    assert (all_ways(db.session(), yue.id)[Topic.MENTIONS].mailing, hour_of(db.session(), yue.id)) == ("at once", 8)
    assert client.post("/notices/choices", data={"hour": "3"}).status_code == 303
    assert client.get("/notices/choices").location.startswith("/login")


def test_what_waits_follows_another_choice_and_another_zone(
    yue: User, clock: time_machine.Traveller, log_in: Callable[[User], FlaskClient]
) -> None:
    def due() -> datetime | None:
        db.session.rollback()
        return db.session.scalars(select(Notice.digest_due_at)).one()

    tell(yue)  # Monday, 10:00 in Shanghai
    assert due() == datetime(2026, 11, 17, 0, tzinfo=UTC)
    want(yue, Topic.FOLLOWING, Mailing.WEEKLY)
    assert due() == datetime(2026, 11, 23, 0, tzinfo=UTC)
    want(yue, Topic.FOLLOWING, Mailing.DAILY, hour=20)
    assert due() == datetime(2026, 11, 16, 12, tzinfo=UTC)
    data = {"name": "Lin Yue", "language": "en", "time_zone": "Europe/Berlin"}
    assert log_in(yue).post("/profile", data=data).status_code == 303
    assert due() == datetime(2026, 11, 16, 19, tzinfo=UTC)
    want(yue, Topic.FOLLOWING, Mailing.NEVER)
    assert due() is None


@pytest.mark.usefixtures("server")
def test_a_mail_about_a_topic_has_its_way_out_in_one_click(
    app: Flask,
    yue: User,
    post: Post,
    client: FlaskClient,
) -> None:
    tell(yue, kind="a mention")
    assert send_due_mail() == 1
    (mail,) = post.messages
    url = way_out_of(mail)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for text in texts(mail).values():
        assert url in text
        assert "/notices/choices" in text

    path = url.partition("//")[2].partition("/")[2]
    app.config["WTF_CSRF_ENABLED"] = True
    assert client.get(f"/{path}").status_code == 200
    assert all_ways(db.session(), yue.id)[Topic.MENTIONS].mailing is Mailing.AT_ONCE, "a scanner follows links"
    answer = client.post(f"/{path}", data={"List-Unsubscribe": "One-Click"}, headers={"Sec-Fetch-Site": "cross-site"})
    app.config["WTF_CSRF_ENABLED"] = False

    assert (answer.status_code, answer.text) == (200, "")
    assert all_ways(db.session(), yue.id)[Topic.MENTIONS] == Way(in_app=True, mailing=Mailing.NEVER)


@pytest.mark.usefixtures("server")
def test_mail_that_cannot_be_chosen_has_no_way_out(yue: User, post: Post) -> None:
    tell(yue, kind="a seat")
    send_due_mail()
    (mail,) = post.messages
    assert (mail["List-Unsubscribe"], mail["List-Unsubscribe-Post"]) == (None, None)
    assert "unsubscribe" not in str(texts(mail))


def test_the_way_out_works_by_its_button_too_and_for_nobody_else(yue: User, client: FlaskClient) -> None:
    chen = make_user("Chen Xiao")
    path = f"/unsubscribe/{sign_way_out(SECRET, yue.id, 'comments')}"
    assert "Comments and answers" in client.get(path).text
    assert client.post(path, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403

    answer = client.post(path)

    assert (answer.status_code, answer.location) == (303, f"{path}?done=1")
    assert "You get no more mail of this sort" in client.get(answer.location).text
    assert all_ways(db.session(), yue.id)[Topic.COMMENTS] == Way(in_app=True, mailing=Mailing.NEVER)
    assert all_ways(db.session(), chen.id)[Topic.COMMENTS] == default_way(Topic.COMMENTS)


def test_a_way_out_that_was_changed_leads_nowhere(yue: User, client: FlaskClient) -> None:
    token = sign_way_out(SECRET, yue.id, "comments")
    assert read_way_out(SECRET, token) == (yue.id, Topic.COMMENTS)
    for wrong in (
        token.replace(".", "x."),
        "x",
        sign_way_out("another key", yue.id, "comments"),
    ):
        assert read_way_out(SECRET, wrong) is None
        assert client.post(f"/unsubscribe/{wrong}").status_code == 404
    assert read_way_out(SECRET, sign_way_out(SECRET, yue.id, "weather")) is None
    with transaction() as session:
        session.get_one(User, yue.id).disabled_at = datetime(2026, 1, 1, tzinfo=UTC)
    assert client.get(f"/unsubscribe/{token}").status_code == 404


def test_the_way_out_of_a_locked_topic_changes_nothing(yue: User, client: FlaskClient) -> None:
    client.post(f"/unsubscribe/{sign_way_out(SECRET, yue.id, 'seats')}")
    assert all_ways(db.session(), yue.id)[Topic.SEATS].mailing is Mailing.AT_ONCE


def way_out_of(mail: EmailMessage) -> str:
    """The address in the header, which has to be one piece."""
    raw = mail.as_bytes(policy=default.clone(refold_source="none")).decode()
    header = re.search(r"^List-Unsubscribe:\s+<(\S+)>\s*$", raw, re.MULTILINE)
    assert header, raw[:1500]
    return header[1]
