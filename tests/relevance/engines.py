"""What the product is compared with, each as a careful person would set it up in an afternoon.

Both get the texts with Chinese cut into pairs of characters, without which they find next to nothing in it. Of the ways
to ask, each has the one that ranks best here: SQLite all words first and then any of them, Whoosh any of them without a
further weight for titles.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Protocol

from whoosh import index as whoosh_index
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.scoring import BM25F

from app.search.analysis import fold
from app.search.sources import Document
from tests.relevance.product import Product

TITLE_BOOST = 5.0

_HAN_RUN = re.compile("[㐀-䶿一-鿿豈-﫿]+")
_WORD = re.compile(r"\w+")


class Engine(Protocol):
    def build(self, documents: Iterable[Document]) -> None:
        """Index all of `documents`, once."""

    def find(self, text: str, limit: int) -> list[str]:
        """The ids of the best documents for a query as people type it, in order."""


def in_pairs(text: str) -> str:
    """`text` folded, with every Chinese run as its overlapping pairs of characters."""
    return _HAN_RUN.sub(lambda run: f" {' '.join(_pairs(run[0]))} ", fold(text))


def _pairs(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(max(len(run) - 1, 1))]


def words_of(text: str) -> list[str]:
    """What is looked for: words, and pairs of Chinese characters. Nothing in it is an operator."""
    return _WORD.findall(in_pairs(text))


def texts_of(document: Document) -> tuple[str, str]:
    """(title, everything else), ready to be indexed."""
    rest = [document.summary, document.body, *document.tags, *document.keywords]
    return in_pairs(document.title), in_pairs("\n".join(rest))


class Fts5:
    """SQLite FTS5: bm25 with the title times five, Porter stems."""

    def __init__(self, folder: Path) -> None:
        self._database = sqlite3.connect(folder / "fts5.sqlite3", isolation_level=None)

    def build(self, documents: Iterable[Document]) -> None:
        self._database.execute("begin")
        self._database.execute(
            "create virtual table document using fts5(id unindexed, title, body, tokenize='porter unicode61')"
        )
        rows = ((document.id, *texts_of(document)) for document in documents)
        self._database.executemany("insert into document values (?, ?, ?)", rows)
        self._database.execute("commit")

    def find(self, text: str, limit: int) -> list[str]:
        quoted = [f'"{word}"' for word in words_of(text)]
        found = self._find(" AND ".join(quoted), limit)
        if len(found) < limit:
            # Filled up, not only where nothing was found: that serves it better.
            found += self._find(" OR ".join(quoted), limit)
        return list(dict.fromkeys(found))[:limit]

    def _find(self, expression: str, limit: int) -> list[str]:
        rows = self._database.execute(
            "select id from document where document match ? order by bm25(document, 0, ?, 1) limit ?",
            (expression, TITLE_BOOST, limit),
        )
        return [document_id for (document_id,) in rows]


class StockWhoosh:
    """Whoosh as its documentation shows it: a field for the title and one for the rest, stems, BM25F."""

    def __init__(self, folder: Path) -> None:
        analyzer = StemmingAnalyzer()
        self._schema = Schema(id=ID(stored=True), title=TEXT(analyzer=analyzer), body=TEXT(analyzer=analyzer))
        self._folder = folder
        self._searcher: Any = None

    def build(self, documents: Iterable[Document]) -> None:
        made = whoosh_index.create_in(str(self._folder), self._schema)
        writer = made.writer(limitmb=256)
        for document in documents:
            title, body = texts_of(document)
            writer.add_document(id=document.id, title=title, body=body)
        writer.commit()
        self._searcher = made.searcher(weighting=BM25F())

    def find(self, text: str, limit: int) -> list[str]:
        parser = MultifieldParser(["title", "body"], self._schema, group=OrGroup)
        return [hit["id"] for hit in self._searcher.search(parser.parse(" ".join(words_of(text))), limit=limit)]


PRODUCT, FTS5, WHOOSH = "Guildhall", "FTS5", "stock Whoosh"
ENGINES: Mapping[str, Callable[[Path], Engine]] = {PRODUCT: Product, FTS5: Fts5, WHOOSH: StockWhoosh}
