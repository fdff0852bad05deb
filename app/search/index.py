"""The Whoosh index on disk: writing batches, reading pages, generations, self-repair.

`<DATA_DIR>/search/CURRENT` names the generation that is read; a rebuild fills another one beside it and then swaps the
name. A generation remembers the schema and analysis it was written with; any other makes it stale.

Ranking uses one field in which the weights of title, summary, tags and body are summed for each term before BM25
saturates them (Robertson, Zaragoza, Taylor, "Simple BM25 extension to multiple weighted fields", 2004): summing scores
of separate fields ranks worse.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import threading
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import structlog
from whoosh import index as whoosh_index
from whoosh import query as wq
from whoosh.fields import ID, KEYWORD, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from app.search.analysis import ANALYSIS, base_terms, fold, inner_terms
from app.search.query import Parsed
from app.search.sources import Document

log = structlog.get_logger()

SCHEMA = "1"
WEIGHTS = {"title": 4.0, "summary": 1.5, "tags": 2.0, "body": 1.0}
# Positions jump between the parts of a document, so that no phrase reaches from one into the next.
PART_GAP = 100
FACETS = ("kind", "area", "level", "language")
Filters = Mapping[str, Sequence[str]]


class IndexBrokenError(Exception):
    """There is no index, or it cannot be read. It is rebuilt, never repaired by hand."""


class IndexBusyError(Exception):
    """Another process is writing."""


class _RankField(FieldType):  # type: ignore[misc]
    """One posting a term, whose weight is the sum over the parts of the document."""

    def __init__(self) -> None:
        self.format = Existence()
        self.analyzer = None
        self.scorable = self.indexed = True
        self.stored = self.unique = self.spelling = False
        self.vector = self.column_type = None
        self.multitoken_query = "and"

    def index(self, value: dict[str, list[str]], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        weights: Counter[str] = Counter()
        for part, terms in value.items():
            for term in terms:
                for each in (term, *inner_terms(term)):
                    weights[each] += WEIGHTS[part]  # type: ignore[assignment]
        postings = [(term.encode(), 0, float(weight), b"") for term, weight in weights.items()]
        if postings:
            # Whoosh takes the sum of the second members as the length of the field.
            postings[0] = (postings[0][0], 1 + len(value["body"]), postings[0][2], b"")
        return postings

    def process_text(self, text: str, **_: Any) -> Iterator[str]:
        return base_terms(fold(text))


class _PhraseField(FieldType):  # type: ignore[misc]
    """Positions of the base words, for quoted phrases only."""

    def __init__(self) -> None:
        self.format = Positions()
        self.analyzer = None
        self.indexed = True
        self.scorable = self.stored = self.unique = self.spelling = False
        self.vector = self.column_type = None
        self.multitoken_query = "phrase"

    def index(self, value: dict[str, list[str]], **_: Any) -> list[tuple[bytes, int, float, bytes]]:
        places: dict[str, list[int]] = {}
        position = 0
        for terms in value.values():
            for term in terms:
                places.setdefault(term, []).append(position)
                position += 1
            position += PART_GAP
        return [(term.encode(), len(found), 1.0, self.format.encode(found)) for term, found in places.items()]

    def process_text(self, text: str, **_: Any) -> Iterator[str]:
        return base_terms(fold(text))


@dataclass(frozen=True)
class Hit:
    """A document that matched: its id, and the text that passages are cut from."""

    kind: str
    key: str
    title: str
    body: str
    score: float


@dataclass(frozen=True)
class Results:
    """One page of hits, the exact total, and per facet how many documents each value would show.

    A facet is counted without its own choice, so that a second value of it can be added. `loosened`: no document has
    all the words, so these have some.
    """

    hits: list[Hit]
    total: int
    facets: dict[str, Counter[str]]
    loosened: bool = False


class SearchIndex:
    """The index in one folder. Safe to share between threads: every thread reads through a searcher of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._local = threading.local()

    # Reading

    def search(self, parsed: Parsed, *, audience: Iterable[str], filters: Filters, limit: int, offset: int) -> Results:
        """The hits from `offset` on, best first, of what `audience` may find. Raises IndexBrokenError."""
        with self._reading() as searcher:
            allowed = wq.Or([wq.Term("audience", mark) for mark in audience])
            found = _page(searcher, _all_of(parsed), allowed, filters, limit, offset)
            if found.total or len(parsed.sought) < 2:
                return found
            loose = _page(searcher, _any_of(parsed), allowed, filters, limit, offset)
            return replace(loose, loosened=loose.total > 0)

    def count_by_kind(self) -> dict[str, int]:
        """How many documents of each kind the index holds. Raises IndexBrokenError."""
        with self._reading() as searcher:
            return dict(_count(searcher, "kind", searcher.reader().all_doc_ids()))

    @contextmanager
    def _reading(self) -> Iterator[Searcher]:
        """A searcher on the newest state, kept by the thread. Whatever breaks while reading is one kind of error."""
        try:
            yield self._searcher()
        except IndexBrokenError:
            raise
        except Exception as error:
            # Broken index files raise anything: struct.error, EOFError, TypeError, zlib.error.
            self._local.__dict__.clear()
            raise IndexBrokenError(f"{type(error).__name__}: {error}") from error

    def _searcher(self) -> Searcher:
        folder = self.current_folder()
        state = (folder, _newest_toc(folder))
        if getattr(self._local, "state", None) != state:
            # Not Searcher.refresh(): it keeps deletions that are out of date, so what was made private stays findable.
            old = getattr(self._local, "searcher", None)
            self._local.searcher = whoosh_index.open_dir(str(folder), schema=_schema()).searcher(
                weighting=BM25F(B=0.75, K1=1.2)
            )
            self._local.state = state
            if old is not None:
                old.close()
        searcher: Searcher = self._local.searcher
        return searcher

    # Generations

    def current_folder(self) -> Path:
        """The folder of the generation that is read. Raises IndexBrokenError where there is none for this code."""
        try:
            name = (self.folder / "CURRENT").read_text(encoding="ascii").strip()
            meta = json.loads((self.folder / name / "meta.json").read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise IndexBrokenError(f"no readable index: {error}") from error
        if meta != _META:
            raise IndexBrokenError("the index was written by another version")
        return self.folder / name

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

    def apply(self, documents: Iterable[Document], removed: Iterable[str]) -> None:
        """Write `documents` over what the index has of them, and take out the ids in `removed`. Durable on return.

        Call inside `writing()`. Raises IndexBrokenError.
        """
        folder = self.current_folder()
        try:
            _write(folder, whoosh_index.open_dir(str(folder), schema=_schema()), documents, removed)
        except Exception as error:
            raise IndexBrokenError(f"{type(error).__name__}: {error}") from error

    def rebuild(self, documents: Iterable[Document]) -> int:
        """Make a new generation of `documents` and swap it in. Searches go on meanwhile. Returns how many there are.

        Call inside `writing()`.
        """
        folder = self.folder / f"gen-{secrets.token_hex(6)}"
        folder.mkdir(parents=True)
        count = 0

        def counted() -> Iterator[Document]:
            nonlocal count
            for document in documents:
                count += 1
                yield document

        _write(folder, whoosh_index.create_in(str(folder), _schema()), counted(), ())
        (folder / "meta.json").write_text(json.dumps(_META), encoding="utf-8")
        _sync(folder)
        pointer = self.folder / "CURRENT.new"
        pointer.write_text(folder.name, encoding="ascii")
        _sync_file(pointer)
        pointer.replace(self.folder / "CURRENT")
        _sync_file(self.folder)
        self._remove_others(folder)
        return count

    def _remove_others(self, current: Path) -> None:
        for path in self.folder.glob("gen-*"):
            if path != current:
                shutil.rmtree(path, ignore_errors=True)


_META = {"schema": SCHEMA, "analysis": ANALYSIS}


def _schema() -> Schema:
    return Schema(
        id=ID(unique=True, stored=True),
        kind=KEYWORD(stored=True, sortable=True),
        key=STORED(),
        title=STORED(),
        body=STORED(),
        text=_RankField(),
        phrase=_PhraseField(),
        language=KEYWORD(sortable=True),
        area=KEYWORD(sortable=True),
        level=KEYWORD(sortable=True),
        capability=KEYWORD(),
        audience=KEYWORD(),
    )


def _write(folder: Path, target: Any, documents: Iterable[Document], removed: Iterable[str]) -> None:
    writer = target.writer(limitmb=64)
    try:
        for document_id in removed:
            writer.delete_by_term("id", document_id)
        for document in documents:
            writer.update_document(**_fields(document))
        writer.commit()
    except BaseException:
        writer.cancel()
        raise
    _sync(folder)


def _fields(document: Document) -> dict[str, Any]:
    summary_and_body = "\n".join(part for part in (document.summary, document.body) if part)
    parts = {
        "title": list(base_terms(fold(document.title))),
        "summary": list(base_terms(fold(document.summary))),
        "tags": list(base_terms(fold(" ".join(document.tags)))),
        "body": list(base_terms(fold(document.body))),
    }
    return {
        "id": document.id,
        "kind": document.kind,
        "key": document.key,
        "title": document.title,
        "body": summary_and_body,
        "text": parts,
        "phrase": parts,
        "language": " ".join(document.languages),
        "area": document.area,
        "capability": " ".join(document.capabilities),
        "level": " ".join(map(str, document.levels)),
        "audience": " ".join(sorted(document.audience)),
    }


def _page(
    searcher: Searcher, wanted: wq.Query, allowed: wq.Query, filters: Filters, limit: int, offset: int
) -> Results:
    facets = {}
    for name in FACETS:
        others = _chosen({facet: values for facet, values in filters.items() if facet != name})
        facets[name] = _count(searcher, name, searcher.docs_for_query(wq.And([wanted, allowed, *others]).normalize()))
    permitted = wq.And([allowed, *_chosen(filters)]).normalize()
    total = sum(1 for _ in searcher.docs_for_query(wq.And([wanted, permitted]).normalize()))
    if offset >= total:
        return Results([], total, facets)
    top = searcher.search(wanted, filter=permitted, limit=offset + limit, scored=True)
    shown = [top[rank] for rank in range(offset, min(offset + limit, top.scored_length()))]
    hits = [Hit(hit["kind"], hit["key"], hit["title"], hit["body"], hit.score) for hit in shown]
    return Results(hits, total, facets)


def _chosen(filters: Filters) -> list[wq.Query]:
    return [wq.Or([wq.Term(name, value) for value in values]) for name, values in filters.items() if values]


def _count(searcher: Searcher, name: str, numbers: Iterable[int]) -> Counter[str]:
    """How many of the documents `numbers` have each value of the facet; a document may have several."""
    column = searcher.reader().column_reader(name)
    return Counter(value for number in numbers for value in column[number].split())


def _all_of(parsed: Parsed) -> wq.Query:
    return _without_excluded(
        wq.And([*map(_word, parsed.words), *map(_phrase, parsed.phrases), *_prefixes(parsed)]), parsed
    )


def _any_of(parsed: Parsed) -> wq.Query:
    return _without_excluded(
        wq.Or([*map(_word, parsed.words), *map(_phrase, parsed.phrases), *_prefixes(parsed)]), parsed
    )


def _word(term: str) -> wq.Query:
    """The word itself, or else all the words inside it: 测试环境 also finds 测试 and 环境, `ci/cd` also `CI and CD`."""
    inner = inner_terms(term)
    exact = wq.Term("text", term)
    return wq.Or([exact, wq.And([wq.Term("text", part) for part in inner])]) if inner else exact


def _prefixes(parsed: Parsed) -> list[wq.Query]:
    return [wq.Prefix("text", prefix) for prefix in parsed.prefixes]


def _phrase(terms: list[str]) -> wq.Query:
    """The words next to each other, ranked by the words themselves."""
    ranked = wq.And([wq.Term("text", term) for term in terms])
    return ranked if len(terms) == 1 else wq.Require(ranked, wq.Phrase("phrase", terms))


def _without_excluded(wanted: wq.Query, parsed: Parsed) -> wq.Query:
    if not parsed.excluded:
        return wanted.normalize()
    excluded = wq.Or([_phrase(group) for group in parsed.excluded])
    return wq.AndNot(wanted, excluded).normalize()


def _newest_toc(folder: Path) -> str:
    return max((path.name for path in folder.glob("_MAIN_*.toc")), key=lambda name: int(name[6:-4]), default="")


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
