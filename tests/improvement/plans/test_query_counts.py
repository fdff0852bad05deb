"""Advice and plan ask the database as often for twelve capabilities, each with everything that could help, as for three."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.documents import as_document
from app.capabilities.models import Capability, Framework, FrameworkVersion
from app.improvement.plans.models import Plan
from app.improvement.plans.rules import ItemKind
from app.kernel.db import db, transaction
from tests.factories.case_studies import make_case_study, make_story
from tests.factories.coaches import make_coach
from tests.factories.frameworks import both
from tests.factories.improvement import NOW, make_plan, make_target, put_in
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.training import make_training, sign_up
from tests.factories.wishes import make_wish

pytestmark = pytest.mark.slow

Browse = Callable[[User], FlaskClient]


def grow(framework_id: int, number: int) -> None:
    """One more capability in the first area, and a version that says so."""
    with transaction() as session:
        framework = session.get_one(Framework, framework_id)
        given = {"slug": f"capability-{number}", "position": 100 + number, "needs": ["version-control"]}
        area, text = framework.areas[0], both(f"Capability {number}")
        area.capabilities.append(Capability(**given, framework=framework, name=text, summary=text))
        session.flush()
        framework.number += 1
        version = FrameworkVersion(framework_id=framework.id, number=framework.number, label="1", at=NOW)
        version.content = as_document(framework)
        session.add(version)


def help_with(capability: Capability, team: Team, plan: Plan, member: User) -> None:
    """Everything there could be for a capability, in the library and in the plan."""
    slug, own_id = capability.slug, capability.id
    make_practice(f"practice-{slug}", capability=capability, level=3)
    coach = make_coach(f"Coach of {slug}", skills={own_id: 4})
    training = make_training(coach.user, title=slug, capability_id=own_id, level=3)
    sign_up(training, member)
    make_wish(f"Wish for {slug}", member, by=member, capability_id=own_id)
    author = make_user(f"Author of {slug}")
    other = make_team(f"Team of {slug}", author)
    with transaction() as session:
        session.get_one(Team, other.id).is_benchmark = True
    make_case_study(author, make_story(other, capability, title=f"Story of {slug}"))
    refs = {ItemKind.PRACTICE: f"practice-{slug}", ItemKind.SESSION: training.slug, ItemKind.COACH: coach.slug}
    for kind, ref in refs.items():
        put_in(plan, member, ref, kind=kind, ref=ref, owner=member, capability=slug, from_level=2, to_level=3)


def fill(team: Team, framework: Framework, plan: Plan, member: User, slugs: list[str], day: int) -> None:
    db.session.rollback()
    capabilities = {each.slug: each for area in framework.areas for each in area.capabilities}
    for slug in slugs:
        make_target(team, framework, slug, 3)
        help_with(capabilities[slug], team, plan, member)
    everything = dict.fromkeys(capabilities, 2)
    for other in db.session.execute(select(Team).where(Team.is_benchmark)).scalars().all():
        for level in (1, 3):
            taken_at = NOW - timedelta(days=day, hours=9 - level)
            make_snapshot(other, framework, dict.fromkeys(capabilities, level), taken_at=taken_at)
    make_snapshot(team, framework, everything, taken_at=NOW - timedelta(days=day))


def test_the_number_of_queries_does_not_grow_with_the_capabilities(
    clock: object, log_in: Browse, mei: User, team: Team, framework: Framework, count_queries: list[str]
) -> None:
    plan = make_plan(team, framework)
    paths = [f"/teams/{team.slug}/next", f"/teams/{team.slug}/plan", f"/teams/{team.slug}/plans/{plan.id}.csv"]
    browser = log_in(mei)

    def counts() -> dict[str, int]:
        found = {}
        for path in paths:
            browser.get(path)
            count_queries.clear()
            assert browser.get(path).status_code == 200
            found[path] = len(count_queries)
        return found

    fill(team, framework, plan, mei, ["version-control", "change-management", "test-automation"], day=9)
    few = counts()
    for number in range(9):
        grow(framework.id, number)
    fill(team, framework, plan, mei, [f"capability-{number}" for number in range(9)], day=2)
    assert counts() == few
    assert browser.get(paths[0]).text.count("Put into the plan") + browser.get(paths[0]).text.count("In the plan") >= 40
    assert max(few.values()) <= 40
