"""Everything that the page of a team's standing shows, and the sheets and the paper with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from app.accounts.models import Team
from app.capabilities.models import Framework
from app.maturity.hiding import LEAST
from app.maturity.models import Target
from app.maturity.quartiles import Quartiles, quartiles
from app.maturity.scoring import Explanation, area_scores, explain, staged_level, total
from app.maturity.standing.queries import (
    Names,
    Standing,
    latest_version_id,
    list_history,
    names_in,
    strangers_among,
)
from app.maturity.standing.rules import once_reached
from app.maturity.targets.queries import targets_of


@dataclass(frozen=True)
class AreaRow:
    """`aim` is where the area will be once the targets are reached, None without targets in it; `bands` are the other teams'."""

    slug: str
    name: str
    now: float | None
    before: float | None
    aim: float | None
    bands: Quartiles | None


@dataclass(frozen=True)
class CapabilityRow:
    slug: str
    name: str
    area: str
    now: int | None
    before: int | None
    target: int | None
    due_on: date | None

    @property
    def gap(self) -> int | None:
        """How many levels are missing; 0 where the target is reached, None without a target or where it does not apply."""
        return None if self.target is None or self.now is None else max(0, self.target - self.now)


@dataclass(frozen=True)
class Report:
    """`history` is not empty; the newest snapshot is `now`. `total_bands` and those of the areas are None where too few other
    teams are known; `has_crowd` says whether there are enough.
    """

    team: Team
    framework: Framework
    history: Sequence[Standing]
    areas: Sequence[AreaRow]
    capabilities: Sequence[CapabilityRow]
    names: Names
    has_crowd: bool
    total_bands: Quartiles | None
    aim: float | None
    aim_staged: int | None
    explained: Explanation

    @property
    def now(self) -> Standing:
        return self.history[-1]

    @property
    def before(self) -> Standing | None:
        return self.history[-2] if len(self.history) > 1 else None

    @property
    def with_target(self) -> list[CapabilityRow]:
        """The widest gap first, then by how soon it is due."""
        rows = [row for row in self.capabilities if row.target is not None]
        return sorted(rows, key=lambda row: (-(row.gap or 0), row.due_on or date.max))


def make_report(
    team: Team, framework: Framework, standings: Sequence[Standing], *, own_team_ids: Collection[int], language: str
) -> Report | None:
    """None before the first snapshot. `standings` are the latest of all teams; `own_team_ids` are the teams that the reader sees by
    name without any right to see all.
    """
    history = list_history(team.id, framework.id)
    if not history:
        return None
    latest, before = history[-1], history[-2] if len(history) > 1 else None
    targets = targets_of(team.id, framework.id)
    others = [each for each in standings if each.team_id != team.id]
    strangers = strangers_among(others, own_team_ids)
    names = names_in({each.version_id for each in history} | {latest_version_id(framework.id) or 0})
    aims = once_reached(latest.marks, {slug: target.level for slug, target in targets.items()})
    aimed = {mark.area for mark in latest.marks if mark.capability in targets and mark.level is not None}
    aim_scores = area_scores(aims)
    return Report(
        team=team,
        framework=framework,
        history=history,
        areas=[
            AreaRow(
                slug=slug,
                name=called(names.areas, slug, language),
                now=score,
                before=before.areas.get(slug) if before else None,
                aim=aim_scores[slug] if slug in aimed else None,
                bands=_bands(others, strangers, slug),
            )
            for slug, score in latest.areas.items()
        ],
        capabilities=_capabilities(latest, before, names, targets, language),
        names=names,
        has_crowd=len(strangers) >= LEAST,
        total_bands=_total_bands(others, strangers),
        aim=total(aims) if aimed else None,
        aim_staged=staged_level(aims) if aimed else None,
        explained=explain(latest.marks),
    )


def called(names: Mapping[str, Mapping[str, str]], slug: str, language: str) -> str:
    """In the language, else in another one, else its slug."""
    said = names.get(slug, {})
    return said.get(language) or next((text for text in said.values() if text), slug)


def _bands(others: Sequence[Standing], strangers: Sequence[Standing], area: str) -> Quartiles | None:
    """Of the other teams to which the area applies; None where too few of those are strangers."""
    if sum(each.areas.get(area) is not None for each in strangers) < LEAST:
        return None
    return quartiles([score for each in others if (score := each.areas.get(area)) is not None])


def _total_bands(others: Sequence[Standing], strangers: Sequence[Standing]) -> Quartiles | None:
    if sum(each.score is not None for each in strangers) < LEAST:
        return None
    return quartiles([each.score for each in others if each.score is not None])


def _capabilities(
    latest: Standing, before: Standing | None, names: Names, targets: Mapping[str, Target], language: str
) -> list[CapabilityRow]:
    return [
        CapabilityRow(
            slug=mark.capability,
            name=called(names.capabilities, mark.capability, language),
            area=mark.area,
            now=mark.level,
            before=before.levels.get(mark.capability) if before else None,
            target=targets[mark.capability].level if mark.capability in targets else None,
            due_on=targets[mark.capability].due_on if mark.capability in targets else None,
        )
        for mark in latest.marks
    ]
