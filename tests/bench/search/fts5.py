"""SQLite FTS5: bm25 with the title times five, Porter stems, Chinese in pairs of characters, prefix indexes. Facets of
one value are columns, the others rows beside; the reader's permission is a join.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from app.search.sources import Document
from tests.bench.search.asked import FACETS, READER, Asked, Engine, Form, Page, values_of
from tests.relevance.engines import TITLE_BOOST, in_pairs, texts_of, words_of

SINGLE = ("kind", "area", "language", "year")
SEVERAL = tuple(name for name in FACETS if name not in SINGLE)
TABLES = """
create virtual table text using fts5(title, body, tokenize='porter unicode61', prefix='2 3 4');
create table document(number integer primary key, id text unique, title text, audience text, kind text, area text,
  language text, year text);
create table value(number integer, facet text, value text, primary key (number, facet, value)) without rowid;
"""


class Fts5(Engine):
    name = "FTS5"

    def build(self, documents: Iterable[Document]) -> None:
        self.open()
        self._database.executescript(TABLES)
        self._database.execute("begin")
        for number, document in enumerate(documents, 1):
            self._put(number, document)
        self._database.execute("commit")
        self._database.execute("insert into text(text) values ('optimize')")
        self.close()

    def open(self) -> None:
        self._database = sqlite3.connect(self.folder / "fts5.sqlite3", isolation_level=None)
        self._database.execute("pragma journal_mode=wal")
        self._audience = f"audience in ({', '.join('?' * len(READER))})", sorted(READER)

    def close(self) -> None:
        self._database.close()

    def page(self, asked: Asked) -> Page:
        match, (may, marks) = _expression(asked), self._audience
        chosen = [_condition(name, values) for name, values in asked.filters.items()]
        where = " and ".join(["text match ?", may, *(condition for condition, _values in chosen)])
        values = [match, *marks, *(value for _condition, some in chosen for value in some)]
        best = self._database.execute(
            f"select document.number, document.id from text join document on document.number = text.rowid where {where} "
            "order by bm25(text, ?, 1) limit 10",
            [*values, TITLE_BOOST],
        ).fetchall()
        facets = self._facets(match, asked)
        total = self._database.execute(
            f"select count(*) from text join document on document.number = text.rowid where {where}", values
        ).fetchone()[0]
        return Page([document_id for _number, document_id in best], total, facets, self._passages(match, best))

    def _passages(self, match: str, best: Sequence[tuple[int, str]]) -> list[str]:
        """Not in the query that sorts: SQLite would make one for every match."""
        numbers = [number for number, _id in best]
        found = dict(
            self._database.execute(
                "select rowid, snippet(text, 1, '<mark>', '</mark>', '…', 32) from text where text match ? and rowid in "
                f"({', '.join('?' * len(numbers))})",
                [match, *numbers],
            ).fetchall()
        )
        return [found[number] for number in numbers]

    def _facets(self, match: str, asked: Asked) -> dict[str, dict[str, int]]:
        """All in one statement; a facet is counted without its own choice."""
        may, marks = self._audience
        counts, values = [], [match, *marks]
        for name in FACETS:
            others = [_condition(other, some) for other, some in asked.filters.items() if other != name]
            where = " and ".join(["true", *(condition for condition, _some in others)])
            values += [value for _condition, some in others for value in some]
            if name in SINGLE:
                counts.append(f"select '{name}', document.{name}, count(*) from document where {where} group by 2")
            else:
                counts.append(
                    f"select '{name}', value.value, count(*) from document join value on value.number = document.number "
                    f"and value.facet = '{name}' where {where} group by 2"
                )
        statement = (
            f"with found as materialized (select document.* from text join main.document on document.number = text.rowid "
            f"where text match ? and {may}) {' union all '.join(counts)}"
        ).replace("from document", "from found document")
        facets: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for name, value, count in self._database.execute(statement, values):
            facets[name][value] = count
        return facets

    def update(self, document: Document) -> None:
        self._database.execute("begin")
        (number,) = self._database.execute("select number from document where id = ?", (document.id,)).fetchone()
        self._database.execute("delete from text where rowid = ?", (number,))
        self._database.execute("delete from value where number = ?", (number,))
        self._database.execute("delete from document where number = ?", (number,))
        self._put(number, document)
        self._database.execute("commit")

    def suggest(self, typed: str) -> Sequence[str]:
        words = words_of(typed)
        if not words:
            return []
        match = " ".join([*(f'title : "{word}"' for word in words[:-1]), f'title : "{words[-1]}" *'])
        may, marks = self._audience
        rows = self._database.execute(
            f"select document.title from text join document on document.number = text.rowid where text match ? and {may} "
            "limit 8",
            [match, *marks],
        )
        return [title for (title,) in rows]

    def _put(self, number: int, document: Document) -> None:
        values = values_of(document)
        single = [next(iter(values[name]), None) for name in SINGLE]
        (mark,) = document.audience
        self._database.execute("insert into text(rowid, title, body) values (?, ?, ?)", (number, *texts_of(document)))
        self._database.execute(
            "insert into document values (?, ?, ?, ?, ?, ?, ?, ?)", (number, document.id, document.title, mark, *single)
        )
        rows = [(number, name, value) for name in SEVERAL for value in values[name]]
        self._database.executemany("insert or ignore into value values (?, ?, ?)", rows)


def _expression(asked: Asked) -> str:
    if asked.form is Form.PHRASE:
        return f'"{in_pairs(" ".join(asked.words))}"'
    words = [f'"{word}"' for text in asked.words for word in words_of(text)]
    if asked.form is Form.PREFIX:
        return f"{words[0]} *"
    return (" OR " if asked.form is Form.ANY else " AND ").join(words)


def _condition(name: str, values: Sequence[str]) -> tuple[str, Sequence[str]]:
    marks = ", ".join("?" * len(values))
    if name in SINGLE:
        return f"document.{name} in ({marks})", values
    return f"document.number in (select number from value where facet = '{name}' and value in ({marks}))", values
