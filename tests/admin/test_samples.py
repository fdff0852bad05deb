"""Made-up people and sessions: in by one command, out by another, and nothing stays behind."""

from __future__ import annotations

from pathlib import Path

import yaml
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.admin.content import sync
from app.coaches.models import Coach
from app.config import ROOT
from app.jobs.models import Mail
from app.kernel.db import Base, db, transaction
from app.search.outbox import backlog, drain, the_index
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat
from tests.factories.people import EARLIER, make_user
from tests.factories.practices import make_practice
from tests.factories.searching import watching
from tests.factories.training import make_training


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
        assert _seats(training.id, Seat.CONFIRMED) == training.capacity
    assert all(
        user.is_sample and user.password_hash is None for user in db.session.execute(select(User)).unique().scalars()
    )


def _seats(training_id: int, state: Seat) -> int:
    query = select(func.count()).where(Enrolment.training_id == training_id, Enrolment.state == state)
    return db.session.execute(query).scalar_one()


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
