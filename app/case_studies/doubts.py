"""What makes one doubt a number, as questions to whoever wrote it down. None of it is forbidden: the team may know better."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.case_studies.measures import MEASURES, Measure, find_measure
from app.case_studies.rules import MetricValues, compared, times_better
from app.case_studies.units import Family, Unit, find_unit
from app.case_studies.windows import days_of

# More than this is rather a slip of a unit than an improvement.
MOST_TIMES = 100
# Two periods differ when one is longer than the other by more than a tenth, which months and quarters never are.
SAME_PERIOD = 1.1
# Of fewer a median says little.
FEW_CASES = 5
# With no failure in n cases the true rate may be 3/n (the "rule of three": Hanley, Lippman-Hand, JAMA 1983). From 30 on
# that is a tenth or less.
ENOUGH_FOR_NONE = 30

Questions = Iterator[LazyString]


def questions(values: MetricValues) -> list[LazyString]:
    """Whatever there is to ask about the numbers, as sentences that say what to do. What is still empty is not asked about.

    Numbers and units come first, then the periods, then how many cases there were.
    """
    measure = find_measure(values.measure)
    return [question for doubt in DOUBTS for question in doubt(values, measure)]


def _unnamed(values: MetricValues, measure: Measure | None) -> Questions:
    if measure is not None:
        return
    name = values.name.strip().casefold()
    known = next((each for each in MEASURES if name in {text.casefold() for text in each.names.values()}), None)
    if known is not None:
        yield _l(
            "“%(name)s” is on the list of measures. Choose it there, so that it is compared with the numbers of other teams.",
            name=known.name,
        )


def _units(values: MetricValues, measure: Measure | None) -> Questions:
    units = dict.fromkeys(unit for unit in (values.before_unit, values.unit) if unit)
    strange = [unit for unit in units if measure is not None and not measure.fits(unit)]
    for unit in strange:
        assert measure is not None
        yield _l(
            "“%(name)s” is not measured in “%(unit)s”. Choose one of its units, or choose “Something else”.",
            name=measure.name,
            unit=unit,
        )
    is_filled = None not in {values.before, values.after} and values.unit
    if not strange and is_filled and compared(values) is None:
        yield _l(
            "“%(before)s” and “%(after)s” cannot be compared. Give both numbers in the same unit.",
            before=values.before_unit or values.unit,
            after=values.unit,
        )


def _negative(values: MetricValues, _measure: Measure | None) -> Questions:
    if any(number < 0 for number, unit in _sides(values) if unit is not None and unit.family is not Family.POINTS):
        yield _l(
            "A number is below zero. A time, a frequency, a share or a count cannot be; check it, or leave the row out."
        )


def _shares(values: MetricValues, measure: Measure | None) -> Questions:
    shares = [number * unit.size for number, unit in _sides(values) if unit is not None and unit.family is Family.SHARE]
    if any(share > 100 for share in shares):
        yield _l(
            "More than %(most)s %% cannot be a share of a whole. Check the number; for a growth, give both values instead of "
            "the percentage.",
            most=100,
        )
    elif measure is not None and len(shares) == 2 and 0 < max(shares) <= 1 and measure.better == "higher":
        yield _l(
            "Neither number is more than %(least)s %%. If they are fractions such as 0.95, write 95 instead.", least=1
        )


def _timeless(values: MetricValues, _measure: Measure | None) -> Questions:
    if any(number == 0 for number, unit in _sides(values) if unit is not None and unit.family is Family.TIME):
        yield _l("Nothing takes no time at all. Choose a smaller unit and give what was measured.")


def _change(values: MetricValues, measure: Measure | None) -> Questions:
    if measure is not None and values.better != measure.better:
        yield (
            _l("For “%(name)s” lower is better. Set the direction to lower.", name=measure.name)
            if measure.better == "lower"
            else _l("For “%(name)s” higher is better. Set the direction to higher.", name=measure.name)
        )
        return
    pair = compared(values)
    if pair is None:
        return
    before, after = pair
    times = times_better(values)
    if math.isclose(before, after):
        yield _l("Before and after are the same. Leave the row out, or say in the results why it did not move.")
    elif (after < before) != (values.better == "lower"):
        yield _l(
            "The number got worse. If that is so, keep it and say why in the results; else turn the direction around."
        )
    elif times is not None and times > MOST_TIMES:
        yield _l(
            "That is more than %(times)s times better. Check the units of both numbers; if it is true, tell in the results how "
            "it came about.",
            times=MOST_TIMES,
        )


def _periods(values: MetricValues, measure: Measure | None) -> Questions:
    before, after = days_of(values.window_before), days_of(values.window)
    if before and after and max(before, after) > SAME_PERIOD * min(before, after):
        yield _l(
            "The two periods are not equally long: %(before)s and %(after)s. Measure both over the same length, or say in the "
            "results why not.",
            before=values.window_before,
            after=values.window,
        )
    known = [days for days in (before, after) if days]
    if measure is not None and known and min(known) < measure.weeks * 7:
        yield _l(
            "The period is short for “%(name)s”. Measure over at least %(weeks)s weeks, so that a good week does not decide.",
            name=measure.name,
            weeks=measure.weeks,
        )


def _cases(values: MetricValues, measure: Measure | None) -> Questions:
    counts = [cases for cases in (values.cases_before, values.cases_after) if cases is not None]
    if measure is None:
        return
    if _is_share_of_events(measure):
        yield from _events(values)
    elif counts and min(counts) < FEW_CASES and not measure.is_rate:
        yield _l(
            "So few cases say little: %(cases)s. Measure longer, or say in the results that it is a first look.",
            cases=min(counts),
        )


def _events(values: MetricValues) -> Questions:
    """A share of deployments: of how many, whether that is enough, and whether it can be at all."""
    if None in {values.cases_before, values.cases_after} and None not in {values.before, values.after}:
        yield _l("A share of how many? Give the number of deployments before and after; 1 of 4 is not 25 of 100.")
    for share, cases in ((values.before, values.cases_before), (values.after, values.cases_after)):
        if share is None or not cases or not math.isfinite(share):
            continue
        if share == 0 and cases < ENOUGH_FOR_NONE:
            yield _l(
                "None of %(cases)s failed: the true rate may still be up to %(limit)s %%. Measure until there are %(enough)s "
                "deployments, or say that it is a first look.",
                cases=cases,
                limit=min(100, round(300 / cases)),
                enough=ENOUGH_FOR_NONE,
            )
        elif 0 <= share <= 100 and abs(share - 100 * round(share * cases / 100) / cases) > 0.5:
            yield _l(
                "%(share)s %% of %(cases)s deployments is no whole number of deployments. Check both numbers.",
                share=f"{share:g}",
                cases=cases,
            )


def _is_share_of_events(measure: Measure) -> bool:
    return measure.is_rate and measure.unit == "%"


def _sides(values: MetricValues) -> list[tuple[float, Unit | None]]:
    """The numbers that are there, each with its unit as far as that is known."""
    pairs = ((values.before, values.before_unit or values.unit), (values.after, values.unit))
    return [(number, find_unit(unit)) for number, unit in pairs if number is not None and math.isfinite(number)]


DOUBTS: Sequence[Callable[[MetricValues, Measure | None], Questions]] = (
    _unnamed,
    _units,
    _negative,
    _shares,
    _timeless,
    _change,
    _periods,
    _cases,
)
