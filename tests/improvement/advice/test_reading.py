"""What could help is found where it hangs: on the capability, and on what corresponds to it in another framework."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import Team, User
from app.capabilities.models import Area, Capability, Crosswalk, Framework
from app.capabilities.queries import get_framework
from app.capabilities.versions import by_present_slugs
from app.improvement.advice.reading import (
    counterparts,
    list_histories,
    list_practices,
    list_sessions,
    list_stories,
    list_teachers,
)
from app.kernel.db import transaction
from app.training.seats.holds import hold
from tests.factories.case_studies import make_case_study, make_story
from tests.factories.coaches import make_coach
from tests.factories.frameworks import both, rename_capability
from tests.factories.improvement import NOW
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.training import make_training, sign_up

HERE = ("version-control", "change-management", "test-automation")


@pytest.fixture
def other(framework: Framework, capabilities: dict[str, Capability]) -> dict[str, int]:
    """A second framework: the same as version control, part of change management, and what only supports test automation."""
    with transaction() as session:
        named = {"name": both("Second"), "summary": both("Second"), "notice": both(""), "source": both("")}
        second = Framework(slug="second", position=1, version="1", number=1, **named)
        area = Area(slug="all", position=0, name=both("All"), summary=both("All"))
        second.areas = [area]
        for position, slug in enumerate(("same", "part", "supports")):
            text = both(slug)
            area.capabilities.append(
                Capability(framework=second, slug=slug, position=position, name=text, summary=text)
            )
        session.add(second)
        session.flush()
        ids = {each.slug: each.id for each in area.capabilities}
        for slug, strength in zip(HERE, ids, strict=True):
            session.add(
                Crosswalk(from_id=capabilities[slug].id, to_id=ids[strength], strength=strength, note=both("Why"))
            )
    return ids


def test_help_with_what_corresponds_counts_and_help_with_something_else_does_not(
    capabilities: dict[str, Capability], other: dict[str, int]
) -> None:
    mine = {slug: capabilities[slug].id for slug in HERE}
    assert counterparts(list(mine.values())) == {
        mine["version-control"]: [mine["version-control"], other["same"]],
        mine["change-management"]: [mine["change-management"], other["part"]],
        mine["test-automation"]: [mine["test-automation"]],
    }
    assert counterparts([other["same"]]) == {other["same"]: [other["same"], mine["version-control"]]}


def test_an_article_in_two_languages_is_one_in_the_readers(capabilities: dict[str, Capability]) -> None:
    here = capabilities["version-control"]
    for language, title in (("en", "Trunk"), ("zh", "主干")):
        make_practice("trunk", language=language, title=title, capability=here, level=3)
    make_practice("only", language="en", title="Only in English", capability=here, level=2)
    make_practice("level-less", capability=here)
    assert [row.title for row in list_practices([here.id], "zh")] == ["Only in English", "主干"]
    assert [row.title for row in list_practices([here.id], "en")] == ["Only in English", "Trunk"]


def test_seats_that_are_kept_for_the_team_are_free_for_it_alone(
    clock: object, mei: User, bo: User, team: Team, capabilities: dict[str, Capability]
) -> None:
    here = capabilities["version-control"].id
    training = make_training(capability_id=here, capacity=3)
    with transaction() as session:
        until = NOW + timedelta(days=1)
        actor = session.get_one(User, mei.id)
        hold(session, training.id, team_id=team.id, seats=2, until=until, actor=actor, now=NOW)
    sign_up(training, mei)

    def free(team_id: int) -> tuple[int, str | None]:
        (row,) = list_sessions([here], team_id=team_id, user_id=mei.id, now=NOW)
        return row.free, row.own

    assert free(team.id) == (2, "confirmed")
    assert free(0) == (1, "confirmed")


def test_sessions_are_to_come_announced_and_open(clock: object, capabilities: dict[str, Capability]) -> None:
    coach = make_user("Cara Coach")
    here = capabilities["version-control"].id
    soon: dict[str, Any] = {"capability_id": here, "coach": coach}
    make_training(title="Draft", state="draft", **soon)
    make_training(title="Cancelled", state="cancelled", **soon)
    make_training(title="Closed", signup_closes_at=NOW - timedelta(hours=1), now=NOW - timedelta(days=2), **soon)
    make_training(title="Not open yet", signup_opens_at=NOW + timedelta(hours=1), **soon)
    make_training(title="Over", starts_at=datetime(2026, 11, 2, 6, 0, tzinfo=UTC), **soon)
    make_training(title="Open", **soon)
    rows = list_sessions([here], team_id=0, user_id=0, now=NOW)
    assert [row.title for row in rows] == ["Open"]


def test_teachers_are_not_of_the_team_and_have_an_open_account(
    app: Flask, mei: User, team: Team, capabilities: dict[str, Capability]
) -> None:
    here = capabilities["version-control"].id
    make_coach(user=mei, skills={here: 4})
    gone = make_coach("Gone Gil", skills={here: 4}).user
    make_coach("Cara Coach", skills={here: 4}, languages=("en", "zh"))
    with transaction() as session:
        session.get_one(User, gone.id).disabled_at = NOW
    (row,) = list_teachers([here], without_team=team.id)
    assert (row.name, row.level, row.languages) == ("Cara Coach", 4, frozenset({"en", "zh"}))


def test_stories_are_of_others(mei: User, team: Team, capabilities: dict[str, Capability]) -> None:
    here, author = capabilities["version-control"], make_user("Ada Author")
    make_case_study(mei, make_story(team, here, title="Our own"))
    make_case_study(author, make_story(make_team("Gateway", author), here, title="Of others"))
    rows = list_stories([here.id], "en", without_team=team.id)
    assert [(row.title, row.team_name) for row in rows] == [("Of others", "Gateway")]


def test_histories_are_of_benchmark_teams_alone(
    team: Team, framework: Framework, capabilities: dict[str, Capability]
) -> None:
    benchmark, other = make_team("Benchmark"), make_team("Other")
    for each in (team, benchmark, other):
        make_snapshot(each, framework, {"version-control": 2})
    with transaction() as session:
        for each in (team, benchmark):
            session.get_one(Team, each.id).is_benchmark = True
    found = list_histories(framework.id, ["version-control"], without_team=team.id)
    assert [(row.team_name, [level for level, _at in row.marks]) for row in found["version-control"]] == [
        ("Benchmark", [2])
    ]


def test_a_benchmark_team_that_got_there_stays_where_a_capability_is_called_otherwise(
    team: Team, framework: Framework
) -> None:
    benchmark = make_team("Benchmark")
    with transaction() as session:
        session.get_one(Team, benchmark.id).is_benchmark = True
    make_snapshot(benchmark, framework, {"test-automation": 1}, taken_at=NOW - timedelta(days=300))
    rename_capability(framework, "test-automation", "automated-tests")
    make_snapshot(benchmark, framework, {"automated-tests": 4}, taken_at=NOW)
    found = list_histories(framework.id, ["automated-tests"], without_team=team.id)
    assert [[level for level, _at in row.marks] for row in found["automated-tests"]] == [[1, 4]]


def test_what_was_renamed_keeps_what_was_said(app: Flask, framework: Framework) -> None:
    before = {"version-control": 2, "change-management": 1}
    assert by_present_slugs(before, framework) is before
    rename_capability(framework, "version-control", "keeping-versions")
    assert by_present_slugs(before, get_framework(framework.slug)) == {"keeping-versions": 2, "change-management": 1}
