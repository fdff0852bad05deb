"""A report, put together for page and sheets."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _

from app.kernel.clock import zone
from app.training.feedback.queries import list_averages
from app.training.reports.forms import Choice
from app.training.reports.queries import (
    Counted,
    Scope,
    capability_names,
    coaches_of,
    count_by_session,
    count_by_team,
    list_coaches,
    list_team_names,
)
from app.training.reports.rules import FEW, By, Tally, add_up, merge_few
from app.training.rules import KIND_NAMES
from app.web.i18n import language


@dataclass(frozen=True)
class Row:
    """`narrower` are the parameters of the report that tells of this row alone; None where there is none."""

    label: str
    tally: Tally
    narrower: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Report:
    """`trend` is the same by month, for everybody's places only. `is_hidden`: so few people are in it that nothing is told;
    `merged` says how many rows are taken together in the last one, for telling of too few people.
    """

    by: By
    rows: Sequence[Row]
    total: Tally
    trend: Sequence[Row]
    merged: int = 0
    is_hidden: bool = False

    @property
    def is_about_people(self) -> bool:
        """Are places counted by who has them? Then nothing is said of seats that were offered."""
        return self.by is By.TEAM or self.total.people is not None

    @property
    def is_empty(self) -> bool:
        return not self.total.sessions


def make_report(
    choice: Choice, *, team_ids: frozenset[int] | None, zone_name: str, seen_ids: frozenset[int] | None = None
) -> Report:
    """`team_ids`: only the places of these teams' people; None for everybody's. `seen_ids`: the teams among which one can be
    chosen; None for all. Eight queries at most, and two more for each filter where places are counted by who has them.
    """
    start, end = choice.period.bounds(zone_name)
    scope = Scope(
        start=start,
        end=end,
        kind=choice.kind,
        capability=choice.capability,
        level=int(choice.level) if choice.level else None,
        coach_id=int(choice.coach) if choice.coach else None,
        team_ids=team_ids,
    )
    counted = count_by_session(scope)
    if team_ids is None:
        counted = _with_feedback(counted)
    total = add_up(each.tally for each in counted)
    if total.people is not None and (len(total.people) < FEW or _can_be_subtracted(choice, scope, seen_ids)):
        return Report(choice.by, (), total, (), is_hidden=bool(counted))
    months = _by_month(counted, choice, zone_name)
    trend = [Row(label, tally) for _month, label, tally in months]
    rows = months if choice.by is By.MONTH else _ROWS[choice.by](counted, scope)
    if choice.by is not By.TEAM and total.people is None:
        return Report(choice.by, [_row(choice.by, *row) for row in rows], total, trend)
    merged = merge_few([((key, label), tally) for key, label, tally in rows])
    shown = [_row(choice.by, key, label, tally) for (key, label), tally in merged.rows]
    if merged.others is not None:
        shown.append(Row(_("Others, taken together"), merged.others))
    return Report(choice.by, shown, total, trend if total.people is None else (), merged.merged)


def _can_be_subtracted(choice: Choice, scope: Scope, seen_ids: frozenset[int] | None) -> bool:
    """Is a filter one of those rows that the report without this filter takes together with others? Then both together would
    tell of the few people of the others.
    """
    wider = {
        By.KIND: replace(scope, kind=""),
        By.CAPABILITY: replace(scope, capability=""),
        By.LEVEL: replace(scope, level=None),
        By.COACH: replace(scope, coach_id=None),
        By.TEAM: replace(scope, team_ids=seen_ids),
    }
    for by, without in wider.items():
        value = getattr(choice, by)
        if value:
            rows = _ROWS[by](count_by_session(without), without)
            shown = merge_few([(str(key), tally) for key, _label, tally in rows]).rows
            if value not in {key for key, _tally in shown}:
                return True
    return False


def _with_feedback(counted: Sequence[Counted]) -> list[Counted]:
    """Where so many answered that their average may be told (see the room `feedback`)."""
    averages = list_averages(each.id for each in counted)
    return [
        replace(each, tally=replace(each.tally, answers=said.number, rated=said.overall * said.number))
        if (said := averages.get(each.id))
        else each
        for each in counted
    ]


Keyed = tuple[Any, str, Tally]


def _row(by: By, key: Any, label: str, tally: Tally) -> Row:
    """Nothing is narrower than what has no name, such as "no level"."""
    if key is None:
        return Row(label, tally)
    if by is By.MONTH:
        return Row(label, tally, {"since": f"{key:%Y-%m}", "until": f"{key:%Y-%m}", "by": By.KIND})
    return Row(label, tally, {by.value: str(key), "by": By.MONTH})


def _by_month(counted: Sequence[Counted], choice: Choice, zone_name: str) -> list[Keyed]:
    """Every month of the period, those without a session, too."""
    there = zone(zone_name)
    groups = _group((each.starts_at.astimezone(there).date().replace(day=1), each.tally) for each in counted)
    nothing = Tally(offered=None, people=frozenset()) if counted and counted[0].tally.people is not None else Tally()
    return [(month, month_words(month), groups.get(month, nothing)) for month in choice.period.months]


def month_words(month: date) -> str:
    return format_skeleton("yMMM", month, locale=get_locale())


def _by_capability(counted: Sequence[Counted], _scope: Scope) -> list[Keyed]:
    groups = _group((each.capability_id, each.tally) for each in counted)
    names = [(each, slug, name.in_(language())) for each, (slug, name) in capability_names().items()]
    rows: list[Keyed] = [(slug, label, groups[each]) for each, slug, label in names if each in groups]
    return [*rows, (None, _("On no capability"), groups[None])] if None in groups else rows


def _by_level(counted: Sequence[Counted], _scope: Scope) -> list[Keyed]:
    groups = _group((each.level, each.tally) for each in counted)
    labels: dict[int | None, str] = {level: _("Level %(level)s", level=level) for level in range(1, 6)}
    return _named(groups, {**labels, None: _("No level")})


def _by_kind(counted: Sequence[Counted], _scope: Scope) -> list[Keyed]:
    groups = _group((each.kind, each.tally) for each in counted)
    return _named(groups, {kind.value: str(name) for kind, name in KIND_NAMES.items()})


def _by_coach(counted: Sequence[Counted], scope: Scope) -> list[Keyed]:
    """A session of two coaches counts for both."""
    coaches = coaches_of(scope)
    groups = _group((user_id, each.tally) for each in counted for user_id in coaches.get(each.id, ()))
    return _named(groups, dict(list_coaches()))


def _by_team(_counted: Sequence[Counted], scope: Scope) -> list[Keyed]:
    groups = count_by_team(scope)
    rows: list[Keyed] = [
        (slug, name, groups[team_id]) for team_id, slug, name in list_team_names(scope.team_ids) if team_id in groups
    ]
    return [*rows, (None, _("In no team"), groups[None])] if None in groups else rows


_ROWS = {
    By.CAPABILITY: _by_capability,
    By.LEVEL: _by_level,
    By.KIND: _by_kind,
    By.COACH: _by_coach,
    By.TEAM: _by_team,
}


def _group(pairs: Any) -> dict[Any, Tally]:
    groups: dict[Hashable, Tally] = {}
    for key, tally in pairs:
        groups[key] = groups[key] + tally if key in groups else tally
    return groups


def _named(groups: Mapping[Any, Tally], labels: Mapping[Any, str]) -> list[Keyed]:
    """In the order of the labels, what was counted of each."""
    return [(key, label, groups[key]) for key, label in labels.items() if key in groups]
