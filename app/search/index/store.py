"""The index on disk: generations, one writer, readers for each thread, and the marks by which it is repaired.

`<DATA_DIR>/search/CURRENT` names the generation that is read; a rebuild fills another one beside it and then swaps the
name. A generation remembers the schema and analysis it was written with; any other makes it stale.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

from whoosh import index as whoosh_index
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from app.search.index.asking import FACETS, Filters, Results, ask, count_by_kind
from app.search.index.schema import META, fields_of, schema
from app.search.query import Parsed
from app.search.sources import Document

T = TypeVar("T")
# The state of an index: the folder of its generation and the newest table of contents in it.
State = tuple[Path, str]
SUSPECT = "SUSPECT"


class IndexBrokenError(Exception):
    """There is no index, or it cannot be read. It is rebuilt, never repaired by hand."""


class IndexBusyError(Exception):
    """Another process is writing."""


class SearchIndex:
    """The index in one folder. Safe to share between threads: every thread reads through a searcher of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._local = threading.local()

    # Reading

    def search(self, parsed: Parsed, *, audience: Iterable[str], filters: Filters, limit: int, offset: int) -> Results:
        """The hits from `offset` on, best first, of what `audience` may find. Raises IndexBrokenError."""
        marks = list(audience)
        return self._read(lambda searcher: ask(searcher, parsed, marks, filters, limit=limit, offset=offset))

    def count(self) -> int:
        """How many documents the index holds. Raises IndexBrokenError."""
        return self._read(lambda searcher: int(searcher.doc_count()))

    def count_by_kind(self) -> dict[str, int]:
        """How many documents of each kind the index holds. Raises IndexBrokenError."""
        return self._read(count_by_kind)

    def _read(self, question: Callable[[Searcher], T]) -> T:
        """The answer to `question`. Raises IndexBrokenError, and asks whoever writes the index to look at it."""
        while True:
            state = self._state()
            try:
                return question(self._searcher(state))
            except Exception as error:
                # Broken index files raise anything: struct.error, EOFError, TypeError, zlib.error.
                self._local.__dict__.clear()
                if self._state() == state:
                    with suppress(OSError):
                        (state[0] / SUSPECT).touch()
                    raise IndexBrokenError(f"{type(error).__name__}: {error}") from error
                # It was replaced while it was read; the new one is as good.

    def _state(self) -> State:
        folder = self.current_folder()
        names = (path.name for path in folder.glob("_MAIN_*.toc"))
        return folder, max(names, key=lambda name: int(name[6:-4]), default="")

    def _searcher(self, state: State) -> Searcher:
        if getattr(self._local, "state", None) != state:
            # Not Searcher.refresh(): it keeps deletions that are out of date, so what was made private stays findable.
            old = getattr(self._local, "searcher", None)
            self._local.searcher = _open(state[0]).searcher(weighting=BM25F(B=0.75, K1=1.2))
            self._local.state = state
            if old is not None:
                old.close()
        searcher: Searcher = self._local.searcher
        return searcher

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

    def acquit(self) -> None:
        """Read all of a suspect generation and trust it again. Call inside `writing()`. Raises IndexBrokenError."""
        folder = self.current_folder()
        try:
            with _open(folder).searcher() as searcher:
                _read_everything(searcher)
        except Exception as error:
            raise IndexBrokenError(f"{type(error).__name__}: {error}") from error
        (folder / SUSPECT).unlink(missing_ok=True)

    def apply(self, documents: Iterable[Document], removed: Iterable[str]) -> None:
        """Write `documents` over what the index has of them, and take out the ids in `removed`. Durable on return.

        Call inside `writing()`. Raises IndexBrokenError.
        """
        folder = self.current_folder()
        try:
            _write(folder, _open(folder), documents, removed)
        except Exception as error:
            raise IndexBrokenError(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make a new generation of `documents` and swap it in. Searches go on meanwhile. Returns how many there are.

        Call inside `writing()`.
        """
        folder = self.folder / f"gen-{secrets.token_hex(6)}"
        folder.mkdir(parents=True)
        count = _write(folder, whoosh_index.create_in(str(folder), schema()), documents, ())
        (folder / "meta.json").write_text(json.dumps(META), encoding="utf-8")
        _sync(folder)
        pointer = self.folder / "CURRENT.new"
        pointer.write_text(folder.name, encoding="ascii")
        _sync_file(pointer)
        pointer.replace(self.folder / "CURRENT")
        _sync_file(self.folder)
        for path in self.folder.glob("gen-*"):
            if path != folder:
                shutil.rmtree(path, ignore_errors=True)
        return count


def _open(folder: Path) -> Any:
    return whoosh_index.open_dir(str(folder), schema=schema())


def _write(folder: Path, target: Any, documents: Iterable[Document], removed: Iterable[str]) -> int:
    """One commit. Returns how many documents were written."""
    writer = target.writer(limitmb=64)
    count = 0
    try:
        for document_id in removed:
            writer.delete_by_term("id", document_id)
        for document in documents:
            writer.update_document(**fields_of(document))
            count += 1
        writer.commit()
    except BaseException:
        writer.cancel()
        raise
    _sync(folder)
    return count


def _read_everything(searcher: Searcher) -> None:
    reader = searcher.reader()
    numbers = list(reader.all_doc_ids())
    columns = [reader.column_reader(name) for name in FACETS]
    for number in numbers:
        reader.stored_fields(number)
        for column in columns:
            column[number]
    for field, term in reader.all_terms():
        places = reader.postings(field, term)
        while places.is_active():
            places.weight()
            places.next()


def _sync(folder: Path) -> None:
    """Whoosh does not flush to the disk. What the outbox is to forget has to be there first."""
    for path in folder.iterdir():
        _sync_file(path)
    _sync_file(folder)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
