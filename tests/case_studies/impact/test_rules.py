"""The statistics, each worked by hand as docs/case-studies.md does."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_studies.impact.rules import (
    MOST_SHOWN,
    Spread,
    Told,
    find,
    in_unit_of,
    one_of_each_team,
    spread_of,
    spread_of_times,
    times_better,
)
from app.case_studies.measures import MEASURES, Measure, find_measure
from app.case_studies.rules import MetricValues
from app.case_studies.units import UNITS


def measure(key: str) -> Measure:
    found = find_measure(key)
    assert found is not None
    return found


LEAD_TIME, FREQUENCY, FAIL_RATE, AVAILABILITY = map(
    measure, ("change-lead-time", "deployment-frequency", "change-fail-rate", "availability")
)


def told(team: int, before: float, after: float, day: int = 1, of: Measure = LEAD_TIME, slug: str = "") -> Told:
    return Told(
        measure=of,
        values=MetricValues(of.key, before, after, of.unit, of.better, "", "", of.key),
        before=before,
        after=after,
        times=times_better(of, before, after),
        slug=slug or f"story-{team}-{day}",
        title="A story",
        language="en",
        team_id=team,
        team=f"Team {team}",
        is_benchmark=False,
        capability_id=1,
        day=date(2026, 11, day),
    )


@pytest.mark.parametrize(
    ("numbers", "spread"),
    [
        ([], None),
        ([7], Spread(7, 7, 7)),
        ([9, 1, 5], Spread(5, 1, 9)),
        # The mean of 4 and 6.
        ([9, 4, 6, 1], Spread(5, 1, 9)),
        ([1e308, 1e308], Spread(1e308, 1e308, 1e308)),
    ],
)
def test_the_median_is_the_one_in_the_middle(numbers: list[float], spread: Spread | None) -> None:
    assert spread_of(numbers) == spread


@pytest.mark.parametrize(
    ("ratios", "middle"),
    [
        ([4], 4),
        ([8, 2, 4], 4),
        # The square root of 2 * 8.
        ([16, 1, 2, 8], 4),
        # Twice as good and half as good are nothing together.
        ([2, 0.5], 1),
        ([1e300, 1e300], 1e300),
    ],
)
def test_the_median_of_ratios_is_the_same_whichever_way_they_are_turned(ratios: list[float], middle: float) -> None:
    spread, turned = spread_of_times(ratios), spread_of_times([1 / ratio for ratio in ratios])
    assert spread is not None
    assert turned is not None
    assert spread.middle == pytest.approx(middle)
    assert turned.middle == pytest.approx(1 / middle)


@pytest.mark.parametrize(
    ("of", "before", "after", "times"),
    [
        (LEAD_TIME, 20, 5, 4),
        (LEAD_TIME, 5, 20, 0.25),
        (FREQUENCY, 1, 4, 4),
        (FAIL_RATE, 20, 5, 4),
        (FAIL_RATE, 20, 0, None),
        (FAIL_RATE, 0, 5, None),
        # 0.5 % missing became 0.05 %.
        (AVAILABILITY, 99.5, 99.95, 10),
        (AVAILABILITY, 99.5, 100, None),
        (AVAILABILITY, 99.5, 101, None),
        (LEAD_TIME, 1e308, 1e-308, None),
    ],
)
def test_how_many_times_better_it_got(of: Measure, before: float, after: float, times: float | None) -> None:
    found = times_better(of, before, after)
    assert found == (None if times is None else pytest.approx(times))


@pytest.mark.parametrize(
    ("before", "before_unit", "after", "unit", "pair"),
    [
        (21, "", 5, "days", (21, 5)),
        (3, "weeks", 12, "hours", (21, 0.5)),
        (3, "周", 12, "小时", (21, 0.5)),
        (21, "", 5, "%", None),
        (-1, "", 5, "days", None),
        (None, "", 5, "days", None),
        (1e308, "years", 5, "days", None),
    ],
)
def test_numbers_count_in_the_unit_of_their_measure(
    before: float | None, before_unit: str, after: float, unit: str, pair: tuple[float, float] | None
) -> None:
    values = MetricValues("", before, after, unit, "lower", "", "", LEAD_TIME.key, before_unit)
    assert in_unit_of(LEAD_TIME, values) == pair


def test_of_three_teams_on_there_is_a_statistic() -> None:
    (finding,) = find([told(1, 20, 5), told(2, 30, 3)])
    assert (finding.teams, finding.is_statistic, finding.times) == (2, False, None)
    # Ratios 4, 10 and 2; before 20, 30 and 8; after 5, 3 and 4.
    (finding,) = find([told(1, 20, 5), told(2, 30, 3), told(3, 8, 4)])
    assert (finding.teams, finding.is_statistic) == (3, True)
    assert (finding.before, finding.after, finding.times) == (Spread(20, 8, 30), Spread(4, 3, 5), Spread(4, 2, 10))


def test_a_team_counts_once_with_its_newest_story() -> None:
    numbers = [told(1, 20, 5, day=1), told(1, 20, 2, day=9), told(2, 9, 3), told(3, 9, 1)]
    (finding,) = find(numbers)
    assert [(each.team_id, each.after) for each in finding.counted] == [(1, 2), (2, 3), (3, 1)]
    assert (finding.teams, finding.stories, len(finding.told)) == (3, 4, 4)
    assert one_of_each_team([]) == []


def test_who_went_to_nothing_is_in_the_medians_but_in_no_ratio() -> None:
    (finding,) = find([told(team, 20, after, of=FAIL_RATE) for team, after in enumerate((5, 10, 0))])
    assert (finding.after, finding.times, finding.without_ratio) == (Spread(5, 0, 10), Spread(8**0.5, 2, 4), 1)
    (finding,) = find([told(team, 20, 0, of=FAIL_RATE) for team in range(3)])
    assert (finding.times, finding.without_ratio) == (None, 3)


def test_of_many_stories_a_page_shows_the_newest() -> None:
    (finding,) = find([told(team, 20, 5, day=1 + team % 20) for team in range(40)])
    assert (finding.stories, finding.teams, len(finding.shown)) == (40, 40, MOST_SHOWN)
    assert [each.day.day for each in finding.shown[:4]] == [20, 20, 19, 19]


def test_findings_stand_in_the_order_of_the_measures() -> None:
    found = find([told(1, 1, 2, of=AVAILABILITY), told(1, 1, 2, of=FREQUENCY), told(2, 3, 1)])
    assert [finding.measure for finding in found] == [LEAD_TIME, FREQUENCY, AVAILABILITY]


NUMBERS = st.floats() | st.sampled_from([0, -1, 1e308, 1e-308, 100])


@given(
    st.lists(
        st.tuples(st.integers(1, 4), st.sampled_from(MEASURES), NUMBERS, NUMBERS, st.sampled_from(UNITS)), max_size=9
    )
)
def test_nothing_that_was_written_breaks_the_report(rows: list[tuple[int, Measure, float, float, object]]) -> None:
    numbers = []
    for team, of, before, after, unit in rows:
        values = MetricValues("", before, after, unit.key, of.better, "", "", of.key)  # type: ignore[attr-defined]
        pair = in_unit_of(of, values)
        numbers += [told(team, *pair, of=of)] if pair else []
    for finding in find(numbers):
        assert finding.teams <= len(finding.told)
        assert finding.times is None or finding.times.least <= finding.times.middle * 1.001
