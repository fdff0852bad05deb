"""PostgreSQL's full-text search, where a server is named by BENCH_POSTGRESQL_URL or TEST_POSTGRESQL_URL: a weighted
tsvector with a GIN index, ts_rank_cd, ts_headline, Chinese in pairs of characters. In one process of the server.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from app.search.sources import Document
from tests.bench.search.asked import FACETS, READER, Asked, Engine, Form, Page, values_of
from tests.relevance.engines import in_pairs, texts_of, words_of

psycopg: Any = import_module("psycopg") if find_spec("psycopg") else None
URL = (os.environ.get("BENCH_POSTGRESQL_URL") or os.environ.get("TEST_POSTGRESQL_URL", "")).replace("+psycopg", "")

SCHEMA = "guildhall_bench_search"
VECTOR = "setweight(to_tsvector('english', %s), 'A') || setweight(to_tsvector('english', %s), 'D')"
COLUMNS = ("id", "title", "body", "audience", *FACETS)
TABLE = f"""
drop schema if exists {SCHEMA} cascade; create schema {SCHEMA}; set search_path to {SCHEMA};
create table document(id text primary key, title text, body text, audience text[],
  {", ".join(f"{name} text[]" for name in FACETS)}, vector tsvector)
"""
FORMS = {Form.ALL: "plainto_tsquery", Form.PHRASE: "phraseto_tsquery"}


class Postgresql(Engine):
    name = "PostgreSQL"
    is_kept = is_here = False

    def build(self, documents: Iterable[Document]) -> None:
        self.open()
        self._database.execute(TABLE)
        with self._database.transaction(), self._database.cursor() as cursor:
            cursor.executemany(self._insert(), (_row(document) for document in documents))
        self._database.execute("create index on document using gin(vector)")
        self._database.execute("vacuum analyze document")
        self.close()

    def open(self) -> None:
        self._database = psycopg.connect(URL, autocommit=True)
        self._database.execute(f"set search_path to {SCHEMA}; set jit to off; set max_parallel_workers_per_gather to 0")

    def close(self) -> None:
        self._database.close()

    def drop(self) -> None:
        with psycopg.connect(URL, autocommit=True) as database:
            database.execute(f"drop schema if exists {SCHEMA} cascade")

    def page(self, asked: Asked) -> Page:
        query, text = _query(asked)
        allowed = ["vector @@ query", "audience && %s", *(f"{name} && %s" for name in asked.filters)]
        values: list[Any] = [text, sorted(READER), *(list(some) for some in asked.filters.values())]
        best = self._database.execute(
            f"with best as (select id, body, ts_rank_cd('{{.2, .2, .4, 1}}', vector, query, 1) as rank, query "
            f"from document, {query} query where {' and '.join(allowed)} order by rank desc limit 10) "
            "select id, ts_headline('english', body, query, 'MaxFragments=2, MaxWords=25, MinWords=8') from best order by rank desc",
            values,
        ).fetchall()
        total, facets = self._count(asked)
        return Page(
            [document_id for document_id, _headline in best], total, facets, [headline for _id, headline in best]
        )

    def _count(self, asked: Asked) -> tuple[int, dict[str, dict[str, int]]]:
        query, text = _query(asked)
        chosen = " and ".join(["true", *(f"{name} && %s" for name in asked.filters)])
        parts = [f"select 'total', '', count(*) from found where {chosen}"]
        values: list[Any] = [text, sorted(READER), *(list(some) for some in asked.filters.values())]
        for name in FACETS:
            others = {other: list(some) for other, some in asked.filters.items() if other != name}
            where = " and ".join(["true", *(f"{other} && %s" for other in others)])
            parts.append(
                f"select '{name}', value, count(*) from found, unnest(found.{name}) value where {where} group by 2"
            )
            values += others.values()
        rows = self._database.execute(
            f"with found as materialized (select {', '.join(FACETS)} from document, {query} query "
            f"where vector @@ query and audience && %s) {' union all '.join(parts)}",
            values,
        ).fetchall()
        facets: dict[str, dict[str, int]] = {name: {} for name in ("total", *FACETS)}
        for name, value, count in rows:
            facets[name][value] = count
        return facets.pop("total")[""], facets

    def update(self, document: Document) -> None:
        with self._database.transaction():
            self._database.execute("delete from document where id = %s", (document.id,))
            self._database.execute(self._insert(), _row(document))

    def suggest(self, typed: str) -> Sequence[str]:
        words = words_of(typed)
        if not words:
            return []
        text = " & ".join([*(f"{word}:A" for word in words[:-1]), f"{words[-1]}:*A"])
        rows = self._database.execute(
            "select title from document where vector @@ to_tsquery('simple', %s) and audience && %s limit 8",
            (text, sorted(READER)),
        )
        return [title for (title,) in rows.fetchall()]

    def size(self) -> int:
        with psycopg.connect(URL) as database:
            (size,) = database.execute(f"select pg_total_relation_size('{SCHEMA}.document')").fetchone()
        return int(size)

    def _insert(self) -> str:
        return f"insert into document values ({', '.join(['%s'] * len(COLUMNS))}, {VECTOR})"


def _query(asked: Asked) -> tuple[str, str]:
    """The function that makes the query, and its argument."""
    text = in_pairs(" ".join(asked.words)).strip()
    if asked.form is Form.PREFIX:
        return "to_tsquery('simple', %s)", f"{text}:*"
    if asked.form is Form.ANY:
        return "websearch_to_tsquery('english', %s)", " or ".join(text.split())
    return f"{FORMS[asked.form]}('english', %s)", text


def _row(document: Document) -> list[Any]:
    title, body = texts_of(document)
    return [document.id, document.title, body, sorted(document.audience), *values_of(document).values(), title, body]
