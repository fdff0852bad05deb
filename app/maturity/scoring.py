"""How levels become a score. Pure: no database, no Flask. docs/maturity.md works the same by hand, and a test compares the two.

An area's score is the weighted mean of the levels of what applies in it; the score of the framework is the weighted mean of
the areas that have one. The staged level beside it is the highest that everything has reached, in the manner of CMMI (appraisal of a
maturity level, "staged representation"). What does not apply, and what weighs nothing, counts for neither.

Everything is reckoned in fractions and becomes a float at the very end, so that a mean that is 3.15 on paper is 3.15 here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Protocol, TypeVar

from app.maturity.rules import LEVELS

# What sums of floats in a database are off by at most; a figure as near to a half as this is that half.
_NOISE = Decimal("1e-9")


class Marked(Protocol):
    """What is scored: a `Mark`, or a row of a snapshot."""

    @property
    def capability(self) -> str: ...
    @property
    def area(self) -> str: ...
    @property
    def weight(self) -> float: ...
    @property
    def area_weight(self) -> float: ...
    @property
    def level(self) -> int | None: ...


M = TypeVar("M", bound=Marked)


@dataclass(frozen=True)
class Mark:
    """The level of a capability, None where it does not apply. `area` is a slug, `weight` counts in the area, `area_weight` is the
    area's own.
    """

    capability: str
    area: str
    weight: float
    area_weight: float
    level: int | None


@dataclass(frozen=True)
class Counted:
    """How much one capability counts. `share` is that of its area and `share_of_all` that of the whole, both of 1, and `adds` is what
    it brings to the score; all three are 0 where it counts for nothing.
    """

    capability: str
    weight: float
    level: int | None
    share: float
    share_of_all: float
    adds: float

    @property
    def is_counted(self) -> bool:
        return self.share > 0


@dataclass(frozen=True)
class AreaCounted:
    """How an area's score comes about, None where nothing in it counts. `share` is that of the whole."""

    area: str
    weight: float
    score: float | None
    share: float
    adds: float
    capabilities: Sequence[Counted]


@dataclass(frozen=True)
class Explanation:
    """Where a score comes from. `next_level` is the staged level that was missed, None at the top or where nothing counts; `held_by` are
    the capabilities that are still below it.
    """

    areas: Sequence[AreaCounted]
    total: float | None
    staged: int | None
    next_level: int | None
    held_by: Sequence[str]


def area_scores(marks: Iterable[Marked]) -> dict[str, float | None]:
    """The score of each area by its slug, in the order in which they come; None where nothing in it counts."""
    return {area: _float(_area_score(each)) for area, each in _by_area(marks).items()}


def total(marks: Iterable[Marked]) -> float | None:
    """The score of the framework, 1 to 5; None where nothing counts."""
    return _float(_total(_by_area(marks)))


def staged_level(marks: Iterable[Marked]) -> int | None:
    """The highest level that everything that counts has reached."""
    return min(
        (mark.level for mark in marks if mark.level is not None and mark.weight and mark.area_weight), default=None
    )


def shown(score: float | None) -> Decimal | None:
    """A score as people read it: one decimal, halves up."""
    if score is None:
        return None
    return Decimal(repr(float(score))).quantize(_NOISE).quantize(Decimal("0.1"), ROUND_HALF_UP)


def explain(marks: Iterable[Marked]) -> Explanation:
    """Which levels and which weights made the score, and what was missing for the next staged level."""
    grouped = _by_area(marks)
    scores = {area: _area_score(each) for area, each in grouped.items()}
    whole = sum((_weight_of(each) for area, each in grouped.items() if scores[area] is not None), Fraction(0))
    areas = [_explain_area(area, each, scores[area], whole) for area, each in grouped.items()]
    counted = [mark for each in grouped.values() for mark in each if mark.area_weight and _counts(mark)]
    staged = staged_level(counted)
    following = staged + 1 if staged is not None and staged < LEVELS[-1] else None
    below = [mark for mark in counted if following is not None and (mark.level or 0) < following]
    return Explanation(areas, _float(_total(grouped)), staged, following, [mark.capability for mark in below])


def _explain_area(area: str, marks: Sequence[Marked], score: Fraction | None, whole: Fraction) -> AreaCounted:
    share = _weight_of(marks) / whole if whole and score is not None else Fraction(0)
    inside = sum((Fraction(str(mark.weight)) for mark in marks if _counts(mark)), Fraction(0))
    capabilities = []
    for mark in marks:
        part = Fraction(str(mark.weight)) / inside if _counts(mark) else Fraction(0)
        adds = part * share * (mark.level or 0)
        capabilities.append(
            Counted(mark.capability, mark.weight, mark.level, float(part), float(part * share), float(adds))
        )
    adds = share * (score or 0)
    return AreaCounted(area, marks[0].area_weight, _float(score), float(share), float(adds), capabilities)


def _by_area(marks: Iterable[M]) -> dict[str, list[M]]:
    grouped: dict[str, list[M]] = {}
    for mark in marks:
        grouped.setdefault(mark.area, []).append(mark)
    return grouped


def _counts(mark: Marked) -> bool:
    return mark.level is not None and mark.weight > 0


def _area_score(marks: Sequence[Marked]) -> Fraction | None:
    return _mean((Fraction(str(mark.weight)), Fraction(mark.level)) for mark in marks if mark.level is not None)


def _total(grouped: dict[str, list[M]]) -> Fraction | None:
    scored = ((_weight_of(marks), _area_score(marks)) for marks in grouped.values())
    return _mean((weight, score) for weight, score in scored if score is not None)


def _weight_of(marks: Sequence[Marked]) -> Fraction:
    return Fraction(str(marks[0].area_weight))


def _mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """The weighted mean, sum(w * x) / sum(w); None where the weights are nothing together."""
    listed = list(pairs)
    whole = sum((weight for weight, _ in listed), Fraction(0))
    return sum((weight * value for weight, value in listed), Fraction(0)) / whole if whole else None


def _float(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
