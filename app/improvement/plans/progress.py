"""How far the items of a plan have come by themselves: what is used, who goes where, what coaching does, what was assessed since.

So many queries, however many items there are.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, select

from app.accounts.models import Membership, User
from app.capabilities.models import Capability, Framework
from app.capabilities.versions import by_present_slugs
from app.coaching.models import CoachingRequest, Engagement, Goal
from app.improvement.advice.reading import stages_of
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.rules import ALIVE, ItemKind, ItemState
from app.kernel.db import db
from app.maturity.models import Snapshot
from app.maturity.snapshots.queries import find_latest
from app.practices.adoption.rules import ADOPTED
from app.training.models import TrainingSession
from app.training.seats.attended import was_there
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat


@dataclass(frozen=True)
class SessionFacts:
    """A session of the plan: when it is, and, for the team alone, who of it goes, and how many were there once it is over."""

    slug: str
    title: str
    state: str
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    seated: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    there: int = 0

    def is_over(self, now: datetime) -> bool:
        return self.ends_at <= now


@dataclass(frozen=True)
class CoachingFacts:
    """What became of the wish for a coach: the request that is asked, or the engagement that it led to."""

    request_id: int | None = None
    request_state: str | None = None
    engagement_id: int | None = None
    engagement_state: str | None = None


@dataclass(frozen=True)
class Progress:
    """What is known of the items of a plan. `before` is the snapshot that the plan began from, `after` the newest one, where that is
    another one. Levels that an item was put in with are told (`tells_levels`) to the team alone where the plan began without a
    snapshot: they are what it says of itself, and nobody has verified them.
    """

    tells_levels: bool
    stages: Mapping[str, str]
    sessions: Mapping[str, SessionFacts]
    coaching: Mapping[str, CoachingFacts]
    before: Snapshot | None
    after: Snapshot | None
    levels_before: Mapping[str, int | None] = field(default_factory=dict)
    levels_now: Mapping[str, int | None] = field(default_factory=dict)

    def has_reached(self, item: PlanItem) -> bool:
        """Does the newest snapshot, taken after the plan began, show the level that the item is to lead to?"""
        level = self.levels_now.get(item.capability) if self.after is not None else None
        return item.to_level is not None and level is not None and level >= item.to_level

    def offers_done(self, item: PlanItem, now: datetime) -> bool:
        """Is there something to show that it is done, though nobody has said so?"""
        if item.state not in ALIVE:
            return False
        facts = self.sessions.get(item.ref) if item.kind == ItemKind.SESSION else None
        return (
            self.has_reached(item)
            or (item.kind == ItemKind.PRACTICE and self.stages.get(item.ref) in ADOPTED)
            or (facts is not None and facts.is_over(now) and facts.there > 0)
        )


def look_at(plan: Plan, *, in_confidence: bool) -> Progress:
    """How far the plan has come. Only `in_confidence`, for the people of the team, is told who goes where and what it asks coaches for."""
    before = db.session.get(Snapshot, plan.baseline_id) if plan.baseline_id is not None else None
    after = find_latest(plan.team_id, plan.framework_id)
    if after is not None and after.id == plan.baseline_id:
        after = None
    newest = after or before
    slugs = [item.ref for item in plan.items if item.kind == ItemKind.SESSION]
    wished = {item.capability for item in plan.items if item.kind == ItemKind.COACH and item.capability}
    return Progress(
        tells_levels=in_confidence or before is not None,
        stages=stages_of(plan.team_id),
        sessions=_sessions(slugs, plan.team_id if in_confidence else 0) if slugs else {},
        coaching=_coaching(plan, wished) if in_confidence and wished else {},
        before=before,
        after=after,
        levels_before=_levels(before, plan.framework),
        levels_now=_levels(newest, plan.framework),
    )


def _levels(snapshot: Snapshot | None, framework: Framework) -> Mapping[str, int | None]:
    levels = {mark.capability: mark.level for mark in snapshot.marks} if snapshot is not None else {}
    return by_present_slugs(levels, framework)


def _sessions(slugs: Collection[str], team_id: int) -> dict[str, SessionFacts]:
    given = TrainingSession
    columns = (given.slug, given.title, given.state, given.starts_at, given.ends_at, given.time_zone)
    rows = db.session.execute(select(*columns).where(given.slug.in_(slugs))).all()
    there: ColumnElement[bool] = was_there().label("there")
    people = (
        select(TrainingSession.slug, Enrolment.state, User.name, there)
        .select_from(Enrolment)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_id)
        .join(User, User.id == Enrolment.user_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.team_id == team_id, TrainingSession.slug.in_(slugs))
        .order_by(User.name, User.id)
    )
    seated: dict[str, list[str]] = {}
    waiting: dict[str, list[str]] = {}
    attended: dict[str, int] = {}
    for slug, state, name, was in db.session.execute(people):
        if state == Seat.CONFIRMED:
            seated.setdefault(slug, []).append(name)
            attended[slug] = attended.get(slug, 0) + bool(was)
        elif state != Seat.CANCELLED:
            waiting.setdefault(slug, []).append(name)
    return {
        row.slug: SessionFacts(
            *row, tuple(seated.get(row.slug, ())), tuple(waiting.get(row.slug, ())), attended.get(row.slug, 0)
        )
        for row in rows
    }


def _coaching(plan: Plan, capabilities: Collection[str]) -> dict[str, CoachingFacts]:
    """By capability, the newest request and the newest engagement since the plan began, or those that still run."""
    on = Capability.framework_id == plan.framework_id, Capability.slug.in_(capabilities)
    asked = (
        select(Capability.slug, CoachingRequest.id, CoachingRequest.state)
        .join(Capability, Capability.id == CoachingRequest.capability_id)
        .where(CoachingRequest.team_id == plan.team_id, CoachingRequest.created_at >= plan.created_at, *on)
        .order_by(CoachingRequest.id)
    )
    helped = (
        select(Capability.slug, Engagement.id, Engagement.state)
        .select_from(Engagement)
        .join(Goal, Goal.engagement_id == Engagement.id)
        .join(Capability, Capability.id == Goal.capability_id)
        .where(Engagement.team_id == plan.team_id, *on)
        .where((Engagement.began_on >= plan.began_on) | (Engagement.ended_on.is_(None)))
        .order_by(Engagement.id)
    )
    requests = {slug: (id_, state) for slug, id_, state in db.session.execute(asked)}
    engagements = {slug: (id_, state) for slug, id_, state in db.session.execute(helped)}
    none: tuple[None, None] = (None, None)
    return {
        slug: CoachingFacts(*requests.get(slug, none), *engagements.get(slug, none))
        for slug in capabilities
        if slug in requests or slug in engagements
    }


def worked_on(items: Sequence[PlanItem]) -> set[str]:
    """The capabilities that somebody works on by the plan. What is in it and not begun changes nothing yet: so a team can put in all
    that helps with a gap before the gap moves.
    """
    return {item.capability for item in items if item.capability and item.state == ItemState.DOING}
