"""Reading an export back, to the letter: what was exported and read again is exported the same.

Foreign documents are read generously (`practices.importer`), which changes them. What this site has written itself is read
strictly, and refused with file and line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from app.exchange.exporting import FOLDERS, MANIFEST, MEDIA, exported_of
from app.exchange.former import restore_addresses
from app.kernel.errors import ConflictError, InvalidInputError
from app.kernel.frontmatter import RefusedFileError
from app.kernel.markup import Rendered
from app.kernel.report import Outcome, Report
from app.media.store import is_kept_name, name_for, write
from app.writing.filing import NOT_FOLLOWED, file_version, may_follow
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.queries import find_manuscript

# More than any upload may have.
MAX_MEDIA = 200_000_000
KIND_OF = {folder: kind for kind, folder in FOLDERS.items()}


@dataclass(frozen=True)
class Text:
    """One file of an export, read: what a version of it holds, and what is told beside it."""

    kind: str
    place: str
    slug: str
    language: str
    translation_of: str | None
    content: Mapping[str, Any]
    beside: Mapping[str, Any]
    text: str


@dataclass(frozen=True)
class Ready:
    """A text that was rendered before the transaction began."""

    text: Text
    rendered: Rendered


@dataclass(frozen=True)
class Hand:
    """What a kind does with its files. `read` raises RefusedFileError. `complete` gives the content once what it refers to is
    there (a team), `finish` brings to the live row what stands beside the content in the file (an owner, dates).
    """

    read: Callable[[Path, Path], Text]
    complete: Callable[[Session, Text], Mapping[str, Any]]
    finish: Callable[[Session, Manuscript, Text], None]


def is_export(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def read_export(folder: Path, hands: Mapping[str, Hand], report: Report) -> list[Ready]:
    """Every text of the export at `folder`, originals before their translations. What cannot be read is refused in the report."""
    found: list[Ready] = []
    for name, kind in KIND_OF.items():
        for path in sorted((folder / name).rglob("*.md")):
            place = path.relative_to(folder).as_posix()
            try:
                text = hands[kind].read(folder, path)
                found.append(Ready(text, get_kind(kind).render(text.content)))
            except RefusedFileError as error:
                report.add(Outcome.REFUSED, place, error.reason, error.line)
            except InvalidInputError as error:
                report.add(Outcome.REFUSED, place, str(error))
    return sorted(found, key=lambda ready: (ready.text.translation_of is not None, ready.text.place))


def restore(
    session: Session,
    folder: Path,
    media_dir: Path,
    ready: Iterable[Ready],
    hands: Mapping[str, Hand],
    report: Report,
    *,
    now: datetime,
) -> None:
    """Publish what was read. A text that is here and says the same is left; one that people write on here is not touched."""
    _copy_media(folder / MEDIA, media_dir)
    for each in ready:
        try:
            with session.begin_nested():
                report.add(_restore(session, each, hands[each.text.kind], now), each.text.place)
        except (ConflictError, InvalidInputError) as error:
            report.add(Outcome.REFUSED, each.text.place, str(error))
        except (DataError, IntegrityError):
            report.add(Outcome.REFUSED, each.text.place, "a field of it is too long, or another text is in its place")
    restore_addresses(session, folder / MANIFEST)


def _restore(session: Session, ready: Ready, hand: Hand, now: datetime) -> Outcome:
    text, kind = ready.text, get_kind(ready.text.kind)
    before = find_manuscript(kind.name, text.slug, text.language)
    if before is not None and before.is_live and exported_of(kind, before).text == text.text:
        return Outcome.LEFT
    if before is not None and not may_follow(before, None):
        raise ConflictError(NOT_FOLLOWED)
    content = hand.complete(session, text)
    manuscript = file_version(
        session,
        kind,
        content,
        slug=text.slug,
        language=text.language,
        translation_of=text.translation_of,
        path=None,
        now=now,
    )
    kind.publish(session, manuscript, content, ready.rendered, now=now)
    hand.finish(session, manuscript, text)
    session.flush()
    return Outcome.CREATED if before is None else Outcome.CHANGED


def _copy_media(folder: Path, media_dir: Path) -> None:
    """What is called by another content than its own would be shown in that one's place, so it is left out."""
    for path in sorted(folder.rglob("*")) if folder.is_dir() else []:
        name = path.relative_to(folder).as_posix()
        if path.is_symlink() or not path.is_file() or not is_kept_name(name) or path.stat().st_size > MAX_MEDIA:
            continue
        data = path.read_bytes()
        if name_for(data, path.suffix) == path.name:
            write((media_dir / name).parent, path.name, data)
