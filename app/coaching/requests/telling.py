"""Who hears of a step: the coach it is with, and of the team whoever asked and whoever leads it. What was written stays on the
page; notices and mails say who, what about, and until when.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, RoleGrant, User
from app.accounts.queries import find_contacts
from app.accounts.rules import PERMISSIONS, Contact, Permission
from app.coaching.models import CoachingRequest
from app.notifications.service import notify_all


def tell_coach(
    session: Session, request: CoachingRequest, kind: str, *, coach_id: int | None = None, now: datetime
) -> None:
    """The coach whom it is with, or was with."""
    to = coach_id or request.coach_id
    if to is not None:
        _tell(session, request, find_contacts(session, [to]).values(), kind, now)


def tell_team(
    session: Session,
    request: CoachingRequest,
    kind: str,
    *,
    now: datetime,
    **more: Any,
) -> None:
    """Whoever asked and whoever leads the team; where nobody of these is left, everybody in it."""
    ids = list(
        session.execute(
            select(Membership.user_id).where(
                Membership.team_id == request.team_id,
                or_(Membership.is_lead, Membership.user_id == request.asked_by_id),
            )
        ).scalars()
    )
    contacts = find_contacts(session, ids) or find_contacts(
        session,
        list(session.execute(select(Membership.user_id).where(Membership.team_id == request.team_id)).scalars()),
    )
    _tell(session, request, contacts.values(), kind, now, **more)


def tell_administrators(session: Session, request: CoachingRequest, *, now: datetime, is_left: bool) -> None:
    """That a request is with nobody: not what the team wrote."""
    roles = [role for role, permissions in PERMISSIONS.items() if Permission.MANAGE_TEAMS in permissions]
    query = (
        select(User.id)
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role.in_(roles), User.is_sample.is_(False))
    )
    ids = list(session.execute(query.distinct()).scalars())
    _tell(session, request, find_contacts(session, ids).values(), "coaching without a coach", now, is_left=is_left)


def _tell(
    session: Session,
    request: CoachingRequest,
    people: Iterable[Contact],
    kind: str,
    now: datetime,
    **more: Any,
) -> None:
    coach = session.get(User, request.coach_id) if request.coach_id is not None else None
    params = {
        "request": request.id,
        "team": request.team.name,
        "capability": dict(request.capability.name.texts) if request.capability else {},
        "coach": coach.name if coach is not None else "",
        "due": request.due_at.isoformat() if request.due_at is not None else "",
        **more,
    }
    notify_all(session, people, kind, params, now=now)
