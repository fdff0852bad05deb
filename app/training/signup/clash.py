"""What else a person has at the time of a session."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, or_, select
from sqlalchemy.orm import aliased

from app.accounts.models import User
from app.kernel.db import db
from app.training.models import Meeting, TrainingCoach, TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat

MOST = 3


def list_clashes(user: User, training_id: int, *, now: datetime) -> list[TrainingSession]:
    """Sessions to come in which the person has a place, or which the person runs, and that meet while this one does."""
    query = _CLASHES
    rows = db.session.execute(query, {"who": user.id, "of": training_id, "now": now}).unique().scalars()
    return list(rows)


def _clashes() -> Any:
    own, other = aliased(Meeting), aliased(Meeting)
    has_place = (
        select(Enrolment.id)
        .where(
            Enrolment.training_id == TrainingSession.id,
            Enrolment.user_id == bindparam("who", type_=Integer),
            Enrolment.state != Seat.CANCELLED,
        )
        .exists()
    )
    runs = (
        select(TrainingCoach.user_id)
        .where(
            TrainingCoach.training_id == TrainingSession.id, TrainingCoach.user_id == bindparam("who", type_=Integer)
        )
        .exists()
    )
    meets_then = (
        select(other.id)
        .join(own, (own.starts_at < other.ends_at) & (own.ends_at > other.starts_at))
        .where(other.training_id == TrainingSession.id, own.training_id == bindparam("of", type_=Integer))
        .exists()
    )
    return (
        select(TrainingSession)
        .where(
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.ends_at > bindparam("now", type_=TrainingSession.ends_at.type),
            TrainingSession.id != bindparam("of", type_=Integer),
            or_(has_place, runs),
            meets_then,
        )
        .order_by(TrainingSession.starts_at)
        .limit(MOST)
    )


_CLASHES = _clashes()
