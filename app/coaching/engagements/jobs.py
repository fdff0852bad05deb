"""What the worker does about engagements: whoever has let the date of something agreed pass is told once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Select, select

from app.accounts.models import Team, User
from app.coaching.engagements.service import today_of
from app.coaching.models import AgreedAction, Engagement
from app.coaching.rules import Phase
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.notifications.service import notify

BATCH = 50


def nudge() -> int:
    """Tell some of those whose action is overdue on their own day. What pauses waits. Returns how many were told."""
    now = utc_now()
    waiting = db.session.execute(_overdue(now).limit(1)).first() is not None
    db.session.rollback()
    if not waiting:
        return 0
    done = 0
    with transaction() as session:
        take_turns(session, "overdue actions of coaching")
        for action, owner, team in session.execute(_overdue(now).limit(BATCH)).unique().all():
            if action.due_on is None or action.due_on >= today_of(owner, now):
                continue
            action.nudged_at = now
            session.flush()
            params = {"engagement": action.engagement_id, "team": team}
            notify(session, owner, "coaching action overdue", params, now=now)
            done += 1
    return done


def _overdue(now: datetime) -> Select[AgreedAction, User, str]:
    """What is before today somewhere on earth: the owner's own day is looked at afterwards."""
    return (
        select(AgreedAction, User, Team.name)
        .join(User, User.id == AgreedAction.owner_id)
        .join(Engagement, Engagement.id == AgreedAction.engagement_id)
        .join(Team, Team.id == Engagement.team_id)
        .where(AgreedAction.done_at.is_(None), AgreedAction.nudged_at.is_(None), User.disabled_at.is_(None))
        .where(Engagement.state == Phase.RUNNING, AgreedAction.due_on < _latest_day(now))
        .order_by(AgreedAction.due_on, AgreedAction.id)
    )


def _latest_day(now: datetime) -> date:
    return (now.astimezone(UTC) + timedelta(hours=14)).date()


JOBS = (Job("overdue actions of coaching", 600.0, nudge),)
