"""What other pages show of a team's way: on its own page where it stands, on an engagement's page where it stood before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.coaching.models import Engagement, Goal
from app.kernel.clock import zone
from app.kernel.types import Localized
from app.maturity.models import Snapshot
from app.maturity.policy import can_see_standing
from app.maturity.scoring import shown, staged_level
from app.maturity.snapshots.queries import list_of_team
from app.maturity.standing.queries import renamed_since
from app.web.i18n import request_zone
from app.web.sections import Section

STANDING_CARD = "improvement/journey/_standing.html"
CHANGE_CARD = "improvement/journey/_change.html"


@dataclass(frozen=True)
class Standing:
    """Where a team stands against a framework, after its latest snapshot."""

    snapshot: Snapshot
    level: int | None
    url: str


def of_team(team: Any, reader: Any) -> Section | None:
    """Where the team stands, for whoever may see it."""
    if reader is None or not can_see_standing(reader, team):
        return None
    latest: dict[int, Snapshot] = {}
    for snapshot in list_of_team(team.id):
        latest.setdefault(snapshot.framework_id, snapshot)
    ordered = sorted(latest.values(), key=lambda each: (each.framework.position, each.framework.slug))
    cards = [
        Standing(each, staged_level(each.marks), url_for("journey.show", slug=team.slug, framework=each.framework.slug))
        for each in ordered
    ]
    return Section(_("Where the team stands"), STANDING_CARD, cards, len(cards)) if cards else None


@dataclass(frozen=True)
class Aimed:
    """A capability that was to come to a level, and the levels of the two snapshots."""

    name: Localized
    before: int | None
    after: int | None
    wanted: int | None


@dataclass(frozen=True)
class Changed:
    """Two snapshots of a team around an engagement, and what became of its goals; `after` is None as long as it was not assessed since."""

    before: Snapshot
    score_before: Decimal | None
    level_before: int | None
    after: Snapshot | None
    score_after: Decimal | None
    level_after: int | None
    goals: Sequence[Aimed]
    url: str


def of_engagement(engagement: Any, reader: Any) -> Section | None:
    """The team's assessment before and after it was coached, for each framework that it was assessed against before."""
    if not can_see_standing(reader, engagement.team):
        return None
    cards = [card for card in map(_changed, _by_framework(engagement)) if card is not None]
    return Section(_("Before and after"), CHANGE_CARD, cards, len(cards)) if cards else None


def _by_framework(engagement: Engagement) -> list[tuple[Engagement, list[Snapshot]]]:
    found: dict[int, list[Snapshot]] = {}
    for snapshot in list_of_team(engagement.team_id):
        found.setdefault(snapshot.framework_id, []).append(snapshot)
    return [(engagement, snapshots) for snapshots in found.values()]


def _changed(of: tuple[Engagement, list[Snapshot]]) -> Changed | None:
    """Before is the last snapshot of the day on which it began, or earlier; after is the first since it ended, or while it runs the
    newest. Snapshots come the newest first.
    """
    engagement, snapshots = of
    began = _end_of(engagement.began_on)
    before = next((each for each in snapshots if each.taken_at < began), None)
    if before is None:
        return None
    later = [each for each in snapshots if each.taken_at >= began]
    if engagement.ended_on is not None:
        ended = _end_of(engagement.ended_on)
        since = [each for each in later if each.taken_at >= ended]
        after = since[-1] if since else next(iter(later), None)
    else:
        after = next(iter(later), None)
    return Changed(
        before,
        shown(before.score),
        staged_level(before.marks),
        after,
        shown(after.score) if after else None,
        staged_level(after.marks) if after else None,
        _goals(engagement, before, after),
        url_for("snapshots.comparison", a=before.id, b=after.id) if after else "",
    )


def _goals(engagement: Engagement, before: Snapshot, after: Snapshot | None) -> list[Aimed]:
    """Those whose capability is of the framework, by the names of today."""
    goals = [each for each in engagement.goals if _is_of(each, before.framework_id)]
    if not goals:
        return []
    _areas, today = renamed_since(before.framework_id)
    then, now = _levels(before, today), _levels(after, today) if after else {}
    return [
        Aimed(each.name, then.get(each.slug), now.get(each.slug), goal.to_level)
        for goal in goals
        if (each := goal.capability) is not None
    ]


def _is_of(goal: Goal, framework_id: int) -> bool:
    return goal.capability is not None and goal.capability.framework_id == framework_id


def _levels(snapshot: Snapshot, today: Mapping[str, str]) -> dict[str, int | None]:
    return {today.get(mark.capability, mark.capability): mark.level for mark in snapshot.marks}


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, zone(request_zone()))
