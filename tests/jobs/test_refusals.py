"""A mail server that says no, hangs up or takes its time, at every stage of a talk."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
import time_machine

from app.jobs import transport
from app.jobs.mail import send_due_mail
from app.jobs.models import MailState
from tests.jobs.post import STAGES, Post, running
from tests.jobs.queueing import queue, reason_of, state_of


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("stage", ["RCPT", "DATA", "TEXT"])
def test_a_final_no_to_the_mail_fails_at_once_with_its_reason(post: Post, stage: str) -> None:
    post.refusals[stage] = ["550 No such mailbox here"]
    bad, good = queue("Bad"), queue("Good")

    assert send_due_mail() == 1

    assert state_of(bad) == (MailState.FAILED, 1)
    assert "550 No such mailbox here" in reason_of(bad)
    assert (state_of(good), post.subjects) == ((MailState.SENT, 1), ["Good"])


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("stage", ["EHLO", "MAIL", "RCPT", "DATA", "TEXT"])
def test_a_no_for_now_is_tried_again(post: Post, clock: time_machine.Traveller, stage: str) -> None:
    # A server that refuses EHLO is greeted with HELO, as the old ones want it.
    post.refusals[stage] = ["451 Greylisted"]
    mail_id = queue()

    first = send_due_mail()
    clock.shift(timedelta(minutes=1))
    second = send_due_mail()

    assert [first, second] == ([1, 0] if stage == "EHLO" else [0, 1])
    assert state_of(mail_id) == (MailState.SENT, 1 + second)
    assert len(post.taken) == 1


@pytest.mark.usefixtures("server")
def test_a_no_to_us_is_tried_again_for_it_is_a_setting(post: Post, clock: time_machine.Traveller) -> None:
    post.refusals["MAIL"] = ["530 Log in first"]
    mail_id = queue()

    assert send_due_mail() == 0
    assert (state_of(mail_id), "530" in reason_of(mail_id)) == ((MailState.QUEUED, 1), True)
    clock.shift(timedelta(minutes=1))
    assert send_due_mail() == 1


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("stage", STAGES)
def test_a_line_that_drops_loses_nothing(post: Post, clock: time_machine.Traveller, stage: str) -> None:
    post.hang_ups[stage] = 1
    mail_id = queue()

    send_due_mail()
    clock.shift(timedelta(minutes=1))
    send_due_mail()

    assert state_of(mail_id)[0] == MailState.SENT
    # Only where the answer to the last dot is lost, nobody can know; the copy has the same number.
    assert len(post.taken) == (2 if stage == "TAKEN" else 1)
    assert len(set(post.numbers)) == 1
    # What goes wrong after the mail was taken is no reason to send it again.
    assert state_of(mail_id)[1] == (1 if stage == "QUIT" else 2)


@pytest.mark.usefixtures("server")
def test_after_a_line_that_dropped_the_other_mails_wait_for_the_next_round(post: Post) -> None:
    post.hang_ups["MAIL"] = 1
    first, second = queue("First"), queue("Second")

    assert send_due_mail() == 0
    assert [state_of(first), state_of(second)] == [(MailState.QUEUED, 1), (MailState.QUEUED, 0)]
    assert send_due_mail() == 1
    assert post.subjects == ["Second"]


@pytest.mark.usefixtures("server")
@pytest.mark.parametrize("stage", [stage for stage in STAGES if stage not in {"TAKEN", "QUIT"}])
@pytest.mark.slow
def test_a_server_that_does_not_answer_is_left(post: Post, monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    monkeypatch.setattr(transport, "ANSWER_SECONDS", 0.3)
    post.pauses[stage] = 1.0
    mail_id = queue()
    began = time.monotonic()

    assert send_due_mail() == 0

    # EHLO is asked again as HELO.
    assert time.monotonic() - began < 2
    assert state_of(mail_id) == (MailState.QUEUED, 1)


@pytest.mark.usefixtures("server")
@pytest.mark.slow
def test_a_server_that_is_slow_all_along_is_left_before_somebody_takes_over(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport, "MAIL_SECONDS", 0.7)
    post.pauses = dict.fromkeys(STAGES, 0.3)
    mail_id = queue()

    assert send_due_mail() == 0

    assert (state_of(mail_id), post.taken) == ((MailState.QUEUED, 1), [])


def test_a_slow_answer_is_an_answer(post: Post, port: int) -> None:
    post.pauses = dict.fromkeys(STAGES, 0.05)
    mail_id = queue()

    with running(post, port):
        assert send_due_mail() == 1

    assert (state_of(mail_id), len(post.taken)) == ((MailState.SENT, 1), 1)
