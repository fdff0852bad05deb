"""The example in docs/improvement.md is true: its tables are read, and the rule is held against them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from app.improvement.advice.rules import Known, rank

PAGE = Path(__file__).resolve().parents[3] / "docs" / "improvement.md"
THE_DAY = date(2026, 11, 16)


def table(first_column: str) -> list[dict[str, str]]:
    """The rows of the one table that has `first_column` at its head's start, below the heading of the example."""
    lines = PAGE.read_text(encoding="utf-8").partition("### An example worked by hand")[2].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    head = cells(lines[start])
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(dict(zip(head, cells(line), strict=True)))
    return rows


def cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip().strip("|").split("|")]


def known(position: int, row: dict[str, str]) -> Known:
    return Known(
        slug=row["capability"],
        position=position,
        level=int(row["level"]) if row["level"] else None,
        area=row["area"],
        weight=float(row["weight"]),
        area_weight=float(row["area weight"]),
        needs=[each.strip() for each in row["needs"].split(",") if each.strip()],
        target=int(row["target"]) if row["target"] else None,
        due_on=date.fromisoformat(row["due"]) if row["due"] else None,
        is_under_way=row["under way"] == "yes",
    )


def test_the_rule_gives_what_was_worked_out_by_hand() -> None:
    gaps = rank([known(position, row) for position, row in enumerate(table("capability"))], THE_DAY)
    reckoned = [
        {
            "place": str(number),
            "capability": gap.slug,
            "levels": str(gap.points.levels),
            "weight": f"{gap.points.weight:.2f}",
            "blocks": str(gap.points.blocking),
            "due": str(gap.points.due),
            "chosen": str(gap.points.chosen),
            "under way": str(gap.points.under_way),
            "points": f"{gap.points.total:.2f}",
        }
        for number, gap in enumerate(gaps, 1)
    ]
    assert reckoned == table("place")


def test_the_example_is_not_empty() -> None:
    assert (len(table("capability")), len(table("place"))) == (7, 5)
