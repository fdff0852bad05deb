"""Reading assessments."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import contains_eager, joinedload, lazyload, selectinload, undefer

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.rules import PERMISSIONS, Permission, permits
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.maturity.models import Answer, Assessment
from app.maturity.rules import RUNNING, State

NO_SUCH_ASSESSMENT = _l("There is no such assessment, or it is not for you to see.")
# For the name alone.
NAME_ONLY = (lazyload(User.grants), lazyload(User.memberships))

_ABLE = (
    select(RoleGrant.user_id)
    .join(User, User.id == RoleGrant.user_id)
    .where(
        RoleGrant.role.in_([role for role in PERMISSIONS if permits([role], Permission.VERIFY_ASSESSMENTS)]),
        User.disabled_at.is_(None),
    )
)
_OF_THE_TEAM = select(Membership.user_id).where(Membership.team_id == Assessment.team_id)
# In the hands of somebody who cannot verify it any more. Equal to `policy.is_stranded`.
STRANDED = and_(
    Assessment.state == State.VERIFYING,
    or_(
        Assessment.verifier_id.is_(None),
        Assessment.verifier_id.not_in(_ABLE),
        Assessment.verifier_id.in_(_OF_THE_TEAM),
    ),
)

# Nobody with an open account is in the team any more. Equal to `policy.can_end`.
LEFT_BEHIND = and_(
    Assessment.state.in_(RUNNING),
    Assessment.team_id.not_in(
        select(Membership.team_id).join(User, User.id == Membership.user_id).where(User.disabled_at.is_(None))
    ),
)


def visible_to(user: User | None) -> Select[Assessment]:
    """Every assessment that `user` may see. Equal to `policy.can_read`."""
    query = select(Assessment)
    if user is None:
        return query.where(Assessment.id.is_(None))
    seen = [Assessment.team_id.in_(user.team_ids), Assessment.verifier_id == user.id]
    if user.may(Permission.VERIFY_ASSESSMENTS):
        seen += [Assessment.state == State.SUBMITTED, STRANDED]
    return query.where(or_(*seen))


def able_for(team_id: int) -> Select[int]:
    """The ids of those who could verify what this team says."""
    return _ABLE.where(RoleGrant.user_id.not_in(select(Membership.user_id).where(Membership.team_id == team_id)))


def has_coach(team_id: int) -> bool:
    """Is there anybody on the site who could verify what this team says?"""
    return db.session.execute(able_for(team_id).limit(1)).first() is not None


def stranded_among(assessment_ids: Collection[int]) -> set[int]:
    """Those of these assessments that wait for another coach. One query."""
    return set(db.session.execute(select(Assessment.id).where(Assessment.id.in_(assessment_ids), STRANDED)).scalars())


def get_assessment(assessment_id: int, user: User | None = None, *, to_end: bool = False) -> Assessment:
    """The assessment with its team, framework, version (with what it says), answers and evidence; with `user`, only if that person may
    see it, or `to_end`, may end it. Raises NotFoundError. Whether a reader may see it is part of the question wherever a reader asks.
    """
    query = visible_to(user) if user is not None else select(Assessment)
    if to_end and user is not None and user.may(Permission.MANAGE_TEAMS):
        query = select(Assessment).where(Assessment.id.in_(query.with_only_columns(Assessment.id)) | LEFT_BEHIND)
    query = query.where(Assessment.id == assessment_id)
    assessment = db.session.execute(query.options(*_WHOLE)).unique().scalar_one_or_none()
    if assessment is None:
        raise NotFoundError(NO_SUCH_ASSESSMENT)
    return assessment


_WHOLE = (
    joinedload(Assessment.team).selectinload(Team.memberships).joinedload(Membership.user).options(*NAME_ONLY),
    joinedload(Assessment.framework),
    joinedload(Assessment.version).options(undefer(FrameworkVersion.content)),
    joinedload(Assessment.verifier).options(*NAME_ONLY),
    selectinload(Assessment.answers).selectinload(Answer.evidence),
    selectinload(Assessment.answers).joinedload(Answer.changed_by).options(*NAME_ONLY),
)


def running_of(team_id: int, framework_id: int) -> Assessment | None:
    """The one assessment of the team against the framework that is not over, if there is one."""
    query = select(Assessment).where(
        Assessment.team_id == team_id, Assessment.framework_id == framework_id, Assessment.state.in_(RUNNING)
    )
    return db.session.execute(query).scalar_one_or_none()


def list_running(team_ids: Collection[int]) -> list[Assessment]:
    """What these teams have in hand, by team and framework, without the answers."""
    query = select(Assessment).where(Assessment.team_id.in_(team_ids), Assessment.state.in_(RUNNING))
    return _listed(query)


def list_waiting(user: User) -> list[Assessment]:
    """What waits for a coach and could be this one's, the longest waiting first."""
    is_free = or_(Assessment.state == State.SUBMITTED, STRANDED)
    query = select(Assessment).where(is_free, Assessment.team_id.not_in(user.team_ids))
    return sorted(_listed(query), key=lambda each: (each.state_since, each.id))


def list_in_hand(user: User) -> list[Assessment]:
    """What the coach has taken on, can still verify and is not over, the longest waiting first."""
    in_hand = and_(
        Assessment.verifier_id == user.id,
        Assessment.state.in_((State.VERIFYING, State.RETURNED)),
        Assessment.team_id.not_in(user.team_ids),
    )
    return sorted(_listed(select(Assessment).where(in_hand)), key=lambda each: (each.state_since, each.id))


def list_left_behind() -> list[Assessment]:
    """What nobody goes on with: the running assessments of teams without people, by team and framework."""
    return _listed(select(Assessment).where(LEFT_BEHIND))


def _listed(query: Select[Assessment]) -> list[Assessment]:
    query = (
        query.join(Assessment.team)
        .join(Assessment.framework)
        .options(
            contains_eager(Assessment.team),
            contains_eager(Assessment.framework),
            joinedload(Assessment.version),
            joinedload(Assessment.verifier).options(*NAME_ONLY),
        )
        .order_by(Team.name, Framework.position, Framework.slug, Assessment.id)
    )
    return list(db.session.execute(query).unique().scalars())


@dataclass(frozen=True)
class Mark:
    """What tells whether anything is new."""

    revision: int
    state: str


def get_mark(assessment_id: int, user: User) -> Mark:
    """Raises NotFoundError for whoever may not see the assessment."""
    query = visible_to(user).where(Assessment.id == assessment_id)
    row = db.session.execute(query.with_only_columns(Assessment.revision, Assessment.state)).one_or_none()
    if row is None:
        raise NotFoundError(NO_SUCH_ASSESSMENT)
    return Mark(row.revision, row.state)
