"""The outbox of mail, with a real mail server at its end."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from flask import Flask
from sqlalchemy import func, select

from app.jobs import mail as outbox
from app.jobs.mail import BATCH, CLAIM, MAX_ATTEMPTS, forget_old_mail, queue_mail, send_due_mail
from app.jobs.messages import Message
from app.jobs.models import Mail, MailState
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.web.dates import clock_time
from app.web.i18n import language


@dataclass
class Post:
    """A mail server that keeps what it is given, after refusing or hanging up as often as it is told to."""

    refusals: int = 0
    hang_ups: int = 0
    taken: list[tuple[str, list[str], EmailMessage]] = field(default_factory=list)

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusals:
            self.refusals -= 1
            return "451 Come back later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, message))
        if self.hang_ups:
            self.hang_ups -= 1
            server.transport.abort()
        return "250 Taken"

    @property
    def subjects(self) -> list[str]:
        return sorted(str(message["Subject"]) for _, _, message in self.taken)


@dataclass(frozen=True)
class Reader:
    email: str = "yue@example.com"
    language: str = "en"
    time_zone: str = "Asia/Shanghai"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def port(app: Flask, configure: Callable[..., None]) -> Iterator[int]:
    """The port of the mail server to which the application is set, which does not run yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
    before = app.config["GUILDHALL"]
    configure(testing=False, mail_server="127.0.0.1", mail_port=number, mail_from="Guildhall <post@guildhall.example>")
    outbox.init_app(app)
    yield number
    app.config["GUILDHALL"] = before
    outbox.init_app(app)


@contextmanager
def running(post: Post, port: int) -> Iterator[None]:
    controller = Controller(post, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


@pytest.fixture
def server(post: Post, port: int) -> Iterator[None]:
    """The mail server runs."""
    with running(post, port):
        yield


@pytest.fixture(autouse=True)
def kinds(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def word(params: Mapping[str, Any]) -> Message:
        at = clock_time(datetime(2026, 11, 16, 2, 0, tzinfo=UTC))
        return Message(params["subject"], f"{language()} {at}", params.get("link"))

    monkeypatch.setitem(app.extensions["messages"], "test", word)


def queue(subject: str = "Hello", reader: Reader | None = None, **params: str) -> int:
    with transaction() as session:
        queue_mail(session, reader or Reader(), "test", {"subject": subject, **params}, now=utc_now())
    return db.session.scalars(select(func.max(Mail.id))).one()


def state_of(mail_id: int) -> tuple[str, int]:
    db.session.rollback()
    mail = db.session.get_one(Mail, mail_id)
    return mail.state, mail.attempts


@pytest.mark.usefixtures("server")
def test_a_mail_arrives_once(post: Post) -> None:
    mail_id = queue("Your seat", link="https://guildhall.example/training/trunk")

    assert [send_due_mail(), send_due_mail()] == [1, 0]

    ((sender, recipients, message),) = post.taken
    assert (sender, recipients) == ("post@guildhall.example", ["yue@example.com"])
    assert (message["From"], message["To"]) == ("Guildhall <post@guildhall.example>", "yue@example.com")
    assert message["Subject"] == "Your seat"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().splitlines() == [
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
    assert message.get_content().startswith("zh 02:00")


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
    post.refusals = 3
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
    post.refusals = 100
    mail_id = queue()

    for _ in range(MAX_ATTEMPTS + 2):
        send_due_mail()
        clock.shift(timedelta(days=4))

    assert state_of(mail_id) == (MailState.FAILED, MAX_ATTEMPTS)
    assert post.refusals == 100 - MAX_ATTEMPTS


@pytest.mark.usefixtures("server")
def test_a_line_that_drops_repeats_the_mail_under_the_same_number(post: Post, clock: time_machine.Traveller) -> None:
    post.hang_ups = 1
    mail_id = queue()

    assert send_due_mail() == 0
    assert state_of(mail_id) == (MailState.QUEUED, 1)
    clock.shift(timedelta(minutes=1))
    assert send_due_mail() == 1

    first, second = (message["Message-ID"] for _, _, message in post.taken)
    assert first == second
    assert first.endswith("@guildhall.example>")


def test_a_server_that_is_away_loses_nothing(post: Post, port: int, clock: time_machine.Traveller) -> None:
    first, second = queue("First"), queue("Second")

    assert send_due_mail() == 0
    assert [state_of(first), state_of(second)] == [(MailState.QUEUED, 1)] * 2

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
    outbox.init_app(app)
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
    assert forget_old_mail() == 2
    assert set(db.session.scalars(select(Mail.state))) == {"queued", "sending"}


def test_without_a_mail_server_mail_is_written_to_files(
    app: Flask, configure: Callable[..., None], tmp_path: Path
) -> None:
    before = app.config["GUILDHALL"]
    configure(testing=False, data_dir=tmp_path)
    outbox.init_app(app)
    queue("Hello", link="https://guildhall.example/join/token")

    assert send_due_mail() == 1

    (written,) = (tmp_path / "mail").iterdir()
    assert "https://guildhall.example/join/token" in written.read_text(encoding="utf-8")
    app.config["GUILDHALL"] = before
    outbox.init_app(app)
