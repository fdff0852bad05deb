"""How long a period is that people describe in words: "3 months", "2026-01 to 2026-06", "Q1 2026", "2026年1月至3月".

Only what is beyond doubt is read. Everything else is left alone: a period may be told in any words.
"""

from __future__ import annotations

import re

from app.case_studies.units import BY_KEY, DAYS_A_MONTH, Family, find_unit

_LENGTH = re.compile(r"(?P<number>\d{1,3}(?:\.\d)?)\s*(?P<unit>[^\W\d_]+)")
_MONTHS = re.compile(
    r"(?P<year>\d{4})(?:-|/|年)(?P<month>\d{1,2})月?"
    r"(?:\s*(?:to|until|–|—|~|～|-|至|到)\s*(?:(?P<last_year>\d{4})(?:-|/|年))?(?P<last_month>\d{1,2})月?)?"
)
_QUARTER = re.compile(
    r"(?:Q[1-4]\s*(?:of\s*)?\d{4}|\d{4}[-\s]?Q[1-4]|\d{4}年(?:第?[一二三四1-4]季度|Q[1-4]))", re.IGNORECASE
)
_YEAR = re.compile(r"\d{4}年?")


def days_of(window: str) -> float | None:
    """The length of the period in days; None where the words leave it open."""
    text = " ".join(window.split())
    if match := _LENGTH.fullmatch(text):
        return _length(match["number"], match["unit"])
    if _QUARTER.fullmatch(text):
        return DAYS_A_MONTH * 3
    if match := _MONTHS.fullmatch(text):
        return _months(match)
    return DAYS_A_MONTH * 12 if _YEAR.fullmatch(text) else None


def _length(number: str, name: str) -> float | None:
    unit = find_unit(name)
    if unit is None or unit.family is not Family.TIME:
        return None
    return float(number) * unit.size / BY_KEY["days"].size


def _months(match: re.Match[str]) -> float | None:
    first_year, first = int(match["year"]), int(match["month"])
    last_year = int(match["last_year"] or first_year)
    last = int(match["last_month"] or first)
    count = (last_year - first_year) * 12 + last - first + 1
    return count * DAYS_A_MONTH if count > 0 and 0 < first <= 12 and 0 < last <= 12 else None
