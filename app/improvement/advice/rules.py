"""What a team should do next: which gaps there are, and in which order they come. No database, no Flask.

The rule is written down in docs/improvement.md, with an example worked by hand that a test reads and checks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

HIGHEST = 5
# So many gaps stand at the top of the page; a team that begins with more finishes none.
FIRST = 2
SOON = timedelta(days=30)
LATER = timedelta(days=90)
FOR_SOON = 2
FOR_LATER = 1
FOR_CHOSEN = 2
FOR_BLOCKED = 1
# What everything stands on would otherwise always come first, whatever the team has chosen.
MOST_FOR_BLOCKED = 3
FOR_UNDER_WAY = -2
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, kw_only=True)
class Known:
    """What is known of a team in one capability. `level` is None where it does not apply or nothing was said. `position` is its
    place in the framework. `target` is what the team chose, None where it chose nothing. `is_under_way`: somebody works on it.
    """

    slug: str
    position: int
    level: int | None
    area: str
    weight: float = 1.0
    area_weight: float = 1.0
    needs: Sequence[str] = ()
    target: int | None = None
    due_on: date | None = None
    is_under_way: bool = False


@dataclass(frozen=True, kw_only=True)
class Points:
    """Why a gap stands where it stands, in points. `levels` times `weight` is the way to go; the others are added."""

    levels: int
    weight: Decimal
    blocking: int
    due: int
    chosen: int
    under_way: int

    @property
    def way(self) -> Decimal:
        return self.levels * self.weight

    @property
    def total(self) -> Decimal:
        return self.way + self.blocking + self.due + self.chosen + self.under_way


@dataclass(frozen=True, kw_only=True)
class Gap:
    """A capability below its target. Where `is_chosen` is false, the target is proposed: one level up. `blocks` are the slugs of
    the capabilities with gaps that need this one, directly or through others, in the order of the framework.
    """

    slug: str
    position: int
    level: int
    target: int
    due_on: date | None
    is_chosen: bool
    is_under_way: bool
    blocks: tuple[str, ...]
    points: Points


def rank(known: Sequence[Known], today: date) -> list[Gap]:
    """The gaps of a team, what matters most first: by points; of equal ones the lower level first, then by the framework's order."""
    targets = {each.slug: _target(each) for each in known}
    open_ones = [each for each in known if each.level is not None and targets[each.slug] > each.level]
    weights = relative_weights(known)
    blocks = _blocks(open_ones, targets)
    gaps = [_gap(each, targets[each.slug], weights[each.slug], blocks[each.slug], today) for each in open_ones]
    return sorted(gaps, key=lambda gap: (-gap.points.total, gap.level, gap.position, gap.slug))


def _target(known: Known) -> int:
    """What the team chose, else one level up; 0 where nothing is known."""
    if known.level is None:
        return 0
    return known.target if known.target is not None else min(known.level + 1, HIGHEST)


def _gap(known: Known, target: int, weight: Decimal, blocks: tuple[str, ...], today: date) -> Gap:
    assert known.level is not None
    is_chosen = known.target is not None
    points = Points(
        levels=target - known.level,
        weight=weight,
        blocking=min(FOR_BLOCKED * len(blocks), MOST_FOR_BLOCKED),
        due=points_for_date(known.due_on if is_chosen else None, today),
        chosen=FOR_CHOSEN if is_chosen else 0,
        under_way=FOR_UNDER_WAY if known.is_under_way else 0,
    )
    return Gap(
        slug=known.slug,
        position=known.position,
        level=known.level,
        target=target,
        due_on=known.due_on if is_chosen else None,
        is_chosen=is_chosen,
        is_under_way=known.is_under_way,
        blocks=blocks,
        points=points,
    )


def points_for_date(due_on: date | None, today: date) -> int:
    """More for what is due within thirty days, or was; less for what is due within ninety; none for what has time."""
    if due_on is None or due_on - today > LATER:
        return 0
    return FOR_SOON if due_on - today <= SOON else FOR_LATER


def relative_weights(known: Sequence[Known]) -> dict[str, Decimal]:
    """How much of the framework's score hangs on each capability that applies, where an average one has 1.00; of the others 0.

    As in the score, a capability counts by its weight within its area, and the area by its weight within the framework.
    """
    counted = [each for each in known if each.level is not None]
    in_area: dict[str, Fraction] = {}
    area_weights: dict[str, Fraction] = {}
    for each in counted:
        in_area[each.area] = in_area.get(each.area, Fraction(0)) + Fraction(each.weight)
        area_weights[each.area] = Fraction(each.area_weight)
    # An area in which nothing weighs anything has no score, and so no part in the whole.
    whole = sum((weight for area, weight in area_weights.items() if in_area[area]), Fraction(0))
    weights = dict.fromkeys((each.slug for each in known), Decimal("0.00"))
    for each in counted:
        if in_area[each.area] and whole:
            share = Fraction(each.weight) / in_area[each.area] * area_weights[each.area] / whole
            weights[each.slug] = _rounded(share * len(counted))
    return weights


def _rounded(number: Fraction) -> Decimal:
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(_HUNDREDTH, ROUND_HALF_UP)


def _blocks(open_ones: Sequence[Known], targets: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """For each gap, the others that need it and want to get further than it is. Needs may go round in circles."""
    by_slug = {each.slug: each for each in open_ones}
    in_order = sorted(open_ones, key=lambda each: (each.position, each.slug))
    wanted = {each.slug: _all_needs(each.slug, by_slug) for each in in_order}
    return {
        low.slug: tuple(
            other.slug
            for other in in_order
            if low.slug in wanted[other.slug] and low.level is not None and low.level < targets[other.slug]
        )
        for low in in_order
    }


def _all_needs(slug: str, by_slug: Mapping[str, Known]) -> set[str]:
    """What a capability needs among those with gaps, directly or through others; never itself."""
    found: set[str] = set()
    waiting = [slug]
    while waiting:
        for need in by_slug[waiting.pop()].needs:
            if need in by_slug and need not in found:
                found.add(need)
                waiting.append(need)
    return found - {slug}
