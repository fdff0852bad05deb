"""The move of case studies into manuscripts: nothing that a team wrote is lost, and readers see what they saw."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import MetaData, Table, insert, select, text
from sqlalchemy.engine import Connection

from app.case_studies.contents import content_of_story, story_of
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS, MetricValues
from app.jobs.models import Mail
from app.kernel.db import db
from app.notifications.models import Notice
from app.writing.models import Manuscript, ManuscriptEvent
from app.writing.queries import content_of
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user

pytestmark = [pytest.mark.both_databases, pytest.mark.slow]
THEN, LATER = datetime(2026, 11, 2, 2, 0, tzinfo=UTC), datetime(2026, 11, 9, 2, 0, tzinfo=UTC)
STATES = ("draft", "submitted", "changes_requested", "published", "rejected", "withdrawn")


class Old:
    """The tables as they were."""

    def __init__(self, connection: Connection) -> None:
        self._connection, self._tables = connection, MetaData()

    def add(self, place: str, **values: Any) -> None:
        table = Table(place, self._tables, autoload_with=self._connection)
        self._connection.execute(insert(table).values(**values))


@pytest.fixture
def moved(app: Flask) -> dict[str, Any]:
    """Six case studies, one in each of the old states, and one of a file: moved."""
    capability = make_framework().areas[0].capabilities[0]
    owner, coach = make_user("Owner"), make_coach("Amara Osei")
    team = make_team("Payments", lead=owner)
    ids = {"owner": owner.id, "team": team.slug, "coach": coach.slug}
    rows = {"team_id": team.id, "capability_id": capability.id, "author_id": owner.id}
    coach_id = coach.user_id
    db.session.remove()
    downgrade(directory="migrations", revision="0013")
    downgrade(directory="migrations", revision="-1")
    with db.engine.begin() as connection:
        old = Old(connection)
        for number, state in enumerate((*STATES, "file"), 1):
            _add_story(old, number, state, rows)
            old.add(
                "case_study_metric", case_study_id=number, position=0, name="Lead time", before=21, after=4.5, unit="days",
                better="lower", window="2026", source="Build server",
            )  # fmt: skip
            old.add("credited_practice", case_study_id=number, practice_slug="b", position=0)
            old.add("credited_practice", case_study_id=number, practice_slug="a", position=1)
            old.add("credited_coach", case_study_id=number, user_id=coach_id, position=0)
            old.add("credited_session", case_study_id=number, training_slug="s", position=0)
        for step, before, after in (
            ("submit", "draft", "submitted"),
            ("accept", "submitted", "published"),
            ("withdraw", "published", "withdrawn"),
            ("reopen", "withdrawn", "draft"),
        ):
            old.add(
                "case_study_event", case_study_id=1, step=step, from_state=before, to_state=after, comment=f"On {step}",
                actor_id=rows["author_id"], at=THEN,
            )  # fmt: skip
        params = {
            "slug": "story-2",
            "language": "en",
            "title": "T",
            "team": "Payments",
            "actor": "Owner",
            "comment": "",
        }
        old.add("notice", user_id=rows["author_id"], kind="case study submit", params=params, created_at=THEN)
        lost = {**params, "slug": "long-gone"}
        old.add("notice", user_id=rows["author_id"], kind="case study submit", params=lost, created_at=THEN)
        old.add(
            "mail", to="o@people.example", language="en", time_zone="UTC", kind="case study accept", params=params,
            state="queued", attempts=0, created_at=THEN, due_at=THEN,
        )  # fmt: skip
    upgrade(directory="migrations")
    return ids


def _add_story(old: Old, number: int, state: str, rows: dict[str, Any]) -> None:
    is_file = state == "file"
    old.add(
        "case_study", id=number, slug=f"story-{number}", language="en", translation_of=None, title=f"Story {state}",
        summary="In short.", state="published" if is_file else state, state_since=LATER, byline="Us", organisation="Here",
        published_on=date(2026, 11, 3) if state in {"published", "file"} else None, created_at=THEN, updated_at=LATER, revision=7,
        source_path="case-studies/story-7.en.md" if is_file else None, source_hash="x" if is_file else None, is_sample=False,
        html="<p>Seen</p>", text="Seen", headings=[], **dict.fromkeys(PARTS, "Some *text*."),
        **(rows | {"author_id": None} if is_file else rows),
    )  # fmt: skip


def manuscripts() -> dict[str, Manuscript]:
    return {each.title.removeprefix("Story "): each for each in db.session.execute(select(Manuscript)).scalars()}


def test_every_story_is_a_manuscript_in_the_state_in_which_it_was(moved: dict[str, Any]) -> None:
    found = {
        name: (each.state, each.latest_number, each.submitted_number, each.published_number, each.kept_in_file)
        for name, each in manuscripts().items()
    }
    assert found == {
        "draft": ("draft", 1, 1, None, None),
        "submitted": ("submitted", 1, 1, None, None),
        "changes_requested": ("changes_requested", 1, 1, None, None),
        "published": ("accepted", 1, None, 1, None),
        "rejected": ("rejected", 1, 1, None, None),
        "withdrawn": ("draft", 1, None, None, None),
        "file": ("accepted", 1, None, 1, "case-studies/story-7.en.md"),
    }
    assert {each.author_ids for name, each in manuscripts().items() if name != "file"} == {frozenset({moved["owner"]})}
    assert manuscripts()["file"].author_ids == frozenset()
    assert {(each.kind, each.created_at, each.state_since, each.revision) for each in manuscripts().values()} == {
        ("case-study", THEN, LATER, 7)
    }


def test_the_version_has_all_that_was_written(moved: dict[str, Any]) -> None:
    content = content_of(manuscripts()["rejected"])
    story = story_of(content)
    # Exactly what today's form would save, so that saving it unchanged makes no version.
    assert content == content_of_story(story)
    assert (story.team, story.capability, story.coaches) == (moved["team"], "version-control", (moved["coach"],))
    assert (story.practices, story.sessions, story.byline, story.organisation) == (("b", "a"), ("s",), "Us", "Here")
    assert story.parts == dict.fromkeys(PARTS, "Some *text*.")
    assert story.metrics == (MetricValues("Lead time", 21, 4.5, "days", "lower", "2026", "Build server"),)


def test_the_history_is_there_in_the_words_of_today(moved: dict[str, Any]) -> None:
    events = db.session.execute(select(ManuscriptEvent).order_by(ManuscriptEvent.id)).scalars()
    assert [(each.step, each.from_state, each.to_state, each.comment) for each in events] == [
        ("submit", "draft", "submitted", "On submit"),
        ("accept", "submitted", "accepted", "On accept"),
        ("take_back", "accepted", "draft", "On withdraw"),
        ("save", "draft", "draft", "On reopen"),
    ]


def test_readers_see_what_was_published_and_nothing_else(moved: dict[str, Any]) -> None:
    rows = db.session.execute(select(CaseStudy).order_by(CaseStudy.id)).scalars().all()
    assert [(row.title, row.published_on, row.html, len(row.metrics), len(row.practices)) for row in rows] == [
        ("Story published", date(2026, 11, 3), "<p>Seen</p>", 1, 2),
        ("Story file", date(2026, 11, 3), "<p>Seen</p>", 1, 2),
    ]
    for child in ("case_study_metric", "credited_practice", "credited_coach", "credited_session"):
        query = text(f"select count(distinct case_study_id) from {child}")  # names of our own
        assert db.session.execute(query).scalar_one() == 2


def test_notices_and_mail_lead_to_the_manuscript(moved: dict[str, Any]) -> None:
    (notice,) = db.session.execute(select(Notice)).scalars().all()
    (mail,) = db.session.execute(select(Mail)).scalars().all()
    number = manuscripts()["submitted"].id
    assert (notice.kind, notice.params["id"], notice.params["kind"]) == ("writing submit", number, "case-study")
    assert (mail.kind, mail.params["id"]) == ("writing accept", number)


def test_going_back_keeps_what_is_published(moved: dict[str, Any]) -> None:
    db.session.remove()
    downgrade(directory="migrations", revision="0013")
    downgrade(directory="migrations", revision="-1")
    with db.engine.begin() as connection:
        rows = connection.execute(text("select title, state, context from case_study order by id")).all()
    upgrade(directory="migrations")
    assert [tuple(row) for row in rows] == [
        ("Story published", "published", "Some *text*."),
        ("Story file", "published", "Some *text*."),
    ]
