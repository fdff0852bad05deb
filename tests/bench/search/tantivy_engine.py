"""tantivy, where its Python package is found: English stems, Chinese in pairs of characters, the title times five.

It is no dependency of the site. `pip install --target FOLDER tantivy` and `PYTHONPATH=FOLDER make bench-search` measure it, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from app.search.sources import Document
from tests.bench.search.asked import FACETS, READER, Asked, Engine, Form, Page, values_of
from tests.relevance.engines import TITLE_BOOST, in_pairs, texts_of, words_of

tantivy: Any = import_module("tantivy") if find_spec("tantivy") else None

FIELDS = ["title", "body"]
BUILD_MEMORY, UPDATE_MEMORY = 256_000_000, 64_000_000


class Tantivy(Engine):
    name = "tantivy"

    def build(self, documents: Iterable[Document]) -> None:
        writer = tantivy.Index(_schema(), path=str(self.folder)).writer(heap_size=BUILD_MEMORY, num_threads=1)
        for document in documents:
            writer.add_document(_row(document))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._index = tantivy.Index.open(str(self.folder))
        self._searcher = self._index.searcher()
        self._writer: Any = None

    def close(self) -> None:
        del self._searcher, self._writer, self._index

    def page(self, asked: Asked) -> Page:
        wanted = self._wanted(asked)
        query = self._allowed(wanted, asked.filters)
        results = self._searcher.search(query, limit=10, count=True)
        documents = [self._searcher.doc(address) for _score, address in results.hits]
        facets = self._count(query, [name for name in FACETS if name not in asked.filters])
        for name in asked.filters:
            others = {other: values for other, values in asked.filters.items() if other != name}
            facets |= self._count(self._allowed(wanted, others), [name])
        snippets = tantivy.SnippetGenerator.create(self._searcher, wanted, self._index.schema, "body")
        passages = [snippets.snippet_from_doc(document).to_html() for document in documents]
        return Page([document["id"][0] for document in documents], results.count, facets, passages)

    def _wanted(self, asked: Asked) -> Any:
        if asked.form is Form.PREFIX:
            return _any([tantivy.Query.regex_query(self._index.schema, name, f"{asked.words[0]}.*") for name in FIELDS])
        text = in_pairs(" ".join(asked.words)).strip()
        return self._index.parse_query(
            f'"{text}"' if asked.form is Form.PHRASE else text,
            FIELDS,
            field_boosts={"title": TITLE_BOOST},
            conjunction_by_default=asked.form is not Form.ANY,
        )

    def _allowed(self, wanted: Any, filters: Mapping[str, Sequence[str]]) -> Any:
        sets = {"audience": sorted(READER), **filters}
        queries = [
            tantivy.Query.term_set_query(self._index.schema, name, list(values)) for name, values in sets.items()
        ]
        return _all([wanted, *(tantivy.Query.const_score_query(query, 0) for query in queries)])

    def _count(self, query: Any, names: Sequence[str]) -> dict[str, dict[str, int]]:
        asked = {name: {"terms": {"field": name, "size": 1000}} for name in names}
        counted = self._searcher.aggregate(query, asked)
        return {name: {bucket["key"]: bucket["doc_count"] for bucket in counted[name]["buckets"]} for name in names}

    def update(self, document: Document) -> None:
        if self._writer is None:
            self._writer = self._index.writer(heap_size=UPDATE_MEMORY, num_threads=1)
        self._writer.delete_documents("id", document.id)
        self._writer.add_document(_row(document))
        self._writer.commit()
        self._index.reload()
        self._searcher = self._index.searcher()

    def suggest(self, typed: str) -> Sequence[str]:
        words = words_of(typed)
        if not words:
            return []
        schema = self._index.schema
        queries = [tantivy.Query.regex_query(schema, "title", f"{words[-1]}.*")]
        if words[:-1]:
            queries.append(self._index.parse_query(" ".join(words[:-1]), ["title"], conjunction_by_default=True))
        hits = self._searcher.search(self._allowed(_all(queries), {}), limit=8).hits
        return [self._searcher.doc(address)["title"][0] for _score, address in hits]


def _all(queries: Sequence[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, query) for query in queries])


def _any(queries: Sequence[Any]) -> Any:
    return tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in queries])


def _schema() -> Any:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    for name in FIELDS:
        builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
    for name in (*FACETS, "audience"):
        builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def _row(document: Document) -> Any:
    row = tantivy.Document()
    row.add_text("id", document.id)
    for name, text in zip(FIELDS, texts_of(document), strict=True):
        row.add_text(name, text)
    for name, values in {**values_of(document), "audience": sorted(document.audience)}.items():
        for value in values:
            row.add_text(name, value)
    return row
