"""Who sees how often a team's stories are read; its way is seen by whoever sees where it stands. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import Team, User
from app.community.reads.policy import sees_all
from app.improvement.stories.queries import Help
from app.maturity.policy import speaks_for


def can_see_reads(user: User, team: Team) -> bool:
    """How often its stories are read is for those who answer for them, and for editors."""
    return speaks_for(user, team.id) or sees_all(user)


def can_see_help(user: User, team: Team, help_: Help) -> bool:
    """That it was coached is told to whoever sees its way; that it is being coached, to the team and to that coach alone."""
    return help_.ended_on is not None or speaks_for(user, team.id) or user.id == help_.coach_id
