"""The former addresses that an export tells of. Its manifest may have been written by anybody."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.exchange.exporting import FOLDERS, FORMAT
from app.kernel.errors import InvalidInputError
from app.kernel.frontmatter import UnreadableFileError, read_fields
from app.kernel.slugs import is_slug
from app.writing.keeping.models import FormerAddress
from app.writing.keeping.queries import find_former, is_live
from app.writing.keeping.service import MAX_NOTE

MAX_TITLE = 200


def restore_addresses(session: Session, manifest: Path) -> None:
    """Where former addresses lead, as far as nothing is said of them here, and nothing is there. Raises InvalidInputError."""
    try:
        fields = read_fields(manifest)
    except UnreadableFileError as error:
        raise _unreadable(error.reason) from None
    if fields.get("format") != FORMAT:
        raise _unreadable(f"format {str(fields.get('format'))[:40]}")
    rows = fields.get("former_addresses") or []
    if not isinstance(rows, list):
        raise _unreadable("former_addresses")
    for number, row in enumerate(rows, 1):
        former = _former(row)
        if former is None:
            raise _unreadable(f"former_addresses, {number}")
        if find_former(former.kind, former.slug) is None and not _is_in_the_way(former):
            session.add(former)
            session.flush()


def _unreadable(what: str) -> InvalidInputError:
    return InvalidInputError(_l("This is no export that can be read here: %(what)s", what=what))


def _former(row: Any) -> FormerAddress | None:
    """None for what cannot be one."""
    names = {"kind", "slug", "title", "retired", "to", "note", "left_at"}
    if not isinstance(row, dict) or not names <= set(row):
        return None
    texts = [row[name] for name in ("kind", "slug", "title", "note", "left_at")]
    if not all(isinstance(text, str) for text in texts) or not isinstance(row["retired"], bool):
        return None
    to_kind, _colon, to_slug = str(row["to"] or "").partition(":")
    is_right = _is_place(row["kind"], row["slug"]) and (_is_place(to_kind, to_slug) if row["to"] else row["retired"])
    if not is_right or len(row["title"]) > MAX_TITLE or len(row["note"]) > MAX_NOTE:
        return None
    try:
        left_at = datetime.fromisoformat(row["left_at"])
    except ValueError:
        return None
    return FormerAddress(
        kind=row["kind"],
        slug=row["slug"],
        title=row["title"],
        is_retired=row["retired"],
        to_kind=to_kind or None,
        to_slug=to_slug or None,
        note=row["note"],
        left_at=left_at if left_at.tzinfo else left_at.replace(tzinfo=UTC),
    )


def _is_place(kind: str, slug: str) -> bool:
    return kind in FOLDERS and is_slug(slug)


def _is_in_the_way(former: FormerAddress) -> bool:
    """Would it hide what readers see, or lead in a circle?"""
    here = (former.kind, former.slug)
    if is_live(*here):
        return True
    seen, step = {here}, former
    while step.to_kind and step.to_slug:
        place = (step.to_kind, step.to_slug)
        if place in seen:
            return True
        seen.add(place)
        following = find_former(*place)
        if following is None:
            break
        step = following
    return False
