"""What one language calls it and what the other does: the names that search finds by each other.

The entries of `content/glossary.yaml`, changed and added to by editors on the site. A `Glossary` never changes; a new
one is made when the file or the editors' entries have changed, which every process looks for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import structlog
from flask import Flask, current_app
from sqlalchemy import select

from app.config import ROOT
from app.kernel.db import db
from app.search.analysis import fold, is_han
from app.search.changes import Kept, latest_change
from app.search.desk_models import GlossaryEntry
from app.search.glossary_file import Entry, GlossaryFileError, read_file, with_overrides

log = structlog.get_logger()
FILE = ROOT / "content" / "glossary.yaml"
WHAT = "glossary"
PLURALS = ("s", "es")


class Glossary:
    """The names of `entries` that are switched on."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._others: dict[str, tuple[str, ...]] = {}
        # Other ways to write a name, as in `code-review` and `pipelines`.
        self._spellings: dict[str, str] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for entry in entries:
            if entry.active:
                self._add([fold(name) for name in entry.en], [fold(name) for name in entry.zh])
        for name in self._others:
            for spelling in _spellings(name):
                self._spellings.setdefault(spelling, name)
        self._spellings.update({name: name for name in self._others})
        self._measure()
        self.han_variants: tuple[str, ...] = tuple(name for name in self._others if is_han(name))

    def __len__(self) -> int:
        return len(self._others)

    def lookup(self, folded: str) -> tuple[str, ...]:
        """The other names of what `folded` names, nearest first: the other language's usual word, the other words of its
        own language, then the rest. Empty where it is no name.
        """
        return self._others.get(self._spellings.get(folded, ""), ())

    def find_in(self, folded: str) -> list[tuple[int, int, str]]:
        """(start, end, name) of the names in the folded text, from left to right: the longest where several begin, and
        none inside another. Letters have to be whole words; Chinese stands anywhere.
        """
        found, at = [], 0
        while at < len(folded):
            length = self._longest_at(folded, at)
            if length:
                found.append((at, at + length, self._spellings[folded[at : at + length]]))
            at += length or 1
        return found

    def _longest_at(self, folded: str, at: int) -> int:
        lengths = self._lengths.get(folded[at : at + 2])
        if lengths is None or _is_inside_a_word(folded, at):
            return 0
        for length in lengths:
            end = at + length
            if end <= len(folded) and folded[at:end] in self._spellings and not _is_inside_a_word(folded, end):
                return length
        return 0

    def _add(self, en: list[str], zh: list[str]) -> None:
        for own, other in ((en, zh), (zh, en)):
            for name in own:
                names = dict.fromkeys((*self._others.get(name, ()), other[0], *own, *other[1:]))
                names.pop(name, None)
                self._others[name] = tuple(names)

    def _measure(self) -> None:
        """How long the names can be that begin with the same two characters, the longest first."""
        lengths: dict[str, set[int]] = {}
        for name in self._spellings:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _spellings(name: str) -> list[str]:
    """How an English `name` is written, too: in the plural or singular, with hyphens or spaces."""
    if not name.isascii():
        return []
    forms = {name, name.replace("-", " "), name.replace(" ", "-")}
    if name[-1:].isalpha():
        forms |= {form + ending for form in list(forms) for ending in PLURALS}
    if name.endswith("s") and not name.endswith(("ss", "is", "us")) and len(name) > 4:
        forms |= {form[:-1] for form in list(forms) if form.endswith("s")}
    if name.endswith("y") and len(name) > 3:
        forms |= {form[:-1] + "ies" for form in list(forms) if form.endswith("y")}
    return sorted(forms - {name})


def _is_inside_a_word(text: str, at: int) -> bool:
    """Are there letters on both sides, so that what begins or ends here is only a part of a word?"""
    if at == 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    return before.isalnum() and after.isalnum() and not is_han(before) and not is_han(after)


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
    make: Callable[[], Glossary] = lambda: Glossary(_merged(of_file))  # noqa: E731
    app.extensions["glossary_file"] = of_file
    app.extensions["glossary"] = Kept(make, lambda: (of_file.look(), latest_change(WHAT)))


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
    rows = db.session.execute(select(GlossaryEntry).order_by(GlossaryEntry.id)).scalars()
    return with_overrides(of_file.read(), [as_entry(row) for row in rows])


def as_entry(row: GlossaryEntry) -> Entry:
    return Entry(row.key, tuple(row.en), tuple(row.zh), active=row.active, note=row.note, version=row.version)
