"""One page of search results: asked, found, loaded afresh as the reader may see it, and ready to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.kernel.types import Localized
from app.search.index import Hit, Results
from app.search.outbox import the_index
from app.search.passages import mark_all, passage
from app.search.query import Parsed, parse
from app.search.sources import Found, all_sources
from app.web.i18n import language

PAGE_SIZE = 10
MAX_PAGE = 100


@dataclass(frozen=True)
class SearchRequest:
    """What the address says: the words, the choices per facet, and the page (from 1)."""

    text: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    page: int = 1


@dataclass(frozen=True)
class ShownHit:
    """A hit on the page."""

    kind: str
    label: Any
    found: Found
    title: Markup
    passage: Markup
    score: float


@dataclass(frozen=True)
class Answer:
    """One page of results. `loosened`: nothing has all the words, so these have some."""

    request: SearchRequest
    hits: list[ShownHit]
    total: int
    facets: dict[str, Counter[str]]
    loosened: bool


AudienceOf = Callable[[Any], frozenset[str]]
AreaNames = Callable[[], list[tuple[str, Localized]]]


def init_app(app: Flask, *, audience_of: AudienceOf, area_names: AreaNames) -> None:
    """Tell search which audience marks a reader carries and what the areas are called; it knows no other feature."""
    app.extensions["search_audience"] = audience_of
    app.extensions["search_area_names"] = area_names


def area_names() -> list[tuple[str, str]]:
    """(slug, name in the reader's language) of every area, in the framework's order."""
    names: AreaNames = current_app.extensions["search_area_names"]
    return [(slug, name.in_(language())) for slug, name in names()]


def run_search(request: SearchRequest, reader: Any, *, size: int = PAGE_SIZE) -> Answer:
    """The page of results that `reader` (None for visitors) may see. Raises IndexBrokenError."""
    parsed = parse(request.text)
    if parsed.is_empty:
        return Answer(request, [], 0, {}, loosened=False)
    audience: frozenset[str] = current_app.extensions["search_audience"](reader)
    offset = (min(max(request.page, 1), MAX_PAGE) - 1) * size
    results: Results = the_index().search(parsed, audience=audience, filters=request.filters, limit=size, offset=offset)
    return Answer(request, _show(results.hits, parsed, reader), results.total, results.facets, results.loosened)


def _show(hits: Sequence[Hit], parsed: Parsed, reader: Any) -> list[ShownHit]:
    """The hits with what the database says of them now; what the reader may not see any more drops out."""
    sources = all_sources()
    keys: dict[str, list[str]] = {}
    for hit in hits:
        keys.setdefault(hit.kind, []).append(hit.key)
    found = {kind: sources[kind].found(of_kind, reader) for kind, of_kind in keys.items() if kind in sources}
    return [
        ShownHit(
            kind=hit.kind,
            label=sources[hit.kind].label,
            found=shown,
            title=mark_all(shown.title, parsed.terms, parsed.prefixes),
            passage=passage(hit.body, parsed.terms, parsed.prefixes),
            score=hit.score,
        )
        for hit in hits
        if (shown := found.get(hit.kind, {}).get(hit.key)) is not None
    ]
