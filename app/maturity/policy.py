"""Who sees where a team stands, who answers for it, and who may verify what it says. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import Team, User
from app.accounts.rules import Permission
from app.maturity.models import Assessment
from app.maturity.rules import RUNNING, State, Step


def speaks_for(user: User, team_id: int) -> bool:
    """Its people, and nobody else: what is said of a team is said by it. They begin assessments, answer, and set targets."""
    return team_id in user.team_ids


def can_see_standing(user: User | None, team: Team) -> bool:
    """The team, whoever has the right to see every team, and for a benchmark team every member."""
    return user is not None and (speaks_for(user, team.id) or team.is_benchmark or user.may(Permission.SEE_STANDINGS))


def can_read(user: User | None, assessment: Assessment) -> bool:
    """The team and its verifier; while it waits for one, whoever could be it. Equal to `queries.visible_to`."""
    if user is None:
        return False
    if speaks_for(user, assessment.team_id) or user.id == assessment.verifier_id:
        return True
    is_waiting = assessment.state == State.SUBMITTED or is_stranded(assessment)
    return is_waiting and user.may(Permission.VERIFY_ASSESSMENTS)


def is_stranded(assessment: Assessment) -> bool:
    """Is it in the hands of somebody who cannot verify it any more? Then it waits for another coach. Equal to `queries.STRANDED`."""
    return assessment.state == State.VERIFYING and not has_verifier(assessment)


def has_verifier(assessment: Assessment) -> bool:
    """Can whoever took it on still verify it? Not with a closed account, without the right, or as one of the team."""
    verifier = assessment.verifier
    return verifier is not None and verifier.is_active and can_take_on(verifier, assessment)


def can_answer(user: User, assessment: Assessment) -> bool:
    """Whose answers these are. Whether it is the time to change them is asked of `rules.OPEN_TO_THE_TEAM`."""
    return speaks_for(user, assessment.team_id)


def can_withdraw(user: User, assessment: Assessment) -> bool:
    """It ends the work of many, so it takes whoever leads the team or began it; where nobody leads, anybody of the team; and where
    nobody is in the team any more, whoever says who is in teams.
    """
    if not speaks_for(user, assessment.team_id):
        return can_end(user, assessment)
    leads = {membership.user_id for membership in assessment.team.memberships if membership.is_lead}
    return not leads or user.id in leads or user.id == assessment.started_by_id


def can_end(user: User, assessment: Assessment) -> bool:
    """Is it left behind by a team without people, and does this person look after teams? Who may end it reads nothing of
    what was said. Equal to `queries.LEFT_BEHIND`.
    """
    if assessment.state not in RUNNING or not user.may(Permission.MANAGE_TEAMS):
        return False
    return not any(membership.user.is_active for membership in assessment.team.memberships)


def can_verify(user: User, assessment: Assessment) -> bool:
    """A coach who is not of the team, and who has it in hand or could take it on."""
    return can_take_on(user, assessment) and (assessment.state == State.SUBMITTED or user.id == assessment.verifier_id)


def can_take_on(user: User, assessment: Assessment) -> bool:
    """Nobody verifies the own team. Whether it is free is another question."""
    return user.may(Permission.VERIFY_ASSESSMENTS) and not speaks_for(user, assessment.team_id)


def can_take(user: User, assessment: Assessment, step: Step) -> bool:
    """Whose step this is. Whether it can be taken now is asked of `rules.STEPS`."""
    if step is Step.WITHDRAW:
        return can_withdraw(user, assessment)
    if step in {Step.SUBMIT, Step.TAKE_BACK, Step.REPLY}:
        return can_answer(user, assessment)
    if step is Step.HAND_BACK:
        return user.id == assessment.verifier_id or (can_take_on(user, assessment) and is_stranded(assessment))
    return can_verify(user, assessment)
