"""A snapshot keeps everything that was agreed, and nothing changes it."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import Base, db, transaction
from app.maturity.assessing import service as assessing
from app.maturity.assessing.answering import add_evidence
from app.maturity.assessing.rules import Said, Shown
from app.maturity.models import Assessment, Snapshot, SnapshotMark, Target
from app.maturity.queries import get_assessment
from app.maturity.rules import EvidenceKind, State, Verdict
from app.maturity.scoring import staged_level, total
from app.maturity.snapshots.content import digest_of, marks_of
from app.maturity.snapshots.queries import find_latest, get_snapshot, list_of_team, newest_ids
from app.practices.adoption.rules import Stage
from app.practices.adoption.service import Said as Adopted
from app.practices.adoption.service import say as adopt
from app.practices.adoption.service import stop
from tests.factories.assessments import NOW, begin, say, submitted
from tests.factories.frameworks import make_framework
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.verifying import agree_to_rest, answer_of, confirm, give_back, judge, take_on, verified

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def lin(app: Flask) -> User:
    return make_user("Lin Yue")


@pytest.fixture
def ada(app: Flask) -> User:
    return make_user("Ada Coach", Role.COACH)


@pytest.fixture
def team(lin: User) -> Team:
    return make_team("Payments", lead=lin)


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


@pytest.fixture
def snapshot_id(team: Team, framework: Framework, lin: User, ada: User) -> int:
    return verified(submitted(team, framework, lin), ada)


def test_it_keeps_what_was_asked_answered_found_and_said(
    team: Team, framework: Framework, lin: User, ada: User
) -> None:
    capability = framework.areas[0].capabilities[0]
    make_practice("trunk", capability=capability, level=3, title="Trunk only")
    assessment_id = begin(team, framework, lin)
    say(assessment_id, "version-control", Said(2, note="Since May"), lin)
    say(assessment_id, "change-management", Said(3), lin)
    say(assessment_id, "test-automation", Said(None, is_not_applicable=True, reason="No code of ours"), lin)
    with transaction() as session:
        shown = Shown(EvidenceKind.METRIC, "Lead time", value=2.5, unit="days", window="October 2026")
        add_evidence(session, assessment_id, "version-control", shown, actor=lin, now=NOW)
        session.add(
            Target(
                team_id=team.id,
                framework_id=framework.id,
                capability="version-control",
                level=4,
                reason="Fewer merges",
                set_at=NOW,
            )
        )
    submit(assessment_id, lin)
    take_on(assessment_id, ada)
    judge(assessment_id, "version-control", Verdict.DIFFER, ada, "More than you think.", level=3)
    agree_to_rest(assessment_id, ada)
    kept = get_snapshot(confirm(assessment_id, ada, now=LATER)).content
    first = kept["capabilities"][0]
    statements = first.pop("statements")
    assert first == {
        "slug": "version-control",
        "area": "configuration-management",
        "name": {"en": "Version control", "zh": "版本控制"},
        "weight": 1.0,
        "level": 3,
        "self_level": 2,
        "is_not_applicable": False,
        "reason": "",
        "note": "Since May",
        "evidence": [
            {
                "kind": "metric",
                "title": "Lead time",
                "link": "",
                "value": 2.5,
                "unit": "days",
                "window": "October 2026",
                "stage": "",
            }
        ],
        "words": [
            {
                "author": "Ada Coach",
                "side": "coach",
                "verdict": "differ",
                "level": 3,
                "text": "More than you think.",
                "at": NOW.isoformat(),
            }
        ],
        "target": {"level": 4, "due_on": None, "reason": "Fewer merges"},
    }
    assert statements["3"]["en"] == "Version control at level 3"
    assert (kept["capabilities"][2]["is_not_applicable"], kept["capabilities"][2]["reason"]) == (
        True,
        "No code of ours",
    )
    assert [(area["slug"], area["score"]) for area in kept["areas"]] == [
        ("configuration-management", 3.0),
        ("test-management", None),
    ]
    assert (kept["score"], kept["team"]["name"], kept["assessed"]["verifier"]) == (3.0, "Payments", "Ada Coach")


def submit(assessment_id: int, actor: User) -> None:
    with transaction() as session:
        assessing.submit(session, assessment_id, actor=actor, now=NOW)


def test_adopted_practices_are_frozen_and_those_on_trial_are_not(
    team: Team, framework: Framework, lin: User, ada: User
) -> None:
    for slug, title, stage in (("trunk", "Trunk only", Stage.USING), ("flags", "Feature flags", Stage.TRYING)):
        make_practice(slug, capability=framework.areas[0].capabilities[0], level=3, title=title)
        with transaction() as session:
            said = Adopted(stage=stage, since=NOW.date())
            adopt(session, slug, team.id, said, actor=lin, today=NOW.date(), now=NOW)
    kept = get_snapshot(verified(submitted(team, framework, lin), ada)).content
    with transaction() as session:
        stop(session, "trunk", team.id, reason="Too slow", today=NOW.date(), actor=lin, now=LATER)
    practice = {"kind": "practice", "title": "Trunk only", "link": "/practices/trunk", "stage": "using"}
    assert kept["capabilities"][0]["evidence"] == [{**practice, "value": None, "unit": "", "window": ""}]


def test_what_the_team_said_first_stands_beside_what_was_agreed(
    team: Team, framework: Framework, lin: User, ada: User
) -> None:
    assessment_id = submitted(team, framework, lin)
    take_on(assessment_id, ada)
    judge(assessment_id, "version-control", Verdict.DIFFER, ada, "Branches.", level=1)
    give_back(assessment_id, ada)
    base = answer_of(assessment_id, "version-control").revision
    say(assessment_id, "version-control", Said(1), lin, base=base, now=LATER)
    with transaction() as session:
        assessing.reply(session, assessment_id, actor=lin, now=LATER)
    agree_to_rest(assessment_id, ada, now=LATER)
    mark = get_snapshot(confirm(assessment_id, ada, now=LATER)).marks[0]
    assert (mark.capability, mark.self_level, mark.level) == ("version-control", 2, 1)


def test_a_framework_without_levels_is_kept_with_the_general_ones(
    team: Team, framework: Framework, lin: User, ada: User
) -> None:
    with transaction() as session:
        content = deepcopy(session.execute(select(FrameworkVersion.content)).scalar_one())
        content["areas"][0]["capabilities"][0]["levels"] = {}
        session.get_one(Framework, framework.id).number = 2
        session.add(FrameworkVersion(framework_id=framework.id, number=2, label="2", content=content, at=NOW))
    kept = get_snapshot(verified(submitted(team, framework, lin), ada)).content["capabilities"][0]["statements"]
    assert list(kept) == ["1", "2", "3", "4", "5"]
    assert kept["1"]["en"].startswith("Left to chance")
    assert set(kept["1"]) == {"en", "zh"}


def test_it_has_the_shape_that_others_read(team: Team, framework: Framework, lin: User, ada: User) -> None:
    """What the factory makes for the tests of other rooms is what the service leaves."""
    real = get_snapshot(verified(submitted(team, framework, lin), ada))
    made = get_snapshot(make_snapshot(team, framework, {"version-control": 2}, verifier=ada).id)
    assert shape(real.content) == shape(made.content)
    assert digest_of(made.content) == made.digest


def shape(value: object) -> object:
    """The names in a document, and nothing of what they hold."""
    if isinstance(value, dict):
        # What was said, and what shows it, may be nothing.
        return {key: None if key in {"words", "evidence"} else shape(each) for key, each in value.items()}
    return [shape(value[0])] if isinstance(value, list) else None


def test_marks_and_document_say_the_same(snapshot_id: int) -> None:
    snapshot = get_snapshot(snapshot_id)
    rows = [(m.capability, m.area, m.weight, m.area_weight, m.level) for m in snapshot.marks]
    kept = [(m.capability, m.area, m.weight, m.area_weight, m.level) for m in marks_of(snapshot.content)]
    assert rows == kept
    assert snapshot.score == snapshot.content["score"] == total(snapshot.marks)
    assert staged_level(snapshot.marks) == 1


def test_the_fingerprint_fits(snapshot_id: int) -> None:
    snapshot = get_snapshot(snapshot_id)
    assert digest_of(snapshot.content) == snapshot.digest


def test_the_assessment_and_its_snapshot_become_final_together(snapshot_id: int) -> None:
    snapshot = get_snapshot(snapshot_id)
    assert get_assessment(snapshot.assessment_id).state == State.FINAL


def by_attribute() -> None:
    db.session.execute(select(Snapshot)).scalar_one().title = "Better"


def by_content() -> None:
    snapshot = db.session.execute(select(Snapshot)).scalar_one()
    snapshot.content = {**snapshot.content, "score": 5.0}


def by_mark() -> None:
    db.session.execute(select(SnapshotMark).limit(1)).scalar_one().level = 5


def by_deletion() -> None:
    db.session.delete(db.session.execute(select(Snapshot)).scalar_one())


def by_deleting_a_mark() -> None:
    db.session.delete(db.session.execute(select(SnapshotMark).limit(1)).scalar_one())


def by_taking_a_mark_out() -> None:
    snapshot = db.session.execute(select(Snapshot)).scalar_one()
    snapshot.marks.clear()


@pytest.mark.parametrize(
    "change", [by_attribute, by_content, by_mark, by_deletion, by_deleting_a_mark, by_taking_a_mark_out]
)
def test_objects_cannot_be_changed(snapshot_id: int, change: Callable[[], None]) -> None:
    with pytest.raises(RuntimeError, match="never changed"), transaction():
        change()


@pytest.mark.parametrize("model", [Snapshot, SnapshotMark])
def test_many_at_once_cannot_be_changed(snapshot_id: int, model: type[Base]) -> None:
    with pytest.raises(RuntimeError, match="never changed"), transaction() as session:
        session.execute(delete(model))
    column = "title" if model is Snapshot else "level"
    with pytest.raises(RuntimeError, match="never changed"), transaction() as session:
        session.execute(update(model).values({column: None}))


@pytest.mark.both_databases
@pytest.mark.parametrize(
    "statement",
    ["UPDATE snapshot SET score = 5", "UPDATE snapshot SET content = '{}'", "UPDATE snapshot_mark SET level = 5"],
)
def test_the_database_itself_refuses(snapshot_id: int, statement: str) -> None:
    with pytest.raises(DBAPIError, match="never changed"), db.engine.begin() as connection:
        connection.execute(text(statement))


@pytest.mark.both_databases
def test_a_team_that_goes_takes_its_snapshots_along(snapshot_id: int, team: Team) -> None:
    with transaction() as session:
        session.delete(session.get_one(Team, team.id))
    assert db.session.execute(select(Snapshot)).scalars().all() == []


@pytest.mark.both_databases
def test_a_verifier_who_goes_stays_by_name(snapshot_id: int, ada: User) -> None:
    with transaction() as session:
        session.execute(update(Assessment).values(verifier_id=None))
        session.delete(session.get_one(User, ada.id))
    snapshot = get_snapshot(snapshot_id)
    assert (snapshot.verifier_id, snapshot.content["assessed"]["verifier"]) == (None, "Ada Coach")
    assert digest_of(snapshot.content) == snapshot.digest


@pytest.mark.both_databases
def test_the_newest_of_each_team(team: Team, framework: Framework) -> None:
    other = make_team("Loans")
    made = [
        make_snapshot(who, framework, {"version-control": 2}, taken_at=NOW + timedelta(days=day))
        for who, day in ((team, 0), (team, 2), (other, 1), (team, 1))
    ]
    is_wanted = Snapshot.framework_id == framework.id
    assert set(db.session.execute(newest_ids(is_wanted)).scalars()) == {made[1].id, made[2].id}
    before = newest_ids(is_wanted, Snapshot.taken_at < NOW + timedelta(days=1))
    assert list(db.session.execute(before).scalars()) == [made[0].id]
    assert [each.id for each in list_of_team(team.id)] == [made[1].id, made[3].id, made[0].id]
    latest = find_latest(team.id, framework.id)
    assert latest is not None
    assert latest.id == made[1].id
