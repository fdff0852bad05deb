"""A query as it is counted and compared."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError
from app.search.analysis import fold

MAX_TEXT = 80


def normalise(text: str) -> str:
    """The query folded, with single spaces."""
    return " ".join(fold(text).split())


def is_query(normal: str) -> bool:
    """Can this normalised text be kept as a query?"""
    return 1 < len(normal) <= MAX_TEXT and normal.isprintable()


def query_in(text: str) -> str:
    """The normalised query that an editor typed. Raises InvalidInputError."""
    normal = normalise(text)
    if not is_query(normal):
        raise InvalidInputError(_l("Write the query, 2 to 80 characters."), field="text")
    return normal
