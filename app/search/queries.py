"""One page of search results: asked, found, loaded afresh as the reader may see it, and ready to be shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, current_app
from markupsafe import Markup

from app.search.analysis import fold
from app.search.glossary import current_glossary
from app.search.index import FACETS, Hit, Question, Results
from app.search.outbox import the_index
from app.search.passages import mark_all, passage
from app.search.query import Parsed, parse
from app.search.sources import Found, all_sources, load_found
from app.web.dates import request_now
from app.web.i18n import language

PAGE_SIZE = 10
MAX_PAGE = 100
# Below so many hits a typing mistake is looked for.
FEW = 3


@dataclass(frozen=True)
class SearchRequest:
    """What the address says: the words, the choices per facet, the page (from 1), the order, and whether the kinds are
    shown each on its own.
    """

    text: str
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    page: int = 1
    sort: str = "best"
    grouped: bool = False


@dataclass(frozen=True)
class Why:
    """Why something was found: words of the query that it has, that it lacks, and (typed, found instead) pairs, where
    the glossary or pinyin led from one to the other.
    """

    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    through: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ShownHit:
    """A hit on the page. `label` names its kind (one of them); `translations` are (language, address) of the other
    languages it can be read in.
    """

    kind: str
    label: Any
    found: Found
    title: Markup
    passage: Markup
    score: float
    why: Why = field(default_factory=Why)
    translations: tuple[tuple[str, str], ...] = ()
    key: str = ""


@dataclass(frozen=True)
class KindGroup:
    """The best of one kind, and how many there are."""

    kind: str
    label: Any
    total: int
    hits: list[ShownHit]


@dataclass(frozen=True)
class Answer:
    """One page of results. `loosened`: few or none have all the words, so some of these have only most. `correction` is
    the query without what looks like a typing mistake, where that finds more for this reader. `groups` are filled where
    they were asked for.
    """

    request: SearchRequest
    hits: list[ShownHit]
    total: int
    facets: dict[str, Counter[str]]
    loosened: bool
    correction: str | None = None
    groups: list[KindGroup] = field(default_factory=list)


@dataclass(frozen=True)
class Suggestion:
    """Something whose title goes with what is being typed."""

    kind: str
    label: Any
    title: str
    url: str


AudienceOf = Callable[[Any], frozenset[str]]
FacetNames = Callable[[Collection[str]], list[tuple[str, str]]]


def init_app(app: Flask, *, audience_of: AudienceOf, facet_names: Mapping[str, FacetNames]) -> None:
    """Tell search which audience marks a reader carries, and what the values of a facet are called, in the order in which
    they are shown; it knows no other feature.
    """
    app.extensions["search_audience"] = audience_of
    app.extensions["search_facet_names"] = facet_names


def facet_names(facet: str, values: Collection[str]) -> dict[str, str]:
    """What `values` of a facet are called in the reader's language, in the order in which they are shown."""
    names: FacetNames | None = current_app.extensions["search_facet_names"].get(facet)
    return dict(names(values)) if names else {value: value for value in sorted(values)}


def run_search(request: SearchRequest, reader: Any, *, size: int = PAGE_SIZE) -> Answer:
    """The page of results that `reader` (None for visitors) may see. Raises IndexBrokenError."""
    parsed = parse(request.text)
    if parsed.is_empty:
        return Answer(request, [], 0, {}, loosened=False)
    question = _question(request, parsed, reader, size)
    results = the_index().search(question)
    correction = None
    if request.page == 1 and parsed.units and (results.loosened or results.total < FEW):
        correction = the_index().correct(question)
    shown = _show([*results.hits, *(hit for hits in results.best_of.values() for hit in hits)], parsed, reader)
    hits = [shown[key] for hit in results.hits if (key := (hit.kind, hit.key)) in shown]
    return Answer(
        request,
        hits,
        # Without what was withdrawn a moment ago, which the index does not know yet.
        results.total - (len(results.hits) - len(hits)),
        results.facets,
        results.loosened,
        correction,
        _groups(results, shown),
    )


def suggest(text: str, reader: Any, limit: int = 8) -> list[Suggestion]:
    """Things whose title goes with what is being typed, as `reader` may see them. Raises IndexBrokenError."""
    found = the_index().suggest(text, _audience(reader), limit)
    shown = load_found([(one.kind, one.key) for one in found], reader)
    sources = all_sources()
    return [
        Suggestion(one.kind, sources[one.kind].name, thing.title, thing.url)
        for one in found
        if (thing := shown.get((one.kind, one.key))) is not None
    ]


def _question(request: SearchRequest, parsed: Parsed, reader: Any, size: int) -> Question:
    return Question(
        parsed,
        _audience(reader),
        _filters(request, parsed, reader),
        limit=size,
        offset=(min(max(request.page, 1), MAX_PAGE) - 1) * size,
        sort=request.sort,
        language=language(),
        today=request_now().date(),
        names=current_glossary(),
        by_kind=request.grouped,
    )


def _audience(reader: Any) -> frozenset[str]:
    audience: frozenset[str] = current_app.extensions["search_audience"](reader)
    return audience


def _filters(request: SearchRequest, parsed: Parsed, reader: Any) -> dict[str, Sequence[str]]:
    """What is chosen beside the words, and what is typed among them (`kind:case`), which may be a part of a name."""
    filters = {name: tuple(values) for name, values in request.filters.items() if values and name in FACETS}
    for name, typed in parsed.filters.items():
        meant = tuple(value for one in typed for value in _meant(name, one, reader))
        both = tuple(value for value in meant if value in filters[name]) if name in filters else meant
        # Nothing has an empty value: what cannot be meant finds nothing.
        filters[name] = both or ("",)
    return dict(filters)


def _meant(name: str, typed: str, reader: Any) -> list[str]:
    """The values of a facet that the reader means who types `typed`."""
    if name == "kind":
        names = {kind: f"{kind} {source.label} {source.name}" for kind, source in all_sources().items()}
        return [kind for kind, words in names.items() if typed.replace("-", "_") in fold(words).replace("-", "_")]
    values = the_index().values(name, _audience(reader))
    called = facet_names(name, values)
    exact = [value for value in values if fold(value) == typed or fold(called.get(value, "")) == typed]
    return exact or [value for value in values if typed in fold(called.get(value, value))]


def _groups(results: Results, shown: Mapping[tuple[str, str], ShownHit]) -> list[KindGroup]:
    sources = all_sources()
    groups = [
        KindGroup(
            kind,
            sources[kind].label,
            results.facets["kind"][kind],
            [shown[key] for hit in hits if (key := (hit.kind, hit.key)) in shown],
        )
        for kind, hits in results.best_of.items()
        if kind in sources
    ]
    return [group for group in groups if group.hits]


def _show(hits: Sequence[Hit], parsed: Parsed, reader: Any) -> dict[tuple[str, str], ShownHit]:
    """The hits with what the database says of them now; what the reader may not see any more drops out."""
    loaded = load_found([(hit.kind, hit.key) for hit in hits], reader)
    sources = all_sources()
    shown = {}
    for hit in hits:
        found = loaded.get((hit.kind, hit.key))
        if found is None:
            continue
        terms = [*parsed.terms, *hit.terms]
        shown[hit.kind, hit.key] = ShownHit(
            kind=hit.kind,
            key=hit.key,
            label=sources[hit.kind].name,
            found=found,
            title=mark_all(found.title, terms, parsed.prefixes),
            passage=passage(hit.body, terms, parsed.prefixes),
            score=hit.score,
            why=Why(hit.found, hit.missing, hit.through),
            translations=found.translations,
        )
    return shown
