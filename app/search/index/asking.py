"""One page of hits with exact counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import numpy.typing as npt
from whoosh import query as wq

from app.kernel.clock import utc_now
from app.search.index.matching import NOTHING, Match
from app.search.index.plan import Names, Other, Unit, own_query, plan
from app.search.index.postings import Ids
from app.search.index.priors import prior
from app.search.index.ranking import best_first
from app.search.index.schema import FACETS
from app.search.index.sight import Sight
from app.search.index.view import Mask, View
from app.search.query import Parsed

# Where fewer have every word (less than a page), those are shown, too, that have a good part of what was asked for.
FEW = 10
PART = 0.2
BEST_OF_KIND = 3
# Translations of one thing agree on these; a language and a tag belong to one of them.
OWN_OF_EACH = {"language", "tag"}

Filters = Mapping[str, Sequence[str]]
Evaluate = Callable[[Sight, wq.Query], Match]


@dataclass(frozen=True)
class Question:
    """A search. `filters` are choices by facet; `language` is the reader's; `sort` is "best", "new" or "old"."""

    parsed: Parsed
    audience: frozenset[str]
    filters: Filters = field(default_factory=dict)
    limit: int = 10
    offset: int = 0
    sort: str = "best"
    language: str = ""
    today: date = field(default_factory=lambda: utc_now().date())
    names: Names | None = None
    by_kind: bool = False


@dataclass(frozen=True)
class Hit:
    """A document that matched: its id, the text that passages are cut from, which words it has and lacks, and which other
    names led to it.
    """

    kind: str
    key: str
    title: str
    body: str
    score: float
    found: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    through: tuple[tuple[str, str], ...] = ()
    terms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Results:
    """One page of hits, the exact total, and per facet how many each value would show. Translations of one thing are one.

    A facet is counted without its own choice, so that a second value of it can be added. `loosened`: fewer than FEW have
    all the words, so some of these have only a part.
    """

    hits: list[Hit]
    total: int
    facets: dict[str, Counter[str]]
    loosened: bool = False
    best_of: dict[str, list[Hit]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Matched:
    """A unit with what matches it: itself, and each of its other names."""

    unit: Unit
    own: Match
    others: list[tuple[Other, Match]]


@dataclass(frozen=True)
class _Found:
    """Documents with their scores, before any filter."""

    ids: Ids
    scores: npt.NDArray[np.float32]
    loosened: bool = False

    def only(self, kept: npt.NDArray[np.bool_]) -> _Found:
        return _Found(self.ids[kept], self.scores[kept], self.loosened)


def ask(view: View, question: Question, evaluate: Evaluate) -> Results:
    """The hits from `offset` on of what the audience may find."""
    sight = Sight.of(view, question.audience)
    allowed = allowed_to(sight, question, evaluate)
    matched = [_match(sight, unit, evaluate) for unit in plan(question.parsed, sight, allowed, question.names)]
    found = _found(view, matched, allowed)
    found = _Found(found.ids, found.scores * prior(view, question.language, question.today)[found.ids], found.loosened)
    chosen = {name: view.has(name, values)[found.ids] for name, values in question.filters.items() if values}
    kept = _one_of_each(view, found.only(_all_of(chosen, len(found.ids))))
    shown = _in_order(view, kept, question)

    def hits(numbers: Sequence[int]) -> list[Hit]:
        return [_hit(view, matched, int(kept.ids[number]), float(kept.scores[number])) for number in numbers]

    return Results(
        hits(shown[question.offset : question.offset + question.limit]),
        len(kept.ids),
        _facets(view, found, kept, chosen),
        found.loosened,
        {kind: hits(numbers) for kind, numbers in _best_of_kinds(view, kept, shown)} if question.by_kind else {},
    )


def count(view: View, question: Question, evaluate: Evaluate) -> int:
    """How many the audience may find that have all the words; no hits, no facets. What is chosen beside them does not count."""
    sight = Sight.of(view, question.audience)
    allowed = allowed_to(sight, question, evaluate)
    matched = [_match(sight, unit, evaluate) for unit in plan(question.parsed, sight, allowed, question.names)]
    found = _found(view, matched, allowed)
    return 0 if found.loosened else len(_one_of_each(view, found).ids)


def allowed_to(sight: Sight, question: Question, evaluate: Evaluate) -> Mask:
    """Which documents can be an answer at all: for this reader, of these days, with nothing that is excluded."""
    parsed = question.parsed
    view, allowed = sight.view, sight.mask.copy()
    if parsed.since:
        allowed &= view.day >= parsed.since.toordinal()
    if parsed.until:
        allowed &= (view.day < parsed.until.toordinal()) & (view.day > 0)
    for clause in parsed.excluded:
        allowed[evaluate(sight, own_query(clause, sight)).ids] = False
    return allowed


def _match(sight: Sight, unit: Unit, evaluate: Evaluate) -> _Matched:
    others = [(other, evaluate(sight, other.query).boosted(other.weight)) for other in unit.others]
    return _Matched(unit, evaluate(sight, unit.own), others)


def _found(view: View, matched: Sequence[_Matched], allowed: Mask) -> _Found:
    """What has all units; where that is little, what has a part of what they tell, too."""
    if not matched:
        ids = np.flatnonzero(allowed).astype(np.int32)
        return _Found(ids, np.ones(len(ids), np.float32))
    if len(matched) == 1:
        best = _best_of(view, matched[0])
        return _Found(best.ids, best.scores).only(allowed[best.ids])
    scores = np.zeros(view.size, np.float32)
    told = np.zeros(view.size, np.float32)
    count = np.zeros(view.size, np.uint8)
    everything = 0.0
    for one in matched:
        best = _best_of(view, one)
        # What nobody has tells none of them from the others.
        everything += one.unit.tells if allowed[best.ids].any() else 0
        scores[best.ids] += best.scores
        told[best.ids] += one.unit.tells
        count[best.ids] += 1
    has_all = allowed & (count == len(matched))
    strict = np.flatnonzero(has_all).astype(np.int32)
    if len(strict) >= FEW:
        return _Found(strict, scores[strict])
    loose = np.flatnonzero(allowed & (told > 0) & (told >= PART * everything)).astype(np.int32)
    return _Found(loose, scores[loose], len(loose) > len(strict))


def _best_of(view: View, matched: _Matched) -> Match:
    parts = [part for part in (matched.own, *(match for _other, match in matched.others)) if len(part.ids)]
    if len(parts) < 2:
        return parts[0] if parts else NOTHING
    scores = np.zeros(view.size, np.float32)
    for part in parts:
        scores[part.ids] = np.maximum(scores[part.ids], part.scores)
    ids = np.flatnonzero(scores).astype(np.int32)
    return Match(ids, scores[ids])


def _all_of(chosen: Mapping[str, npt.NDArray[np.bool_]], size: int, without: str = "") -> npt.NDArray[np.bool_]:
    kept = np.ones(size, bool)
    for name, has in chosen.items():
        if name != without:
            kept &= has
    return kept


def _one_of_each(view: View, found: _Found) -> _Found:
    """Of the translations of one thing, the one that answers best."""
    number, count = view.translated
    of_found = number[found.ids]
    several = np.flatnonzero(of_found)
    best = np.zeros(count + 1, np.float32)
    np.maximum.at(best, of_found[several], found.scores[several])
    several = several[found.scores[several] == best[of_found[several]]]
    # Of equal ones the first.
    chosen = np.zeros(count + 1, np.int64)
    chosen[of_found[several[::-1]]] = several[::-1]
    kept = of_found == 0
    kept[chosen[of_found[several]]] = True
    return found.only(kept)


def _facets(
    view: View, found: _Found, kept: _Found, chosen: Mapping[str, npt.NDArray[np.bool_]]
) -> dict[str, Counter[str]]:
    counts = {}
    for name in FACETS:
        of_each = kept
        if name in OWN_OF_EACH or name in chosen:
            of_each = found.only(_all_of(chosen, len(found.ids), without=name))
            of_each = of_each if name in OWN_OF_EACH else _one_of_each(view, of_each)
        counts[name] = _count(view, name, of_each.ids)
    return counts


def _count(view: View, name: str, ids: Ids) -> Counter[str]:
    exact = view.exact[name]
    counts = np.bincount(exact.numbers.take(ids, axis=0).ravel(), minlength=len(exact.names) + 1)
    counts[0] = 0
    present = np.flatnonzero(counts)
    names = [exact.names[number - 1] for number in present.tolist()]
    return Counter(dict(zip(names, counts[present].tolist(), strict=True)))


def _in_order(view: View, kept: _Found, question: Question) -> list[int]:
    """The places in `kept`, in the order asked for, as far as they are shown."""
    wanted = len(kept.ids) if question.by_kind else question.offset + question.limit
    days = view.day[kept.ids].astype(np.int64)
    keys = {"new": -days, "old": np.where(days == 0, np.iinfo(np.int64).max, days)}
    # What is only listed, not looked for by words, comes with the newest first.
    sort = question.sort if question.parsed.units else {"best": "new"}.get(question.sort, question.sort)
    key = keys.get(sort, -kept.scores)
    order: list[int] = best_first(key, wanted, -kept.scores).tolist()
    return order


def _best_of_kinds(view: View, kept: _Found, shown: Sequence[int]) -> list[tuple[str, list[int]]]:
    kinds = view.exact["kind"]
    best: dict[str, list[int]] = {}
    for number in shown:
        of_kind = best.setdefault(kinds.names[kinds.numbers[kept.ids[number], 0] - 1], [])
        if len(of_kind) < BEST_OF_KIND:
            of_kind.append(number)
    return list(best.items())


def _hit(view: View, matched: Sequence[_Matched], number: int, score: float) -> Hit:
    kind, key, title, body, _languages = view.stored(number)
    found, missing, through, terms = [], [], [], []
    for one in matched:
        if _has(one.own, number):
            found.append(one.unit.typed)
            continue
        others = [other for other, match in one.others if _has(match, number)]
        if not others:
            missing.append(one.unit.typed)
        through += [(one.unit.typed, other.name) for other in others[:1] if other.name]
        terms += [term for other in others for term in other.terms]
    return Hit(kind, key, title, body, score, tuple(found), tuple(missing), tuple(through), tuple(terms))


def _has(match: Match, number: int) -> bool:
    at = int(np.searchsorted(match.ids, number))
    return at < len(match.ids) and int(match.ids[at]) == number
