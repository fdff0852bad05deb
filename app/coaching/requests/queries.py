"""Reading what hangs on requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import Team, User
from app.capabilities.models import Capability
from app.coaching.models import CoachingRequest, Engagement, Offer
from app.coaching.rules import Ask
from app.kernel.db import db
from app.kernel.errors import NotFoundError


def find_engagement_id(request_id: int) -> int | None:
    """What an accepted request became."""
    return db.session.execute(select(Engagement.id).where(Engagement.request_id == request_id)).scalar_one_or_none()


@dataclass(frozen=True)
class Stranded:
    """What administrators see of a request that is with nobody: never what the team wrote."""

    id: int
    team: str
    capability: Capability | None
    to_level: int | None
    language: str
    since: datetime
    asked: int


def list_stranded() -> list[Stranded]:
    """The oldest first. One query."""
    # Who was asked twice counts once; of those whose account is deleted every offer counts.
    coaches = func.count(func.coalesce(Offer.coach_id, -Offer.id).distinct())
    asked = select(coaches).where(Offer.request_id == CoachingRequest.id).correlate(CoachingRequest)
    query = (
        select(
            CoachingRequest.id,
            Team.name,
            Capability,
            CoachingRequest.to_level,
            CoachingRequest.language,
            CoachingRequest.state_since,
            asked.scalar_subquery(),
        )
        .join(Team, Team.id == CoachingRequest.team_id)
        .outerjoin(Capability, Capability.id == CoachingRequest.capability_id)
        .outerjoin(Capability.area)
        .outerjoin(Capability.framework)
        .options(contains_eager(Capability.area), contains_eager(Capability.framework))
        .where(CoachingRequest.state == Ask.STRANDED)
        .order_by(CoachingRequest.state_since, CoachingRequest.id)
    )
    return [Stranded(*row) for row in db.session.execute(query)]


def get_stranded(request_id: int) -> tuple[Stranded, CoachingRequest]:
    """The one, and its row for matching. Raises NotFoundError for one that is not stranded."""
    found = next((each for each in list_stranded() if each.id == request_id), None)
    row = db.session.get(CoachingRequest, request_id)
    if found is None or row is None:
        raise NotFoundError(_l("This request is with a coach by now, or needs none any more."))
    return found, row


def teams_to_ask_for(user: User) -> Sequence[Team]:
    """The teams for which the person can ask, by name."""
    query = select(Team).where(Team.id.in_(user.team_ids)).order_by(Team.name)
    return list(db.session.execute(query).scalars())
