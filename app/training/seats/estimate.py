"""How likely somebody on a waiting list is to get in, by how earlier sessions went. An honest guess says what it rests on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.rules import SeatStep

# Fewer earlier sessions than this tell nothing.
FEWEST = 5
SESSIONS = 30
WITHIN = timedelta(days=730)
_GOT_IN = (SeatStep.PROMOTE, SeatStep.ACCEPT)


@dataclass(frozen=True)
class Estimate:
    """In `got_in` of `sessions` earlier sessions as many people or more got in from the waiting list as would be needed."""

    sessions: int
    got_in: int

    @property
    def percent(self) -> int:
        return round(100 * self.got_in / self.sessions)


def estimate(moved_up: Sequence[int], needed: int) -> Estimate | None:
    """From how many moved up in each of the earlier sessions that had a waiting list; None where there are too few of them.
    `needed` is how many have to move up from now on: the position.
    """
    if len(moved_up) < FEWEST:
        return None
    return Estimate(len(moved_up), sum(number >= needed for number in moved_up))


def count_moved_up(session: Session, kind: str, *, now: datetime) -> list[int]:
    """How many got in from the waiting list in each of the last SESSIONS sessions of that kind that are over and had one."""
    queued = EnrolmentEvent.step.in_([SeatStep.QUEUE, SeatStep.APPROVE_TO_WAIT])
    query = (
        select(func.count().filter(EnrolmentEvent.step.in_(_GOT_IN)))
        .select_from(TrainingSession)
        .join(Enrolment, Enrolment.training_id == TrainingSession.id)
        .join(EnrolmentEvent, EnrolmentEvent.enrolment_id == Enrolment.id)
        .where(
            TrainingSession.kind == kind,
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.ends_at.between(now - WITHIN, now),
        )
        .group_by(TrainingSession.id, TrainingSession.starts_at)
        .having(func.count().filter(queued) > 0)
        .order_by(TrainingSession.starts_at.desc())
        .limit(SESSIONS)
    )
    return list(session.execute(query).scalars())
