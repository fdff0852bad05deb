"""What is left of a sample session that is over: who was there, what they thought of it, what was handed out, and certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.admin.sample_dates import Data
from app.training.attendance.service import Tap, record
from app.training.certificates.models import Certificate
from app.training.certificates.service import issue, revoke
from app.training.feedback.rules import Answer, seal_of
from app.training.feedback.service import give
from app.training.materials.rules import Audience
from app.training.materials.service import Link, add
from app.training.models import TrainingSession
from app.training.seats.ledger import find

ROSTER_AFTER = timedelta(minutes=5)
CORRECTED_AFTER = timedelta(hours=3)
A_DAY = timedelta(days=1)


def look_back(
    session: Session, training: TrainingSession, item: Data, people: Mapping[str, User], *, actor: User, secret: str
) -> None:
    """Bring in all that came after the session, in the order in which it would have come."""
    said = item.get("attendance", {})
    for email, states in said.items():
        for number, state in enumerate(states):
            at = training.meetings[number].starts_at + ROSTER_AFTER
            _tick(session, training, number, people[email], {"state": state}, actor=actor, at=at)
    _correct(session, training, item.get("corrections", ()), people, actor=actor, at=training.ends_at + CORRECTED_AFTER)
    for each in item.get("feedback", ()):
        answer = Answer(**{name: value for name, value in each.items() if name != "person"})
        person = people[each["person"]]
        seal = seal_of(secret, training.id, person.id)
        give(session, training.id, answer, user_id=person.id, seal=seal, now=training.ends_at + A_DAY)
    for each in item.get("materials", ()):
        link = Link(title=each["title"], url=each["url"], audience=Audience(each["for"]))
        # Nobody is told of it: those who were there are as made up as the link.
        add(session, training.id, link, now=training.ends_at).is_told = True
    if said:
        issue(session, training.id, actor=actor, now=training.ends_at + A_DAY)
        _revoke(session, training, item.get("revoked", ()), people, actor=actor)
    session.flush()


def _revoke(
    session: Session, training: TrainingSession, items: list[Data], people: Mapping[str, User], *, actor: User
) -> None:
    at = training.ends_at + 2 * A_DAY
    for each in items:
        person = people[each["person"]]
        _correct(session, training, [each], people, actor=actor, at=at)
        wanted = select(Certificate.id).where(Certificate.training_id == training.id, Certificate.user_id == person.id)
        certificate_id = session.execute(wanted).scalar_one()
        revoke(session, certificate_id, reason=each["reason"], actor=actor, now=at)


def _correct(
    session: Session,
    training: TrainingSession,
    items: list[Data],
    people: Mapping[str, User],
    *,
    actor: User,
    at: datetime,
) -> None:
    for each in items:
        _tick(session, training, each["meeting"] - 1, people[each["person"]], each, actor=actor, at=at)


def _tick(
    session: Session, training: TrainingSession, number: int, person: User, said: Data, *, actor: User, at: datetime
) -> None:
    place = find(session, training.id, person.id)
    if place is None:
        raise LookupError(f"{person.email} has no place in {training.slug}")
    tap = Tap(str(uuid4()), [place.id], said["state"], at, note=said.get("note", ""))
    record(session, training.meetings[number].id, tap, actor=actor, now=at)
