"""Telling people that there are new links: once for all that came together, not once for each.

A link is marked as told in the transaction that tells, so a worker that is killed in between tells nobody twice, and of two
workers only the one hears of it that marked it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.service import notify
from app.training.materials.models import Material
from app.training.materials.rules import QUIET
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.attended import list_seated, list_there
from app.training.seats.ledger import lock
from app.training.seats.telling import announcement


def tell() -> int:
    """Tell the people of one session that has new links and to which none was added lately. Returns how many they were."""
    now = utc_now()
    training_id = db.session.execute(_due(now)).scalar_one_or_none()
    db.session.rollback()
    if training_id is None:
        return 0
    with transaction() as session:
        training = lock(session, training_id)
        told = session.execute(
            update(Material)
            .where(Material.training_id == training_id, Material.is_told.is_(False))
            .values(is_told=True)
            .returning(Material.id)
            .execution_options(synchronize_session=False)
        )
        number = len(told.all())
        people = _people(session, training, now) if number else []
        for person in people:
            notify(session, person, "training materials", {**announcement(training), "number": number}, now=now)
        return len(people)


def _due(now: datetime) -> Select[int]:
    return (
        select(Material.training_id)
        .join(TrainingSession, TrainingSession.id == Material.training_id)
        .where(Material.is_told.is_(False), TrainingSession.state == State.PUBLISHED)
        .group_by(Material.training_id)
        .having(func.max(Material.added_at) <= now - QUIET)
        .order_by(Material.training_id)
        .limit(1)
    )


def _people(session: Session, training: TrainingSession, now: datetime) -> list[User]:
    """Whoever has a seat; once it is over, whoever was there."""
    people = list_there if training.ends_at <= now else list_seated
    return people(session, training.id)


JOBS = (Job("materials", 20.0, tell),)
