"""Asking teams to read an article, confirming that one has, and telling people in between."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.rules import Contact
from app.community.acknowledgements.models import Acknowledgement, ReadingNudge, RequiredReading, RequiredTeam
from app.community.acknowledgements.policy import can_ask, has_to_read
from app.community.acknowledgements.queries import find_reading, get_reading, list_waiting, still_has_to_read
from app.community.acknowledgements.rules import MAX_REASON, Lead, check_due, next_lead, told_enough
from app.community.subjects import Ref
from app.kernel.db import add_row, take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.notifications.service import notify_all

# People in one transaction; the rest comes with the next one.
BATCH = 200
KINDS = {lead: f"reading {lead}" for lead in Lead}


@dataclass(frozen=True)
class Demand:
    """What an editor asks for: of which teams (or everybody), by which day, and why."""

    team_ids: Collection[int]
    for_everybody: bool
    due_on: date
    reason: str


def require(
    session: Session, ref: Ref, demand: Demand, texts: Mapping[str, str], *, actor: User, now: datetime
) -> RequiredReading:
    """Ask teams to read an article. The people hear of it from the worker. `texts` are the hashes by language.

    Raises ForbiddenError, InvalidInputError, or ConflictError if that is asked already.
    """
    _check(demand, actor, now)
    take_turns(session, "required readings")
    if find_reading(ref) is not None:
        raise ConflictError(_l("This article is required already. Change that instead."))
    reading = RequiredReading(kind=ref.kind, slug=ref.slug, round=1, texts=dict(texts))
    reading.asked_by_id, reading.asked_at = actor.id, now
    _write(reading, demand)
    session.add(reading)
    session.flush()
    return reading


def change(session: Session, reading_id: int, demand: Demand, *, actor: User, now: datetime) -> None:
    """Ask other teams, another day, another reason. What was confirmed stays confirmed."""
    reading = _lock(session, reading_id)
    if demand.due_on != reading.due_on:
        check_due(demand.due_on, now)
    _check(demand, actor, None)
    _write(reading, demand)
    session.flush()


def ask_again(
    session: Session, reading_id: int, texts: Mapping[str, str], due_on: date, *, actor: User, now: datetime
) -> None:
    """The text has changed in substance: everybody is asked once more, and what was confirmed remains as history."""
    if not can_ask(actor):
        raise ForbiddenError(ONLY_EDITORS)
    check_due(due_on, now)
    reading = _lock(session, reading_id)
    reading.round, reading.texts, reading.due_on = reading.round + 1, dict(texts), due_on
    reading.asked_by_id, reading.asked_at = actor.id, now
    session.flush()


def give_up(session: Session, reading_id: int, *, actor: User) -> None:
    """It need not be read any more; who had confirmed it is forgotten with it."""
    if not can_ask(actor):
        raise ForbiddenError(ONLY_EDITORS)
    session.delete(_lock(session, reading_id))
    session.flush()


def confirm(
    session: Session,
    reading_id: int,
    language: str,
    text_hash: str,
    current: Mapping[str, str],
    *,
    actor: User,
    now: datetime,
) -> None:
    """The person has read the text with this hash. Twice is once. `current` are the hashes of what is published, by language.

    Raises ForbiddenError for whoever is not asked, ConflictError if the text is another by now.
    """
    take_turns(session, f"acknowledgements of {actor.id}")
    reading = get_reading(reading_id)
    if not has_to_read(actor.team_ids, for_everybody=reading.for_everybody, required=reading.team_ids):
        raise ForbiddenError(_l("You are not asked to confirm this article."))
    if not text_hash or current.get(language) != text_hash:
        raise ConflictError(_l("The article has changed since you opened it. Read what is new, then confirm it."))
    if not still_has_to_read(actor.id, reading.id, reading.round):
        return
    session.add(
        Acknowledgement(
            reading_id=reading.id, user_id=actor.id, round=reading.round, language=language, text_hash=text_hash, at=now
        )
    )
    session.flush()


def nudge(session: Session, reading_id: int, titles: Mapping[str, str], url: str, *, now: datetime) -> int:
    """Tell the people of one reading what is due to be told, at most BATCH of them. Returns how many were told.

    What was told is written down in the same transaction, so whoever calls this, and however often, each hears it once.
    """
    take_turns(session, "reading nudges")
    reading = session.get(RequiredReading, reading_id, populate_existing=True)
    due = list_due(session, reading, now)[:BATCH] if reading else []
    for lead in Lead:
        people = [person for person, of_person in due if of_person is lead]
        if reading is None or not people:
            continue
        notify_all(session, people, KINDS[lead], _params(reading, titles, url), now=now)
        for person in people:
            key = {"reading_id": reading.id, "user_id": person.id, "round": reading.round}
            add_row(session, ReadingNudge, **key, lead=lead.value, at=now)
    return len(due)


def list_due(session: Session, reading: RequiredReading, now: datetime) -> list[tuple[Contact, Lead]]:
    """Whom to tell what, as it is now."""
    waiting = list_waiting(session, reading, told_enough(reading.due_on, now))
    due = [
        (
            person,
            next_lead(told, asked_at=told.get(Lead.ASKED), due_on=reading.due_on, zone_name=person.time_zone, now=now),
        )
        for person, told in waiting
    ]
    return [(person, lead) for person, lead in due if lead is not None]


def _params(reading: RequiredReading, titles: Mapping[str, str], url: str) -> dict[str, Any]:
    return {
        "reading": reading.id,
        "round": reading.round,
        "titles": dict(titles),
        "url": url,
        "due": reading.due_on.isoformat(),
        "reason": reading.reason,
    }


def _write(reading: RequiredReading, demand: Demand) -> None:
    reading.for_everybody, reading.due_on, reading.reason = demand.for_everybody, demand.due_on, demand.reason.strip()
    wanted = set() if demand.for_everybody else set(demand.team_ids)
    kept = {row.team_id: row for row in reading.team_rows}
    reading.team_rows = [kept.get(team_id) or RequiredTeam(team_id=team_id) for team_id in sorted(wanted)]


def _check(demand: Demand, actor: User, now: datetime | None) -> None:
    if not can_ask(actor):
        raise ForbiddenError(ONLY_EDITORS)
    if now is not None:
        check_due(demand.due_on, now)
    if not demand.for_everybody and not demand.team_ids:
        raise InvalidInputError(_l("Choose at least one team, or everybody."), field="teams")
    if not demand.reason.strip() or len(demand.reason) > MAX_REASON:
        raise InvalidInputError(
            _l("Say why in at most 500 characters; everybody who is asked reads it."), field="reason"
        )


def _lock(session: Session, reading_id: int) -> RequiredReading:
    """Write the row before reading it, so that two who act at once take turns. Raises NotFoundError."""
    session.execute(update(RequiredReading).where(RequiredReading.id == reading_id).values(round=RequiredReading.round))
    reading = get_reading(reading_id)
    session.refresh(reading)
    return reading


ONLY_EDITORS = _l("Only editors say what has to be read.")
