"""What other pages show of a team's way: on its own page where it stands, on an engagement's page where it stood before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.capabilities.models import Framework
from app.capabilities.versions import by_slugs_of
from app.coaching.models import Engagement
from app.kernel.clock import zone
from app.kernel.db import db
from app.kernel.types import Localized
from app.maturity.models import Snapshot
from app.maturity.policy import can_see_standing
from app.maturity.scoring import shown, staged_level
from app.maturity.snapshots.queries import list_of_team
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
class Reached:
    """What a goal aimed at, and the level of its capability before and after; None where that is not known or does not apply."""

    name: Localized
    before: int | None
    after: int | None
    aimed: int | None

    @property
    def is_reached(self) -> bool:
        return self.after is not None and self.aimed is not None and self.after >= self.aimed


@dataclass(frozen=True)
class Changed:
    """Two snapshots of a team around an engagement, and its goals in between. `before` is None where the team was not assessed
    before, `after` as long as it was not assessed since.
    """

    framework: Framework
    before: Snapshot | None
    after: Snapshot | None
    goals: Sequence[Reached]
    score_before: Decimal | None
    score_after: Decimal | None

    @property
    def url(self) -> str:
        return url_for("snapshots.comparison", a=self.before.id, b=self.after.id) if self.before and self.after else ""


def of_engagement(engagement: Any, reader: Any) -> Section | None:
    """The team's assessment before and after it was coached: against each framework that it was assessed against before, or that a
    goal is of.
    """
    if not can_see_standing(reader, engagement.team):
        return None
    found: dict[int, list[Snapshot]] = {}
    for snapshot in list_of_team(engagement.team_id):
        found.setdefault(snapshot.framework_id, []).append(snapshot)
    aimed = {goal.capability.framework_id for goal in engagement.goals if goal.capability is not None}
    frameworks = db.session.execute(select(Framework).where(Framework.id.in_({*found, *aimed}))).unique().scalars()
    ordered = sorted(frameworks, key=lambda each: (each.position, each.slug))
    cards = [_changed(engagement, framework, found.get(framework.id, [])) for framework in ordered]
    cards = [card for card in cards if card.before is not None or card.goals]
    return Section(_("Before and after"), CHANGE_CARD, cards, len(cards)) if cards else None


def _changed(engagement: Engagement, framework: Framework, snapshots: Sequence[Snapshot]) -> Changed:
    """Before is the last snapshot of the day on which it began, or earlier; after is the first since it ended, or while there is none
    the newest. Snapshots come the newest first.
    """
    began = _end_of(engagement.began_on)
    before = next((each for each in snapshots if each.taken_at < began), None)
    later = [each for each in snapshots if each.taken_at >= began]
    after = next(iter(later), None)
    if engagement.ended_on is not None:
        ended = _end_of(engagement.ended_on)
        after = next((each for each in reversed(later) if each.taken_at >= ended), after)
    goals = [goal for goal in engagement.goals if goal.capability and goal.capability.framework_id == framework.id]
    slugs = [goal.capability.slug for goal in goals if goal.capability]
    was, now = _levels(before, slugs), _levels(after, slugs)
    return Changed(
        framework,
        before,
        after,
        [
            Reached(goal.capability.name, was.get(goal.capability.slug), now.get(goal.capability.slug), goal.to_level)
            for goal in goals
            if goal.capability
        ],
        shown(before.score) if before else None,
        shown(after.score) if after else None,
    )


def _levels(snapshot: Snapshot | None, slugs: Sequence[str]) -> dict[str, int | None]:
    """{slug of today: level then} of these capabilities, whatever they were called then."""
    if snapshot is None or not slugs:
        return {}
    today = by_slugs_of(snapshot.version, {slug: slug for slug in slugs})
    return {today[mark.capability]: mark.level for mark in snapshot.marks if mark.capability in today}


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, zone(request_zone()))
