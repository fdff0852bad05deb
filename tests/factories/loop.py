"""A team that went once around: assessed, coached, adopted, assessed again. What is private of it has words that no page may show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.coaching.models import AgreedAction, CoachingRequest, Engagement, EngagementFeedback, Goal, Note
from app.coaching.rules import Ask, Phase
from app.improvement.plans.models import Plan, PlanItem
from app.kernel.db import transaction
from app.maturity.models import Snapshot, Target
from app.practices.adoption import service as adoption
from app.practices.adoption.rules import Stage
from app.practices.queries import find_in_language
from app.training.models import TrainingSession
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.presence import note_presence
from tests.factories.training import make_training, sign_up

MARCH = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 15, 2, 0, tzinfo=UTC)
# What coach and team wrote for each other alone.
SECRET = "Unspeakable"
LEAD_TIME = "Change lead time"


def number(
    title: str, value: float, unit: str, window: str, link: str = "https://dashboards.example/lead"
) -> dict[str, Any]:
    """A number as evidence, as a snapshot keeps it."""
    return {
        "kind": "metric", "title": title, "link": link, "value": value, "unit": unit, "window": window, "stage": "",
    }  # fmt: skip


@dataclass(frozen=True)
class Loop:
    framework: Framework
    team: Team
    lead: User
    mate: User
    coach: User
    first: Snapshot
    second: Snapshot
    training: TrainingSession


def make_loop(framework: Framework | None = None, *, name: str = "Payments", language: str = "en") -> Loop:
    """The team rose from level 1 to 3 in version control and from 2 to 3 in test automation; change management stayed at 2."""
    framework = framework or make_framework()
    capability = framework.areas[0].capabilities[0]
    lead = make_user(f"Lea of {name}", language=language)
    mate = make_user(f"Max of {name}")
    coach = make_coach(f"Chen Coach of {name}", skills={capability.id: 4}).user
    verifier = make_user(f"Vera Verifier of {name}", Role.COACH)
    team = make_team(name, mate, lead=lead)
    first = make_snapshot(
        team,
        framework,
        {"version-control": 1, "change-management": 2, "test-automation": 2},
        taken_at=MARCH,
        title="Spring",
        verifier=verifier,
        evidence={"version-control": [number(LEAD_TIME, 20, "days", "Q1 2026")]},
    )
    _coach(team, lead, coach, capability.id)
    _plan(team, framework, lead, first)
    if find_in_language("short-branches", "en") is None:
        make_practice("short-branches", title="Short branches", capability=capability, level=2)
    with transaction() as session:
        said = adoption.Said(stage=Stage.USING, since=date(2026, 5, 4))
        adoption.say(
            session, "short-branches", team.id, said, actor=lead, today=date(2026, 5, 5), now=MARCH + timedelta(days=56)
        )
    training = _train(coach, lead, mate, slug=f"branching-{team.id}")
    second = make_snapshot(
        team,
        framework,
        {"version-control": 3, "change-management": 2, "test-automation": 3},
        taken_at=SEPTEMBER,
        title="Autumn",
        verifier=verifier,
        evidence={"version-control": [number(LEAD_TIME, 5, "days", "Q3 2026")]},
        targets={"version-control": 3, "change-management": 3},
    )
    return Loop(framework, team, lead, mate, coach, first, second, training)


def _coach(team: Team, lead: User, coach: User, capability_id: int) -> None:
    with transaction() as session:
        request = CoachingRequest(
            team_id=team.id,
            asked_by_id=lead.id,
            goal=f"{SECRET} goal of the request",
            language="en",
            key="one",
            state=Ask.ACCEPTED,
            state_since=MARCH,
            coach_id=coach.id,
            created_at=MARCH,
        )
        session.add(request)
        session.flush()
        session.add(
            Engagement(
                request_id=request.id,
                team_id=team.id,
                coach_id=coach.id,
                title=f"{SECRET} title",
                state=Phase.ENDED,
                state_since=SEPTEMBER,
                began_on=date(2026, 4, 1),
                ended_on=date(2026, 7, 31),
                outcome=f"{SECRET} outcome",
                created_at=MARCH,
                goals=[Goal(capability_id=capability_id, from_level=1, to_level=3, text=f"{SECRET} goal")],
                notes=[
                    Note(
                        on=date(2026, 4, 2),
                        text=f"{SECRET} note",
                        html=f"<p>{SECRET} note</p>",
                        author_id=coach.id,
                        at=MARCH,
                    )
                ],
                actions=[AgreedAction(text=f"{SECRET} action", owner_id=lead.id)],
                feedback=[EngagementFeedback(user_id=lead.id, mark=2, text=f"{SECRET} feedback", at=SEPTEMBER)],
            )
        )


def _plan(team: Team, framework: Framework, lead: User, baseline: Snapshot) -> None:
    with transaction() as session:
        session.add(
            Plan(
                team_id=team.id,
                framework_id=framework.id,
                baseline_id=baseline.id,
                title="Up to three",
                began_on=date(2026, 3, 16),
                created_at=MARCH,
                items=[
                    PlanItem(position=0, kind="own", what="Cut the long branches", key="a", state="done", state_since=MARCH + timedelta(days=60), owner_id=lead.id),
                    PlanItem(position=1, kind="own", what="Name the owners of every change", key="b", state="doing", state_since=MARCH),
                ],
            )
        )  # fmt: skip
        session.add(
            Target(
                team_id=team.id, framework_id=framework.id, capability="change-management", level=3, set_at=MARCH, set_by_id=lead.id
            )
        )  # fmt: skip


def _train(coach: User, *people: User, slug: str) -> TrainingSession:
    starts = datetime(2026, 5, 12, 2, 0, tzinfo=UTC)
    training = make_training(
        coach, slug=slug, title="Branching well", starts_at=starts, ends_at=starts + timedelta(hours=2)
    )
    sign_up(training, *people, now=starts - timedelta(days=3))
    for person in people:
        note_presence(training, person, "present")
    return training
