"""What every member may see of all teams together: nothing over fewer than five teams, and nothing by taking away."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.maturity.company.rollup import Rollup, Told, by_half_year, roll_up
from app.maturity.hiding import LEAST
from app.maturity.quartiles import Quartiles
from app.maturity.scoring import Mark
from app.maturity.standing.queries import Standing
from tests.thorough import examples

THEN = datetime(2026, 6, 30, tzinfo=UTC)
AREAS = ("cm", "tm", "mf")


def standing(team_id: int, department: str, *levels: int | None, is_benchmark: bool = False) -> Standing:
    marks = [Mark(area, area, 1, 1, level) for area, level in zip(AREAS, levels, strict=False)]
    known = [level for level in levels if level is not None]
    score = sum(known) / len(known) if known else None
    name = f"Team {team_id}"
    return Standing(team_id, team_id, f"team-{team_id}", name, is_benchmark, department, "", THEN, 1, score, marks)


def company(*departments: tuple[str, int]) -> list[Standing]:
    """So many teams at level 3 in each department."""
    names = [name for name, count in departments for _team in range(count)]
    return [standing(number, name, 3, 3, 3) for number, name in enumerate(names)]


def rolled(standings: Sequence[Standing], own: Collection[int] = ()) -> Rollup:
    return roll_up(standings, {each.team_id: each.department for each in standings}, AREAS, own)


def shown(rollup: Rollup) -> dict[str, int | None]:
    return {each.name: each.assessed for each in rollup.departments}


def test_of_four_teams_nothing_is_told_and_of_five_it_is() -> None:
    four = rolled(company(("Retail", 4)))
    assert (four.assessed, four.score, four.areas, four.departments) == (None, None, dict.fromkeys(AREAS), [])
    five = rolled(company(("Retail", 5)))
    assert (five.assessed, five.score) == (5, Quartiles(3, 3, 3))


def test_a_small_department_takes_the_next_smallest_with_it() -> None:
    found = rolled(company(("Retail", 9), ("Risk", 6), ("Data", 2)))
    assert shown(found) == {"Data": None, "Retail": 9, "Risk": None}
    assert found.assessed == 17


def test_the_own_team_and_benchmark_teams_do_not_count_towards_the_five() -> None:
    teams = company(("Retail", 5))
    assert rolled(teams, own={teams[0].team_id}).assessed is None
    benchmark = standing(99, "Retail", 5, 5, 5, is_benchmark=True)
    assert rolled([*teams[:4], benchmark]).assessed is None
    assert rolled([*teams, benchmark]).assessed == 6


def test_where_an_area_applies_to_few_it_is_hidden_there_and_where_it_could_be_reckoned_from() -> None:
    teams = company(("Retail", 6), ("Risk", 7), ("Data", 8))
    # In Retail the area applies to one team alone.
    teams = [standing(each.team_id, "Retail", 3, None, 3) if 0 < each.team_id < 6 else each for each in teams]
    found = {each.name: each.areas["tm"] for each in rolled(teams).departments}
    assert found == {"Data": 3, "Retail": None, "Risk": None}
    assert {each.name: each.areas["cm"] for each in rolled(teams).departments} == dict.fromkeys(found, 3)


def test_a_team_counts_for_the_department_that_it_had() -> None:
    teams = company(("Retail", 6), ("Risk", 6))
    today = {each.team_id: "Risk" for each in teams} | {50: "Risk", 51: ""}
    found = roll_up(teams, today, AREAS, ())
    assert [(each.name, each.teams, each.assessed) for each in found.departments] == [
        ("Retail", 6, 6),
        ("Risk", 7, 6),
        ("", 1, None),
    ]
    assert (found.assessed, found.teams) == (12, 14)


LEVEL = st.one_of(st.none(), st.integers(1, 5))
TEAM = st.tuples(st.sampled_from(["Retail", "Risk", "Data", "Markets", ""]), LEVEL, LEVEL, LEVEL, st.booleans())


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(TEAM, max_size=45), st.sets(st.integers(0, 44), max_size=3))
def test_no_crowd_smaller_than_five_strangers_is_shown_or_left_over(
    teams: list[tuple[str, int | None, int | None, int | None, bool]], own: set[int]
) -> None:
    standings = [
        standing(number, name, *levels, is_benchmark=is_benchmark)
        for number, (name, *levels, is_benchmark) in enumerate(teams)
    ]
    found = rolled(standings, own)
    strangers = [each for each in standings if not each.is_benchmark and each.team_id not in own]
    if found.assessed is None:
        assert len(strangers) < LEAST
        return
    columns: list[tuple[Callable[[Standing], bool], bool, list[str]]] = [
        (lambda _each: True, True, [each.name for each in found.departments if each.is_shown]),
        (
            lambda each: each.score is not None,
            found.score is not None,
            [each.name for each in found.departments if each.score is not None],
        ),
    ]
    columns += [
        (
            lambda each, area=area: each.areas.get(area) is not None,  # type: ignore[misc]
            found.areas[area] is not None,
            [each.name for each in found.departments if each.areas[area] is not None],
        )
        for area in AREAS
    ]
    for counts, has_sum, names in columns:
        in_column = [each for each in standings if counts(each)]
        unseen = [each for each in strangers if counts(each)]
        if has_sum:
            assert len(unseen) >= LEAST
        for name in names:
            assert sum(each.department == name for each in in_column) >= LEAST
        # Any of the shown groups, and whatever is left when they are taken from the sum, has no stranger or five.
        groups = [sum(each.department == name for each in unseen) for name in names]
        rest = len(unseen) - sum(groups)
        assert all(count == 0 or count >= LEAST for count in groups)
        assert not has_sum or rest == 0 or rest >= LEAST or not names


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(TEAM, max_size=45))
def test_what_is_hidden_of_a_department_is_hidden_of_all_its_areas(
    teams: list[tuple[str, int | None, int | None, int | None, bool]],
) -> None:
    found = rolled([standing(number, name, *levels) for number, (name, *levels, _benchmark) in enumerate(teams)])
    for each in found.departments:
        if not each.is_shown:
            assert (each.score, set(each.areas.values())) == (None, {None})


def told(team_id: int, year: int, month: int, score: float) -> Told:
    return Told(team_id, False, datetime(year, month, 15, tzinfo=UTC), score)


def test_half_years_count_each_team_once_and_hide_small_ones() -> None:
    first = [told(number, 2025, 3, 2.0) for number in range(5)]
    again = [told(0, 2025, 5, 4.0)]
    later = [told(number, 2026, 2, 3.0) for number in range(4)]
    found = by_half_year([*first, *again, *later], ())
    assert [(each.year, each.half, each.score) for each in found] == [
        (2025, 1, Quartiles(2, 2, 2)),
        (2025, 2, None),
        (2026, 1, None),
    ]


def test_the_own_team_does_not_make_a_half_year_large_enough() -> None:
    five = [told(number, 2025, 3, 2.0) for number in range(5)]
    assert [each.score for each in by_half_year(five, {0})] == [None]
    assert by_half_year([], ()) == []


@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_in_a_half_year(month: int) -> None:
    (found,) = by_half_year([told(1, 2026, month, 2.0)], ())
    assert (found.year, found.half) == (2026, 1 if month <= 6 else 2)
