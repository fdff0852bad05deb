"""Case studies as files: what is taken, what is refused with file and line, and that a second run changes nothing."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.models import Team
from app.case_studies.contents import content_of_story, story_of
from app.case_studies.files import read_story, split_answers
from app.case_studies.kind import KIND
from app.case_studies.models import CaseStudy
from app.case_studies.rendering import compose, contain
from app.case_studies.rules import Answer, Form, MetricValues, Story
from app.case_studies.sync import sync_case_studies
from app.kernel.db import db, transaction
from app.kernel.frontmatter import Document
from app.kernel.report import Report
from app.writing.models import Manuscript, Version
from app.writing.queries import content_of, find_manuscript
from app.writing.rules import State
from tests.case_studies.conftest import House
from tests.conftest import NOW
from tests.factories.case_studies import make_case_study, make_interview, make_manuscript
from tests.factories.coaches import make_coach

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


def the_manuscript() -> Manuscript:
    manuscript = find_manuscript("case-study", "releasing-by-day", "en")
    assert manuscript is not None
    return manuscript


def story_now() -> Story:
    return story_of(content_of(the_manuscript()))


def versions() -> list[tuple[int, str]]:
    """Number and origin of each version of the English one."""
    query = select(Version).where(Version.manuscript_id == the_manuscript().id).order_by(Version.number)
    return [(version.number, version.origin) for version in db.session.execute(query).unique().scalars()]


def test_a_file_is_published_as_it_stands(house: House, folder: Path) -> None:
    write(folder)
    assert sync(folder) == ["created  case-studies/releasing-by-day.en.md"]
    study = the_study()
    assert (study.published_on, study.byline, study.organisation) == (
        date(2026, 11, 2),
        "Practice editors",
        "Ningbo",
    )
    assert [metric.values for metric in study.metrics] == list(story_now().metrics)
    assert story_now().metrics == (
        MetricValues("Lead time", 21, 4.5, "days", "lower", "2020-01 to 2021-06", "Build server"),
    )
    assert [credit.practice_slug for credit in study.practices] == ["contract-tests"]
    assert study.capability is house.capabilities["version-control"]
    assert story_now().parts["approach"] == "### First\n\nSmall steps."
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
    before = (the_study().updated_at, the_study("zh").updated_at, versions())
    assert [line.split()[0] for line in sync(folder, NOW.replace(year=2027))] == ["left", "left"]
    assert (the_study().updated_at, the_study("zh").updated_at, versions()) == before


@pytest.mark.both_databases
def test_a_changed_file_changes_the_row(house: House, folder: Path) -> None:
    write(folder)
    sync(folder)
    number = the_study().id
    write(folder, (FRONT + BODY).replace("Begin with tests.", "Begin anywhere.").replace("after: 4.5", "after: 3"))
    assert sync(folder) == ["changed  case-studies/releasing-by-day.en.md"]
    assert (the_study().id, story_now().parts["lessons"], the_study().metrics[0].after) == (
        number,
        "Begin anywhere.",
        3,
    )
    assert versions() == [(1, "file"), (2, "file")]
    manuscript = the_manuscript()
    assert "Begin with tests." in content_of(manuscript, 1)["lessons"]
    assert (manuscript.state, manuscript.published_number, manuscript.kept_in_file) == (
        State.ACCEPTED, 2, "case-studies/releasing-by-day.en.md",
    )  # fmt: skip


def test_a_translation_is_paired_with_its_original(house: House, folder: Path) -> None:
    write(folder)
    write(folder, CHINESE, "releasing-by-day.zh.md")
    sync(folder)
    assert (the_study("zh").slug, the_study("zh").translation_of) == ("releasing-by-day", "en")
    assert the_study("zh").team_id == the_study().team_id
    assert 'href="/case-studies/releasing-by-day?lang=en"' in the_study("zh").html


@pytest.mark.both_databases
def test_a_row_whose_file_is_gone_goes_with_it_and_the_versions_stay(house: House, folder: Path) -> None:
    own = make_case_study(house.owner, house.story(), house.editor)
    path = write(folder)
    sync(folder)
    path.unlink()
    assert sync(folder) == ["changed  case-studies/releasing-by-day.en.md: withdrawn, because the file is gone"]
    assert db.session.execute(select(CaseStudy)).scalars().all() == [own]
    assert (the_manuscript().published_number, versions()) == (None, [(1, "file")])
    assert sync(folder) == []
    write(folder)
    assert sync(folder) == ["created  case-studies/releasing-by-day.en.md"]
    assert (the_manuscript().state, the_manuscript().published_number, versions()) == (State.ACCEPTED, 1, [(1, "file")])


def test_a_teams_own_story_is_never_overwritten(house: House, folder: Path) -> None:
    make_manuscript(house.owner, house.story(), slug="releasing-by-day")
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
        ("slug: releasing-by-day", "slug: new", ":3: slug must be lower-case letters, digits and hyphens, and none of exhibition, impact, new"),
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


def exported(manuscript: Manuscript) -> str:
    return KIND.export(manuscript, content_of(manuscript))


@pytest.mark.parametrize("form", Form)
def test_what_is_written_out_reads_the_same_again(house: House, folder: Path, form: Form) -> None:
    coach = make_coach("Amara Osei")
    make = make_interview if form is Form.INTERVIEW else house.story
    given = (house.team, house.capabilities["version-control"]) if form is Form.INTERVIEW else ()
    story = make(*given, practices=("contract-tests",), coaches=(coach.slug,), byline="Us", organisation="Ningbo")
    study = make_case_study(house.owner, story, house.editor)
    manuscript = find_manuscript("case-study", study.slug, "en")
    assert manuscript is not None
    file = read_story(write(folder, exported(manuscript), f"{study.slug}.en.md"))
    assert content_of_story(file.story(house.team.slug)) == content_of(manuscript)
    assert (file.text("team"), file.published_on) == ("Payments", study.published_on)


@given(
    questions=st.lists(
        st.text(alphabet="Why C#? 为什么*_`[]", min_size=1, max_size=30).filter(lambda text: text.strip(" #")),
        min_size=1,
        max_size=4,
    ),
    answer=st.text(alphabet="#`~ a\n", max_size=60).map(lambda text: f"Because.\n{text}"),
)
def test_any_interview_reads_the_same_again(questions: list[str], answer: str) -> None:
    answers = tuple(Answer(" ".join(question.split()), contain(answer.strip())) for question in questions)
    story = Story(title="T", language="en", team="t", form=Form.INTERVIEW, answers=answers)
    document = Document({"form": "interview"}, compose(story), 1, {})
    assert [each.question for each in split_answers(document)] == [each.question for each in answers]
    assert [contain(each.answer) for each in split_answers(document)] == [contain(each.answer) for each in answers]


INTERVIEW = (
    FRONT.replace("slug:", "form: interview\nslug:")
    + "\n## Who are you?\n\nTwelve people.\n\n## Why C# #\n\n### So\n\nSmall steps.\n"
)


def test_an_interview_is_read_by_its_headings(house: House, folder: Path) -> None:
    write(folder, INTERVIEW)
    assert sync(folder) == ["created  case-studies/releasing-by-day.en.md"]
    assert (the_study().form, story_now().form) == ("interview", Form.INTERVIEW)
    assert story_now().answers == (Answer("Who are you?", "Twelve people."), Answer("Why C#", "### So\n\nSmall steps."))
    assert [heading["text"] for heading in the_study().headings if heading["level"] == 2] == ["Who are you?", "Why C#"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("form: interview", "form: poem", ":3: form must be story or interview"),
        ("Twelve people.", "", ":17: the question 'Who are you?' has no answer"),
        ("## Who", f"## {'W' * 200}", ":17: the question is longer than 200 characters"),
        ("\n## Who", "\nFirst.\n\n## Who", ":17: there is text before the first part"),
        ("## ", "### ", ":17: there is text before the first part"),
    ],
)
def test_what_is_no_interview_is_refused_with_its_line(
    house: House, folder: Path, old: str, new: str, said: str
) -> None:
    assert old in INTERVIEW
    write(folder, INTERVIEW.replace(old, new))
    (line,) = sync(folder)
    assert line.startswith(f"refused  case-studies/releasing-by-day.en.md{said}")


def test_what_the_site_has_taken_over_is_not_followed_any_more(house: House, folder: Path) -> None:
    write(folder)
    sync(folder)
    with transaction():
        the_manuscript().kept_in_file = None
    write(folder, (FRONT + BODY).replace("Begin with tests.", "Begin anywhere."))
    assert sync(folder) == [
        "left     case-studies/releasing-by-day.en.md\n         - it is written on the site by now; the file is not followed"
    ]
    assert ("Begin with tests." in the_study().text, versions()) == (True, [(1, "file")])
    (folder / "releasing-by-day.en.md").unlink()
    assert sync(folder) == []
    assert the_study().title == "Releasing by day"


def test_coaches_are_credited_by_their_profiles(house: House, folder: Path) -> None:
    coach = make_coach("Amara Osei")
    write(folder, (FRONT + BODY).replace("practices:", f"coaches: [{coach.slug}, Tomas Varga]\npractices:"))
    assert sync(folder) == [
        "created  case-studies/releasing-by-day.en.md\n         - there is no profile of a coach at Tomas Varga"
    ]
    assert [credit.user_id for credit in the_study().coaches] == [coach.user_id]


def test_links_of_a_file_hold_when_it_is_written_on_the_site(house: House, folder: Path) -> None:
    write(folder)
    sync(folder)
    assert KIND.render(content_of(the_manuscript())).html == the_study().html


def test_the_case_studies_of_the_library_can_be_read(app: Flask) -> None:
    for path in sorted(Path("content/case-studies").glob("*.md")):
        read_story(path)
