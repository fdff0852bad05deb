"""Texts that come from outside of the desk: kept in a file, or brought in once. Their versions are kept like all others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.kernel.errors import ConflictError
from app.writing.kinds import Face, Kind
from app.writing.models import Manuscript, ManuscriptEvent
from app.writing.queries import content_of, find_manuscript
from app.writing.rules import Origin, State, Step
from app.writing.service import add_version, new_manuscript

NOT_FOLLOWED = "it is written on the site by now; the file is not followed"


def known_manuscripts(session: Session, kind: Kind) -> dict[tuple[str, str], Manuscript]:
    """Every manuscript of a kind by slug and language: for whoever files hundreds of texts at once."""
    query = select(Manuscript).where(Manuscript.kind == kind.name).options(selectinload(Manuscript.authors))
    return {(each.slug, each.language): each for each in session.execute(query).scalars()}


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
    if manuscript is not None and not may_follow(manuscript, path):
        raise ConflictError(NOT_FOLLOWED)
    manuscript = manuscript or new_manuscript(kind, slug, language, now=now)
    manuscript.translation_of = translation_of
    file_into(session, manuscript, content, kind.face(session, content), path=path, now=now)
    return manuscript


def file_into(
    session: Session, manuscript: Manuscript, content: Mapping[str, Any], face: Face, *, path: str | None, now: datetime
) -> None:
    """As `file_version`, for whoever has the manuscript, be it a new one, and knows what lists show of it."""
    session.add(manuscript)
    manuscript.kept_in_file = path
    manuscript.title, manuscript.team_id, manuscript.capability_id = face.title, face.team_id, face.capability_id
    if not manuscript.latest_number or content_of(manuscript) != dict(content):
        origin = Origin.FILE if path else Origin.IMPORTED
        add_version(session, manuscript, content, origin=origin, actor=None, now=now)
    if manuscript.published_number != manuscript.latest_number:
        manuscript.events.add(_published(manuscript, now))
        manuscript.published_number = manuscript.latest_number
        manuscript.state, manuscript.state_since = State.ACCEPTED, now
    session.flush()


def _published(manuscript: Manuscript, now: datetime) -> ManuscriptEvent:
    """The event by which the history knows that readers have seen this version. Nobody took the step: the file did."""
    return ManuscriptEvent(
        step=Step.ACCEPT,
        from_state=manuscript.state,
        to_state=State.ACCEPTED,
        number=manuscript.latest_number,
        at=now,
    )


def take_from_readers(manuscript: Manuscript, now: datetime) -> None:
    """The file is gone, and the text with it. Its versions stay; should the file come back, they go on."""
    manuscript.published_number = None
    manuscript.state, manuscript.state_since = State.DRAFT, now


def may_follow(manuscript: Manuscript, path: str | None) -> bool:
    """Does the file still decide? Not once somebody has begun to write the text on the site."""
    return manuscript.is_kept_in_file if path else not manuscript.authors
