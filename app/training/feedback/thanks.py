"""Thanking those who came, once each, with the way to the form.

Where attendance was taken, whoever was there hears at the end; where it was not, whoever had a seat hears a day later.
Whoever was absent hears nothing. That a person was thanked is written in the transaction that thanks, so a worker that is
killed in between thanks nobody twice and forgets nobody.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select

from app.accounts.models import User
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.notifications.service import notify
from app.training.feedback.models import Thanked, ThanksOff
from app.training.feedback.rules import THANKS_AFTER, THANKS_UNTIL
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.attended import attended, was_there
from app.training.seats.models import Enrolment
from app.training.seats.telling import announcement

BATCH = 50


def thank() -> int:
    """Thank some of those who are to be thanked. Returns how many they were."""
    now = utc_now()
    if db.session.execute(_to_thank(now).limit(1)).first() is None:
        db.session.rollback()
        return 0
    with transaction() as session:
        take_turns(session, "thanks")
        rows = session.execute(_to_thank(now).limit(BATCH)).unique().all()
        for training, person in rows:
            session.add(Thanked(training_id=training.id, user_id=person.id))
            session.flush()
            notify(session, person, "training thanks", announcement(training), now=now)
        return len(rows)


def _to_thank(now: datetime) -> Select[*tuple[Any, ...]]:
    is_thanked = select(Thanked.user_id).where(
        Thanked.training_id == Enrolment.training_id, Thanked.user_id == Enrolment.user_id
    )
    is_off = select(ThanksOff.training_id).where(ThanksOff.training_id == Enrolment.training_id)
    return (
        select(TrainingSession, User)
        .join(Enrolment, Enrolment.training_id == TrainingSession.id)
        .join(User, User.id == Enrolment.user_id)
        .where(
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.ends_at <= now,
            TrainingSession.ends_at > now - THANKS_UNTIL,
            User.disabled_at.is_(None),
            was_there(),
            or_(attended(), TrainingSession.ends_at <= now - THANKS_AFTER),
            ~is_thanked.correlate(Enrolment).exists(),
            ~is_off.correlate(Enrolment).exists(),
        )
        .order_by(TrainingSession.id, Enrolment.id)
    )
