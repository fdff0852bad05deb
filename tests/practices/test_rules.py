"""What an article has to be, and how long it takes to read."""

from __future__ import annotations

from datetime import date

import pytest

from app.kernel.markup import render
from app.practices.models import Practice
from app.practices.policy import can_read
from app.practices.rules import PARTS, missing_parts, reading_minutes
from tests.factories.practices import PARTS as TEXTS


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_text_with_all_parts_lacks_nothing(language: str) -> None:
    assert missing_parts(render(TEXTS[language]), language) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_part_is_missed_in_order(language: str) -> None:
    assert missing_parts(render("Text without any heading."), language) == list(PARTS[language])


def test_a_part_under_a_deeper_heading_does_not_count() -> None:
    text = TEXTS["en"].replace("## Why", "### Why")
    assert missing_parts(render(text), "en") == ["Why"]


def test_a_part_inside_a_code_block_does_not_count() -> None:
    text = TEXTS["en"].replace("## Evidence", "```\n## Evidence\n```")
    assert missing_parts(render(text), "en") == ["Evidence"]


@pytest.mark.parametrize(
    ("words", "han", "minutes"),
    [(0, 0, 1), (238, 0, 1), (239, 0, 2), (0, 390, 1), (0, 391, 2), (238, 390, 2), (600, 0, 3), (0, 900, 3)],
)
def test_reading_time_counts_words_and_han_characters(words: int, han: int, minutes: int) -> None:
    assert reading_minutes(words, han) == minutes


@pytest.mark.parametrize(
    ("review_by", "is_stale"), [(None, False), (date(2026, 11, 15), True), (date(2026, 11, 16), False)]
)
def test_an_article_is_stale_on_the_day_after_its_date(review_by: date | None, is_stale: bool) -> None:
    assert Practice(review_by=review_by).is_stale(date(2026, 11, 16)) is is_stale


def test_every_reader_may_read() -> None:
    assert can_read(None, Practice())
