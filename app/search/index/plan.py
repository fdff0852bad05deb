"""From what was typed to what is looked up: for each thing that was asked for, the query for it, and those for its other
names, which count for less than the words themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import log
from typing import Protocol

from whoosh import query as wq

from app.search.analysis import base_terms, inner_terms
from app.search.index.filler import without_filler
from app.search.index.ranking import RANKED, inverse_frequency
from app.search.index.sight import Sight
from app.search.index.view import Mask, View
from app.search.query import Clause, Form, Parsed
from app.search.sounds import sounds

MAX_EXPANSIONS = 64
MAX_NAMES = 6
# What another name of a thing, and what only sounds like it, are worth beside the words themselves.
NAME_WEIGHT = 0.8
SOUND_WEIGHT = 0.5
MIN_SOUND = 2


class Names(Protocol):
    """The glossary, as far as a query needs it. All text is folded."""

    @property
    def han_variants(self) -> tuple[str, ...]:
        """Every Chinese name."""

    def find_in(self, text: str) -> list[tuple[int, int, str]]:
        """(start, end, name) of the names in a query, the longest first where they overlap."""

    def lookup(self, name: str) -> tuple[str, ...]:
        """The other names of the same thing, the nearest first."""


@dataclass(frozen=True)
class Other:
    """Another way to what was asked for. `terms` are to be marked in the text, `name` is said to the reader."""

    name: str
    terms: tuple[str, ...]
    query: wq.Query
    weight: float


@dataclass(frozen=True)
class Unit:
    """One of the things asked for, `typed` as in the folded query. `tells` is how much it says of a document that has it."""

    typed: str
    own: wq.Query
    tells: float
    others: Sequence[Other] = field(default_factory=list)


def plan(parsed: Parsed, sight: Sight, allowed: Mask, names: Names | None) -> list[Unit]:
    """The units of a query. `allowed` are the documents that the reader may find: what nobody else may know of decides
    nothing here.
    """
    view = sight.view
    silent = {
        clause
        for unit in parsed.units
        for clause in unit
        if len(unit) == 1 and clause.form is Form.WORD and not clause.in_title and not _is_seen(view, clause, allowed)
    }
    places = names.find_in(parsed.text) if names else []
    units = []
    for clauses in _telling(parsed):
        others: list[Other] = []
        if len(clauses) == 1 and names is not None:
            others = [*_other_names(clauses[0], parsed, places, names), *_sounding(clauses[0], parsed, silent, names)]
        units.append(
            Unit(
                typed=" / ".join(parsed.text[clause.start : clause.end] for clause in clauses),
                own=_any([own_query(clause, sight) for clause in clauses]),
                tells=max(_tells(view, clause, allowed) for clause in clauses),
                others=others,
            )
        )
    return units


def _telling(parsed: Parsed) -> list[tuple[Clause, ...]]:
    """What of a question is looked for. What stands in quotes or after a field is meant as it is written."""
    words = [
        parsed.text[unit[0].start : unit[0].end]
        if len(unit) == 1 and unit[0].form is Form.WORD and not unit[0].in_title
        else ""
        for unit in parsed.units
    ]
    return [parsed.units[place] for place in without_filler(words)]


def own_query(clause: Clause, sight: Sight) -> wq.Query:
    """What was typed, itself."""
    if clause.form is Form.PREFIX:
        return _beginning(clause, sight)
    if clause.form is Form.PHRASE:
        return _in_a_row(clause.terms, in_title=clause.in_title)
    term = clause.terms[0]
    return wq.AndMaybe(wq.Term("title", term), _word(term)) if clause.in_title else _word(term)


def _word(term: str) -> wq.Query:
    """The word itself, or else all the words inside it: 测试环境 also finds 测试 and 环境, `ci/cd` also `CI and CD`."""
    inner = inner_terms(term)
    exact = wq.Term(RANKED, term)
    return wq.Or([exact, wq.And([wq.Term(RANKED, part) for part in inner])]) if inner else exact


def _in_a_row(terms: Sequence[str], *, in_title: bool = False) -> wq.Query:
    """The words next to each other, ranked by the words themselves."""
    ranked = wq.And([wq.Term(RANKED, term) for term in terms])
    if in_title:
        ranked = wq.Require(ranked, wq.And([wq.Term("title", term) for term in terms]))
    return ranked if len(terms) == 1 else wq.Require(ranked, wq.Phrase("phrase", list(terms)))


def _beginning(clause: Clause, sight: Sight) -> wq.Query:
    """Words that begin so, ranked by their terms."""
    name = "title" if clause.in_title else "word"
    words = sight.words_beginning(name, clause.terms[0], MAX_EXPANSIONS)
    if not words:
        return wq.NullQuery
    terms = sorted({term for word in words for term in base_terms(word)})
    return wq.AndMaybe(
        wq.DisjunctionMax([wq.Term(name, word) for word in words]), _any([wq.Term(RANKED, term) for term in terms])
    )


def _any(queries: Sequence[wq.Query]) -> wq.Query:
    return queries[0] if len(queries) == 1 else wq.Or(list(queries))


def _tells(view: View, clause: Clause, allowed: Mask) -> float:
    """How much it says of a document that it has this, by how many of the documents that the reader may find have it."""
    size = int(allowed.sum())
    if clause.form is Form.PREFIX:
        return log(size + 2) / 2
    return max(inverse_frequency(size, _count(view, term, allowed)) for term in clause.terms)


def _count(view: View, term: str, allowed: Mask) -> int:
    return int(allowed[view.postings(RANKED, term).ids].sum())


def _is_seen(view: View, clause: Clause, allowed: Mask) -> bool:
    """Does any document that the reader may find have the word?"""
    return any(_count(view, term, allowed) for term in clause.terms)


def _other_names(
    clause: Clause, parsed: Parsed, places: Sequence[tuple[int, int, str]], names: Names
) -> Iterator[Other]:
    """The other names of what the clause is, or is a part of: `code` in `code review` is a half of 代码评审."""
    if clause.form is Form.PREFIX or clause.in_title:
        return
    for start, end, name in places:
        if not (start <= clause.start and clause.end <= end):
            continue
        shared = sum(start <= one.start and one.end <= end for one in parsed.clauses)
        for other in names.lookup(name)[:MAX_NAMES]:
            terms = tuple(base_terms(other))
            if terms and terms != clause.terms:
                yield Other(other, terms, _in_a_row(terms), NAME_WEIGHT / max(shared, 1))


def _sounding(clause: Clause, parsed: Parsed, silent: set[Clause], names: Names) -> Iterator[Other]:
    """Chinese words that sound like letters which are no word here."""
    if clause not in silent:
        return
    run = _run_of(clause, parsed, silent)
    typed = "".join(parsed.text[one.start : one.end] for one in run)
    if len(typed) < MIN_SOUND or not (typed.isascii() and typed.isalpha()):
        return
    weight = SOUND_WEIGHT / len(run)
    for name in _by_sound(names.han_variants).get(typed, ())[:MAX_NAMES]:
        terms = tuple(base_terms(name))
        yield Other(name, terms, _in_a_row(terms), weight)
    yield Other("", (), wq.Term("sound", typed), weight)


def _run_of(clause: Clause, parsed: Parsed, silent: set[Clause]) -> list[Clause]:
    """The silent clauses that stand together with this one: `chixu jicheng`."""
    clauses = parsed.clauses
    first = last = clauses.index(clause)
    while first > 0 and clauses[first - 1] in silent:
        first -= 1
    while last + 1 < len(clauses) and clauses[last + 1] in silent:
        last += 1
    return clauses[first : last + 1]


@lru_cache(maxsize=4)
def _by_sound(variants: tuple[str, ...]) -> dict[str, list[str]]:
    """The names by what may be typed for them."""
    names: dict[str, list[str]] = {}
    for variant in variants:
        for sound in sounds(variant):
            names.setdefault(sound, []).append(variant)
    return names
