"""The tables that are worked by hand in docs/maturity.md, held against the code. They are read from the page itself."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from app.maturity.scoring import Mark, area_scores, explain, shown, staged_level, total

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "maturity.md").read_text(encoding="utf-8")
NONE = "–"


def tables_of(text: str) -> dict[str, list[dict[str, str]]]:
    """The tables in a piece of Markdown, by the name of their first column, as rows by column."""
    found: dict[str, list[dict[str, str]]] = {}
    for table in re.findall(r"(?:^\|.*\|$\n?)+", text, re.MULTILINE):
        head, _rule, *rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
        found[head[0]] = [dict(zip(head, row, strict=True)) for row in rows]
    return found


WORKED = PAGE.partition("### Worked by hand")[2].partition("\n## ")[0]
EXAMPLES = {
    title: tables_of(text) for title, text in re.findall(r"^#### (.+)$\n((?:(?!^#### ).*\n)*)", WORKED, re.MULTILINE)
}


def marks_of(rows: list[dict[str, str]]) -> list[Mark]:
    return [
        Mark(
            row["Capability"],
            row["Area"],
            float(row["Weight"]),
            float(row["Its weight"]),
            None if row["Level"] == NONE else int(row["Level"]),
        )
        for row in rows
    ]


def figure(cell: str) -> float | None:
    return None if cell == NONE else float(Fraction(cell))


def test_there_are_examples_of_everything() -> None:
    assert len(EXAMPLES) == 6
    assert all({"Area", "Of"} <= set(tables) for tables in EXAMPLES.values())
    assert sum("Capability" in tables for tables in EXAMPLES.values()) == 1


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_scores_are_those_worked_by_hand(title: str) -> None:
    marks = marks_of(EXAMPLES[title]["Area"])
    reckoned: dict[str, float | None] = {**area_scores(marks), "All": total(marks), "Staged": staged_level(marks)}
    assert reckoned == {row["Of"]: figure(row["Score"]) for row in EXAMPLES[title]["Of"]}


@pytest.mark.parametrize("title", EXAMPLES)
def test_they_are_shown_as_on_the_page(title: str) -> None:
    by_name = {row["Of"]: row for row in EXAMPLES[title]["Of"]}
    staged = by_name.pop("Staged")
    assert staged["Shown"] == staged["Score"]
    for row in by_name.values():
        expected = None if row["Shown"] == NONE else Decimal(row["Shown"])
        assert (row["Of"], shown(figure(row["Score"]))) == (row["Of"], expected)


@pytest.mark.parametrize("title", [title for title, tables in EXAMPLES.items() if "Capability" in tables])
def test_the_explanation_says_what_each_adds(title: str) -> None:
    explanation = explain(marks_of(EXAMPLES[title]["Area"]))
    found = {
        each.capability: (each.share, each.share_of_all, each.adds)
        for area in explanation.areas
        for each in area.capabilities
    }
    assert found == {
        row["Capability"]: (figure(row["Of its area"]), figure(row["Of all"]), figure(row["Adds"]))
        for row in EXAMPLES[title]["Capability"]
    }


@pytest.mark.parametrize("score", [None, 1.0, 3.25, 3.15, 2.05, 4.95, 3.2499999, 0.1 + 0.2 + 2.85, 2.85 + 0.3])
def test_halves_go_up_and_noise_of_floats_is_none(score: float | None) -> None:
    expected = {None: None, 1.0: "1.0", 3.25: "3.3", 3.15: "3.2", 2.05: "2.1", 4.95: "5.0", 3.2499999: "3.2"}
    assert str(shown(score)) == str(expected.get(score, "3.2"))
