"""Which documents a query matches, and how well: Whoosh's query objects, evaluated on whole arrays.

The scores are those of `ranking.Weighting`, so that Whoosh's searcher can stand in, and can be compared with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
from whoosh import query as wq

from app.search.index.postings import Ids
from app.search.index.ranking import K1, inverse_frequency
from app.search.index.segment import POSITION_BITS
from app.search.index.view import View

RANKED = "text"
Scores = npt.NDArray[np.float32]


class UnsupportedError(Exception):
    """A query that only Whoosh's own searcher can evaluate."""


@dataclass(frozen=True)
class Match:
    """Documents in order, each with its score. Those that were taken out of the index are among them."""

    ids: Ids
    scores: Scores

    def boosted(self, boost: float) -> Match:
        return self if boost == 1.0 else Match(self.ids, self.scores * np.float32(boost))


NOTHING = Match(np.empty(0, np.int32), np.empty(0, np.float32))


def evaluate(view: View, query: wq.Query) -> Match:
    """Raises UnsupportedError for a kind of query that nothing here knows."""
    rule = RULES.get(type(query))
    if rule is None:
        raise UnsupportedError(type(query).__name__)
    return rule(view, query).boosted(getattr(query, "boost", 1.0))


def idf(view: View, term: str) -> float:
    """How much a term of the ranked field tells, by how many documents have it."""
    return inverse_frequency(view.size, len(view.postings(RANKED, term).ids))


def _term(view: View, query: wq.Term) -> Match:
    found = view.postings(query.fieldname, query.text)
    if query.fieldname != RANKED:
        return Match(found.ids, found.weights)
    weight = found.weights
    tells = np.float32(idf(view, query.text) * (K1 + 1))
    return Match(found.ids, tells * weight / (weight + view.saturation[found.ids]))


def _and(view: View, query: wq.And) -> Match:
    wanted = [evaluate(view, part) for part in query.subqueries if not isinstance(part, wq.Not)]
    found = reduce(_both, sorted(wanted, key=lambda match: len(match.ids))) if wanted else NOTHING
    for part in query.subqueries:
        if isinstance(part, wq.Not):
            found = _without(found, evaluate(view, part.query))
    return found


def _or(view: View, query: wq.Or) -> Match:
    return any_of(view, [evaluate(view, part) for part in query.subqueries])


def _best(view: View, query: wq.DisjunctionMax) -> Match:
    """The documents of each part, with the best of the scores."""
    return _joined(view, [evaluate(view, part) for part in query.subqueries], np.maximum)


def _require(view: View, query: wq.Require) -> Match:
    return _only(evaluate(view, query.a), evaluate(view, query.b).ids)


def _and_maybe(view: View, query: wq.AndMaybe) -> Match:
    sure, perhaps = evaluate(view, query.a), evaluate(view, query.b)
    more = np.zeros(view.size, np.float32)
    more[perhaps.ids] = perhaps.scores
    return Match(sure.ids, sure.scores + more[sure.ids])


def _phrase(view: View, query: wq.Phrase) -> Match:
    """Terms right after each other. The rarest comes first, so that most candidates fall early."""
    if query.slop != 1 or not query.words:
        raise UnsupportedError("a phrase with gaps")
    places = [(view.positions(word), number) for number, word in enumerate(query.words)]
    places.sort(key=lambda place: len(place[0]))
    starts = places[0][0] - places[0][1]
    for keys, number in places[1:]:
        starts = starts[_is_in(starts + number, keys)]
    ids = np.unique(starts >> POSITION_BITS).astype(np.int32)
    return Match(ids, np.ones(len(ids), np.float32))


def any_of(view: View, parts: Sequence[Match]) -> Match:
    """The documents of each part, with the sum of the scores."""
    return _joined(view, parts, np.add)


def _joined(view: View, parts: Sequence[Match], combine: Callable[[Scores, Scores], Scores]) -> Match:
    parts = [part for part in parts if len(part.ids)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    scores = np.zeros(view.size, np.float32)
    has = np.zeros(view.size, bool)
    for part in parts:
        scores[part.ids] = combine(scores[part.ids], part.scores)
        has[part.ids] = True
    ids = np.flatnonzero(has).astype(np.int32)
    return Match(ids, scores[ids])


def _both(one: Match, other: Match) -> Match:
    at = np.searchsorted(other.ids, one.ids)
    at[at == len(other.ids)] = 0
    hit = other.ids[at] == one.ids if len(other.ids) else np.zeros(len(one.ids), bool)
    return Match(one.ids[hit], one.scores[hit] + other.scores[at[hit]])


def _only(match: Match, ids: Ids) -> Match:
    kept = _is_in(match.ids, ids)
    return Match(match.ids[kept], match.scores[kept])


def _without(match: Match, other: Match) -> Match:
    kept = ~_is_in(match.ids, other.ids)
    return Match(match.ids[kept], match.scores[kept])


def _is_in(values: npt.NDArray[np.signedinteger], among: npt.NDArray[np.signedinteger]) -> npt.NDArray[np.bool_]:
    """Which of `values` stand in `among`, which is in order."""
    if not len(among):
        return np.zeros(len(values), bool)
    at = np.searchsorted(among, values)
    at[at == len(among)] = 0
    return among[at] == values


RULES: dict[type[wq.Query], Callable[[View, wq.Query], Match]] = {
    wq.Term: _term,
    wq.And: _and,
    wq.Or: _or,
    wq.DisjunctionMax: _best,
    wq.Require: _require,
    wq.AndMaybe: _and_maybe,
    wq.Phrase: _phrase,
    type(wq.NullQuery): lambda _view, _query: NOTHING,
}
