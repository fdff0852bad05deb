"""Whoosh as its documentation shows it: everything stored, one searcher, `groupedby`, `filter`, `highlights`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from whoosh import index as whoosh_index
from whoosh import query as wq
from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.qparser import AndGroup, MultifieldParser, OrGroup
from whoosh.sorting import Count, Facets, FieldFacet

from app.search.sources import Document
from tests.bench.search.asked import FACETS, READER, Asked, Engine, Form, Page, values_of
from tests.relevance.engines import in_pairs, texts_of, words_of

FIELDS = ["title", "body"]


class StockWhoosh(Engine):
    name = "stock Whoosh"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        analyzer = StemmingAnalyzer()
        self._schema = Schema(
            id=ID(stored=True, unique=True),
            title=TEXT(stored=True, analyzer=analyzer),
            body=TEXT(stored=True, analyzer=analyzer),
            audience=KEYWORD(commas=True),
            **{name: KEYWORD(stored=True, commas=True) for name in FACETS},
        )
        self._permission = wq.Or([wq.Term("audience", mark) for mark in sorted(READER)])

    def build(self, documents: Iterable[Document]) -> None:
        writer = whoosh_index.create_in(str(self.folder), self._schema).writer(limitmb=256)
        for document in documents:
            writer.add_document(**_fields(document))
        writer.commit()

    def open(self) -> None:
        self._index = whoosh_index.open_dir(str(self.folder))
        self._searcher = self._index.searcher()

    def close(self) -> None:
        self._searcher.close()
        self._index.close()

    def page(self, asked: Asked) -> Page:
        wanted = self._query(asked)
        results = self._ask(wanted, asked, FACETS)
        facets = {name: dict(results.groups(name)) for name in FACETS}
        for name in asked.filters:
            # A facet is counted without its own choice.
            others = {other: values for other, values in asked.filters.items() if other != name}
            facets[name] = dict(self._ask(wanted, Asked(asked.words, asked.form, others), [name]).groups(name))
        # With `groupedby` the limit is ignored: the results are all that was found.
        best = list(islice(results, 10))
        return Page([hit["id"] for hit in best], len(results), facets, [hit.highlights("body") for hit in best])

    def _ask(self, wanted: wq.Query, asked: Asked, names: Sequence[str]) -> Any:
        chosen = [wq.Or([wq.Term(name, value) for value in values]) for name, values in asked.filters.items()]
        counted = Facets()
        for name in names:
            counted.add_facet(name, FieldFacet(name, allow_overlap=True, maptype=Count))
        return self._searcher.search(wanted, limit=10, filter=wq.And([self._permission, *chosen]), groupedby=counted)

    def _query(self, asked: Asked) -> wq.Query:
        if asked.form is Form.PREFIX:
            return wq.Or([wq.Prefix(name, asked.words[0]) for name in FIELDS])
        text = in_pairs(" ".join(asked.words))
        group = OrGroup if asked.form is Form.ANY else AndGroup
        return MultifieldParser(FIELDS, self._schema, group=group).parse(
            f'"{text}"' if asked.form is Form.PHRASE else text
        )

    def update(self, document: Document) -> None:
        writer = self._index.writer()
        writer.update_document(**_fields(document))
        writer.commit()
        self._searcher = self._searcher.refresh()

    def suggest(self, typed: str) -> Sequence[str]:
        words = words_of(typed)
        if not words:
            return []
        wanted = wq.And([*(wq.Term("title", word) for word in words[:-1]), wq.Prefix("title", words[-1])])
        return [hit["title"] for hit in self._searcher.search(wanted, limit=8, filter=self._permission)]

    def correct(self, word: str) -> str | None:
        found = self._searcher.suggest("body", word, limit=1, maxdist=2, prefix=1)
        return next(iter(found), None)


def _fields(document: Document) -> dict[str, str]:
    title, body = texts_of(document)
    values = {name: ",".join(some) for name, some in values_of(document).items()}
    return {"id": document.id, "title": title, "body": body, "audience": ",".join(document.audience), **values}
