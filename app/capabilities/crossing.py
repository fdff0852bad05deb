"""Writing the links between frameworks: from their file, or one by one on the site."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from app.capabilities.documents import fingerprint
from app.capabilities.files import STRENGTHS, CrosswalkFile
from app.capabilities.models import Capability, Crosswalk, CrosswalkOrigin, Framework
from app.kernel.db import take_turns
from app.kernel.errors import InvalidInputError, NotFoundError
from app.kernel.frontmatter import RefusedFileError
from app.kernel.report import Outcome
from app.kernel.types import Localized

Links = dict[tuple[int, int], tuple[str, Localized]]


def save_crosswalk(session: Session, given: CrosswalkFile, *, over_edits: bool = False) -> Outcome:
    """Replace the links between the two frameworks by those of the file, where it has changed since it was last brought in. Raises
    RefusedFileError for a capability that is not there, for a link given twice, and where somebody has edited links on the site
    since, unless `over_edits`.
    """
    origin = _take_origin(session, given.from_framework, given.to_framework)
    said = fingerprint(
        [given.from_framework, [(each.from_slug, each.to_slug, each.strength, each.note.texts) for each in given.links]]
    )
    if origin.file_hash == said and not over_edits:
        return Outcome.LEFT
    from_ids = _capability_ids(session, given.from_framework)
    to_ids = _capability_ids(session, given.to_framework)
    wanted = _wanted(given, from_ids, to_ids)
    between = Crosswalk.from_id.in_(from_ids.values()) & Crosswalk.to_id.in_(to_ids.values())
    back = Crosswalk.from_id.in_(to_ids.values()) & Crosswalk.to_id.in_(from_ids.values())
    rows = session.execute(select(Crosswalk).where(between | back)).scalars()
    present = {(row.from_id, row.to_id): (row.strength, row.note) for row in rows}
    if wanted != present and origin.is_edited and not over_edits:
        raise RefusedFileError(
            "links were edited on the site, and the file has changed, too; to take the file nevertheless: --over-edits"
        )
    origin.file_hash, origin.is_edited = said, False
    session.flush()
    if wanted == present:
        return Outcome.LEFT
    session.execute(delete(Crosswalk).where(between | back))
    session.add_all(
        Crosswalk(from_id=from_id, to_id=to_id, strength=strength, note=note)
        for (from_id, to_id), (strength, note) in wanted.items()
    )
    session.flush()
    return Outcome.CHANGED if present else Outcome.CREATED


def _wanted(given: CrosswalkFile, from_ids: dict[str, int], to_ids: dict[str, int]) -> Links:
    wanted: Links = {}
    for link in given.links:
        name = f"{link.from_slug} to {link.to_slug}"
        if link.from_slug not in from_ids or link.to_slug not in to_ids:
            raise RefusedFileError(f"{name}: there is no such capability", link.line)
        key = from_ids[link.from_slug], to_ids[link.to_slug]
        if key in wanted:
            raise RefusedFileError(f"{name}: given twice", link.line)
        wanted[key] = (link.strength, link.note)
    return wanted


def _take_origin(session: Session, one: str, other: str) -> CrosswalkOrigin:
    """The row about these two. Whoever changes links between them takes it first."""
    first, second = sorted((one, other))
    take_turns(session, f"crosswalk {first} {second}")
    origin = session.get(CrosswalkOrigin, (first, second), populate_existing=True)
    if origin is None:
        origin = CrosswalkOrigin(first=first, second=second)
        session.add(origin)
        session.flush()
    return origin


def _capability_ids(session: Session, framework: str) -> dict[str, int]:
    rows = session.execute(select(Capability.slug, Capability.id).join(Framework).where(Framework.slug == framework))
    return {slug: capability_id for slug, capability_id in rows}


def link_capabilities(session: Session, one: Capability, other: Capability, strength: str, note: Localized) -> None:
    """Say that these two correspond, or say it otherwise than before. Raises InvalidInputError for two of one framework."""
    if one.framework_id == other.framework_id:
        raise InvalidInputError(_l("A link leads from one framework to another."))
    if strength not in STRENGTHS:
        raise InvalidInputError(_l("Say how closely they correspond."), field="strength")
    _take_origin(session, one.framework.slug, other.framework.slug).is_edited = True
    row = _find(session, one.id, other.id)
    if row is None:
        row = Crosswalk(from_id=one.id, to_id=other.id)
        session.add(row)
    row.strength, row.note = strength, note
    session.flush()


def unlink_capabilities(session: Session, one: Capability, other: Capability) -> None:
    """Take the link away. Raises NotFoundError where there is none any more."""
    _take_origin(session, one.framework.slug, other.framework.slug).is_edited = True
    row = _find(session, one.id, other.id)
    if row is None:
        raise NotFoundError(_l("There is no such link any more."))
    session.delete(row)
    session.flush()


def _find(session: Session, one: int, other: int) -> Crosswalk | None:
    """The link between the two, in whichever direction it was written."""
    there = (Crosswalk.from_id == one) & (Crosswalk.to_id == other)
    back = (Crosswalk.from_id == other) & (Crosswalk.to_id == one)
    return session.execute(select(Crosswalk).where(or_(there, back))).scalars().first()
