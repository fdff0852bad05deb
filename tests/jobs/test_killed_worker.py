"""Workers that are killed while they send, workers that sleep, and several at once."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from itertools import count

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event, select

from app.jobs.mail import CLAIM, send_due_mail
from app.jobs.models import Mail, MailState
from app.kernel.db import db, transaction
from tests.jobs.post import STAGES, Post
from tests.jobs.queueing import queue, state_of

pytestmark = [pytest.mark.race, pytest.mark.both_databases, pytest.mark.usefixtures("server")]


@dataclass(frozen=True)
class Worker:
    """A process of its own that sends what is due once it is told to go. It is known by a handle, for numbers of processes are
    used again.
    """

    number: int
    handle: int
    start: int

    @classmethod
    def ready(cls, prepare: Callable[[], None] = lambda: None) -> Worker:
        db.session.remove()
        db.engine.dispose()
        begin, start = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                os.read(begin, 1)
                prepare()
                send_due_mail()
            finally:
                os._exit(0)
        os.close(begin)
        return cls(child, os.pidfd_open(child), start)

    def go(self) -> None:
        os.write(self.start, b"!")
        os.close(self.start)

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.handle, signal.SIGKILL)

    def end(self) -> int:
        """Wait for it. The signal that ended it; 0 for none."""
        _pid, ended = os.waitpid(self.number, 0)
        return os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else 0


@pytest.mark.parametrize("stage", STAGES)
def test_a_worker_killed_at_any_stage_of_the_talk_loses_nothing(
    app: Flask, clock: time_machine.Traveller, post: Post, stage: str
) -> None:
    mail_id, worker = queue(), Worker.ready()
    post.visit = lambda at: worker.kill() if at == stage else None
    worker.go()
    ended = worker.end()

    before_mark = stage != "QUIT"
    assert (ended, state_of(mail_id)) == (signal.SIGKILL, (MailState.SENDING if before_mark else MailState.SENT, 1))
    assert send_due_mail() == 0
    clock.shift(CLAIM)
    assert send_due_mail() == (1 if before_mark else 0)
    assert state_of(mail_id)[0] == MailState.SENT
    # From the last dot on the server has all it needs, and nobody can tell whether it took it.
    assert len(post.taken) == (2 if stage in {"TEXT", "TAKEN"} else 1)
    assert len(set(post.numbers)) == 1


def test_a_worker_killed_at_any_statement_loses_nothing(app: Flask, clock: time_machine.Traveller, post: Post) -> None:
    """The statements are counted, the commits among them; the mark is the last of them."""
    copies, number = [], 0
    while True:
        number += 1
        post.taken.clear()
        mail_id = queue()

        def die(at: int = number) -> None:
            sent = 0

            def note(*_: object) -> None:
                nonlocal sent
                sent += 1
                if sent == at:
                    os.kill(os.getpid(), signal.SIGKILL)

            event.listen(db.engine, "before_cursor_execute", note)
            event.listen(db.engine, "commit", note)

        worker = Worker.ready(die)
        worker.go()
        ended = worker.end()
        clock.shift(CLAIM)
        send_due_mail()
        assert state_of(mail_id)[0] == MailState.SENT, f"killed at statement {number}"
        assert len(set(post.numbers)) == 1
        copies.append(len(post.taken))
        if not ended or number > 40:
            break
    assert number > 8
    # Twice only if the server had it and the mark was not committed: the mark's own statements, at the end.
    assert Counter(copies)[1] + Counter(copies)[2] == len(copies)
    assert copies[-1] == 1
    assert 1 <= Counter(copies)[2] <= 4
    assert 2 not in copies[: len(copies) // 2]


def test_a_worker_that_slept_too_long_sends_nothing(app: Flask, clock: time_machine.Traveller, post: Post) -> None:
    """Another one took the mail over while the first waited for the answer to RCPT."""
    mail_id, helpers = queue(), list[bool]()

    def take_over(at: str) -> None:
        if at == "RCPT" and not helpers:
            helpers.append(True)
            clock.shift(CLAIM)
            with app.app_context(), transaction():
                mail = db.session.get_one(Mail, mail_id)
                mail.attempts, mail.due_at = mail.attempts + 1, mail.due_at + CLAIM

    post.visit = take_over
    assert send_due_mail() == 0

    assert (state_of(mail_id), post.taken) == ((MailState.SENDING, 2), [])


def test_several_workers_that_are_killed_again_and_again_send_everything(
    app: Flask, clock: time_machine.Traveller, post: Post
) -> None:
    # More than six rounds can send, so that every worker still has something to do when it is killed.
    for number in range(60):
        queue(f"Number {number:02}")
    ended: Counter[int] = Counter()
    for _round in range(6):
        workers, visits = [Worker.ready() for _ in range(3)], count(1)
        doomed = dict(zip((6, 13, 20), workers, strict=True))

        def kill(_stage: str, visits: Iterator[int] = visits, doomed: dict[int, Worker] = doomed) -> None:
            victim = doomed.get(next(visits))
            if victim is not None:
                victim.kill()

        post.visit = kill
        for worker in workers:
            worker.go()
        ended.update(worker.end() for worker in workers)
        clock.shift(CLAIM + timedelta(seconds=1))
    post.visit = lambda _stage: None
    while send_due_mail():
        pass

    states = db.session.scalars(select(Mail.state)).all()
    assert Counter(states) == {MailState.SENT: 60}
    assert sorted(set(post.subjects)) == [f"Number {number:02}" for number in range(60)]
    assert len(set(post.numbers)) == 60
    # A copy came at most of what a worker had in hand when it was killed.
    assert ended == {signal.SIGKILL: 18}
    assert len(post.taken) - 60 <= 18
