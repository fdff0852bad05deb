"""Reminders: sent once, to those with a seat, before the start; moved with the session; caught up after an outage."""

from __future__ import annotations

import multiprocessing
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.training.models import TrainingSession
from app.training.reminders.jobs import remind_people
from app.training.reminders.models import Reminder
from app.training.reminders.rules import Lead
from app.training.reminders.service import BATCH, choose_leads
from app.training.seats.ledger import lock
from app.training.service import cancel, change
from tests.factories.people import make_user
from tests.factories.training import NOW, leave, make_coach, make_details, make_training, sign_up
from tests.training.calendar_entries.mailing import Letterbox, calendar_parts
from tests.training.test_kill import act_and_die_in_job

pytestmark = pytest.mark.usefixtures("app", "clock")
START = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def training(app: Flask, clock: object) -> TrainingSession:
    return make_training(slug="steps", starts_at=START)


def choose(training: TrainingSession, leads: Collection[Lead]) -> None:
    training_id = training.id
    with transaction() as session:
        choose_leads(session, training_id, leads)


def alter(training: TrainingSession, **details: object) -> None:
    training_id = training.id
    with transaction() as session:
        present = lock(session, training_id)
        coach = present.coaches[0]
        wanted = make_details(coach, **{"starts_at": START, **details})
        change(session, training_id, wanted, revision=present.revision, actor=coach, now=NOW)


def reminded(person: User) -> int:
    """How many reminders were queued for the person."""
    db.session.rollback()
    query = select(func.count()).where(Mail.to == person.email, Mail.kind == "training reminder")
    return db.session.execute(query).scalar_one()


def reminders() -> list[str]:
    """To whom reminders were queued."""
    db.session.rollback()
    return list(db.session.scalars(select(Mail.to).where(Mail.kind == "training reminder")))


def at(clock: time_machine.Traveller, moment: datetime) -> int:
    """Let the worker look at that moment, twice."""
    clock.move_to(moment, tick=False)
    return remind_people() + remind_people()


@pytest.mark.both_databases
def test_a_day_before_unless_something_else_was_chosen(
    training: TrainingSession, clock: time_machine.Traveller
) -> None:
    person = make_user()
    sign_up(training, person)
    counts = []
    for moment in (START - DAY - HOUR, START - DAY, START - HOUR, START + HOUR):
        at(clock, moment)
        counts.append(reminded(person))
    assert counts == [0, 1, 1, 1]


@pytest.mark.both_databases
def test_a_week_a_day_and_an_hour_before(training: TrainingSession, clock: time_machine.Traveller) -> None:
    person = make_user()
    sign_up(training, person)
    choose(training, set(Lead))
    counts = []
    for moment in (START - 7 * DAY, START - 3 * DAY, START - DAY, START - 2 * HOUR, START - HOUR, START):
        at(clock, moment)
        counts.append(reminded(person))
    assert counts == [1, 1, 2, 2, 3, 3]


def test_never_if_the_coach_chose_so(training: TrainingSession, clock: time_machine.Traveller) -> None:
    person = make_user()
    sign_up(training, person)
    choose(training, set())
    for moment in (START - 7 * DAY, START - DAY, START - HOUR):
        at(clock, moment)
    assert reminded(person) == 0


def test_only_to_those_with_a_seat(clock: time_machine.Traveller) -> None:
    training = make_training(starts_at=START, capacity=1)
    seated, waits, left = make_user(), make_user(), make_user()
    sign_up(training, left)
    leave(training, left)
    sign_up(training, seated, waits)
    at(clock, START - DAY)
    assert [reminded(person) for person in (seated, waits, left)] == [1, 0, 0]


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_not_of_what_does_not_take_place(clock: time_machine.Traveller, state: str) -> None:
    coach, person = make_coach(), make_user()
    training = make_training(coach, starts_at=START)
    sign_up(training, person)
    training_id, coach_id = training.id, coach.id
    with transaction() as session:
        if state == "cancelled":
            cancel(session, training_id, reason="Ill", actor=session.get_one(User, coach_id), now=NOW)
        else:
            session.get_one(TrainingSession, training_id).state = state
    assert at(clock, START - DAY) == 0


def test_after_an_outage_it_is_sent_once_and_only_the_nearest(
    training: TrainingSession, clock: time_machine.Traveller
) -> None:
    person = make_user()
    sign_up(training, person)
    choose(training, set(Lead))
    at(clock, START - 30 * timedelta(minutes=1))
    assert reminded(person) == 1
    at(clock, START - timedelta(minutes=1))
    assert reminded(person) == 1
    assert at(clock, START) == 0


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=1), 5 * HOUR])
def test_never_after_the_start(training: TrainingSession, clock: time_machine.Traveller, late: timedelta) -> None:
    person = make_user()
    sign_up(training, person)
    choose(training, set(Lead))
    at(clock, START + late)
    assert reminded(person) == 0


def test_it_is_moved_with_the_session(training: TrainingSession, clock: time_machine.Traveller) -> None:
    person = make_user()
    sign_up(training, person)
    alter(training, starts_at=START + 5 * DAY)
    at(clock, START - DAY)
    assert reminded(person) == 0
    at(clock, START + 4 * DAY)
    assert reminded(person) == 1


def test_moved_far_after_the_reminder_there_is_another_one(
    training: TrainingSession, clock: time_machine.Traveller
) -> None:
    person = make_user()
    sign_up(training, person)
    at(clock, START - DAY)
    alter(training, starts_at=START + 5 * DAY)
    at(clock, START)
    assert reminded(person) == 1
    at(clock, START + 4 * DAY)
    assert reminded(person) == 2


def test_moved_by_an_hour_after_the_reminder_the_mail_about_the_change_is_enough(
    training: TrainingSession, clock: time_machine.Traveller
) -> None:
    person = make_user()
    sign_up(training, person)
    at(clock, START - DAY + 2 * HOUR)
    alter(training, starts_at=START + HOUR)
    for hours in range(20):
        at(clock, START - DAY + (3 + hours) * HOUR)
    assert reminded(person) == 1


def test_whoever_signs_up_the_evening_before_is_not_reminded_at_once(
    training: TrainingSession, clock: time_machine.Traveller
) -> None:
    clock.move_to(START - 10 * HOUR, tick=False)
    person = make_user()
    sign_up(training, person)
    choose(training, {Lead.DAY, Lead.HOUR})
    at(clock, START - 9 * HOUR)
    assert reminded(person) == 0
    at(clock, START - HOUR)
    assert reminded(person) == 1


def test_each_meeting_has_its_own(clock: time_machine.Traveller) -> None:
    times = [(START + week * 7 * DAY, START + week * 7 * DAY + HOUR) for week in range(3)]
    training = make_training(slug="course", starts_at=times[0][0], ends_at=times[-1][1], meetings=times)
    person = make_user()
    sign_up(training, person)
    counts = []
    for starts_at, _ends_at in times:
        at(clock, starts_at - DAY)
        counts.append(reminded(person))
    assert counts == [1, 2, 3]


def test_a_mail_that_waits_is_dropped_when_it_is_too_late(
    training: TrainingSession, letters: Letterbox, clock: time_machine.Traveller
) -> None:
    person = make_user()
    sign_up(training, person)
    letters.collect()
    at(clock, START - DAY)
    clock.move_to(START, tick=False)
    assert letters.kinds(person) == ["seat confirmed"]
    assert db.session.scalars(select(Mail.state).where(Mail.kind == "training reminder")).all() == ["dropped"]


def test_a_mail_that_waits_is_dropped_when_the_seat_is_gone_or_the_session_moved_far(
    training: TrainingSession, letters: Letterbox, clock: time_machine.Traveller
) -> None:
    first, second = make_user(), make_user()
    sign_up(training, first, second)
    letters.collect()
    at(clock, START - DAY)
    leave(training, first)
    assert "training reminder" not in letters.kinds(first)
    assert "training reminder" in letters.kinds(second)


def test_a_mail_that_waits_says_when_it_is_now(
    training: TrainingSession, letters: Letterbox, clock: time_machine.Traveller
) -> None:
    person = make_user()
    sign_up(training, person)
    letters.collect()
    at(clock, START - DAY + 2 * HOUR)
    alter(training, starts_at=START + HOUR, place="Room 9")
    mails = dict(letters.to(person))
    text = next(part for part in mails["training reminder"].walk() if part.get_content_type() == "text/plain")
    assert "November 30, 2026, 15:00 to 17:00" in text.get_content()
    assert "Room 9" in text.get_content()
    (calendar,) = calendar_parts(mails["training reminder"])
    assert (str(calendar["METHOD"]), calendar.events[0].start) == ("REQUEST", START + HOUR)


def test_many_people_are_reminded_in_turns(training: TrainingSession, clock: time_machine.Traveller) -> None:
    crowd = [make_user(f"Person {number}") for number in range(4)]
    sign_up(training, *crowd)
    clock.move_to(START - DAY, tick=False)
    assert len(crowd) <= BATCH
    assert [remind_people(), remind_people()] == [4, 0]


def remind_in_a_process(config: Config, barrier: object, moment: datetime) -> None:
    app = create_app(config)
    with time_machine.travel(moment, tick=False), app.app_context():
        db.session.execute(select(User.id).limit(1))
        db.session.rollback()
        barrier.wait(60)  # type: ignore[attr-defined]
        remind_people()


@pytest.mark.race
@pytest.mark.both_databases
def test_several_workers_at_once_remind_once(
    app: Flask, config: Config, training: TrainingSession, clock: time_machine.Traveller
) -> None:
    crowd = [make_user(f"Person {number}") for number in range(10)]
    sign_up(training, *crowd)
    choose(training, set(Lead))
    context = multiprocessing.get_context("forkserver")
    barrier = context.Barrier(3)
    workers = [context.Process(target=remind_in_a_process, args=(config, barrier, START - DAY)) for _number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert [reminded(person) for person in crowd] == [1] * 10
    rows = db.session.execute(select(func.count()).select_from(Reminder)).scalar_one()
    # A week before is passed over, as the day is due, too; the hour is still to come.
    assert rows == 20


@pytest.mark.race
@pytest.mark.both_databases
def test_killed_at_any_statement_nothing_is_sent_twice_or_not_at_all(
    app: Flask, training: TrainingSession, clock: time_machine.Traveller
) -> None:
    crowd = [make_user(f"Person {number}") for number in range(2)]
    sign_up(training, *crowd)
    clock.move_to(START - DAY, tick=False)
    number = 1
    while act_and_die_in_job(remind_people, number):
        assert reminders() == [], f"killed at statement {number}"
        number += 1
    assert number > 8
    assert len(set(reminders())) == len(reminders()) == 2
    assert remind_people() == 0
