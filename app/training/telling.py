"""What followers hear of training: the sessions of a coach, and those on a capability."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from app.community.follows.rules import PERSON, Event
from app.community.follows.service import tell_followers
from app.training.models import TrainingSession


def tell_of_session(session: Session, training: TrainingSession, *, now: datetime) -> None:
    """Tell followers that it is announced; not its own coaches."""
    subject = ("training", training.slug)
    refs, coaches = _stands_on(training), training.coach_ids
    tell_followers(session, refs, Event.TRAINING, subject, actor=None, now=now, not_to=coaches)


def _stands_on(training: TrainingSession) -> Iterator[tuple[str, str]]:
    for coach_id in sorted(training.coach_ids):
        yield PERSON, str(coach_id)
    if training.capability is not None:
        yield "capability", f"{training.capability.framework.slug}.{training.capability.slug}"
