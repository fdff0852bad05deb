"""Reading people and teams."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, bindparam, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from app.accounts.models import Invitation, LinkRequest, LoginAttempt, Membership, RoleGrant, Team, User
from app.accounts.rules import LOCK_FOR, Contact, Role
from app.kernel.db import db
from app.kernel.errors import InvalidInputError, NotFoundError


def find_by_email(email: str) -> User | None:
    return db.session.execute(select(User).where(User.email == email)).unique().scalar_one_or_none()


def find_by_session(session_id: str) -> User | None:
    """The person whose session cookie holds `session_id`, if that session still counts."""
    user_id, _, epoch = session_id.partition(".")
    if not (user_id.isdecimal() and epoch.isdecimal()):
        return None
    user = db.session.execute(_WITH_ROLES, {"of": int(user_id)}).unique().scalar_one_or_none()
    return user if user is not None and user.is_active and user.session_epoch == int(epoch) else None


# Built once, because every request of everybody who is logged in asks it.
_WITH_ROLES = select(User).where(User.id == bindparam("of")).options(joinedload(User.grants))


def find_user(user_id: int) -> User | None:
    return db.session.get(User, user_id)


def get_user(user_id: int) -> User:
    """Raises NotFoundError."""
    user = db.session.get(User, user_id)
    if user is None:
        raise NotFoundError(_l("There is no such person."))
    return user


def find_contacts(session: Session, user_ids: Collection[int]) -> dict[int, Contact]:
    """How to reach those of these people whose account is open, by id."""
    query = select(User.id, User.email, User.language, User.time_zone).where(
        User.id.in_(user_ids), User.disabled_at.is_(None)
    )
    return {row.id: Contact(row.id, row.email, row.language, row.time_zone) for row in session.execute(query)}


def list_people(search: str = "") -> Select[User]:
    """Everybody by name; `search` may be a part of the name or of the address."""
    query = (
        select(User)
        .options(selectinload(User.grants), selectinload(User.memberships).joinedload(Membership.team))
        .order_by(User.name, User.id)
    )
    if search:
        query = query.where(
            or_(User.name.icontains(search, autoescape=True), User.email.icontains(search, autoescape=True))
        )
    return query


def count_administrators(*, without: int | None = None) -> int:
    """How many real people with an open account may manage people, not counting the account `without`."""
    query = (
        select(func.count())
        .select_from(RoleGrant)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR, User.disabled_at.is_(None), User.is_sample.is_(False))
    )
    if without is not None:
        query = query.where(User.id != without)
    return db.session.execute(query).scalar_one()


def failures_since_success(email: str, now: datetime) -> list[datetime]:
    """The moments of recent failed log-ins of this address, after its last success."""
    attempts = db.session.execute(
        select(LoginAttempt.at, LoginAttempt.succeeded)
        .where(LoginAttempt.email == email, LoginAttempt.at > now - LOCK_FOR)
        .order_by(LoginAttempt.at.desc(), LoginAttempt.id.desc())
        .limit(50)
    ).all()
    failures = []
    for at, succeeded in attempts:
        if succeeded:
            break
        failures.append(at)
    return failures


def count_link_requests(email: str, *, since: datetime) -> int:
    return db.session.execute(
        select(func.count()).select_from(LinkRequest).where(LinkRequest.email == email, LinkRequest.at > since)
    ).scalar_one()


def find_invitation(email: str) -> Invitation | None:
    return db.session.execute(select(Invitation).where(Invitation.email == email)).scalar_one_or_none()


def list_invitations() -> list[Invitation]:
    return list(db.session.execute(select(Invitation).order_by(Invitation.created_at.desc())).scalars())


def list_teams() -> list[Team]:
    """Every team by name, with its members."""
    query = select(Team).options(selectinload(Team.memberships).joinedload(Membership.user)).order_by(Team.name)
    return list(db.session.execute(query).unique().scalars())


def get_team(slug: str) -> Team:
    """The team with its members. Raises NotFoundError."""
    query = select(Team).where(Team.slug == slug).options(selectinload(Team.memberships).joinedload(Membership.user))
    team = db.session.execute(query).unique().scalar_one_or_none()
    if team is None:
        raise NotFoundError(_l("There is no such team."))
    return team


def teams_of(user: User) -> list[Team]:
    query = select(Team).join(Membership).where(Membership.user_id == user.id).order_by(Team.name)
    return list(db.session.execute(query).scalars())


def find_team_named(name: str) -> Team | None:
    return db.session.execute(select(Team).where(Team.name == name)).scalar_one_or_none()


def get_by_email(email: str) -> User:
    """The open account with this address. Raises InvalidInputError for the field `email` where there is none."""
    user = find_by_email(email)
    if user is None or not user.is_active:
        raise InvalidInputError(
            _l("Nobody has an account with this address. An administrator can invite them."), field="email"
        )
    return user
