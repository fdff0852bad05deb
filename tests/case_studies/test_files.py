"""Case studies as files: what is taken, what is refused with file and line, and that a second run changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Team
from app.case_studies.files import read_story, to_markdown
from app.case_studies.models import CaseStudy
from app.case_studies.rules import MetricValues, State
from app.case_studies.sync import sync_case_studies
from app.kernel.db import db, transaction
from app.kernel.report import Report
from tests.case_studies.conftest import House
from tests.conftest import NOW
from tests.factories.case_studies import make_case_study

FRONT = """\
---
title: Releasing by day
slug: releasing-by-day
language: en
summary: How releases became dull.
capability: version-control
team: Gateway
organisation: Ningbo
published: 2026-11-02
byline: Practice editors
metrics:
  - {name: Lead time, before: 21, after: 4.5, unit: days, better: lower, window: "2020-01 to 2021-06", source: Build server}
practices: [contract-tests]
---
"""
BODY = """
## Context

Twelve people. See [tests](../practices/test-management/contract-tests.en.md#why) and [us](#context).

## Challenge

```
## not a heading
```

## Approach

### First

Small steps.

## Results

Better.[^1]

[^1]: Build server, 2021.

## Lessons

Begin with tests.

## Next steps

More.
"""
CHINESE = (
    FRONT.replace("language: en", "language: zh\ntranslation_of: en")
    .replace("team: Gateway\n", "")
    .replace("Releasing by day", "白天发布")
    + "## 背景\n\n十二人，见[原文](releasing-by-day.en.md)。\n\n## 挑战\n\n慢。\n\n## 做法\n\n小步。\n\n## 结果\n\n好。\n\n## 经验\n\n先测试。\n\n## 下一步\n\n继续。\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "case-studies").mkdir()
    return tmp_path / "case-studies"


def write(folder: Path, text: str = FRONT + BODY, name: str = "releasing-by-day.en.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def sync(folder: Path, now: datetime = NOW) -> list[str]:
    report = Report()
    with transaction() as session:
        sync_case_studies(session, folder, report, practice_exists=lambda slug: slug == "contract-tests", now=now)
    return [str(line) for line in report.lines]


def the_study(language: str = "en") -> CaseStudy:
    return db.session.execute(select(CaseStudy).where(CaseStudy.language == language)).scalar_one()


def test_a_file_is_published_as_it_stands(house: House, folder: Path) -> None:
    write(folder)
    assert sync(folder) == ["created  case-studies/releasing-by-day.en.md"]
    study = the_study()
    assert (study.state, study.published_on, study.byline, study.organisation) == (
        State.PUBLISHED,
        date(2026, 11, 2),
        "Practice editors",
        "Ningbo",
    )
    assert study.story.metrics == (
        MetricValues("Lead time", 21, 4.5, "days", "lower", "2020-01 to 2021-06", "Build server"),
    )
    assert study.story.practices == ("contract-tests",)
    assert study.capability is house.capabilities["version-control"]
    assert study.approach == "### First\n\nSmall steps."
    assert 'href="/practices/contract-tests?lang=en#h-why"' in study.html
    assert 'href="#h-context"' in study.html
    assert [heading["text"] for heading in study.headings if heading["level"] == 2] == [
        "Context", "Challenge", "Approach", "Results", "Lessons", "Next steps",
    ]  # fmt: skip


def test_the_team_is_created_when_it_is_not_there(house: House, folder: Path) -> None:
    write(folder)
    sync(folder)
    team = db.session.execute(select(Team).where(Team.name == "Gateway")).scalar_one()
    assert (team.organisation, team.is_benchmark, the_study().team) == ("Ningbo", True, team)
    write(folder, (FRONT + BODY).replace("team: Gateway", "team: Payments"))
    sync(folder)
    assert the_study().team.slug == house.team.slug


@pytest.mark.both_databases
def test_a_second_run_changes_nothing(house: House, folder: Path) -> None:
    write(folder)
    write(folder, CHINESE, "releasing-by-day.zh.md")
    assert [line.split()[0] for line in sync(folder)] == ["created", "created"]
    before = (the_study().revision, the_study("zh").updated_at)
    assert [line.split()[0] for line in sync(folder, NOW.replace(year=2027))] == ["left", "left"]
    assert (the_study().revision, the_study("zh").updated_at) == before


@pytest.mark.both_databases
def test_a_changed_file_changes_the_row(house: House, folder: Path) -> None:
    write(folder)
    sync(folder)
    number = the_study().id
    write(folder, (FRONT + BODY).replace("Begin with tests.", "Begin anywhere.").replace("after: 4.5", "after: 3"))
    assert sync(folder) == ["changed  case-studies/releasing-by-day.en.md"]
    assert (the_study().id, the_study().lessons, the_study().metrics[0].after) == (number, "Begin anywhere.", 3)


def test_a_translation_is_paired_with_its_original(house: House, folder: Path) -> None:
    write(folder)
    write(folder, CHINESE, "releasing-by-day.zh.md")
    sync(folder)
    assert (the_study("zh").slug, the_study("zh").translation_of) == ("releasing-by-day", "en")
    assert the_study("zh").team_id == the_study().team_id
    assert 'href="/case-studies/releasing-by-day?lang=en"' in the_study("zh").html


@pytest.mark.both_databases
def test_a_row_whose_file_is_gone_goes_with_it(house: House, folder: Path) -> None:
    own = make_case_study(house.owner, house.story())
    path = write(folder)
    sync(folder)
    path.unlink()
    assert sync(folder) == ["changed  case-studies/releasing-by-day.en.md: removed, because the file is gone"]
    assert db.session.execute(select(CaseStudy)).scalars().all() == [own]


def test_a_teams_own_story_is_never_overwritten(house: House, folder: Path) -> None:
    own = make_case_study(house.owner, house.story())
    with transaction():
        own.slug = "releasing-by-day"
    write(folder)
    assert sync(folder) == [
        "refused  case-studies/releasing-by-day.en.md:3: a team's own case study has this slug already"
    ]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Releasing by day\n", "", ":1: title is missing"),
        ("title: Releasing by day", "titel: Releasing by day", ":1: title is missing"),
        ("byline:", "bylines:", ":10: there is no field bylines"),
        ("slug: releasing-by-day", "slug: other", ":3: the file must be called other.en.md"),
        ("slug: releasing-by-day", "slug: mine", ":3: slug must be lower-case letters, digits and hyphens, and none of exhibition, impact, mine, new, review"),
        ("published: 2026-11-02", "published: soon", ":9: published must be a date such as 2026-11-02"),
        ("team: Gateway\n", "", ":1: team is missing"),
        ("capability: version-control", "capability: juggling", ":6: there is no capability juggling"),
        ("[contract-tests]", "[magic]", ":13: there is no practice magic"),
        ("before: 21", "before: many", ":11: metric 1: before must be a number"),
        ("before: 21", "before: 1.0e+308", ":11: metric 1: before must be a number, and none beyond 1,000,000,000,000"),
        ("before: 21", "before: .nan", ":11: metric 1: before must be a number"),
        ("better: lower", "better: smaller", ":11: metric 1: better must be lower or higher"),
        ("after: 4.5", "after: 4.5, cases_after: 0", ":11: metric 1: cases_after must be a whole number above 0"),
        ("after: 4.5", "after: 4.5, cases_after: true", ":11: metric 1: cases_after must be a whole number above 0"),
        ("after: 4.5", "after: 4.5, measure: speed", ":11: metric 1: measure must be one of change-lead-time, "),
        (", source: Build server", "", ":11: metric 1 must have name, before, after, unit, better, window, source, may have"),
        ("## Approach", "## Our approach", ":26: the heading 'Our approach' stands where Approach should"),
        ("## Lessons\n\nBegin with tests.\n", "", ":39: the heading 'Next steps' stands where Lessons should"),
        ("Better.[^1]\n\n[^1]: Build server, 2021.\n", "", ":16: the part 'Results' is missing or empty"),
        ("\n## Context", "\nFirst.\n\n## Context", ":16: there is text before the first part"),
        ("contract-tests.en.md", "no-such.en.md", ":18: nothing is at ../practices/test-management/no-such.en.md#why"),
        ("language: en", "language: en\ntranslation_of: zh", ":5: there is no releasing-by-day in zh to be a translation of"),
        ("team: Gateway", "team: [", ":9: front matter is no YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_its_line(house: House, folder: Path, old: str, new: str, said: str) -> None:
    assert old in FRONT + BODY
    write(folder, (FRONT + BODY).replace(old, new, 1))
    (line,) = sync(folder)
    assert line.startswith(f"refused  case-studies/releasing-by-day.en.md{said}")
    assert db.session.execute(select(CaseStudy)).first() is None


METRICS = (
    MetricValues(
        "Lead time", 3, 4.5, "hours", "lower", "Q2 2026", "Build server", "change-lead-time", "months", "2025", 8, 90
    ),
    MetricValues("Nights of work", 21, 4, "nights", "lower", "2020-01 to 2021-06", "Rota"),
)


def test_what_is_written_out_reads_the_same_again(house: House, folder: Path) -> None:
    story = house.story(practices=("contract-tests",), metrics=METRICS)
    study = make_case_study(house.owner, story, State.PUBLISHED, house.editor)
    text = to_markdown(study)
    file = read_story(write(folder, text, f"{study.slug}.en.md"))
    assert (file.metrics, file.parts) == (study.story.metrics, study.story.parts)
    assert (file.text("title"), file.text("team"), file.published_on) == (study.title, "Payments", study.published_on)
    assert file.words("practices") == ["contract-tests"]
    assert file.metrics == METRICS
    # What a metric leaves open is not written.
    assert text.count("cases_") == text.count("measure:") * 2 == 2


def test_the_case_studies_of_the_library_can_be_read(app: Flask) -> None:
    for path in sorted(Path("content/case-studies").glob("*.md")):
        read_story(path)
