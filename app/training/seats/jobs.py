"""What happens to seats by itself when its time has come. Each action is one transaction of one session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.training.seats.filling import lapse, list_lapsed
from app.training.seats.going_ahead import decide, list_to_decide
from app.training.seats.holds import list_ended, release_hold

T = TypeVar("T")


def lapse_offers() -> None:
    """Pass on the seats of offers that were not answered in time."""
    _each(list_lapsed, lambda session, training_id, now: lapse(session, training_id, now=now))


def end_holds() -> None:
    """Free what was held for teams and not taken."""
    _each(list_ended, lambda session, pair, now: release_hold(session, *pair, by_id=None, now=now))


def decide_minimums() -> None:
    """Say of sessions whose day of decision has come whether they take place."""
    _each(list_to_decide, lambda session, training_id, now: decide(session, training_id, now=now))


def _each(find: Callable[[Session, datetime], list[T]], act: Callable[[Session, T, datetime], object]) -> None:
    now = utc_now()
    due = find(db.session(), now)
    db.session.rollback()
    for one in due:
        with transaction() as session:
            act(session, one, now)


JOBS = (Job("lapsed offers", 5, lapse_offers), Job("ended holds", 10, end_holds), Job("minimums", 20, decide_minimums))
