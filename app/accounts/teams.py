"""What administrators and leads do with teams."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.accounts.models import Membership, Team, User
from app.accounts.queries import find_team_named
from app.kernel.errors import InvalidInputError
from app.kernel.slugs import unique_slug


@dataclass(frozen=True, kw_only=True)
class TeamDetails:
    """What is said about a team."""

    name: str
    organisation: str
    about: str
    is_benchmark: bool


def create_team(session: Session, details: TeamDetails) -> Team:
    """Raises InvalidInputError where there is a team of that name."""
    team = Team(slug=unique_slug(details.name, "team"))
    _describe(session, team, details)
    return team


def change_team(session: Session, team: Team, details: TeamDetails) -> None:
    """The address of the team's page stays. Raises InvalidInputError where another team has that name."""
    _describe(session, team, details)


def _describe(session: Session, team: Team, details: TeamDetails) -> None:
    taken = InvalidInputError(_l("There is a team of that name already."), field="name")
    other = find_team_named(details.name)
    if other is not None and other is not team:
        raise taken
    team.name, team.organisation = details.name, details.organisation
    team.about, team.is_benchmark = details.about, details.is_benchmark
    session.add(team)
    try:
        session.flush()
    except IntegrityError:
        raise taken from None


def put_in_team(session: Session, team: Team, user: User, *, is_lead: bool) -> Membership:
    """Make `user` a member, or change whether they lead."""
    membership = next((each for each in team.memberships if each.user_id == user.id), None)
    if membership is None:
        membership = Membership(user=user, user_id=user.id)
        team.memberships.append(membership)
    membership.is_lead = is_lead
    session.flush()
    return membership


def take_out_of_team(session: Session, team: Team, user_id: int) -> None:
    team.memberships[:] = [membership for membership in team.memberships if membership.user_id != user_id]
    session.flush()
