"""The whole loop of a team against one framework, put together: where it began, what it set out to do, who helped, what it took up,
where it is, what it told and what others took from it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.capabilities.versions import by_slugs_of
from app.case_studies.models import CaseStudy
from app.improvement.journey import moments
from app.improvement.journey.moments import Moment
from app.improvement.journey.policy import can_see_help, can_see_reads
from app.improvement.journey.queries import Echo, Taker, count_echo, list_stories, list_takers
from app.improvement.plans.models import Plan
from app.improvement.plans.queries import count_states, list_plans
from app.improvement.plans.rules import ItemState, PlanState
from app.improvement.stories.choosing import Pair, usual_pair
from app.improvement.stories.queries import (
    Help,
    Stretch,
    list_adopted,
    list_attended,
    list_help,
    list_snapshots,
    load_whole,
)
from app.kernel.clock import zone
from app.kernel.types import Localized
from app.maturity.models import Snapshot, Target
from app.maturity.scoring import staged_level
from app.maturity.snapshots.comparing import Comparison, compare
from app.maturity.snapshots.content import marks_of
from app.maturity.snapshots.picture import Picture, draw
from app.maturity.snapshots.queries import renames_between
from app.maturity.targets.queries import targets_of
from app.practices.adoption.models import Adoption
from app.practices.queries import titles_of
from app.training.models import TrainingSession


@dataclass(frozen=True)
class Aim:
    """A target of the team, and where it is on the way."""

    name: Localized
    level: int | None
    target: Target

    @property
    def is_reached(self) -> bool:
        return self.level is not None and self.level >= self.target.level


@dataclass(frozen=True)
class Result:
    """Two snapshots side by side, as figures and as a picture."""

    comparison: Comparison
    picture: Picture


@dataclass(frozen=True)
class Way:
    """`first` is where it began and `latest` where the team is; they are one as long as there is one assessment, and `result` is
    None then. `plan` is the one that runs, else the last one.
    """

    team: Team
    framework: Framework
    frameworks: Sequence[Framework]
    first: Snapshot
    latest: Snapshot
    staged_first: int | None
    staged_latest: int | None
    result: Result | None
    aims: Sequence[Aim]
    plan: Plan | None
    done: int
    total: int
    help: Sequence[Help]
    sessions: Sequence[TrainingSession]
    adopted: Sequence[tuple[Adoption, str]]
    stories: Sequence[CaseStudy]
    takers: Sequence[Taker]
    echo: Echo
    moments: Sequence[Moment]

    @property
    def taking_teams(self) -> list[tuple[str, str]]:
        """(slug, name) of the teams that took something up, each once."""
        return list(dict.fromkeys((taker.slug, taker.team) for taker in self.takers))


def find_way(team: Team, reader: User, wanted: str, *, language: str, time_zone: str, now: datetime) -> Way | None:
    """Against the framework with the slug `wanted`, else the one that was assessed last; None before the first assessment."""
    snapshots = list_snapshots(team.id)
    if not snapshots:
        return None
    frameworks = {each.framework.slug: each.framework for each in snapshots}
    framework = frameworks.get(wanted, max(snapshots, key=lambda each: (each.taken_at, each.id)).framework)
    mine = [each for each in snapshots if each.framework_id == framework.id]
    plans = [each for each in list_plans(team.id) if each.framework_id == framework.id]
    first, latest = _ends(mine, plans)
    stretch = _until_today(first, time_zone, now)
    helped = [each for each in list_help(team.id, stretch) if can_see_help(reader, team, each)]
    sessions = list_attended(team.id, stretch.start, stretch.end)
    adoptions, stories = list_adopted(team.id, stretch), list_stories(team.id, language)
    takers = list_takers(team.id, stories)
    slugs = [*(each.practice_slug for each in adoptions), *(each.practice_slug for each in takers)]
    titles = titles_of(slugs, language)
    adopted = [(each, titles[each.practice_slug]) for each in adoptions if each.practice_slug in titles]
    plan, done, total = _progress(plans)
    return Way(
        team=team,
        framework=framework,
        frameworks=list(frameworks.values()),
        first=first,
        latest=latest,
        staged_first=staged_level(marks_of(first.content)),
        staged_latest=staged_level(marks_of(latest.content)),
        result=_result(first, latest) if first is not latest else None,
        aims=_aims(latest, by_slugs_of(latest.version, targets_of(team.id, framework.id))),
        plan=plan,
        done=done,
        total=total,
        help=helped,
        sessions=sessions,
        adopted=adopted,
        stories=stories,
        takers=takers,
        echo=count_echo(team, stories, with_reads=can_see_reads(reader, team), now=now),
        moments=moments.in_order(
            moments.of_snapshots(mine, time_zone),
            moments.of_plans(plans, team.slug),
            moments.of_help(helped),
            moments.of_sessions(sessions),
            moments.of_adoptions(adopted),
            moments.of_stories(stories),
            moments.of_takers(takers, titles),
        ),
    )


def _ends(snapshots: Sequence[Snapshot], plans: Sequence[Plan]) -> tuple[Snapshot, Snapshot]:
    """Where it began and where the team is, with all that they say."""
    baselines = frozenset(each.baseline_id for each in plans if each.baseline_id is not None)
    pair = usual_pair(snapshots, baselines) or Pair(snapshots[-1], snapshots[-1])
    whole = load_whole([pair.before.id, pair.after.id])
    return whole[pair.before.id], whole[pair.after.id]


def _until_today(first: Snapshot, time_zone: str, now: datetime) -> Stretch:
    there = zone(time_zone)
    return Stretch(first.taken_at, now, first.taken_at.astimezone(there).date(), now.astimezone(there).date())


def _progress(plans: Sequence[Plan]) -> tuple[Plan | None, int, int]:
    """The plan that runs, else the last one; how many of its items are done, of how many that were not dropped."""
    plan = next((each for each in plans if each.state == PlanState.RUNNING), plans[0] if plans else None)
    counts = count_states(plan) if plan is not None else {}
    return plan, counts.get(ItemState.DONE, 0), sum(n for state, n in counts.items() if state != ItemState.DROPPED)


def _result(first: Snapshot, latest: Snapshot) -> Result:
    comparison = compare(first.content, latest.content, renames_between(first, latest))
    return Result(comparison, draw(comparison))


def _aims(latest: Snapshot, targets: Mapping[str, Target]) -> list[Aim]:
    """In the order of the framework; targets on what is no longer in it are left out."""
    return [
        Aim(Localized(each["name"]), each["level"], targets[each["slug"]])
        for each in latest.content["capabilities"]
        if each["slug"] in targets
    ]
