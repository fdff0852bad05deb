"""Reminding owners, each once for each date. That somebody was told is written in the transaction that tells them."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select

from app.accounts.models import User
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.notifications.service import notify
from app.practices.models import Practice
from app.practices.upkeep.models import UpkeepNudge
from app.practices.upkeep.rules import NOTICE, Stage

BATCH = 50


def nudge() -> int:
    """Remind some of those who are to be reminded. Returns how many reminders there were."""
    now = utc_now()
    today = now.date()
    waiting = any(db.session.execute(_due(stage, today).limit(1)).first() is not None for stage in Stage)
    db.session.rollback()
    if not waiting:
        return 0
    with transaction() as session:
        take_turns(session, "upkeep")
        done = 0
        for stage in Stage:
            for practice, owner in session.execute(_due(stage, today).limit(BATCH)).unique().all():
                assert practice.review_by is not None
                session.add(UpkeepNudge(slug=practice.slug, stage=stage, review_by=practice.review_by))
                session.flush()
                params = {"slug": practice.slug, "title": practice.title, "day": practice.review_by.isoformat()}
                notify(session, owner, f"upkeep {stage}", params, now=now)
                done += 1
        return done


def _due(stage: Stage, today: date) -> Select[Practice, User]:
    """Of each article the original: its translations have the same owner and the same date."""
    is_told = select(UpkeepNudge.slug).where(
        UpkeepNudge.slug == Practice.slug,
        UpkeepNudge.stage == stage,
        UpkeepNudge.review_by == Practice.review_by,
    )
    is_due = Practice.review_by < today if stage is Stage.OVERDUE else Practice.review_by.between(today, today + NOTICE)
    return (
        select(Practice, User)
        .join(User, User.id == Practice.owner_id)
        .where(Practice.translation_of.is_(None), User.disabled_at.is_(None), is_due, ~is_told.exists())
        .order_by(Practice.review_by, Practice.id)
    )


JOBS = (Job("upkeep", 600.0, nudge),)
