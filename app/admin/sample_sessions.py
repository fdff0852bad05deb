"""The sample sessions of `content/sample/sessions.yaml`, dated from the day on which they are loaded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.capabilities.queries import list_main_capabilities
from app.kernel.clock import zone
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat
from app.training.service import Details, create, publish

Data = Mapping[str, Any]


def load_sessions(session: Session, data: Data, people: Mapping[str, User], *, time_zone: str, now: datetime) -> None:
    """Bring in the sessions that are not there yet."""
    capabilities = {capability.slug: capability.id for capability in list_main_capabilities()}
    known = set(session.execute(select(TrainingSession.slug).where(TrainingSession.is_sample)).scalars())
    for item in data["sessions"]:
        if item["slug"] not in known:
            _load(session, item, people, capabilities, time_zone=time_zone, now=now)


def _load(
    session: Session,
    item: Data,
    people: Mapping[str, User],
    capabilities: Mapping[str, int],
    *,
    time_zone: str,
    now: datetime,
) -> None:
    starts_at = _moment(item["day"], item["time"], time_zone, now)
    coaches = [people[email] for email in item["coaches"]]
    details = Details(
        kind=item["kind"],
        title=item["title"],
        description=item["description"],
        language=item["language"],
        capability_id=capabilities.get(item["capability"]),
        level=item["level"],
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=item["minutes"]),
        time_zone=time_zone,
        place=item.get("place", ""),
        link=item.get("link", ""),
        capacity=item["capacity"],
        signup_opens_at=None,
        signup_closes_at=None,
        coach_ids=[coach.id for coach in coaches],
    )
    # A session that is over was announced before it began.
    announced = min(now, starts_at - timedelta(days=20))
    training = create(session, details, actor=coaches[0], now=announced, slug=item["slug"], is_sample=True)
    publish(session, training.id, now=announced)
    _fill(session, training, [people[email] for email in item.get("taken", ())], Seat.CONFIRMED, 0, announced)
    taken = len(item.get("taken", ()))
    _fill(session, training, [people[email] for email in item.get("waiting", ())], Seat.WAITING, taken, announced)


def _moment(day: int, clock: str, time_zone: str, now: datetime) -> datetime:
    """The wall-clock time, so many days after today; what falls on a weekend takes place on the Monday after."""
    there = zone(time_zone)
    date = now.astimezone(there).date() + timedelta(days=day)
    date += timedelta(days=7 - date.weekday() if date.weekday() > 4 else 0)
    return datetime.combine(date, time.fromisoformat(clock), there)


def _fill(
    session: Session, training: TrainingSession, people: list[User], seat: Seat, before: int, moment: datetime
) -> None:
    """Places without mail: nobody reads what is sent to a made-up address."""
    session.add_all(
        Enrolment(
            training_id=training.id,
            user_id=person.id,
            state=seat,
            queue=before + number,
            enrolled_at=moment,
            changed_at=moment,
        )
        for number, person in enumerate(people, start=1)
    )
    session.flush()


def remove_sessions(session: Session) -> int:
    """Take out every sample session with its places. Returns how many."""
    found = session.execute(select(TrainingSession).where(TrainingSession.is_sample)).unique().scalars().all()
    for training in found:
        session.delete(training)
    session.flush()
    return len(found)
