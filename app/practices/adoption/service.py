"""What a team says of a practice. Each function is one action; the caller opens the transaction and knows that the actor
speaks for the team. Nothing that was said is lost: every word of a team is an event, and the adoption is the last of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, InvalidInputError
from app.practices.adoption.models import Adoption, AdoptionEvent
from app.practices.adoption.rules import MAX_LINK, MAX_NOTE, SAME_WITHIN, Stage, What, check_link, check_since


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a team says: how far it is, since when, and what shows it."""

    stage: Stage
    since: date
    link: str = ""
    note: str = ""


def say(session: Session, slug: str, team_id: int, said: Said, *, actor: User, today: date, now: datetime) -> Adoption:
    """Put down how the team stands to the practice. To say the same again confirms it. Raises InvalidInputError."""
    if said.stage == Stage.STOPPED:
        raise InvalidInputError(_l("Say why the team has stopped."), field="note")
    check_since(said.since, today)
    _check_evidence(said)
    adoption = _lock(session, slug, team_id)
    if adoption is None:
        adoption = Adoption(practice_slug=slug, team_id=team_id, stage=said.stage, since=said.since, confirmed_at=now)
        session.add(adoption)
    elif Said(stage=Stage(adoption.stage), since=adoption.since, link=adoption.link, note=adoption.note) == said:
        return _confirm(session, adoption, actor=actor, now=now)
    adoption.stage, adoption.since, adoption.link, adoption.note = said.stage, said.since, said.link, said.note
    return _note(session, adoption, What.SAID, actor=actor, now=now)


def confirm(session: Session, slug: str, team_id: int, *, actor: User, now: datetime) -> Adoption:
    """It is still so. Raises ConflictError where the team does not use the practice."""
    return _confirm(session, _in_use(session, slug, team_id), actor=actor, now=now)


def stop(
    session: Session, slug: str, team_id: int, *, reason: str, today: date, actor: User, now: datetime
) -> Adoption:
    """The team uses it no longer. Raises InvalidInputError without a reason: that one is what others learn from."""
    reason = reason.strip()
    if not reason or len(reason) > MAX_NOTE:
        raise InvalidInputError(_l("Say in at most 500 characters why; other teams learn from it."), field="reason")
    adoption = _in_use(session, slug, team_id)
    adoption.stage, adoption.since, adoption.link, adoption.note = Stage.STOPPED, today, "", reason
    return _note(session, adoption, What.STOPPED, actor=actor, now=now)


def _check_evidence(said: Said) -> None:
    check_link(said.link)
    if len(said.link) > MAX_LINK:
        raise InvalidInputError(_l("Use at most 500 characters."), field="link")
    if len(said.note) > MAX_NOTE:
        raise InvalidInputError(_l("Use at most 500 characters."), field="note")


def _lock(session: Session, slug: str, team_id: int) -> Adoption | None:
    """What the team said last, which nobody else changes until this transaction ends."""
    take_turns(session, f"adoption {slug} {team_id}")
    query = select(Adoption).where(Adoption.practice_slug == slug, Adoption.team_id == team_id)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one_or_none()


def _in_use(session: Session, slug: str, team_id: int) -> Adoption:
    adoption = _lock(session, slug, team_id)
    if adoption is None or adoption.stage == Stage.STOPPED:
        raise ConflictError(_l("The team does not use this practice, as far as is known here."))
    return adoption


def _confirm(session: Session, adoption: Adoption, *, actor: User, now: datetime) -> Adoption:
    if adoption.confirmed_by_id == actor.id and now - adoption.confirmed_at < SAME_WITHIN:
        return adoption
    return _note(session, adoption, What.CONFIRMED, actor=actor, now=now)


def _note(session: Session, adoption: Adoption, what: What, *, actor: User, now: datetime) -> Adoption:
    adoption.confirmed_at, adoption.confirmed_by_id = now, actor.id
    session.flush()
    session.add(
        AdoptionEvent(
            adoption_id=adoption.id,
            what=what,
            stage=adoption.stage,
            since=adoption.since,
            link=adoption.link,
            note=adoption.note,
            actor_id=actor.id,
            at=now,
        )
    )
    session.flush()
    return adoption
