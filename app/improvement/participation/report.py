"""The numbers of the programme, put together for page, sheets and paper."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.capabilities.models import Area, Framework
from app.improvement.participation.queries import (
    StageReached,
    count_all_teams,
    list_adoptions,
    list_assessed,
    list_people_reached,
    list_publications,
    list_reached,
    list_stages,
)
from app.improvement.participation.rules import Count, Levels, Span, count_different, count_teams, count_things, spread
from app.kernel.clock import zone
from app.maturity.hiding import LEAST, does_tell
from app.training.reports.queries import Counted, Scope, count_by_session
from app.training.reports.rules import Period

RECENT = timedelta(days=365)
# No session here is older.
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Numbers:
    """What was counted, each by month."""

    teams: Count
    assessments: Count
    sessions: Count
    seats: Count
    people: Count
    coaches: Count
    stories: Count
    practices: Count


@dataclass(frozen=True)
class Report:
    """`all_teams` is how many the company has, `assessed` how many of them were ever assessed against the framework, and `recently`
    how many in the last twelve months; None is what is hidden. `areas` has the levels reached in each area, `overall` in all of
    them together: what a team has reached everywhere. Levels are as somebody sees them who knows some teams by name.
    """

    span: Span
    framework: Framework | None
    all_teams: int
    assessed: int | None
    recently: int | None
    overall: Levels
    areas: Sequence[tuple[Area, Levels]]
    stages: Sequence[tuple[StageReached, Count]]
    numbers: Numbers

    @property
    def is_empty(self) -> bool:
        """Has nothing happened yet at all?"""
        each = vars(self.numbers).values()
        return all(count.ever == 0 for count in each)


def make_report(
    framework: Framework | None, period: Period, *, own_team_ids: Collection[int], now: datetime, zone_name: str
) -> Report:
    """For somebody who is in these teams. Nine queries. What lies ahead counts nowhere."""
    there = zone(zone_name)

    def day(moment: datetime) -> date:
        return moment.astimezone(there).date()

    span = Span(period, day(now).year)
    assessed = list_assessed(framework.id) if framework else []
    reached = list_reached(framework.id) if framework else []
    sessions = count_by_session(Scope(start=_BEGINNING, end=now))
    stages = [(stage, count_things(stage.days, span)) for stage in list_stages()]
    first = {each.team_id: day(each.at) for each in reversed(assessed)}
    recent = {each.team_id for each in assessed if each.at > now - RECENT}
    strangers = {each.team_id for each in assessed if not each.is_benchmark}.difference(own_team_ids)
    numbers = Numbers(
        teams=count_teams(first.values(), span),
        assessments=count_teams((day(each.at) for each in assessed), span),
        sessions=count_things((day(each.starts_at) for each in sessions), span),
        seats=count_things(_seats(sessions, day), span),
        people=count_different([(user_id, day(at)) for user_id, at in list_people_reached(now)], span),
        coaches=count_things((since for stage, _count in stages for since in stage.days), span),
        stories=count_things(list_publications(), span),
        practices=count_things(list_adoptions(), span),
    )
    return Report(
        span=span,
        framework=framework,
        all_teams=count_all_teams(),
        assessed=numbers.teams.ever,
        recently=len(recent) if len(first) >= LEAST and does_tell(len(recent), len(first)) else None,
        overall=spread(_lowest(reached), first, strangers),
        areas=[
            (area, spread(_in_area(reached, area.slug), first, strangers))
            for area in (framework.areas if framework else [])
        ],
        stages=stages,
        numbers=numbers,
    )


def _seats(sessions: Sequence[Counted], day: Callable[[datetime], date]) -> Iterable[date]:
    """The day of the session, for each seat that was filled."""
    for each in sessions:
        yield from [day(each.starts_at)] * each.tally.filled


def _lowest(reached: Iterable[tuple[int, str, int]]) -> dict[int, int]:
    """The level of each team that it has reached in all of these."""
    lowest: dict[int, int] = {}
    for team_id, _area, level in reached:
        lowest[team_id] = min(level, lowest.get(team_id, level))
    return lowest


def _in_area(reached: Iterable[tuple[int, str, int]], area: str) -> dict[int, int]:
    return _lowest(each for each in reached if each[1] == area)
