"""What administrators and leads do with teams."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import Membership, Team, User
from app.accounts.queries import find_team_named
from app.kernel.errors import InvalidInputError
from app.kernel.slugs import unique_slug


def create_team(session: Session, *, name: str, organisation: str, about: str, is_benchmark: bool) -> Team:
    """Raises InvalidInputError where there is a team of that name."""
    _refuse_double(name, None)
    team = Team(
        slug=unique_slug(name, "team"), name=name, organisation=organisation, about=about, is_benchmark=is_benchmark
    )
    session.add(team)
    session.flush()
    return team


def change_team(session: Session, team: Team, *, name: str, organisation: str, about: str, is_benchmark: bool) -> None:
    """The address of the team's page stays. Raises InvalidInputError where another team has that name."""
    _refuse_double(name, team)
    team.name, team.organisation, team.about, team.is_benchmark = name, organisation, about, is_benchmark
    session.flush()


def _refuse_double(name: str, team: Team | None) -> None:
    other = find_team_named(name)
    if other is not None and other is not team:
        raise InvalidInputError(_l("There is a team of that name already."), field="name")


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
