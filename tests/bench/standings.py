"""What it costs to see where 300 teams stand, each assessed six times: answers a second beside the bound, as people with the right get
them, one after the other.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from app.accounts.models import Team
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.models import Target
from tests.bench.load import get
from tests.bench.pages import Case
from tests.bench.people import Person, log_in
from tests.factories.people import make_user
from tests.factories.standings import make_company

STANDINGS = "standings"
TEAMS, SNAPSHOTS = 300, 6
LEADERS = 20
NOTE = "300 teams with six snapshots each; the bound is bare Flask, SQLAlchemy and Jinja with a page of the same weight"
HEAT_MAP, TEAM = 0.2, 0.5


@dataclass(frozen=True)
class Company:
    """Those who may see every team, and the slug of one."""

    leaders: list[Person]
    team: str


def make_standings(app: Flask) -> Company:
    """Fill the database. Says how long that took."""
    began = time.perf_counter()
    with app.app_context():
        now = utc_now()
        framework = db.session.execute(select(Framework).where(Framework.position == 0)).scalar_one()
        ids = make_company(framework, teams=TEAMS, snapshots=SNAPSHOTS, now=now)
        names = [
            make_user(f"Leader {number}", Role.LEADER, email=f"leader{number}@bench.example").get_id()
            for number in range(LEADERS)
        ]
        slug = _with_targets(framework, ids[0])
        db.session.remove()
        db.engine.dispose()
    print(f"\n{TEAMS} teams with {SNAPSHOTS} snapshots each, made in {time.perf_counter() - began:.1f} s")
    return Company([log_in(app, name) for name in names], slug)


def _with_targets(framework: Framework, team_id: int) -> str:
    """A target in every capability of the team, for its page to show all that there is. Answers its slug."""
    with transaction() as session:
        slugs = [each.slug for area in framework.areas for each in area.capabilities]
        session.add_all(
            Target(team_id=team_id, framework_id=framework.id, capability=slug, level=4, set_at=utc_now())
            for slug in slugs
        )
        return session.get_one(Team, team_id).slug


def standing_cases(company: Company, people: Sequence[Person]) -> list[Case]:
    """Everything that is measured: first as leaders ask for it, then what every member may see."""
    readers = {"leaders": company.leaders, "members": people}
    return [
        Case(name, [get(path.format(team=company.team), Cookie=each.cookie) for each in readers[who]], target)
        for name, (path, who, target) in PAGES.items()
    ]


# Address, who asks, and the ratio to reach.
PAGES: dict[str, tuple[str, str, float | None]] = {
    "heat map of 300 teams by area": ("/maturity/company/heatmap", "leaders", HEAT_MAP),
    "heat map of 300 teams by capability": ("/maturity/company/heatmap?by=capability", "leaders", HEAT_MAP),
    "heat map of a department": ("/maturity/company/heatmap?department=Risk", "leaders", HEAT_MAP),
    "a team's standing": ("/maturity/teams/{team}", "leaders", TEAM),
    "roll-up of the company": ("/maturity/company", "leaders", None),
    "roll-up, members": ("/maturity/company", "members", None),
    "participation, members": ("/participation", "members", None),
}
