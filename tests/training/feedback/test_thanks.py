"""Who is thanked, when, once; also if the worker is killed or there are two."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing.synchronize import Barrier

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.jobs.messages import reading_as, word
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.training.feedback.models import Thanked
from app.training.feedback.thanks import thank
from app.training.seats.presence import Presence
from app.training.service import cancel
from tests.factories.afterwards import HOUR, count_rows, make_past, mark
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_coach, make_training, sign_up
from tests.training.crowd import run_together
from tests.training.test_kill import killed_at

pytestmark = [pytest.mark.both_databases]
KIND = "training thanks"


def thanked() -> list[str]:
    """The names of those who were thanked, as often as they were."""
    db.session.rollback()
    query = select(User.name).join(Notice, Notice.user_id == User.id).where(Notice.kind == KIND).order_by(User.name)
    return list(db.session.execute(query).scalars())


def test_whoever_was_there_hears_at_the_end_and_the_absent_never(app: Flask, clock: time_machine.Coordinates) -> None:
    ada, bo, cem, eva = (make_user(name) for name in ("Ada", "Bo", "Cem", "Eva"))
    training = make_past(make_coach(), ada, bo, cem, eva)
    mark(training, ada, Presence.PRESENT)
    mark(training, bo, Presence.ABSENT)
    mark(training, eva, Presence.EXCUSED)
    assert (thank(), thank()) == (1, 0)
    clock.shift(3 * DAY)
    assert thank() == 0
    assert thanked() == ["Ada"]
    mark(training, cem, Presence.LATE)
    assert thank() == 1
    assert thanked() == ["Ada", "Cem"]
    assert len(db.session.execute(select(Mail).where(Mail.kind == KIND)).scalars().all()) == 2


def test_without_attendance_whoever_had_a_seat_hears_a_day_later(app: Flask, clock: time_machine.Coordinates) -> None:
    ada, dai = make_user("Ada"), make_user("Dai")
    make_past(make_coach(), ada, dai, capacity=1)
    assert thank() == 0
    clock.shift(22 * HOUR)
    assert thank() == 0
    clock.shift(HOUR)
    assert thank() == 1
    assert thanked() == ["Ada"]


def test_nobody_is_thanked_before_the_end_after_a_week_or_for_nothing(
    app: Flask, clock: time_machine.Coordinates
) -> None:
    ada, coach = make_user("Ada"), make_coach()
    old = make_past(coach, ada, ended=NOW - 8 * DAY, title="Old")
    mark(old, ada, Presence.PRESENT)
    soon = make_training(coach, starts_at=NOW + HOUR)
    sign_up(soon, ada)
    gone = make_training(coach, starts_at=NOW + HOUR, title="Gone")
    sign_up(gone, ada)
    gone_id = gone.id
    with transaction() as session:
        cancel(session, gone_id, reason="Ill", actor=coach, now=NOW)
    assert thank() == 0
    mark(soon, ada, Presence.PRESENT)
    assert thank() == 0
    clock.shift(3 * HOUR)
    assert thank() == 1
    titles = db.session.execute(select(Notice.params).where(Notice.kind == KIND)).scalars()
    assert [params["title"] for params in titles] == ["Small steps"]


def test_it_can_be_switched_off_and_on(app: Flask, clock: object, log_in: Callable[[User], FlaskClient]) -> None:
    ada, coach = make_user("Ada"), make_coach()
    mark(make_past(coach, ada, slug="steps"), ada, Presence.PRESENT)
    browser = log_in(coach)
    for _ in range(2):
        assert browser.post("/training/steps/feedback/thanks", data={"on": "0"}).status_code == 303
    assert "Nobody is thanked after this session." in browser.get("/training/steps/feedback/answers").text
    assert thank() == 0
    for _ in range(2):
        browser.post("/training/steps/feedback/thanks", data={"on": "1"})
    assert thank() == 1


def test_the_message_leads_to_the_form_in_the_readers_language(app: Flask) -> None:
    params = {"slug": "steps", "title": "Small steps"}
    with reading_as("en", "UTC"):
        message = word(KIND, params)
    assert message.subject == "Thank you for coming: Small steps"
    assert message.url is not None
    assert message.url.endswith("/training/steps/feedback")


@pytest.mark.race
def test_a_worker_that_is_killed_between_two_statements_thanks_nobody_twice(app: Flask, clock: object) -> None:
    people = [make_user(f"Person {number}") for number in range(3)]
    training = make_past(make_coach(), *people)
    for person in people:
        mark(training, person, Presence.PRESENT)
    number = 1
    while _die_at(number):
        assert (count_rows(Thanked), count_rows(Notice) - 3) in {(0, 0), (3, 3)}, f"killed at statement {number}"
        number += 1
    assert number > 8
    assert thank() == 0
    assert thanked() == ["Person 0", "Person 1", "Person 2"]


def _die_at(number: int) -> bool:
    """Run the job in a process of its own that is killed at that statement. False where it came to its end."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            with killed_at(number):
                thank()
        finally:
            os._exit(0)
    _pid, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)


def work(config: Config, barrier: Barrier, _share: object) -> None:
    """What one of several workers does."""
    app = create_app(config)
    with app.app_context():
        db.session.execute(select(User.id).limit(1))
        db.session.rollback()
        barrier.wait(60)
        with time_machine.travel(NOW):
            while thank():
                pass


@pytest.mark.race
def test_two_workers_at_once_thank_everybody_once(app: Flask, config: Config, clock: object) -> None:
    people = [make_user(f"Person {number:03}") for number in range(120)]
    training = make_past(make_coach(), *people, capacity=200)
    for person in people:
        mark(training, person, Presence.PRESENT)
    db.session.remove()
    db.engine.dispose()
    run_together(config, work, [0, 1])
    assert thanked() == [f"Person {number:03}" for number in range(120)]
