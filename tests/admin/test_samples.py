"""Made-up people and sessions: in by one command, out by another, and nothing stays behind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest
import time_machine
import yaml
from click.testing import Result
from flask import Flask
from sqlalchemy import Select, func, select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.admin.content import sync
from app.coaches.models import Coach
from app.config import ROOT
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import Base, db, transaction
from app.notifications.models import Notice
from app.search.outbox import backlog, drain, the_index
from app.training.certificates.jobs import doubt, issue_due
from app.training.certificates.models import Certificate
from app.training.courses.models import Course, Series
from app.training.courses.rules import Scope
from app.training.courses.series import change_series
from app.training.feedback.queries import list_averages
from app.training.feedback.thanks import thank
from app.training.materials.models import Material
from app.training.materials.rules import Audience
from app.training.materials.telling import tell
from app.training.models import Meeting, TrainingSession
from app.training.reminders.jobs import remind_people
from app.training.reminders.models import ReminderPlan
from app.training.seats.deciding import admit
from app.training.seats.jobs import decide_minimums, end_holds, lapse_offers
from app.training.seats.models import Enrolment, SeatHold, SignupAnswer, SignupQuestion
from app.training.seats.presence import Attendance, Presence
from app.training.seats.rules import Seat
from app.training.seats.taking import enrol
from app.training.service import details_of
from app.training.talks.models import Talk
from app.training.wishes.models import Wish
from app.training.wishes.queries import Choices, count_facets, count_teams
from app.training.wishes.rules import State
from app.training.wishes.service import close, vote
from tests.factories.people import EARLIER, make_user
from tests.factories.practices import make_practice
from tests.factories.searching import watching
from tests.factories.training import make_training

pytestmark = pytest.mark.slow

T = TypeVar("T")


def samples(app: Flask, word: str) -> Result:
    result = app.test_cli_runner().invoke(args=["samples", word])
    assert result.exit_code == 0, result.output
    db.session.rollback()
    return result


def contents() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the counter of writes and the log of what search has to read again."""
    return {
        table.name: sorted((tuple(row) for row in db.session.execute(select(table))), key=repr)
        for table in Base.metadata.sorted_tables
        if table.name not in {"revision", "search_outbox"}
    }


def count(table: type) -> int:
    return db.session.execute(select(func.count()).select_from(table)).scalar_one()


def test_they_come_and_go_without_a_trace(app: Flask, folder: Path) -> None:
    sync(folder)
    make_user("A real person")
    drain()
    before, found = contents(), the_index().count_by_kind()
    samples(app, "load")
    assert (count(Coach), count(Team) >= 3, count(TrainingSession) >= 5) == (8, True, True)
    assert count(Mail) == 0
    drain()
    assert the_index().count_by_kind()["coach"] == 8
    assert "Taken out: " in samples(app, "remove").stdout
    drain()
    assert backlog() == 0
    assert contents() == before
    assert the_index().count_by_kind() == found


def test_loading_twice_adds_nothing(app: Flask, folder: Path) -> None:
    sync(folder)
    samples(app, "load")
    first = {table.__name__: count(table) for table in (User, Team, Coach, TrainingSession, Enrolment)}
    samples(app, "load")
    assert {table.__name__: count(table) for table in (User, Team, Coach, TrainingSession, Enrolment)} == first


def test_they_are_whole(app: Flask, folder: Path) -> None:
    sync(folder)
    samples(app, "load")
    coaches = db.session.execute(select(Coach)).scalars().all()
    assert all(coach.skills and coach.languages and coach.headline and coach.bio_html for coach in coaches)
    full = [each for each in db.session.execute(select(TrainingSession)).unique().scalars() if _waiting(each.id)]
    assert full
    for training in full:
        assert _seats(training.id, Seat.CONFIRMED) + _seats(training.id, Seat.OFFERED) == training.capacity
    assert all(
        user.is_sample and user.password_hash is None for user in db.session.execute(select(User)).unique().scalars()
    )


def _seats(training_id: int, state: Seat) -> int:
    query = select(func.count()).where(Enrolment.training_id == training_id, Enrolment.state == state)
    return db.session.execute(query).scalar_one()


def _trainings() -> list[TrainingSession]:
    return list(db.session.execute(select(TrainingSession)).unique().scalars())


def _training(slug: str) -> TrainingSession:
    return _one(select(TrainingSession).where(TrainingSession.slug == slug))


def _one(query: Select[T]) -> T:
    return db.session.execute(query).unique().scalar_one()


def state_counts(now: datetime) -> dict[str, int]:
    """How many wishes are in which state, whether the board shows it or not."""
    every = Choices(state=tuple(State))
    return dict(count_facets(every, now=now)["state"])


def _waiting(training_id: int) -> bool:
    return _seats(training_id, Seat.WAITING) > 0


def test_real_people_who_tried_them_out_stay(app: Flask, folder: Path) -> None:
    """Somebody joined a sample team and took a seat in a sample session."""
    sync(folder)
    samples(app, "load")
    somebody = make_user("A real person")
    with transaction() as session:
        team = session.execute(select(Team).where(Team.is_sample).limit(1)).scalar_one()
        training = session.execute(select(TrainingSession).limit(1)).unique().scalar_one()
        session.add(Membership(user_id=somebody.id, team_id=team.id))
        session.add(
            Enrolment(
                training_id=training.id,
                user_id=somebody.id,
                state=Seat.CONFIRMED,
                queue=99,
                enrolled_at=EARLIER,
                changed_at=EARLIER,
            )
        )
    samples(app, "remove")
    assert db.session.execute(select(User.name)).scalars().all() == ["A real person"]
    assert (count(Team), count(TrainingSession), count(Enrolment), count(Membership)) == (0, 0, 0, 0)


@pytest.mark.both_databases
def test_who_signed_up_for_them_hears_no_more_of_them(app: Flask, folder: Path) -> None:
    """Notices, mail that waits, places, votes, feedback and a series that was split: all of it goes."""
    sync(folder)
    somebody = make_user("A real person", Role.ADMINISTRATOR)
    before = contents()
    samples(app, "load")
    clinic, series = _training("sample-clinic").id, _one(select(Series))
    wish = _one(select(Wish).where(Wish.title.startswith("Flaky")))
    with transaction() as session:
        enrol(session, clinic, actor=somebody, now=utc_now())
        enrol(session, _training("sample-environments").id, actor=somebody, now=utc_now())
        vote(session, wish.id, actor=somebody, now=utc_now())
        close(session, wish.id, reason="For the test", actor=somebody, now=utc_now())
        admit(session, _training("sample-alerts").id, somebody.id, reason="Was there", actor=somebody, now=utc_now())
        for certificate in session.execute(select(Certificate)).scalars():
            certificate.user_id = somebody.id if certificate.revoked_at else certificate.user_id
    series_of = select(TrainingSession).where(TrainingSession.series_id == series.id)
    later = list(db.session.execute(series_of.order_by(TrainingSession.starts_at)).unique().scalars())
    details = replace(details_of(later[2]), title="Another name from here on")
    seen = {training.id: training.revision for training in later}
    with transaction() as session:
        change_series(session, later[2].id, details, scope=Scope.LATER, seen=seen, actor=somebody, now=utc_now())
    assert (count(Series), count(Mail) >= 2, count(Notice) >= 2) == (2, True, True)
    samples(app, "remove")
    assert contents() == before


def test_they_show_what_training_can_do(app: Flask, folder: Path) -> None:
    sync(folder)
    samples(app, "load")
    now = utc_now()
    course = _one(select(Course).where(Course.slug == "sample-pipeline-course"))
    of_course = [each for each in _trainings() if each.course_id == course.id]
    assert (bool(course.practices), len(course.before)) == (True, 1)
    assert sorted(len(each.meetings) for each in of_course) == [1, 1, 3]
    assert count(Series) == 1
    assert len([each for each in _trainings() if each.series_id]) == 4
    states = Counter(db.session.execute(select(Enrolment.state)).scalars())
    assert (states[Seat.OFFERED], states[Seat.REQUESTED]) == (1, 2)
    short = next(each for each in _trainings() if each.minimum)
    assert _seats(short.id, Seat.CONFIRMED) < short.minimum  # type: ignore[operator]
    assert (count(SeatHold), count(SignupQuestion), count(SignupAnswer)) == (1, 3, 5)
    shown = db.session.execute(select(Talk.story_slug).where(Talk.story_slug.is_not(None))).scalars()
    assert len(set(shown)) == 3
    clinic = _training("sample-clinic")
    # Some of the half hour has passed since they were loaded.
    assert timedelta(minutes=29) <= clinic.starts_at - now <= timedelta(hours=1)
    assert state_counts(now) == {"open": 2, "planned": 2, "fulfilled": 1, "closed": 1}
    teams = count_teams(db.session.execute(select(Wish.id)).scalars().all())
    assert len(teams) == 6
    assert min(len(of_wish) for of_wish in teams.values()) >= 2
    assert count(ReminderPlan) == 0


def test_the_past_workshop_has_all_that_comes_after_one(app: Flask, folder: Path) -> None:
    sync(folder)
    samples(app, "load")
    workshop = _training("sample-test-data")
    said = select(Attendance.state).join(Meeting).where(Meeting.training_id == workshop.id)
    assert set(db.session.execute(said).scalars()) == set(Presence)
    assert list_averages([workshop.id])[workshop.id].is_public
    certificates = db.session.execute(select(Certificate).where(Certificate.training_id == workshop.id)).unique()
    by_name = {each.name: each.revoked_at is not None for each in certificates.scalars()}
    assert by_name == {
        "韩喆": False,
        "罗丹": False,
        "王磊": False,
        "沈一": False,
        "Kofi Mensah": False,
        "Jonas Weber": False,
        "马骏": True,
    }
    audiences = db.session.execute(select(Material.audience).where(Material.training_id == workshop.id)).scalars()
    assert set(audiences) == set(Audience)


def test_the_last_step_of_every_place_says_its_state(app: Flask, folder: Path) -> None:
    """What holds of places that people took holds of made-up ones, too (docs/training.md, Seats, 9)."""
    sync(folder)
    samples(app, "load")
    places = db.session.execute(select(Enrolment)).unique().scalars().all()
    assert len(places) > 50
    assert [place.id for place in places if not place.events or place.events[-1].state != place.state] == []


def test_nobody_made_up_is_sent_mail_later_either(app: Flask, folder: Path) -> None:
    """The worker reminds, thanks, passes offers on and issues certificates, for weeks."""
    sync(folder)
    samples(app, "load")
    with time_machine.travel(utc_now(), tick=False) as traveller:
        for _day in range(30):
            traveller.shift(timedelta(days=1))
            for work in (lapse_offers, end_holds, decide_minimums, remind_people, thank, tell, issue_due, doubt):
                work()
    assert count(Notice) > 20
    assert count(Mail) == 0


def test_without_content_they_come_too(app: Flask) -> None:
    samples(app, "load")
    assert count(Coach) == 8


def test_coaches_own_articles_that_are_there() -> None:
    data = yaml.safe_load((ROOT / "content" / "sample" / "people.yaml").read_text(encoding="utf-8"))
    owned = [slug for coach in data["coaches"] for slug in coach.get("owns", ())]
    present = {path.name.split(".")[0] for path in (ROOT / "content" / "practices").rglob("*.md")}
    assert len(owned) >= 8
    assert set(owned) <= present


def test_search_hears_of_what_hung_on_them(app: Flask, folder: Path) -> None:
    sync(folder)
    samples(app, "load")
    person = db.session.execute(select(Coach).order_by(Coach.id)).scalars().first()
    assert person is not None
    real = make_user("A real coach", Role.COACH)
    training = make_training(real, coach_ids=[real.id, person.user_id])
    practice = make_practice("a-practice-of-theirs", owner_id=person.user_id)
    with watching() as change:
        samples(app, "remove")
    assert {f"training:{training.id}", f"practice:{practice.id}"} <= change.real
    assert change.real - change.told == set()
