"""What the worker does about engagements: whoever has let the date of something agreed pass is told once, the team where that is
nobody of the two sides any more, and so is a team whose coach is gone.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import Membership, Team, User
from app.coaching.engagements.service import tell_leads, today_of
from app.coaching.load import IS_COACH
from app.coaching.models import AgreedAction, Engagement
from app.coaching.rules import UNDER_WAY, Phase
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.notifications.service import notify

BATCH = 50


def nudge() -> int:
    """Tell some of those whose action is overdue on their own day. What pauses waits. Whoever has left the team, or has no open
    account, reads it no longer: then whoever leads the team is told, to give it to somebody else. Returns of how many it was told.
    """
    now = utc_now()
    waiting = db.session.execute(_overdue(now).limit(1)).first() is not None
    db.session.rollback()
    if not waiting:
        return 0
    done = 0
    with transaction() as session:
        take_turns(session, "overdue actions of coaching")
        parts = joinedload(Engagement.team).selectinload(Team.memberships)
        for action, owner, engagement, is_here in (
            session.execute(_overdue(now).options(parts).limit(BATCH)).unique().all()
        ):
            if action.due_on is None or action.due_on >= today_of(owner, now):
                continue
            action.nudged_at = now
            session.flush()
            if is_here:
                params = {"engagement": engagement.id, "team": engagement.team.name}
                notify(session, owner, "coaching action overdue", params, now=now)
            else:
                tell_leads(session, engagement, "coaching action left", now=now)
            done += 1
    return done


def _overdue(now: datetime) -> Select[AgreedAction, User, Engagement, bool]:
    """What is before today somewhere on earth, and whether its owner is still of the two sides: the owner's own day is looked at
    afterwards.
    """
    is_of_team = select(Membership.user_id).where(
        Membership.team_id == Engagement.team_id, Membership.user_id == AgreedAction.owner_id
    )
    is_here = and_(User.disabled_at.is_(None), or_(Engagement.coach_id == AgreedAction.owner_id, is_of_team.exists()))
    return (
        select(AgreedAction, User, Engagement, is_here)
        .join(User, User.id == AgreedAction.owner_id)
        .join(Engagement, Engagement.id == AgreedAction.engagement_id)
        .where(AgreedAction.done_at.is_(None), AgreedAction.nudged_at.is_(None))
        .where(Engagement.state == Phase.RUNNING, AgreedAction.due_on < _latest_day(now))
        .order_by(AgreedAction.due_on, AgreedAction.id)
    )


def _latest_day(now: datetime) -> date:
    return (now.astimezone(UTC) + timedelta(hours=14)).date()


def tell_of_left() -> int:
    """Tell the teams whose coach has no open account, or is no coach any more. Returns how many were told."""
    now = utc_now()
    is_any = db.session.execute(_left().with_only_columns(Engagement.id).limit(1)).first() is not None
    db.session.rollback()
    if not is_any:
        return 0
    with transaction() as session:
        take_turns(session, "engagements that were left")
        team = joinedload(Engagement.team).selectinload(Team.memberships)
        found = list(session.execute(_left().options(team).limit(BATCH)).unique().scalars())
        for engagement in found:
            engagement.left_told_at = now
            session.flush()
            tell_leads(session, engagement, "coaching left", now=now)
    return len(found)


def _left() -> Select[Engagement]:
    """Equal to `policy.has_coach`, for those under way of which nobody was told yet."""
    is_gone = or_(Engagement.coach_id.is_(None), User.disabled_at.is_not(None), ~IS_COACH)
    return (
        select(Engagement)
        .outerjoin(User, User.id == Engagement.coach_id)
        .where(Engagement.state.in_(UNDER_WAY), Engagement.left_told_at.is_(None), is_gone)
        .order_by(Engagement.id)
    )


JOBS = (
    Job("overdue actions of coaching", 600.0, nudge),
    Job("engagements that were left", 600.0, tell_of_left),
)
