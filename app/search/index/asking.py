"""One page of hits with exact counts, out of an open searcher."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from whoosh import query as wq
from whoosh.searching import Searcher

from app.search.analysis import inner_terms
from app.search.query import Parsed

FACETS = ("kind", "area", "level", "language")
Filters = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Hit:
    """A document that matched: its id, and the text that passages are cut from."""

    kind: str
    key: str
    title: str
    body: str
    score: float


@dataclass(frozen=True)
class Results:
    """One page of hits, the exact total, and per facet how many documents each value would show.

    A facet is counted without its own choice, so that a second value of it can be added. `loosened`: no document has
    all the words, so these have some.
    """

    hits: list[Hit]
    total: int
    facets: dict[str, Counter[str]]
    loosened: bool = False


def ask(
    searcher: Searcher, parsed: Parsed, audience: Iterable[str], filters: Filters, *, limit: int, offset: int
) -> Results:
    """The hits from `offset` on, best first, of what `audience` may find. Where nothing at all has every word, what has
    some of them.
    """
    allowed = wq.Or([wq.Term("audience", mark) for mark in audience])
    if not allowed.subqueries or not searcher.doc_count():
        # To Whoosh no condition is no restriction, and an index without documents has no columns to count.
        return Results([], 0, {name: Counter() for name in FACETS})
    found = _page(searcher, _with(wq.And, parsed), allowed, filters, limit, offset)
    is_filtered_away = any(counts.total() for counts in found.facets.values())
    if found.total or is_filtered_away or len(parsed.terms) + len(parsed.prefixes) < 2:
        return found
    loose = _page(searcher, _with(wq.Or, parsed), allowed, filters, limit, offset)
    return replace(loose, loosened=loose.total > 0)


def count_by_kind(searcher: Searcher) -> dict[str, int]:
    """How many documents of each kind there are."""
    return dict(_count(searcher, "kind", searcher.reader().all_doc_ids())) if searcher.doc_count() else {}


def _page(
    searcher: Searcher, wanted: wq.Query, allowed: wq.Query, filters: Filters, limit: int, offset: int
) -> Results:
    found = list(searcher.docs_for_query(wq.And([wanted, allowed]).normalize()))
    chosen = {
        name: frozenset(searcher.docs_for_query(wq.Or([wq.Term(name, value) for value in values])))
        for name, values in filters.items()
        if values
    }

    def left(without: str = "") -> list[int]:
        return [number for number in found if all(number in chosen[name] for name in chosen if name != without)]

    facets = {name: _count(searcher, name, left(without=name)) for name in FACETS}
    permitted = left()
    if offset >= len(permitted):
        return Results([], len(permitted), facets)
    # Not optimised: the matchers of 3.54 that skip what cannot get to the top fail on some queries.
    top = searcher.search(wanted, filter=set(permitted), limit=offset + limit, optimize=False)
    shown = [top[rank] for rank in range(offset, min(offset + limit, top.scored_length()))]
    hits = [Hit(hit["kind"], hit["key"], hit["title"], hit["body"], hit.score) for hit in shown]
    return Results(hits, len(permitted), facets)


def _count(searcher: Searcher, name: str, numbers: Iterable[int]) -> Counter[str]:
    """How many of the documents `numbers` have each value of the facet; a document may have several."""
    column = searcher.reader().column_reader(name)
    return Counter(value for number in numbers for value in column[number].split())


def _with(combine: type[wq.Query], parsed: Parsed) -> wq.Query:
    """All (`And`) or some (`Or`) of what is looked for, and nothing of what is excluded."""
    wanted = combine([*map(_word, parsed.words), *map(_phrase, parsed.phrases), *map(_prefix, parsed.prefixes)])
    # Not `wq.AndNot`: in 3.54 it lets the first document through if an earlier one has what is excluded.
    excluded = [wq.Not(_phrase(group)) for group in parsed.excluded]
    return wq.And([wanted, *excluded]).normalize() if excluded else wanted.normalize()


def _word(term: str) -> wq.Query:
    """The word itself, or else all the words inside it: 测试环境 also finds 测试 and 环境, `ci/cd` also `CI and CD`."""
    inner = inner_terms(term)
    exact = wq.Term("text", term)
    return wq.Or([exact, wq.And([wq.Term("text", part) for part in inner])]) if inner else exact


def _prefix(prefix: str) -> wq.Query:
    """Words that begin so, ranked by their stems as far as these begin so, too."""
    return wq.AndMaybe(wq.Prefix("word", prefix), wq.Prefix("text", prefix, constantscore=False))


def _phrase(terms: list[str]) -> wq.Query:
    """The words next to each other, ranked by the words themselves."""
    ranked = wq.And([wq.Term("text", term) for term in terms])
    return ranked if len(terms) == 1 else wq.Require(ranked, wq.Phrase("phrase", terms))
