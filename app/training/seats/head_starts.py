"""Those who wished for a session hear of it first and may sign up some hours before the others."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.notifications.service import notify
from app.training.models import TrainingSession
from app.training.seats.models import HeadStart
from app.training.seats.telling import announcement


def give_head_start(session: Session, training: TrainingSession, *, now: datetime) -> None:
    """Open the sign-up of a session that is being published to those with a head start, and tell them. The others come
    `head_start_hours` later, or when sign-up was to open anyway if that is later still. `training` must be locked.
    """
    query = select(User).join(HeadStart, HeadStart.user_id == User.id).where(HeadStart.training_id == training.id)
    early = [person for person in session.execute(query).unique().scalars() if person.disabled_at is None]
    if not early:
        return
    hours = timedelta(hours=training.head_start_hours)
    general = max(training.signup_opens_at or now, now + hours)
    if general < min(training.signup_closes_at or training.starts_at, training.starts_at):
        training.head_start_at, training.signup_opens_at = general - hours, general
    for person in early:
        params = {**announcement(training), "opens": general.isoformat()}
        notify(session, person, "training wished for", params, now=now)
