"""The outbox of mail, with a real mail server at its end."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.jobs import transport
from app.jobs.mail import BATCH, CLAIM, MAX_ATTEMPTS, forget_old_mail, queue_mail, send_due_mail
from app.jobs.models import Mail, MailState
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.jobs.conftest import Reader
from tests.jobs.post import Post, running, texts
from tests.jobs.queueing import queue, state_of


@pytest.mark.usefixtures("server")
def test_a_mail_arrives_once(post: Post) -> None:
    mail_id = queue("Your seat", link="https://guildhall.example/training/trunk")

    assert [send_due_mail(), send_due_mail()] == [1, 0]

    ((sender, recipients, message),) = post.taken
    assert (sender, recipients) == ("post@guildhall.example", ["yue@example.com"])
    assert (message["From"], message["To"]) == ("Guildhall <post@guildhall.example>", "yue@example.com")
    assert message["Subject"] == "Your seat"
    assert message["Auto-Submitted"] == "auto-generated"
    assert texts(message)["text/plain"].splitlines() == [
        "en 10:00",
        "",
        "https://guildhall.example/training/trunk",
        "",
        "-- ",
        "Guildhall · http://127.0.0.1:8000",
    ]
    assert state_of(mail_id) == (MailState.SENT, 1)


@pytest.mark.usefixtures("server")
def test_a_mail_is_in_the_readers_language_and_zone(post: Post) -> None:
    queue("流水线与主干开发", Reader("chen@example.com", "zh", "Europe/Lisbon"))

    send_due_mail()

    message = post.taken[0][2]
    assert message["Subject"] == "流水线与主干开发"
    assert message["Content-Language"] == "zh-Hans"
    assert texts(message)["text/plain"].startswith("zh 02:00")
    assert '<html lang="zh-Hans">' in texts(message)["text/html"]


@pytest.mark.usefixtures("server")
def test_what_was_sent_keeps_no_link(post: Post) -> None:
    mail_id = queue(link="https://guildhall.example/password/reset/secret")

    send_due_mail()

    mail = db.session.get_one(Mail, mail_id)
    assert (mail.params, mail.error) == ({}, None)
    assert mail.sent_at is not None


@pytest.mark.usefixtures("server")
@pytest.mark.both_databases
def test_two_workers_send_each_mail_once(app: Flask, post: Post) -> None:
    for number in range(12):
        queue(f"Number {number:02}")

    def work() -> None:
        with app.app_context():
            while send_due_mail():
                pass

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)

    assert post.subjects == [f"Number {number:02}" for number in range(12)]


@pytest.mark.usefixtures("server")
def test_what_is_refused_is_tried_again_after_growing_pauses(post: Post, clock: time_machine.Traveller) -> None:
    post.refusals["TEXT"] = ["451 Come back later"] * 3
    mail_id = queue()

    for attempt, minutes in enumerate((1, 4, 16), start=1):
        assert send_due_mail() == 0
        assert state_of(mail_id) == (MailState.QUEUED, attempt)
        assert "451" in str(db.session.get_one(Mail, mail_id).error)
        clock.shift(timedelta(minutes=minutes, seconds=-1))
        send_due_mail()
        assert state_of(mail_id) == (MailState.QUEUED, attempt)
        clock.shift(timedelta(seconds=1))

    assert send_due_mail() == 1
    assert state_of(mail_id) == (MailState.SENT, 4)
    assert db.session.get_one(Mail, mail_id).error is None


@pytest.mark.usefixtures("server")
def test_what_is_refused_for_days_is_given_up(post: Post, clock: time_machine.Traveller) -> None:
    post.refusals["TEXT"] = ["451 Come back later"] * 100
    mail_id = queue()

    for _ in range(MAX_ATTEMPTS + 2):
        send_due_mail()
        clock.shift(timedelta(days=4))

    assert state_of(mail_id) == (MailState.FAILED, MAX_ATTEMPTS)
    assert len(post.refusals["TEXT"]) == 100 - MAX_ATTEMPTS


@pytest.mark.usefixtures("server")
def test_a_line_that_drops_repeats_the_mail_under_the_same_number(post: Post, clock: time_machine.Traveller) -> None:
    post.hang_ups["TAKEN"] = 1
    mail_id = queue()

    assert send_due_mail() == 0
    assert state_of(mail_id) == (MailState.QUEUED, 1)
    clock.shift(timedelta(minutes=1))
    assert send_due_mail() == 1

    first, second = post.numbers
    assert first == second
    assert first.endswith("@guildhall.example>")


def test_a_server_that_is_away_loses_nothing(post: Post, port: int, clock: time_machine.Traveller) -> None:
    first, second = queue("First"), queue("Second")

    assert send_due_mail() == 0
    # The second is not tried: that the server is away is known by now.
    assert [state_of(first), state_of(second)] == [(MailState.QUEUED, 1), (MailState.QUEUED, 0)]

    clock.shift(timedelta(minutes=1))
    with running(post, port):
        assert send_due_mail() == 2
    assert post.subjects == ["First", "Second"]


@pytest.mark.usefixtures("server")
def test_what_a_killed_worker_had_in_hand_is_sent_after_a_while(post: Post, clock: time_machine.Traveller) -> None:
    mail_id = queue()
    with transaction():
        mail = db.session.get_one(Mail, mail_id)
        mail.state, mail.attempts, mail.due_at = MailState.SENDING, 1, utc_now() + CLAIM

    clock.shift(CLAIM - timedelta(seconds=1))
    assert send_due_mail() == 0
    clock.shift(timedelta(seconds=1))
    assert send_due_mail() == 1
    assert state_of(mail_id) == (MailState.SENT, 2)


@pytest.mark.usefixtures("server")
def test_a_mail_that_cannot_be_worded_does_not_stop_the_others(post: Post) -> None:
    with transaction() as session:
        queue_mail(session, Reader(), "no such kind", {}, now=utc_now())
        queue_mail(session, Reader(), "test", {}, now=utc_now())
    queue("Third")

    assert send_due_mail() == 1

    assert post.subjects == ["Third"]
    assert [mail.state for mail in db.session.scalars(select(Mail).order_by(Mail.id))] == ["failed", "failed", "sent"]


@pytest.mark.usefixtures("server")
def test_a_line_break_in_a_title_adds_no_header(post: Post) -> None:
    queue("Changed: Trunk\r\nBcc: eve@example.com")

    assert send_due_mail() == 1

    message = post.taken[0][2]
    assert message["Subject"] == "Changed: Trunk Bcc: eve@example.com"
    assert message["Bcc"] is None


@pytest.mark.usefixtures("server")
def test_what_was_rolled_back_was_never_said(post: Post) -> None:
    def queue_and_fail() -> None:
        with transaction() as session:
            queue_mail(session, Reader(), "test", {"subject": "Hello"}, now=utc_now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        queue_and_fail()

    assert send_due_mail() == 0


@pytest.mark.usefixtures("server")
def test_a_worker_that_shall_stop_is_not_held_up_by_a_long_queue(post: Post) -> None:
    with transaction() as session:
        for number in range(BATCH + 1):
            queue_mail(session, Reader(), "test", {"subject": f"{number}"}, now=utc_now())

    assert [send_due_mail(), send_due_mail()] == [BATCH, 1]


def test_the_certificate_of_the_mail_server_is_checked(
    app: Flask, configure: Callable[..., None], port: int, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    contexts: list[ssl.SSLContext] = []
    monkeypatch.setattr("smtplib.SMTP.starttls", lambda _self, context: contexts.append(context))
    configure(mail_use_tls=True)
    queue()

    with running(post, port):
        assert send_due_mail() == 1

    assert [(context.verify_mode, context.check_hostname) for context in contexts] == [(ssl.CERT_REQUIRED, True)]


def test_old_mail_is_forgotten_when_it_is_done_with(clock: time_machine.Traveller) -> None:
    for state in MailState:
        mail_id = queue()
        with transaction() as session:
            session.get_one(Mail, mail_id).state = state

    clock.shift(timedelta(days=29))
    assert forget_old_mail() == 0
    clock.shift(timedelta(days=2))
    assert forget_old_mail() == 3
    assert set(db.session.scalars(select(Mail.state))) == {"queued", "sending"}


def test_without_a_mail_server_mail_is_written_to_files(configure: Callable[..., None], tmp_path: Path) -> None:
    configure(data_dir=tmp_path)
    queue("你好", link="https://guildhall.example/join/token", body="链接")

    assert send_due_mail() == 1

    (written,) = (tmp_path / "mail").iterdir()
    # As people look into it, without a program for mail.
    assert "链接\r\n\r\nhttps://guildhall.example/join/token" in written.read_bytes().decode()
    assert written.suffix == ".eml"


def test_a_folder_that_cannot_be_written_is_tried_again(configure: Callable[..., None], tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")
    configure(data_dir=tmp_path)
    mail_id = queue()

    assert send_due_mail() == 0

    assert state_of(mail_id) == (MailState.QUEUED, 1)


class Words(HTMLParser):
    """What of a page is read, and where its links lead."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.links: list[str | None] = []
        self.loads: list[tuple[str, str | None]] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        self._silent += tag in {"style", "title"}
        self._text += " " * (tag in {"p", "br"})
        self.links += [value for name, value in attrs if name == "href"]
        self.loads += [(name, value) for name, value in attrs if name in {"src", "background", "srcset"}]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text += data

    @property
    def words(self) -> list[str]:
        return self._text.split()


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("code", ["en", "zh"])
def test_html_and_text_say_the_same(post: Post, code: str) -> None:
    body = "喆祎 & <b>Co</b>, see https://example.com/a?b=1&c=2.\n参加：https://example.com/参加，好\n\nnext paragraph"
    actions = [["Take <it>", "https://guildhall.example/offers/1"], ["Leave it", "https://guildhall.example/offers/2"]]
    queue("Seat", Reader(language=code), body=body, link="https://guildhall.example/x", actions=actions)

    send_due_mail()

    message = post.messages[0]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    said = Words()
    said.feed(texts(message)["text/html"])
    plain = texts(message)["text/plain"].split()
    # In plain text a button is its name and its address.
    assert said.words == [
        word.removesuffix(":") if word in {"<it>:", "it:"} else word
        for word in plain
        if not word.startswith("https://guildhall.example/offers/") and word != "--"
    ]
    assert said.links == [
        "https://example.com/a?b=1&c=2",
        "https://example.com/参加",
        "https://guildhall.example/offers/1",
        "https://guildhall.example/offers/2",
        "https://guildhall.example/x",
        "http://127.0.0.1:8000",
    ]
    assert said.loads == []


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize(
    "title",
    [
        "Trunk\r\nBcc: eve@example.com",
        "Trunk\nContent-Type: text/evil\n\nbody",
        "Trunk\u2028Bcc: eve@example.com\x00\x0b",
        "=?utf-8?q?Trunk=0ABcc:_eve?=",
    ],
)
def test_no_title_becomes_a_header(post: Post, title: str) -> None:
    queue(title, actions=[[title, "https://guildhall.example/x"]], body=title)

    assert send_due_mail() == 1

    message = post.messages[0]
    assert message["Bcc"] is None
    assert post.taken[0][1] == ["yue@example.com"]
    assert message.get_content_type() == "multipart/alternative"
    assert {name.lower() for name in message} == {
        "subject",
        "from",
        "to",
        "date",
        "message-id",
        "auto-submitted",
        "content-language",
        "mime-version",
        "content-type",
    }


@pytest.mark.usefixtures("server")
def test_an_address_that_is_several_gets_nothing(post: Post) -> None:
    mail_id = queue(reader=Reader("yue@example.com, eve@example.com"))

    assert send_due_mail() == 0

    assert (state_of(mail_id)[0], post.taken) == (MailState.FAILED, [])


@pytest.mark.usefixtures("server")
def test_what_no_longer_holds_is_dropped(app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.extensions["current messages"], "test", lambda _params, _user_id, _now: None)
    mail_id = queue(link="https://guildhall.example/secret")

    assert send_due_mail() == 0

    assert (state_of(mail_id)[0], post.taken) == (MailState.DROPPED, [])
    assert db.session.get_one(Mail, mail_id).params == {}


@pytest.mark.usefixtures("server")
def test_what_is_brought_up_to_date_says_what_holds_now(
    app: Flask, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(
        app.extensions["current messages"], "test", lambda params, _user_id, _now: {**params, "subject": "New"}
    )
    queue("Old")

    send_due_mail()

    assert post.subjects == ["New"]


def test_a_long_mail_in_chinese_arrives_as_it_was(post: Post, port: int) -> None:
    body = "喆祎：" + "很长的一行，" * 400 + "\n.\n..\n.end"
    queue("很长的主题" * 30, body=body)

    with running(post, port):
        assert send_due_mail() == 1

    assert post.messages[0]["Subject"] == "很长的主题" * 30
    assert texts(post.messages[0])["text/plain"].replace("\r\n", "\n").startswith(body + "\n")
    again = message_from_bytes(post.messages[0].as_bytes(), policy=policy.default)
    assert again["Message-ID"] == post.numbers[0]


def test_nobody_takes_over_what_is_still_being_sent() -> None:
    assert CLAIM.total_seconds() > transport.MAIL_SECONDS
