"""The index on disk: generations, one writer, one view a process, and the marks by which it is repaired.

`<DATA_DIR>/search/CURRENT` names the generation that is read and is put in place anew after each commit; a rebuild fills
another generation beside it and then swaps the name. A generation remembers the schema and analysis it was written with;
any other makes it stale.
"""

from __future__ import annotations

import fcntl
import json
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from whoosh import query as wq
from whoosh.filedb.filestore import FileStorage

from app.search.index import writing
from app.search.index.asking import Question, Results, ask
from app.search.index.correcting import correct
from app.search.index.matching import Match, UnsupportedError, evaluate
from app.search.index.postings import Cache
from app.search.index.schema import META, schema
from app.search.index.sight import Sight
from app.search.index.stock import evaluate_with_whoosh
from app.search.index.suggesting import Suggested, suggest
from app.search.index.view import CACHE_BYTES, View
from app.search.sources import Document

T = TypeVar("T")
# When CURRENT was put in place: another one means another state.
Stamp = tuple[int, int]
SUSPECT = "SUSPECT"
# So often the present state is opened afresh before it counts as broken.
TRIES = 3


class IndexBrokenError(Exception):
    """There is no index, or it cannot be read. It is rebuilt, never repaired by hand."""


class IndexBusyError(Exception):
    """Another process is writing."""


class SearchIndex:
    """The index in one folder. Safe to share between threads: all read through one view, which never changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._cache = Cache(CACHE_BYTES)
        self._held: tuple[Stamp, View] | None = None
        self._opening = threading.Lock()

    # Reading

    def search(self, question: Question) -> Results:
        """One page of what the question's audience may find. Raises IndexBrokenError."""
        return self._read(lambda view: ask(view, question, _evaluate))

    def suggest(self, typed: str, audience: frozenset[str], limit: int) -> list[Suggested]:
        """What has a title that goes with what is being typed. Raises IndexBrokenError."""
        return self._read(lambda view: suggest(view, typed, audience, limit))

    def correct(self, question: Question) -> str | None:
        """The query without what looks like a typing mistake, where that finds more. Raises IndexBrokenError."""
        return self._read(lambda view: correct(view, question, _evaluate))

    def values(self, facet: str, audience: frozenset[str]) -> list[str]:
        """Every value that a facet has in what the audience may find. Raises IndexBrokenError."""
        return self._read(lambda view: view.values(facet, audience))

    def count(self) -> int:
        """How many documents the index holds. Raises IndexBrokenError."""
        return self._read(lambda view: view.count)

    def count_by_kind(self) -> dict[str, int]:
        """How many documents of each kind the index holds. Raises IndexBrokenError."""
        return self._read(lambda view: view.count_by_kind())

    def watermark(self) -> int:
        """The number of the last change that is in the index. Raises IndexBrokenError."""
        return self._read(lambda view: view.watermark)

    def forget(self) -> None:
        """Empty the cache, as after a start."""
        self._cache.clear()

    def _read(self, question: Callable[[View], T]) -> T:
        """The answer to `question`. Raises IndexBrokenError, and asks whoever writes the index to look at it."""
        tries = TRIES
        while True:
            stamp = self._stamp()
            try:
                return question(self._view(stamp))
            except Exception as error:
                # Broken index files raise anything: struct.error, EOFError, TypeError, zlib.error.
                if self._stamp() != stamp:
                    # It was replaced while it was read; the new one is as good.
                    continue
                self._held = None
                self._cache.clear()
                # A commit takes files away that it has merged, a moment before CURRENT tells of it.
                tries -= 1
                if not tries:
                    self._suspect()
                    raise IndexBrokenError(f"{type(error).__name__}: {error}") from error

    def _suspect(self) -> None:
        with suppress(OSError, IndexBrokenError):
            (self.current_folder() / SUSPECT).touch()

    def _view(self, stamp: Stamp) -> View:
        held = self._held
        if held is not None and held[0] == stamp:
            return held[1]
        with self._opening:
            held = self._held
            if held is not None and held[0] == stamp:
                return held[1]
            folder = self.current_folder()
            before = held[1] if held is not None and held[1].folder == folder else None
            view = View(folder, self._cache, before)
            self._held = stamp, view
            return view

    def _stamp(self) -> Stamp:
        try:
            status = (self.folder / "CURRENT").stat()
        except OSError as error:
            raise IndexBrokenError(f"no readable index: {error}") from error
        return status.st_ino, status.st_mtime_ns

    # Generations

    def current_folder(self) -> Path:
        """The folder of the generation that is read. Raises IndexBrokenError where there is none for this code."""
        name = self._current_name()
        try:
            meta = json.loads((self.folder / name / "meta.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            if self._current_name() != name:
                return self.current_folder()
            raise IndexBrokenError(f"no readable index: {error}") from error
        if meta != META:
            raise IndexBrokenError("the index was written by another version")
        return self.folder / name

    def _current_name(self) -> str:
        try:
            return (self.folder / "CURRENT").read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise IndexBrokenError(f"no readable index: {error}") from error

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only writer of this folder. Raises IndexBusyError where another process is."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "LOCK").open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise IndexBusyError from None
            yield

    def is_suspect(self) -> bool:
        """Has a reader failed on this generation? Raises IndexBrokenError where there is none."""
        return (self.current_folder() / SUSPECT).exists()

    def check(self) -> None:
        """Hold all files against their checksums, and trust the generation again. Call inside `writing()`.

        Raises IndexBrokenError.
        """
        folder = self.current_folder()
        damaged = _or_broken(lambda: writing.damaged(folder))
        if damaged:
            raise IndexBrokenError(f"damaged: {', '.join(damaged)}")
        # What was written after the last seal has no checksum yet; that it can be opened and sealed has to do.
        _or_broken(lambda: View(folder, Cache(0)))
        writing.seal(folder)
        (folder / SUSPECT).unlink(missing_ok=True)

    def apply(self, documents: Iterable[Document], removed: Iterable[str], watermark: int = 0) -> None:
        """Write `documents` over what the index has of them, take out the ids in `removed`, and note the `watermark`, all
        in one commit. Durable on return. Call inside `writing()`. Raises IndexBrokenError.
        """
        folder = self.current_folder()
        latest = writing.dedupe(documents)
        _or_broken(lambda: writing.write(folder, self._newest_view(), latest, removed, watermark))
        self._put_in_place(folder)

    def merge(self) -> bool:
        """Merge small segments, where there are many. Returns whether there was something to do. Call inside `writing()`.

        Raises IndexBrokenError.
        """
        folder = self.current_folder()
        if not _or_broken(lambda: writing.merge(folder, self._newest_view())):
            return False
        self._put_in_place(folder)
        return True

    def rebuild(self, documents: Iterable[Document], watermark: int = 0) -> int:
        """Make a new generation of `documents`, each of which comes once, and swap it in. Searches go on meanwhile. Returns
        how many there are. Call inside `writing()`.
        """
        folder = self.folder / f"gen-{secrets.token_hex(6)}"
        folder.mkdir(parents=True)
        FileStorage(str(folder), supports_mmap=False).create_index(schema())
        count = writing.write(folder, None, documents, (), watermark)
        (folder / "meta.json").write_text(json.dumps(META), encoding="utf-8")
        writing.sync_file(folder / "meta.json")
        writing.sync_file(folder)
        self._put_in_place(folder)
        for path in self.folder.glob("gen-*"):
            if path != folder:
                shutil.rmtree(path, ignore_errors=True)
        return count

    def _newest_view(self) -> View:
        """The view of the state that is on disk, even if a writer died before it put that in place."""
        return View(self.current_folder(), self._cache, self._held[1] if self._held else None)

    def _put_in_place(self, folder: Path) -> None:
        pointer = self.folder / "CURRENT.new"
        pointer.write_text(folder.name, encoding="ascii")
        writing.sync_file(pointer)
        pointer.replace(self.folder / "CURRENT")
        writing.sync_file(self.folder)


def _evaluate(sight: Sight, query: wq.Query) -> Match:
    try:
        return evaluate(sight, query)
    except UnsupportedError:
        return evaluate_with_whoosh(sight, query)


def _or_broken(action: Callable[[], T]) -> T:
    try:
        return action()
    except Exception as error:
        raise IndexBrokenError(f"{type(error).__name__}: {error}") from error
