"""What was typed, taken apart: words, "phrases", prefix*, -excluded, OR, field:value. Any input is a query; none is an
error: what cannot be meant as an operator is read as words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.search.analysis import base_terms, fold, sought_places, spans

MAX_LENGTH = 256
MAX_TERMS = 32
MIN_PREFIX = 2
# What can stand before a colon, and the facet or operator that it means.
FIELDS = {
    **{name: name for name in ("title", "tag", "kind", "level", "coach", "area", "capability", "language", "year")},
    **{name: name for name in ("before", "after")},
    "标题": "title",
    "标签": "tag",
    "类型": "kind",
    "级别": "level",
    "教练": "coach",
    "领域": "area",
    "能力": "capability",
    "语言": "language",
    "年份": "year",
    "早于": "before",
    "晚于": "after",
}
LEVELS = range(1, 6)

_QUOTES = str.maketrans("“”„«»「」『』", '"' * 9)
_OR = re.compile(r"(?<!\S)OR(?!\S)")
_PIECE = re.compile(
    r"(?P<minus>(?<!\S)-)?"
    rf"(?:(?<!\S)(?P<field>{'|'.join(FIELDS)}):)?"
    r'(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))'
)


class Form(StrEnum):
    """How the terms of a clause have to stand in a text."""

    WORD = "word"
    PHRASE = "phrase"
    PREFIX = "prefix"


@dataclass(frozen=True)
class Clause:
    """One thing looked for: a term, terms next to each other, or the beginning of a word as it is written. `in_title`
    looks there only. `start` and `end` are its place in the folded query.
    """

    terms: tuple[str, ...]
    form: Form = Form.WORD
    in_title: bool = False
    start: int = field(default=-1, compare=False)
    end: int = field(default=-1, compare=False)


@dataclass(frozen=True)
class Parsed:
    """All of `units` are looked for, and of each one of its clauses; none of `excluded`. `filters` are choices by facet,
    as they were typed, and the document's day lies in [`since`, `until`). `text` is the folded query.
    """

    units: Sequence[tuple[Clause, ...]] = ()
    excluded: Sequence[Clause] = ()
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    text: str = field(default="", compare=False)

    @property
    def is_empty(self) -> bool:
        """Is there nothing to look for? (To exclude something is not yet to look for anything.)"""
        return not (self.units or self.filters or self.since or self.until)

    @property
    def clauses(self) -> list[Clause]:
        return [clause for unit in self.units for clause in unit]

    @property
    def terms(self) -> list[str]:
        """Every whole term that is looked for."""
        return [term for clause in self.clauses if clause.form is not Form.PREFIX for term in clause.terms]

    @property
    def prefixes(self) -> list[str]:
        return [term for clause in self.clauses if clause.form is Form.PREFIX for term in clause.terms]


@dataclass
class _Reading:
    """What has been read so far."""

    units: list[tuple[Clause, ...]] = field(default_factory=list)
    excluded: list[Clause] = field(default_factory=list)
    filters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    days: dict[str, date] = field(default_factory=dict)
    left: int = MAX_TERMS
    is_alternative: bool = False
    has_neighbour: bool = False

    def add(self, clauses: Sequence[Clause], *, excluded: bool) -> None:
        kept = list(self._as_far_as_allowed(clauses))
        self.has_neighbour = bool(kept) and not excluded
        if excluded:
            self.excluded.extend(kept)
        elif kept and self.is_alternative:
            # OR stands between its two neighbours: what follows it in the same word is looked for besides.
            self.units[-1] += (kept.pop(0),)
            self.units.extend((clause,) for clause in kept)
        else:
            self.units.extend((clause,) for clause in kept)
        self.is_alternative = False

    def _as_far_as_allowed(self, clauses: Sequence[Clause]) -> Iterator[Clause]:
        for clause in clauses:
            if len(clause.terms) > self.left:
                return
            self.left -= len(clause.terms)
            yield clause


def parse(text: str) -> Parsed:
    """The query in `text`, of which at most 256 characters and 32 terms count."""
    folded = fold(_OR.sub("|", text[:MAX_LENGTH])).translate(_QUOTES)
    reading = _Reading()
    for piece in _PIECE.finditer(folded):
        if piece["word"] == "|" and not piece["field"]:
            reading.is_alternative = reading.has_neighbour
            continue
        name = FIELDS.get(piece["field"] or "", "")
        if name and name != "title" and not piece["minus"] and _read_filter(reading, name, _value_of(piece)):
            continue
        reading.add(_clauses_of(piece, in_title=name == "title"), excluded=bool(piece["minus"]))
    days = reading.days
    return Parsed(reading.units, reading.excluded, reading.filters, days.get("after"), days.get("before"), folded)


def _value_of(piece: re.Match[str]) -> str:
    value: str = piece["word"] if piece["phrase"] is None else piece["phrase"]
    return value.strip()


def _clauses_of(piece: re.Match[str], *, in_title: bool) -> list[Clause]:
    group = "word" if piece["phrase"] is None else "phrase"
    typed, start = piece[group], piece.start(group)
    if piece["field"] and not in_title:
        # No operator after all: `level:abc` are the two words.
        typed, start = f"{piece['field']}:{typed}", piece.start("field")
    prefix: list[Clause] = []
    if group == "word" and typed.endswith("*") and not piece["minus"]:
        typed, prefix = _split_prefix(typed.rstrip("*"), start, in_title=in_title)
    # Phrases are made of base words; two characters are one term, however a text is cut there.
    if (group == "phrase" or piece["minus"]) and len(typed) > 2:
        terms = tuple(base_terms(typed))
        form = Form.PHRASE if len(terms) > 1 else Form.WORD
        return [Clause(terms, form, in_title, start, start + len(typed))] if terms else []
    words = [
        Clause((term,), Form.WORD, in_title, start + begin, start + end) for term, begin, end in sought_places(typed)
    ]
    return words + prefix


def _split_prefix(typed: str, start: int, *, in_title: bool) -> tuple[str, list[Clause]]:
    """`typed` without its last word, and that word where it is long enough to begin others with."""
    places = list(spans(typed))
    if not places or places[-1][2] != len(typed):
        return typed, []
    begin = places[-1][1]
    word = typed[begin:]
    if len(word) < MIN_PREFIX and word.isascii():
        return typed, []
    return typed[:begin], [Clause((word,), Form.PREFIX, in_title, start + begin, start + len(typed))]


def _read_filter(reading: _Reading, name: str, value: str) -> bool:
    """Note what a field demands. False where the value makes no sense for it."""
    if name in {"before", "after"}:
        day = _day(value)
        if day is not None:
            reading.days[name] = day
        return day is not None
    values = _levels(value) if name == "level" else (value,)
    if not any(values):
        return False
    reading.filters[name] = (*reading.filters.get(name, ()), *values)
    return True


def _levels(value: str) -> tuple[str, ...]:
    """`3`, `3..5`, `3..` or `..2` as single levels."""
    match = re.fullmatch(r"(\d?)(\.\.|-)?(\d?)", value)
    if match is None or not (match[1] or match[3]):
        return ()
    low = int(match[1] or LEVELS[0])
    high = int(match[3] or (LEVELS[-1] if match[2] else low))
    return tuple(str(level) for level in LEVELS if low <= level <= high)


def _day(value: str) -> date | None:
    """`2026`, `2026-11` or `2026-11-24`: its first day."""
    match = re.fullmatch(r"(\d{4})(?:[-/](\d{1,2}))?(?:[-/](\d{1,2}))?", value)
    if match is None:
        return None
    try:
        return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return None
