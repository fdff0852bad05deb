"""Who hears of a step that an assessment has taken: the team, its verifier, or those who could be it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, RoleGrant, User
from app.accounts.queries import find_contacts
from app.accounts.rules import PERMISSIONS, Permission
from app.maturity.models import Answer, AnswerEvent, Assessment
from app.maturity.policy import is_stranded
from app.maturity.queries import able_for
from app.maturity.rules import Step
from app.notifications.service import notify_all

# What coaches hear when something waits for one of them.
WAITING = "assessment waiting"
# What administrators hear when nobody could verify it.
WITHOUT_COACH = "assessment without a coach"
MOVED = "assessment moved"
NEWER = "assessment framework newer"


def kind_of(step: Step) -> str:
    return f"assessment {step.value}"


def tell_step(
    session: Session, assessment: Assessment, step: Step, *, actor: User, verifier_id: int | None, now: datetime
) -> None:
    """Tell everybody but the actor. `verifier_id` is who had it in hand before the step."""
    if step is Step.HAND_BACK and actor.id != verifier_id:
        # Another coach takes it over, and taking it on is the next step. Of that everybody hears.
        return
    team, verifier = participants(session, assessment), {verifier_id} if verifier_id else set()
    waits = step in {Step.SUBMIT, Step.HAND_BACK} or is_stranded(assessment)
    if step is Step.REPLY:
        told: Collection[int] = set() if waits else verifier
    else:
        told = team | (verifier if step is Step.WITHDRAW else set())
    _tell(session, told, kind_of(step), assessment, actor=actor, now=now)
    if waits:
        _tell_coaches(session, assessment, actor=actor, now=now)


def _tell_coaches(session: Session, assessment: Assessment, *, actor: User, now: datetime) -> None:
    """That it waits for one of them; where there is none, those who could make somebody a coach."""
    coaches = set(session.execute(able_for(assessment.team_id)).scalars())
    if coaches:
        _tell(session, coaches, WAITING, assessment, actor=actor, now=now)
    else:
        _tell(session, _administrators(session), WITHOUT_COACH, assessment, actor=actor, now=now)


def tell_moved(session: Session, assessment: Assessment, *, actor: User, now: datetime) -> None:
    """Answers have moved to a newer version of the framework."""
    verifier = {assessment.verifier_id} if assessment.verifier_id else set()
    _tell(session, participants(session, assessment) | verifier, MOVED, assessment, actor=actor, now=now)


def tell_newer(session: Session, assessment: Assessment, *, now: datetime) -> None:
    """The framework has a newer version than the one that is being answered."""
    _tell(session, participants(session, assessment), NEWER, assessment, actor=None, now=now)


def _tell(
    session: Session, user_ids: Collection[int], kind: str, assessment: Assessment, *, actor: User | None, now: datetime
) -> None:
    people = find_contacts(session, set(user_ids) - ({actor.id} if actor else set())).values()
    # The same assessment submitted, taken back and submitted again is one line.
    bundle = str(assessment.id) if kind in {WAITING, WITHOUT_COACH} else ""
    notify_all(session, people, kind, params_of(assessment, actor), now=now, bundle=bundle)


def params_of(assessment: Assessment, actor: User | None) -> dict[str, Any]:
    """What a message needs: names and an address, and nothing of what the team or the coach wrote."""
    return {
        "id": assessment.id,
        "team": assessment.team.name,
        "team_slug": assessment.team.slug,
        "framework": dict(assessment.framework.name.texts),
        "title": assessment.title,
        "actor": actor.name if actor else "",
    }


def participants(session: Session, assessment: Assessment) -> set[int]:
    """Who leads the team, who began the assessment, and who has answered, as far as they are of the team."""
    answered = (
        select(AnswerEvent.actor_id)
        .join(Answer, Answer.id == AnswerEvent.answer_id)
        .where(Answer.assessment_id == assessment.id)
    )
    query = select(Membership.user_id).where(
        Membership.team_id == assessment.team_id,
        Membership.is_lead | (Membership.user_id == assessment.started_by_id) | Membership.user_id.in_(answered),
    )
    return set(session.execute(query).scalars())


def _administrators(session: Session) -> set[int]:
    roles = [role for role, permissions in PERMISSIONS.items() if Permission.MANAGE_PEOPLE in permissions]
    query = select(RoleGrant.user_id).join(User, User.id == RoleGrant.user_id)
    return set(session.execute(query.where(RoleGrant.role.in_(roles), User.is_sample.is_(False))).scalars())
