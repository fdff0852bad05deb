"""Who may see and do what with requests and engagements. Pure questions, no database.

A request is read by the people of its team and by the coach it is with; a coach whom it has left reads it no longer. An
engagement is read by the people of the team and its coach. Nobody else reads either of them, whatever they may do elsewhere.
"""

from __future__ import annotations

from app.accounts.models import Team, User
from app.accounts.rules import Permission
from app.coaching.models import CoachingRequest, Engagement
from app.coaching.rules import OFFERED, PENDING


def is_coach(user: User) -> bool:
    return user.may(Permission.KEEP_COACH_PROFILE)


def can_ask(user: User, team: Team) -> bool:
    """Everybody of a team asks for it."""
    return team.id in user.team_ids


def can_oversee(user: User) -> bool:
    """Administrators see that requests are stranded, what they are about and since when, and may give them to a coach. What the
    team wrote they do not see.
    """
    return user.may(Permission.MANAGE_TEAMS)


def can_read_request(user: User, request: CoachingRequest) -> bool:
    """Equal to `queries.visible_requests`."""
    return is_of_team(user, request) or request.coach_id == user.id


def can_answer(user: User, request: CoachingRequest) -> bool:
    """The coach whom it is offered to: accept, ask back, decline, hand over. Not any more without the role of one, or as one of the
    team: the clock passes it on then.
    """
    is_theirs = request.coach_id == user.id and request.state in OFFERED
    return is_theirs and is_coach(user) and not is_of_team(user, request)


def can_withdraw(user: User, request: CoachingRequest) -> bool:
    return is_of_team(user, request) and request.state in PENDING


def can_read_engagement(user: User, engagement: Engagement) -> bool:
    """Its coach and the people of the team: who reads it also writes in it. Equal to `queries.visible_engagements`."""
    return is_of_team(user, engagement) or engagement.coach_id == user.id


def can_say_how_it_was(user: User, engagement: Engagement) -> bool:
    """Those who were coached. A coach who has come to the team meanwhile was not: nobody gives a mark to themselves."""
    return is_of_team(user, engagement) and engagement.coach_id != user.id


def has_coach(engagement: Engagement) -> bool:
    """Is there somebody who coaches still: with an open account, and the role?"""
    return engagement.coach is not None and engagement.coach.is_active and is_coach(engagement.coach)


def is_of_team(user: User, thing: CoachingRequest | Engagement) -> bool:
    return thing.team_id in user.team_ids
