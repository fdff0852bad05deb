"""What a heading says, without the signs around it."""

from __future__ import annotations

import pytest

from app.kernel.headings import heading_title, heading_words


@pytest.mark.parametrize(
    ("text", "words", "title"),
    [
        ("Why", "Why", "Why"), (" Why ## ", "Why", "Why"), ("Why C#", "Why C", "Why C#"), ("Why C# #", "Why C#", "Why C#"),
        ("###", "###", "###"), ("a # b", "a # b", "a # b"), ("a\t#\t", "a", "a"),
    ],
)  # fmt: skip
def test_the_signs_at_the_end_close_it(text: str, words: str, title: str) -> None:
    assert (heading_words(text), heading_title(text)) == (words, title)
