"""Reading requests and engagements: what one person may see of them."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import Membership, Team, User
from app.capabilities.models import Capability
from app.coaching.models import (
    AgreedAction,
    CoachingRequest,
    Engagement,
    Goal,
    Note,
    Offer,
    RequestWord,
)
from app.coaching.rules import OFFERED, PENDING, UNDER_WAY
from app.kernel.db import db
from app.kernel.errors import NotFoundError

NO_SUCH_REQUEST = _l("There is no such request. Your team’s requests are under Coaching.")
NO_SUCH_ENGAGEMENT = _l("There is no such engagement. What concerns you is under Coaching.")

# What a line about a request or an engagement needs.
REQUEST_ROW: tuple[ORMOption, ...] = (
    joinedload(CoachingRequest.team),
    joinedload(CoachingRequest.coach),
    joinedload(CoachingRequest.capability).joinedload(Capability.area),
)
ENGAGEMENT_ROW: tuple[ORMOption, ...] = (
    joinedload(Engagement.team),
    joinedload(Engagement.coach),
    selectinload(Engagement.goals).joinedload(Goal.capability).joinedload(Capability.area),
)
_REQUEST_PAGE: tuple[ORMOption, ...] = (
    joinedload(CoachingRequest.team).selectinload(Team.memberships).joinedload(Membership.user),
    joinedload(CoachingRequest.coach),
    joinedload(CoachingRequest.asked_by),
    joinedload(CoachingRequest.capability).options(joinedload(Capability.area), joinedload(Capability.framework)),
    selectinload(CoachingRequest.offers).joinedload(Offer.coach),
    selectinload(CoachingRequest.words).joinedload(RequestWord.author),
)
_ENGAGEMENT_PAGE: tuple[ORMOption, ...] = (
    joinedload(Engagement.team).selectinload(Team.memberships).joinedload(Membership.user),
    joinedload(Engagement.coach).selectinload(User.grants),
    selectinload(Engagement.goals).joinedload(Goal.capability).joinedload(Capability.area),
    selectinload(Engagement.notes).joinedload(Note.author),
    selectinload(Engagement.actions).joinedload(AgreedAction.owner),
    selectinload(Engagement.sessions),
    selectinload(Engagement.feedback),
)


def _team_ids(user: User) -> Select[int]:
    return select(Membership.team_id).where(Membership.user_id == user.id)


def visible_requests(user: User) -> Select[CoachingRequest]:
    """What `user` may read: of the own teams, and what is with this coach now. Equal to `policy.can_read_request`."""
    mine = or_(CoachingRequest.team_id.in_(_team_ids(user)), CoachingRequest.coach_id == user.id)
    return select(CoachingRequest).where(mine)


def visible_engagements(user: User) -> Select[Engagement]:
    """What `user` may read; equal to `policy.can_read_engagement`."""
    return select(Engagement).where(or_(Engagement.team_id.in_(_team_ids(user)), Engagement.coach_id == user.id))


def get_request(user: User, request_id: int) -> CoachingRequest:
    """The request with everything on its page. Raises NotFoundError for what is not there, or not for `user`."""
    query = visible_requests(user).where(CoachingRequest.id == request_id).options(*_REQUEST_PAGE)
    request = db.session.execute(query).unique().scalar_one_or_none()
    if request is None:
        raise NotFoundError(NO_SUCH_REQUEST)
    return request


def get_engagement(user: User, engagement_id: int) -> Engagement:
    """The engagement with everything on its page. Raises NotFoundError for what is not there, or not for `user`."""
    query = visible_engagements(user).where(Engagement.id == engagement_id).options(*_ENGAGEMENT_PAGE)
    engagement = db.session.execute(query).unique().scalar_one_or_none()
    if engagement is None:
        raise NotFoundError(NO_SUCH_ENGAGEMENT)
    return engagement


def list_requests_of_teams(user: User) -> list[CoachingRequest]:
    """What the person's teams have asked for and nobody has accepted yet, the newest first."""
    query = (
        select(CoachingRequest)
        .where(CoachingRequest.team_id.in_(_team_ids(user)), CoachingRequest.state.in_(PENDING))
        .options(*REQUEST_ROW)
        .order_by(CoachingRequest.created_at.desc(), CoachingRequest.id.desc())
    )
    return list(db.session.execute(query).unique().scalars())


def list_offers_to(user: User) -> list[CoachingRequest]:
    """What is with this coach now: first what has to be answered soonest, then what waits for a team's answer."""
    query = (
        select(CoachingRequest)
        .where(CoachingRequest.coach_id == user.id, CoachingRequest.state.in_(OFFERED))
        .options(*REQUEST_ROW)
        .order_by(CoachingRequest.state.desc(), CoachingRequest.due_at, CoachingRequest.id)
    )
    return list(db.session.execute(query).unique().scalars())


def list_engagements_of_team(team_id: int) -> list[Engagement]:
    """All engagements of a team: those under way first, then the newest."""
    return _list(select(Engagement).where(Engagement.team_id == team_id))


def list_engagements_of_teams(user: User) -> list[Engagement]:
    """All engagements of the person's teams, in the same order."""
    return _list(select(Engagement).where(Engagement.team_id.in_(_team_ids(user))))


def list_engagements_of_coach(user_id: int, *, under_way: bool) -> list[Engagement]:
    """What a coach has under way, or has ended."""
    query = select(Engagement).where(Engagement.coach_id == user_id)
    return _list(query.where(Engagement.state.in_(UNDER_WAY) if under_way else Engagement.state.not_in(UNDER_WAY)))


def _list(query: Select[Engagement]) -> list[Engagement]:
    query = query.options(*ENGAGEMENT_ROW).order_by(
        Engagement.state.not_in(UNDER_WAY), Engagement.began_on.desc(), Engagement.id.desc()
    )
    return list(db.session.execute(query).unique().scalars())
