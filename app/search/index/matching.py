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
from app.search.index.ranking import K1, RANKED, inverse_frequency
from app.search.index.segment import POSITION_BITS
from app.search.index.sight import Sight

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


def evaluate(sight: Sight, query: wq.Query) -> Match:
    """Raises UnsupportedError for a kind of query that nothing here knows."""
    rule = RULES.get(type(query))
    if rule is None:
        raise UnsupportedError(type(query).__name__)
    return rule(sight, query).boosted(getattr(query, "boost", 1.0))


def _term(sight: Sight, query: wq.Term) -> Match:
    found = sight.view.postings(query.fieldname, query.text)
    if query.fieldname != RANKED:
        return Match(found.ids, found.weights)
    weight = found.weights
    tells = np.float32(inverse_frequency(sight.size, sight.count(query.text)) * (K1 + 1))
    return Match(found.ids, tells * weight / (weight + sight.saturation[found.ids]))


def _and(sight: Sight, query: wq.And) -> Match:
    wanted = [evaluate(sight, part) for part in query.subqueries if not isinstance(part, wq.Not)]
    found = reduce(_both, sorted(wanted, key=lambda match: len(match.ids))) if wanted else NOTHING
    for part in query.subqueries:
        if isinstance(part, wq.Not):
            found = _without(found, evaluate(sight, part.query))
    return found


def _or(sight: Sight, query: wq.Or) -> Match:
    return any_of(sight, [evaluate(sight, part) for part in query.subqueries])


def _best(sight: Sight, query: wq.DisjunctionMax) -> Match:
    """The documents of each part, with the best of the scores."""
    return _joined(sight, [evaluate(sight, part) for part in query.subqueries], np.maximum)


def _require(sight: Sight, query: wq.Require) -> Match:
    return _only(evaluate(sight, query.a), evaluate(sight, query.b).ids)


def _and_maybe(sight: Sight, query: wq.AndMaybe) -> Match:
    sure, perhaps = evaluate(sight, query.a), evaluate(sight, query.b)
    more = np.zeros(sight.view.size, np.float32)
    more[perhaps.ids] = perhaps.scores
    return Match(sure.ids, sure.scores + more[sure.ids])


def _phrase(sight: Sight, query: wq.Phrase) -> Match:
    """Terms right after each other. The rarest comes first, so that most candidates fall early."""
    if query.slop != 1 or not query.words:
        raise UnsupportedError("a phrase with gaps")
    places = [(sight.view.positions(word), number) for number, word in enumerate(query.words)]
    places.sort(key=lambda place: len(place[0]))
    starts = places[0][0] - places[0][1]
    for keys, number in places[1:]:
        starts = starts[_is_in(starts + number, keys)]
    ids = np.unique(starts >> POSITION_BITS).astype(np.int32)
    return Match(ids, np.ones(len(ids), np.float32))


def any_of(sight: Sight, parts: Sequence[Match]) -> Match:
    """The documents of each part, with the sum of the scores."""
    return _joined(sight, parts, np.add)


def _joined(sight: Sight, parts: Sequence[Match], combine: Callable[[Scores, Scores], Scores]) -> Match:
    parts = [part for part in parts if len(part.ids)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    scores = np.zeros(sight.view.size, np.float32)
    has = np.zeros(sight.view.size, bool)
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


RULES: dict[type[wq.Query], Callable[[Sight, wq.Query], Match]] = {
    wq.Term: _term,
    wq.And: _and,
    wq.Or: _or,
    wq.DisjunctionMax: _best,
    wq.Require: _require,
    wq.AndMaybe: _and_maybe,
    wq.Phrase: _phrase,
    type(wq.NullQuery): lambda _sight, _query: NOTHING,
}
