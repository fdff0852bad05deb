"""What a coach has in a week. Each function is one query, or a constant number."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, joinedload

from app.coaching.models import AgreedAction, CoachRoom, Engagement, Note
from app.coaching.queries import ENGAGEMENT_ROW
from app.coaching.rules import Phase
from app.kernel.db import db
from app.training.models import Meeting, TrainingSession
from app.training.queries import leads_of
from app.training.rules import State

# An engagement of which nobody has written anything for so long may have fallen asleep.
QUIET_FOR = timedelta(days=14)


def list_meetings(user_id: int, start: datetime, end: datetime) -> list[Meeting]:
    """The meetings of sessions that the coach runs, by time; drafts as well, cancelled ones not."""
    query = (
        select(Meeting)
        .join(Meeting.training)
        .where(Meeting.starts_at >= start, Meeting.starts_at < end)
        .where(TrainingSession.state != State.CANCELLED, leads_of(user_id))
        .options(contains_eager(Meeting.training))
        .order_by(Meeting.starts_at, Meeting.id)
    )
    return list(db.session.execute(query).unique().scalars())


def list_due(user_id: int, until: date) -> list[AgreedAction]:
    """What was agreed in the coach's running engagements and is due by that day, whoever's it is, by date."""
    query = (
        select(AgreedAction)
        .join(Engagement, Engagement.id == AgreedAction.engagement_id)
        .where(Engagement.coach_id == user_id, Engagement.state == Phase.RUNNING)
        .where(AgreedAction.done_at.is_(None), AgreedAction.due_on <= until)
        .options(joinedload(AgreedAction.owner))
        .order_by(AgreedAction.due_on, AgreedAction.id)
    )
    return list(db.session.execute(query).unique().scalars())


def list_quiet(user_id: int, today: date) -> list[tuple[Engagement, date | None]]:
    """Running engagements without a note for QUIET_FOR, and the day of the last one. Those that have just begun are not quiet."""
    last = select(func.max(Note.on)).where(Note.engagement_id == Engagement.id).correlate(Engagement).scalar_subquery()
    since = today - QUIET_FOR
    query = (
        select(Engagement, last)
        .where(Engagement.coach_id == user_id, Engagement.state == Phase.RUNNING)
        .where(func.coalesce(last, Engagement.began_on) < since)
        .options(*ENGAGEMENT_ROW)
        .order_by(func.coalesce(last, Engagement.began_on), Engagement.id)
    )
    return [(engagement, on) for engagement, on in db.session.execute(query).unique()]


def find_room(user_id: int) -> CoachRoom | None:
    return db.session.get(CoachRoom, user_id)
