"""Texts that come from outside of the desk: kept in a file, or brought in once. Their versions are kept like all others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError
from app.writing.kinds import Kind
from app.writing.models import Manuscript
from app.writing.queries import content_of, find_manuscript
from app.writing.rules import Origin, State
from app.writing.service import add_version, new_manuscript


def file_version(
    session: Session,
    kind: Kind,
    content: Mapping[str, Any],
    *,
    slug: str,
    language: str,
    translation_of: str | None,
    path: str | None,
    now: datetime,
) -> Manuscript:
    """The manuscript of a text that has just been published from outside: kept in the file `path`, or imported with None.
    What the text says now is its latest and its published version. The live row is the caller's.

    Raises ConflictError where the text is written on the site by now, so that the file no longer counts.
    """
    manuscript = find_manuscript(kind.name, slug, language)
    if manuscript is None:
        manuscript = new_manuscript(kind, slug, language, now=now)
        session.add(manuscript)
    elif not may_follow(manuscript, path):
        raise ConflictError("this text is written on the site by now; the file is not followed")
    manuscript.kept_in_file, manuscript.translation_of = path, translation_of
    face = kind.face(session, content)
    manuscript.title, manuscript.team_id, manuscript.capability_id = face.title, face.team_id, face.capability_id
    if not manuscript.latest_number or content_of(manuscript) != dict(content):
        origin = Origin.FILE if path else Origin.IMPORTED
        add_version(session, manuscript, content, origin=origin, actor=None, now=now)
        manuscript.published_number, manuscript.state, manuscript.state_since = (
            manuscript.latest_number,
            State.ACCEPTED,
            now,
        )
    session.flush()
    return manuscript


def may_follow(manuscript: Manuscript, path: str | None) -> bool:
    """Does the file still decide? Not once somebody has begun to write the text on the site."""
    return manuscript.is_kept_in_file if path else not manuscript.authors
