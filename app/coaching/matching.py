"""Which coach a request is offered to next. The rule stands in docs/coaching.md, and on the page of every request.

A coach matches who teaches the capability at least at the wished level, speaks the language, takes requests, has room, is not of
the team, and was not offered this request yet. Who is away on a day on which the clock would run is passed over. First comes who has most room left; then who has waited longest for an offer;
then who has been here longest.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from app.accounts.models import Membership, User
from app.coaches.models import Coach, CoachLanguage, CoachSkill
from app.coaching.load import Load, list_loads
from app.coaching.models import CoachAway, CoachingRequest, Offer
from app.coaching.rules import answer_by
from app.kernel.clock import zone
from app.kernel.db import db
from app.kernel.errors import InvalidInputError

_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a team looks for. `without` are the coaches that cannot be asked (again)."""

    team_id: int
    capability_id: int | None = None
    to_level: int | None = None
    language: str = ""
    without: Sequence[int] = ()


@dataclass(frozen=True)
class Candidate:
    """A coach who matches. `level` is how far the coach teaches the capability, `last_offer_at` when the last request came."""

    user_id: int
    name: str
    slug: str
    level: int | None
    load: Load
    last_offer_at: datetime | None

    @property
    def rank(self) -> tuple[int, datetime, int]:
        return -self.load.room, self.last_offer_at or _NEVER, self.user_id


def wanted_by(request: CoachingRequest) -> Wanted:
    """What a request looks for, without those whom it was offered to."""
    offered = select(Offer.coach_id).where(Offer.request_id == request.id, Offer.coach_id.is_not(None))
    return Wanted(
        team_id=request.team_id,
        capability_id=request.capability_id,
        to_level=request.to_level,
        language=request.language,
        without=[coach_id for coach_id in db.session.execute(offered).scalars() if coach_id is not None],
    )


def list_candidates(wanted: Wanted, now: datetime) -> list[Candidate]:
    """All who match, have room and are there, the next one first. Three queries."""
    found = _with_room(wanted)
    away = _list_away([each.user_id for each in found], now)
    return [each for each in found if each.user_id not in away]


def _with_room(wanted: Wanted) -> list[Candidate]:
    rows = db.session.execute(_matching(wanted)).all()
    loads = list_loads([row.user_id for row in rows])
    found = [
        Candidate(row.user_id, row.name, row.slug, row.level, loads[row.user_id], row.last_offer_at) for row in rows
    ]
    return sorted((each for each in found if each.load.has_room), key=lambda each: each.rank)


def _list_away(user_ids: Collection[int], now: datetime) -> set[int]:
    """Who of them is away today, or while the clock of a request that came now would run, on the own clocks."""
    query = (
        select(CoachAway.coach_id, CoachAway.first, CoachAway.last, User.time_zone)
        .join(User, User.id == CoachAway.coach_id)
        .where(CoachAway.coach_id.in_(user_ids))
    )
    return {
        coach_id
        for coach_id, first, last, zone_name in db.session.execute(query)
        if first <= answer_by(now, zone_name).astimezone(zone(zone_name)).date()
        and last >= now.astimezone(zone(zone_name)).date()
    }


def find_next(wanted: Wanted, now: datetime) -> Candidate | None:
    return next(iter(list_candidates(wanted, now)), None)


def is_anybody_left(wanted: Wanted) -> bool:
    """Is there somebody who matches and was not asked yet, whether with room or without, there or away? Two queries."""
    ids = [row.user_id for row in db.session.execute(_matching(wanted))]
    return any(load.is_taking for load in list_loads(ids).values())


def ensure_can_get(wanted: Wanted, coach_id: int) -> None:
    """May this coach be asked by name? Only the person counts then, not capability and language. Raises InvalidInputError."""
    if coach_id in wanted.without:
        raise InvalidInputError(_l("This coach had the request before. Choose another one."), field="coach")
    ensure_of_another_team(coach_id, wanted.team_id)
    load = list_loads([coach_id]).get(coach_id)
    if load is None or not load.has_room:
        raise InvalidInputError(_l("This coach has no room at the moment. Choose another one."), field="coach")


def ensure_of_another_team(coach_id: int, team_id: int) -> None:
    """Nobody coaches a team of their own. Raises InvalidInputError."""
    of_team = select(Membership.user_id).where(Membership.team_id == team_id, Membership.user_id == coach_id)
    if db.session.execute(of_team).first() is not None:
        raise InvalidInputError(_l("A coach comes from another team."), field="coach")


def list_with_room(wanted: Wanted) -> list[Candidate]:
    """Everybody who can be asked by name, by name; also who is away, for who names a person has reasons."""
    anybody = Wanted(team_id=wanted.team_id, without=wanted.without)
    return sorted(_with_room(anybody), key=lambda each: (each.name, each.user_id))


def _matching(wanted: Wanted) -> Select[int, str, str, int | None, datetime | None]:
    last_offer = select(func.max(Offer.offered_at)).where(Offer.coach_id == User.id).correlate(User).scalar_subquery()
    level = (
        select(CoachSkill.level)
        .where(CoachSkill.coach_id == Coach.id, CoachSkill.capability_id == wanted.capability_id)
        .correlate(Coach)
        .scalar_subquery()
    )
    of_team = select(Membership.user_id).where(Membership.team_id == wanted.team_id)
    query = (
        select(
            User.id.label("user_id"),
            User.name,
            Coach.slug,
            level.label("level"),
            last_offer.label("last_offer_at"),
        )
        .join(Coach, Coach.user_id == User.id)
        .where(User.disabled_at.is_(None), Coach.is_taking_requests)
        .where(User.id.not_in(of_team), User.id.not_in(wanted.without))
    )
    if wanted.capability_id is not None:
        query = query.where(level >= (wanted.to_level or 1))
    if wanted.language:
        query = query.where(Coach.language_rows.any(CoachLanguage.language == wanted.language))
    return query
