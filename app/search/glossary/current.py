"""The glossary as it is now: the file's entries, as editors have changed them, and the site's own.

A `Glossary` never changes; a new one is made when the file or what editors say has changed, which every process looks
for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import Flask, current_app
from sqlalchemy import select

from app.kernel.db import db
from app.search.editing.changes import latest_change
from app.search.editing.kept import Kept
from app.search.glossary.entry import Entry
from app.search.glossary.file import FILE, GlossaryFileError, read_file
from app.search.glossary.lookup import Glossary
from app.search.glossary.models import GlossaryEntry

log = structlog.get_logger()
WHAT = "glossary"


@dataclass
class _OfFile:
    """What was last read of the file, so that it is read again only when it has changed."""

    path: Path
    stamp: tuple[int, int] = (0, 0)
    entries: tuple[Entry, ...] = ()

    def look(self) -> tuple[int, int]:
        try:
            found = self.path.stat()
        except OSError:
            return (0, 0)
        return (found.st_mtime_ns, found.st_size)

    def read(self) -> list[Entry]:
        """The entries as they are now; as they were before where the file is no longer right."""
        stamp = self.look()
        if stamp != self.stamp:
            try:
                self.entries = tuple(read_file(self.path))
            except GlossaryFileError as error:
                log.error("the glossary file is not right; what it said before stays", problems=error.problems)  # noqa: TRY400
            self.stamp = stamp
        return list(self.entries)


def init_app(app: Flask, path: Path = FILE) -> None:
    of_file = _OfFile(path)
    app.extensions["glossary_file"] = of_file
    app.extensions["glossary"] = Kept(lambda: Glossary(_merged(of_file)), lambda: (of_file.look(), latest_change(WHAT)))


def current_glossary() -> Glossary:
    """The glossary as it is now. Costs next to nothing where nothing has changed."""
    kept: Kept[Glossary] = current_app.extensions["glossary"]
    return kept.get()


def list_entries() -> list[Entry]:
    """Every entry as it counts now, also those that are switched off."""
    return _merged(current_app.extensions["glossary_file"])


def list_of_file() -> list[Entry]:
    """The entries as the file has them."""
    of_file: _OfFile = current_app.extensions["glossary_file"]
    return of_file.read()


def _merged(of_file: _OfFile) -> list[Entry]:
    """The file's entries, each as the site has it where it has one in its place, and then the site's own. What stands in
    place of an entry that has gone from the file is an own entry from then on.
    """
    rows = db.session.execute(select(GlossaryEntry).order_by(GlossaryEntry.id)).scalars()
    of_site = {row.key: as_entry(row) for row in rows}
    merged = [of_site.pop(entry.key, entry) for entry in of_file.read()]
    return merged + list(of_site.values())


def as_entry(row: GlossaryEntry) -> Entry:
    return Entry(row.key, tuple(row.en), tuple(row.zh), active=row.active, note=row.note, version=row.version)
