"""What is folded away, what is compared by itself, and when a translation is behind."""

from __future__ import annotations

import pytest

from app.writing.history.rules import fold, is_behind, pair_to_compare


def test_plain_ones_in_a_row_share_a_line() -> None:
    assert fold([9, 8, 7, 6, 5, 4], lambda number: number in {8, 7, 5}) == [[9], [8, 7], [6], [5], [4]]
    assert fold([], lambda _number: True) == []


@pytest.mark.parametrize(
    ("to", "published", "marked", "before", "pair"),
    [
        (7, 5, [3, 5], 6, (5, 7)),  # against what readers see
        (5, 5, [3, 5], 4, (3, 5)),  # that one itself, against what others read before
        (3, 5, [3, 5], 2, (2, 3)),  # the first that others read, against the one before
        (4, None, [], 3, (3, 4)),  # a draft
        (1, None, [], None, (1, 1)),  # nothing to compare with
    ],
)
def test_what_is_compared_where_nobody_says(
    to: int, published: int | None, marked: list[int], before: int | None, pair: tuple[int, int]
) -> None:
    assert pair_to_compare(to, published, marked, before) == pair


@pytest.mark.parametrize(
    ("source", "original", "behind"), [(3, 3, False), (3, 5, True), (5, 3, True), (None, 3, False), (3, None, False)]
)
def test_a_translation_is_behind_where_readers_see_another_original(
    source: int | None, original: int | None, *, behind: bool
) -> None:
    assert is_behind(source, original) is behind
