"""Writing everything that readers see back as Markdown with front matter.

A folder of an export holds `practices/<area>/<slug>.<language>.md`, `case-studies/<slug>.<language>.md`, in `media/` the
pictures and attachments that these show, and `guildhall.yaml`: that it is one, and where former addresses lead.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.capabilities.models import Capability
from app.kernel.db import db
from app.kernel.errors import ConflictError
from app.kernel.report import Outcome, Report
from app.media.store import kept_names
from app.writing.keeping.models import FormerAddress
from app.writing.kinds import Kind, get_kind
from app.writing.models import Manuscript
from app.writing.queries import content_of

MANIFEST = "guildhall.yaml"
FORMAT = 1
FOLDERS = {"practice": "practices", "case-study": "case-studies"}
MEDIA = "media"


@dataclass(frozen=True)
class Exported:
    """One text as a file: its place in the folder, and what is in it."""

    place: str
    text: str


def export_to(folder: Path, media_dir: Path) -> Report:
    """Make `folder` an export of what readers see now; an older export there is brought up to date, file by file.

    Raises ConflictError where something else is in the folder.
    """
    if folder.exists() and any(folder.iterdir()) and not (folder / MANIFEST).is_file():
        raise ConflictError(_l("%(folder)s is not empty and no export. Choose another folder.", folder=str(folder)))
    report = Report()
    kept = {MANIFEST}
    _write(folder / MANIFEST, _manifest())
    for exported in texts():
        kept.add(exported.place)
        report.add(_write(folder / exported.place, exported.text), exported.place)
        for name in kept_names(exported.text):
            kept.add(f"{MEDIA}/{name}")
            _copy(media_dir / name, folder / MEDIA / name, report)
    for place in _others(folder, kept):
        (folder / place).unlink()
        report.add(Outcome.CHANGED, place, "removed, because readers do not see it any more")
    return report


def texts() -> Iterator[Exported]:
    """Everything that readers see, in the order of kinds and addresses."""
    query = (
        select(Manuscript)
        .where(Manuscript.published_number.is_not(None))
        .options(joinedload(Manuscript.capability).joinedload(Capability.area), joinedload(Manuscript.team))
        .order_by(Manuscript.kind, Manuscript.slug, Manuscript.language)
    )
    for manuscript in db.session.execute(query).unique().scalars():
        yield exported_of(get_kind(manuscript.kind), manuscript)


def exported_of(kind: Kind, manuscript: Manuscript) -> Exported:
    """The published version as a file."""
    content: Mapping[str, Any] = content_of(manuscript, manuscript.published_number)
    if manuscript.is_kept_in_file:
        content = kind.freed(manuscript, content)
    folder = PurePosixPath(FOLDERS[kind.name])
    if kind.is_open:
        folder /= manuscript.capability.area.slug if manuscript.capability else "general"
    place = folder / f"{manuscript.slug}.{manuscript.language}.md"
    return Exported(str(place), kind.export(manuscript, content))


def _manifest() -> str:
    query = select(FormerAddress).order_by(FormerAddress.kind, FormerAddress.slug)
    former = [
        {
            "kind": row.kind,
            "slug": row.slug,
            "title": row.title,
            "retired": row.is_retired,
            "to": f"{row.to_kind}:{row.to_slug}" if row.to_slug else None,
            "note": row.note,
            "left_at": row.left_at.isoformat(),
        }
        for row in db.session.execute(query).scalars()
    ]
    fields = {"format": FORMAT, "former_addresses": former}
    return yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=120)


def _write(path: Path, text: str) -> Outcome:
    data = text.encode()
    if path.is_file() and path.read_bytes() == data:
        return Outcome.LEFT
    outcome = Outcome.CHANGED if path.exists() else Outcome.CREATED
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_bytes(data)
    fresh.replace(path)
    return outcome


def _copy(source: Path, target: Path, report: Report) -> None:
    """Names of media are hashes of what is in them: one that is there is the same."""
    if target.is_file():
        return
    if not source.is_file():
        report.add(Outcome.REFUSED, source.name, "the picture or file is missing in the media folder")
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_name(f"{target.name}.new")
    shutil.copyfile(source, fresh)
    fresh.replace(target)


def _others(folder: Path, kept: Iterable[str]) -> list[str]:
    """What an older export wrote and this one did not."""
    known = set(kept)
    ours = (path for name in (*FOLDERS.values(), MEDIA) for path in (folder / name).rglob("*") if path.is_file())
    places = (path.relative_to(folder).as_posix() for path in ours)
    return sorted(place for place in places if place not in known)
