"""The file of the path: read with every mistake named by its line, and brought in as often as one likes."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.coaching.growth.models import PathStage
from app.coaching.growth.path import NUMBERS, Condition, read_path
from app.coaching.growth.rules import Evidence, Progress, brings_role, is_lead, measure, next_stage, stage_of
from app.coaching.growth.sync import FILE, sync_path
from app.config import ROOT
from app.kernel.db import db, transaction
from app.kernel.frontmatter import RefusedFileError
from app.kernel.report import Report

GIVEN = (ROOT / "content" / FILE).read_text(encoding="utf-8")
SLUGS = ["candidate", "coach", "senior", "lead-coach"]


def bring(folder: Path, text: str) -> list[str]:
    (folder / FILE).parent.mkdir(exist_ok=True)
    (folder / FILE).write_text(text, encoding="utf-8")
    report = Report()
    with transaction() as session:
        sync_path(session, folder, report)
    return [f"{line.outcome}{f' {line.line}: {line.reason}' if line.line else ''}" for line in report.lines]


def test_the_path_comes_in_once_and_follows_its_file(app: Flask, tmp_path: Path) -> None:
    assert bring(tmp_path, GIVEN) == ["created"]
    assert bring(tmp_path, GIVEN) == ["left"]
    assert bring(tmp_path, GIVEN.replace("months: {count: 6}", "months: {count: 9}")) == ["changed"]
    stages = list(db.session.execute(select(PathStage).order_by(PathStage.position)).scalars())
    assert [stage.slug for stage in stages] == ["candidate", "coach", "lead-coach"]
    assert stages[2].conditions[0] == {"what": "months", "numbers": {"count": 9}, "kind": ""}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("count: 2}\n      - co_led", "count: two}\n      - co_led", "HERE: count: a whole number from 1 to 100"),
        ("kind: coach_training, count: 2}\n", "kind: party, count: 2}\n", "HERE: kind: there are workshop"),
        ("- co_led: {count: 2}\n", "- co_lead: {count: 2}\n", "HERE: unknown condition `co_lead`"),
        ("- co_led: {count: 2}\n", "- co_led: {number: 2}\n", "HERE: co_led: has to have count"),
        ("answers: 8", "answers: 4", "HERE: answers: a whole number from 5 to 10000"),
        ("answers: 8", "answers: nan", "HERE: answers: a whole number from 5 to 10000"),
        ("answers: 8", "answers: inf", "HERE: answers: a whole number from 5 to 10000"),
        ("mark: 3.8", "mark: .nan", "HERE: mark: a number from 1 to 5"),
        ("{en: Coach, zh: 教练}", "{en: Coach}", "HERE: name: has to have en, zh"),
        ("slug: lead-coach", "slug: Lead Coach", "HERE: slug"),
        ("slug: lead-coach", "slug: lead", "the stages `coach` and `lead-coach` are needed"),
        ("slug: lead-coach", "slug: coach", "stage given twice: coach"),
        ("conditions: []", "conditions: [co_led]", "HERE: a condition looks like"),
        ("stages:", "stages: [", "not YAML"),
    ],
)
def test_mistakes_are_named_by_line_and_nothing_is_changed(
    app: Flask, tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert bring(tmp_path, GIVEN) == ["created"]
    assert before in GIVEN
    (line,) = bring(tmp_path, GIVEN.replace(before, after, 1))
    assert line.startswith("refused ")
    number = GIVEN[: GIVEN.index(before)].count("\n") + 1
    assert said.replace("HERE", str(number)) in line
    assert len(list(db.session.execute(select(PathStage)).scalars())) == 3


@pytest.mark.parametrize("text", ["", "[]", "stages: 3", "stages: []", "a: &a [*a]", "- 1\n- 2"])
def test_what_is_no_path_is_refused(tmp_path: Path, text: str) -> None:
    file = tmp_path / "path.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(RefusedFileError):
        read_path(file)


def test_where_somebody_stands() -> None:
    assert stage_of(SLUGS, None, is_coach=False) is None
    assert stage_of(SLUGS, None, is_coach=True) == "coach"
    assert stage_of(SLUGS, "candidate", is_coach=True) == "coach"
    assert stage_of(SLUGS, "lead-coach", is_coach=True) == "lead-coach"
    # Whoever lost the role has lost its rights.
    assert stage_of(SLUGS, "lead-coach", is_coach=False) == "candidate"
    assert stage_of(SLUGS, "gone", is_coach=False) is None
    assert stage_of([], "coach", is_coach=True) is None
    assert [next_stage(SLUGS, slug) for slug in (None, "coach", "lead-coach")] == ["candidate", "senior", None]
    assert [brings_role(SLUGS, slug) for slug in SLUGS] == [False, True, True, True]
    assert [is_lead(SLUGS, slug) for slug in SLUGS] == [False, False, False, True]


NUMBER = st.integers(0, 12)
EVIDENCE = st.builds(
    Evidence,
    attended=st.dictionaries(st.sampled_from(["workshop", "coach_training"]), NUMBER),
    co_led=NUMBER,
    observed=NUMBER,
    ready=NUMBER,
    mark=st.none() | st.floats(1, 5),
    answers=NUMBER,
    engagements_ended=NUMBER,
    office_hours_held=NUMBER,
    observations_given=NUMBER,
    months=NUMBER,
)
CONDITIONS = st.sampled_from(sorted(NUMBERS)).flatmap(
    lambda what: st.builds(
        Condition,
        st.just(what),
        st.fixed_dictionaries({name: st.integers(1, 6) for name in NUMBERS[what]}),
        st.just("coach_training" if what == "attended_sessions" else ""),
    )
)


@given(CONDITIONS, EVIDENCE)
def test_a_condition_is_met_by_all_of_its_numbers_and_survives_being_frozen(
    condition: Condition, evidence: Evidence
) -> None:
    progress = measure(condition, evidence)
    assert set(progress.have) == set(condition.numbers)
    assert progress.is_met == all((progress.have[name] or 0) >= condition.numbers[name] for name in condition.numbers)
    assert Progress.of(progress.row) == progress
    assert Condition.of(condition.row) == condition
