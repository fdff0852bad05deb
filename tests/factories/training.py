"""Sessions and places for tests. Each function opens its own transaction, so a test reads like a story."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training.models import TrainingSession
from app.training.seats.rules import Place
from app.training.seats.taking import enrol, withdraw
from app.training.service import Details, cancel, create, publish
from tests.factories.people import make_user

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def make_details(*coaches: User, **given: Any) -> Details:
    """A workshop with twenty seats next Friday, 14:00 to 16:00 in Shanghai."""
    values: dict[str, Any] = {
        "kind": "workshop",
        "title": "Small steps",
        "description": "Bring a **laptop**.",
        "language": "en",
        "capability_id": None,
        "level": None,
        "starts_at": datetime(2026, 11, 20, 6, 0, tzinfo=UTC),
        "time_zone": "Asia/Shanghai",
        "place": "Room 3",
        "link": "https://meet.example.com/steps",
        "capacity": 20,
        "signup_opens_at": None,
        "signup_closes_at": None,
        "coach_ids": [coach.id for coach in coaches],
        **given,
    }
    values.setdefault("ends_at", values["starts_at"] + timedelta(hours=2))
    return Details(**values)


def make_coach(name: str = "Chen Coach", **given: Any) -> User:
    return make_user(name, Role.COACH, **given)


def make_training(
    coach: User | None = None,
    *,
    state: str = "published",
    slug: str | None = None,
    now: datetime = NOW,
    made_by: User | None = None,
    **given: Any,
) -> TrainingSession:
    """A session in that state; `given` are details. One that lies behind was announced a month before it."""
    coach = coach or make_coach()
    details = make_details(coach, **given)
    announced = min(now, details.starts_at - 30 * DAY)
    with transaction() as session:
        training = create(session, details, actor=made_by or coach, now=announced, slug=slug)
    training_id = training.id
    if state != "draft":
        with transaction() as session:
            publish(session, training_id, now=announced)
    if state == "cancelled":
        with transaction() as session:
            cancel(session, training_id, reason="The coach is ill", actor=coach, now=announced)
    return training


def sign_up(training: TrainingSession, *people: User, now: datetime | None = None) -> list[Place]:
    """The people sign up, one after the other."""
    training_id, places = training.id, []
    for person in people:
        with transaction() as session:
            places.append(enrol(session, training_id, actor=person, now=now or utc_now()))
    return places


def leave(training: TrainingSession, person: User, now: datetime | None = None) -> None:
    training_id = training.id
    with transaction() as session:
        withdraw(session, training_id, actor=person, now=now or utc_now())
