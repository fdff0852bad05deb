"""People and teams for tests. Each function opens its own transaction, so a test reads like a story."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.rules import Role
from app.kernel.db import transaction

_numbers = count(1)
EARLIER = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)


def make_user(
    name: str = "Lin Yue", *roles: Role, email: str = "", password_hash: str | None = None, language: str = "en"
) -> User:
    """A person with these roles, in Shanghai."""
    with transaction() as session:
        user = User(
            email=email or f"person{next(_numbers)}@example.com",
            name=name,
            password_hash=password_hash,
            language=language,
            time_zone="Asia/Shanghai",
            created_at=EARLIER,
            grants=[RoleGrant(role=role) for role in roles],
        )
        session.add(user)
    return user


def make_team(name: str = "Payments", *members: User, lead: User | None = None) -> Team:
    """A team of `members`, led by `lead`."""
    with transaction() as session:
        team = Team(slug=f"team-{next(_numbers)}", name=name)
        session.add(team)
        team.memberships = [Membership(user_id=member.id) for member in members]
        if lead is not None:
            team.memberships.append(Membership(user_id=lead.id, is_lead=True))
    return team
