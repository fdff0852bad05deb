"""The product's engine. What its page asks of it stands in `tests.relevance.product`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.search.sources import Document
from tests.bench.search.asked import READER, Asked, Engine, Form, Page
from tests.relevance.product import Product


class Guildhall(Engine):
    name = "Guildhall"
    is_kept = False

    def build(self, documents: Iterable[Document]) -> None:
        Product(self.folder).build(documents)

    def open(self) -> None:
        self._product = Product(self.folder)

    def close(self) -> None:
        del self._product

    def forget(self) -> None:
        self._product.index.forget()

    def page(self, asked: Asked) -> Page:
        text = _typed(asked)
        results = self._product.ask(text, READER, asked.filters)
        passages = self._product.passages(text, results)
        return Page([f"{hit.kind}:{hit.key}" for hit in results.hits], results.total, results.facets, passages)

    def update(self, document: Document) -> None:
        with self._product.index.writing():
            self._product.index.apply([document], ())

    def rest(self) -> None:
        with self._product.index.writing():
            self._product.index.merge()

    def suggest(self, typed: str) -> Sequence[str]:
        return self._product.suggest(typed, READER)

    def correct(self, word: str) -> str | None:
        return self._product.correct(word, READER)


def _typed(asked: Asked) -> str:
    """The query as somebody would type it."""
    words = (" OR " if asked.form is Form.ANY else " ").join(asked.words)
    return {Form.PHRASE: f'"{words}"', Form.PREFIX: f"{words}*"}.get(asked.form, words)
