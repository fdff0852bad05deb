"""Saving what came from the desk. The caller opens the transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.db import take_turns
from app.writing.desk.bench import Desk
from app.writing.desk.forms import DeskForm
from app.writing.desk.queries import find_begun
from app.writing.desk.service import Sheet, note_begun, throw_away
from app.writing.history.service import note_source
from app.writing.models import Manuscript
from app.writing.preparing import retired_number
from app.writing.queries import content_of, get_manuscript, is_alone
from app.writing.rules import Step
from app.writing.service import Saved, begin, save, take_step


@dataclass(frozen=True)
class Stored:
    """What became of a form."""

    manuscript: Manuscript
    saved: Saved
    is_new: bool = False
    is_submitted: bool = False


def store_new(session: Session, desk: Desk, form: DeskForm, sheet: Sheet, *, actor: User, now: datetime) -> Stored:
    """A new text. Of a form that is sent twice, the second finds what the first has made, and saves on it what is new."""
    key = sheet.key or ""
    take_turns(session, f"begin {actor.id} {key}")
    begun = find_begun(actor.id, key)
    if begun is not None:
        form.base.data = "1"
        return store(session, desk, form, sheet, get_manuscript(begun, actor), actor=actor, now=now)
    place = desk.place(form, None)
    manuscript = begin(session, desk.kind, form.content, slug=place.slug, language=place.language, actor=actor, now=now)
    manuscript.translation_of = place.translation_of
    if place.source_number is not None:
        note_source(session, manuscript, place.source_number, actor=actor, now=now)
    note_begun(session, key, manuscript.id, user_id=actor.id, now=now)
    throw_away(session, sheet, user_id=actor.id)
    return Stored(manuscript, Saved(None), is_new=True)


def store(
    session: Session,
    desk: Desk,
    form: DeskForm,
    sheet: Sheet,
    manuscript: Manuscript,
    *,
    actor: User,
    now: datetime,
) -> Stored:
    """The next version of a text. As long as nobody has seen its address, it can be given another one."""
    base, note = form.base_number, form.note.data or ""
    saved = save(session, desk.kind, manuscript, form.content, base=base, actor=actor, now=now, note=note)
    if not manuscript.is_live and is_alone(manuscript) and retired_number(manuscript) is None:
        manuscript.slug = desk.place(form, manuscript).slug
        session.flush()
    throw_away(session, sheet, user_id=actor.id)
    return Stored(manuscript, saved)


def submit(session: Session, desk: Desk, stored: Stored, *, comment: str, actor: User, now: datetime) -> Stored:
    """Submit what was just saved, as long as nothing is missing."""
    manuscript = stored.manuscript
    if desk.kind.missing(content_of(manuscript)):
        return stored
    take_step(session, desk.kind, manuscript, Step.SUBMIT, actor=actor, now=now, comment=comment)
    return Stored(manuscript, stored.saved, stored.is_new, is_submitted=True)
