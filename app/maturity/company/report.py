"""Everything that the page of the company shows, and its sheets."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.capabilities.models import Framework
from app.maturity.company.queries import departments_today, list_told
from app.maturity.company.rollup import HalfYear, Rollup, by_half_year, roll_up
from app.maturity.standing.queries import Standing, latest_version_id, names_in
from app.maturity.standing.report import called


@dataclass(frozen=True)
class Report:
    """`areas` are (slug, name) in the order of the framework."""

    framework: Framework
    areas: Sequence[tuple[str, str]]
    rollup: Rollup
    trend: Sequence[HalfYear]

    @property
    def has_trend(self) -> bool:
        return sum(each.score is not None for each in self.trend) > 1


def make_report(
    framework: Framework, standings: Sequence[Standing], *, own_team_ids: Collection[int], language: str
) -> Report:
    """As somebody sees it who is in these teams."""
    names = names_in({latest_version_id(framework.id) or 0})
    return Report(
        framework,
        [(slug, called(names.areas, slug, language)) for slug in names.areas],
        roll_up(standings, departments_today(), list(names.areas), own_team_ids),
        by_half_year(list_told(framework.id), own_team_ids),
    )
