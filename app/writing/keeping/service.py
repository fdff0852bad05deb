"""Retiring a text, bringing it back, giving it another address. All languages of a text go together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.kernel.slugs import is_slug
from app.writing.keeping.models import FormerAddress
from app.writing.keeping.moving import move_references
from app.writing.keeping.policy import can_retire, keeps_library
from app.writing.keeping.queries import all_languages, find_former, is_live
from app.writing.kinds import Kind, title_of
from app.writing.models import Manuscript
from app.writing.queries import content_of, slug_is_free
from app.writing.rules import State, Step
from app.writing.service import Prepared, lock, note_step

MAX_NOTE = 1_000
# Addresses that the site needs for itself under any kind.
RESERVED = frozenset({"new", "mine", "review", "upkeep", "impact", "exhibition", "adopted", "history"})


@dataclass(frozen=True)
class Replacement:
    """What readers of a retired text are led to."""

    kind: str
    slug: str


def retire(
    session: Session,
    kind: Kind,
    slug: str,
    *,
    note: str,
    replacement: Replacement | None,
    actor: User,
    now: datetime,
) -> None:
    """Take a text out of readers' sight for good, in every language. It stays as a draft of those who wrote it.

    Raises ForbiddenError, ConflictError where nothing is published there, and InvalidInputError for the fields `note` and
    `replacement`.
    """
    manuscripts = _locked(session, kind, slug)
    if not manuscripts or not all(can_retire(actor, manuscript) for manuscript in manuscripts):
        raise ForbiddenError(NOT_YOURS)
    live = [manuscript for manuscript in manuscripts if manuscript.is_live]
    if not live:
        raise ConflictError(_l("Nothing is published at this address. Nothing was changed."))
    if not note.strip():
        raise InvalidInputError(_l("Say why, for those who look for it."), field="note")
    if replacement and (replacement == Replacement(kind.name, slug) or not is_live(replacement.kind, replacement.slug)):
        raise InvalidInputError(_l("Choose another text that readers can see."), field="replacement")
    title = _title(live)
    for manuscript in live:
        note_step(session, manuscript, Step.RETIRE, State.DRAFT, actor=actor, comment=note.strip(), now=now)
        kind.withdraw(session, manuscript)
        manuscript.published_number = None
    to = replacement or Replacement("", "")
    address = FormerAddress(
        kind=kind.name,
        slug=slug,
        title=title,
        is_retired=True,
        to_kind=to.kind or None,
        to_slug=to.slug or None,
        note=note.strip(),
        left_at=now,
        actor_id=actor.id,
    )
    session.merge(address)
    _follow_on(session, kind.name, slug, replacement)
    session.flush()


NOT_YOURS = _l("Only an editor may do that, or the team whose story it is.")


def bring_back(
    session: Session, kind: Kind, slug: str, prepared: Mapping[int, Prepared], *, actor: User, now: datetime
) -> None:
    """Publish again what was retired, as it was: it was accepted once. `prepared`: by the id of each manuscript.

    Raises ForbiddenError and ConflictError.
    """
    manuscripts = _locked(session, kind, slug)
    address = find_former(kind.name, slug)
    if not manuscripts or not all(can_retire(actor, manuscript) for manuscript in manuscripts):
        raise ForbiddenError(NOT_YOURS)
    if address is None or not address.is_retired:
        raise ConflictError(_l("This is not retired any more. Nothing was changed."))
    session.delete(address)
    for manuscript in manuscripts:
        version = prepared.get(manuscript.id)
        if version is None or manuscript.is_live:
            continue
        is_latest = version.number == manuscript.latest_number and manuscript.state == State.DRAFT
        after = State.ACCEPTED if is_latest else State(manuscript.state)
        note_step(session, manuscript, Step.BRING_BACK, after, actor=actor, comment="", now=now)
        manuscript.published_number = version.number
        kind.publish(session, manuscript, version.content, version.rendered, now=now)
    session.flush()


def move(session: Session, kind: Kind, old: str, new: str, *, actor: User, now: datetime) -> None:
    """Give a text another address. The old one leads there for ever.

    Raises ForbiddenError, ConflictError for a text that is kept in a file, and InvalidInputError for the field `slug`.
    """
    manuscripts = _locked(session, kind, old)
    if not manuscripts or not keeps_library(actor):
        raise ForbiddenError(NOT_YOURS)
    if any(manuscript.is_kept_in_file for manuscript in manuscripts):
        raise ConflictError(
            _l("This text is kept in a file. Rename the file, and name the old address in its field `former_slugs`.")
        )
    if not is_slug(new) or new in RESERVED:
        raise InvalidInputError(
            _l("Use lower-case letters, digits and hyphens, and none of the words that the site needs itself."),
            field="slug",
        )
    if not slug_is_free(kind.name, new):
        raise InvalidInputError(_l("Another text has this address."), field="slug")
    # Whoever was there before has made room: the address is somebody's again.
    session.execute(delete(FormerAddress).where(FormerAddress.kind == kind.name, FormerAddress.slug == new))
    for manuscript in manuscripts:
        manuscript.slug = new
    session.flush()
    move_references(session, kind.name, old, new)
    leave(session, kind.name, old, new, title=_title(manuscripts), actor_id=actor.id, now=now)


def leave(session: Session, kind: str, old: str, new: str, *, title: str, actor_id: int | None, now: datetime) -> None:
    """Note that what was at `old` is at `new` now, and let those who lead to `old` lead there at once."""
    session.merge(
        FormerAddress(
            kind=kind,
            slug=old,
            title=title,
            is_retired=False,
            to_kind=kind,
            to_slug=new,
            note="",
            left_at=now,
            actor_id=actor_id,
        )
    )
    _follow_on(session, kind, old, Replacement(kind, new))
    session.flush()


def _title(manuscripts: Sequence[Manuscript]) -> str:
    """What readers know it by, the original before its translations; never what a draft calls it."""
    named = next((each for each in manuscripts if each.is_live), manuscripts[0])
    return title_of(content_of(named, named.published_number))


def _follow_on(session: Session, kind: str, slug: str, to: Replacement | None) -> None:
    """Addresses that led to `slug` lead where it leads, so that nobody is sent on twice or in a circle."""
    if to is None:
        return
    here = (FormerAddress.to_kind == kind, FormerAddress.to_slug == slug)
    session.execute(delete(FormerAddress).where(*here, FormerAddress.kind == to.kind, FormerAddress.slug == to.slug))
    session.execute(update(FormerAddress).where(*here).values(to_kind=to.kind, to_slug=to.slug))


def _locked(session: Session, kind: Kind, slug: str) -> Sequence[Manuscript]:
    manuscripts = all_languages(kind.name, slug)
    for manuscript in sorted(manuscripts, key=lambda manuscript: manuscript.id):
        lock(session, manuscript)
    return manuscripts
