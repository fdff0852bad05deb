"""What people do with old versions, and what is noted of translations. Each function is one action."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.writing.history.models import TranslationSource
from app.writing.history.policy import can_vouch
from app.writing.history.queries import find_original, find_source, get_from, marked_numbers, versions_for
from app.writing.kinds import Kind
from app.writing.models import Manuscript
from app.writing.rules import EDITABLE, STANDS, Origin, State, Step
from app.writing.service import Saved, lock, refuse_file, save

NOT_YOURS = _l("Only those who write this translation may say what it translates.")
NO_ORIGINAL = _l("Readers see no original of this text, so there is nothing that it could be a translation of.")
NOT_PUBLISHED = _l("That version of the original was never published.")


def restore(
    session: Session,
    kind: Kind,
    manuscript: Manuscript,
    number: int,
    *,
    base: int,
    note: str,
    actor: User,
    now: datetime,
) -> Saved:
    """Make what version `number` says the latest version. What others saved after `base`, which the actor had before the
    eyes, is merged with it as with anything that is saved.

    Raises NotFoundError for a version that the actor may not see, and what `save` raises.
    """
    content = get_from(versions_for(actor, manuscript), number).content
    return save(session, kind, manuscript, content, base=base, actor=actor, now=now, note=note, origin=Origin.RESTORED)


def vouch(session: Session, manuscript: Manuscript, source: int, *, actor: User, now: datetime) -> None:
    """The actor has brought the translation up to date with version `source` of the original.

    Raises ForbiddenError, ConflictError where the text stands still or has no original, and InvalidInputError for a
    version that readers never saw.
    """
    lock(session, manuscript)
    refuse_file(manuscript)
    if State(manuscript.state) not in EDITABLE:
        raise ConflictError(STANDS[State(manuscript.state)])
    if not can_vouch(actor, manuscript):
        raise ForbiddenError(NOT_YOURS)
    original = find_original(manuscript)
    if original is None or original.published_number is None:
        raise ConflictError(NO_ORIGINAL)
    if source not in marked_numbers(original, {Step.ACCEPT}):
        raise InvalidInputError(NOT_PUBLISHED)
    note_source(session, manuscript, source, actor=actor, now=now)


def translates_now(session: Session, manuscript: Manuscript, *, actor: User | None = None, now: datetime) -> None:
    """The latest version of this translation says what readers see of the original now. For whoever has just written it:
    a file that has changed (then without `actor`), or a translator who says so while saving. Does nothing for a text
    that is no translation, or whose original readers do not see.
    """
    original = find_original(manuscript)
    if original is not None and original.published_number is not None:
        note_source(session, manuscript, original.published_number, actor=actor, now=now)


def note_source(session: Session, manuscript: Manuscript, source: int, *, actor: User | None, now: datetime) -> None:
    """The latest version of this translation was made of version `source` of the original. Whoever calls it knows."""
    manuscript.source_number = source
    if find_source(manuscript, manuscript.latest_number) == source:
        return
    session.add(
        TranslationSource(
            manuscript_id=manuscript.id,
            number=manuscript.latest_number,
            source_number=source,
            user_id=actor.id if actor else None,
            at=now,
        )
    )
    session.flush()
