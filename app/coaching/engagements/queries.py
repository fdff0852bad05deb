"""Reading what hangs on engagements: their sessions, and those that would fit."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import selectinload

from app.coaching.models import Engagement
from app.kernel.db import db
from app.training.cards import Card, plain_cards
from app.training.models import TrainingSession
from app.training.queries import CARD, count_seats, leads_of
from app.training.rules import State

MOST_OFFERED = 60


def list_cards(slugs: Collection[str]) -> list[Card]:
    """The sessions as cards, by time."""
    query = (
        select(TrainingSession)
        .where(TrainingSession.slug.in_(slugs), TrainingSession.state != State.DRAFT)
        .options(*CARD)
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    trainings = list(db.session.execute(query).unique().scalars())
    return plain_cards(trainings, count_seats(trainings))


def list_fitting(engagement: Engagement, *, now: datetime) -> list[TrainingSession]:
    """What is still to come of the coach, or on a capability that is a goal, and does not belong to it yet."""
    capabilities = [goal.capability_id for goal in engagement.goals if goal.capability_id is not None]
    fits: list[ColumnElement[bool]] = [TrainingSession.capability_id.in_(capabilities)]
    if engagement.coach_id is not None:
        fits.append(leads_of(engagement.coach_id))
    taken = [each.training_slug for each in engagement.sessions]
    query = (
        select(TrainingSession)
        .where(TrainingSession.state == State.PUBLISHED, TrainingSession.ends_at > now, or_(*fits))
        .where(TrainingSession.slug.not_in(taken))
        .options(selectinload(TrainingSession.meetings))
        .order_by(TrainingSession.starts_at, TrainingSession.id)
        .limit(MOST_OFFERED)
    )
    return list(db.session.execute(query).unique().scalars())
