"""The product's search as its page asks it, for measuring: everything that goes into a question stands here only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from markupsafe import Markup

from app.kernel.markup import guess_language
from app.search.glossary import Glossary
from app.search.glossary.file import FILE, read_file
from app.search.index import Question, Results, SearchIndex
from app.search.passages import passage
from app.search.query import parse
from app.search.sources import PUBLIC, Document

# Freshness is a matter of days: figures of one year are to be those of the next.
TODAY = date(2026, 11, 24)
NO_FILTERS: Mapping[str, Sequence[str]] = {}


@dataclass
class Product:
    """An index in a folder of its own. The reader's language is the one that the query is written in."""

    folder: Path

    def __post_init__(self) -> None:
        self.index = SearchIndex(self.folder)

    def build(self, documents: Iterable[Document]) -> None:
        with self.index.writing():
            self.index.rebuild(documents)

    def find(self, text: str, limit: int) -> list[str]:
        """The ids of the best, in order."""
        return [f"{hit.kind}:{hit.key}" for hit in self.ask(text, limit=limit).hits]

    def ask(
        self,
        text: str,
        audience: frozenset[str] = frozenset({PUBLIC}),
        filters: Mapping[str, Sequence[str]] = NO_FILTERS,
        limit: int = 10,
    ) -> Results:
        return self.index.search(_question(text, audience, filters, limit))

    def passages(self, text: str, results: Results) -> list[Markup]:
        parsed = parse(text)
        return [passage(hit.body, [*parsed.terms, *hit.terms], parsed.prefixes) for hit in results.hits]

    def suggest(self, typed: str, audience: frozenset[str], limit: int = 8) -> list[str]:
        return [suggested.title for suggested in self.index.suggest(typed, audience, limit)]

    def correct(self, text: str, audience: frozenset[str]) -> str | None:
        return self.index.correct(_question(text, audience, NO_FILTERS, 0))


def _question(text: str, audience: frozenset[str], filters: Mapping[str, Sequence[str]], limit: int) -> Question:
    return Question(
        parse(text),
        audience,
        filters,
        limit=limit,
        language=guess_language(text),
        today=TODAY,
        names=glossary(),
    )


@cache
def glossary() -> Glossary:
    """As it comes with the site, without what editors have added."""
    return Glossary(read_file(FILE))
