"""Names for addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.kernel.slugs import MAX_LENGTH, is_slug, slugify, unique_slug


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Merge to trunk, every day", "merge-to-trunk-every-day"),
        ("  Über   Größe & Maß ", "uber-groe-ma"),
        ("C++ / .NET", "c-net"),
        ("主干开发", ""),
        ("主干开发 with Git", "with-git"),
        ("", ""),
        ("---", ""),
        ("ﬁne ① print", "fine-1-print"),
        ("word " * 40, "-".join(["word"] * 16)),
        ("x" * 200, "x" * 80),
    ],
)
def test_a_title_becomes_a_slug(title: str, slug: str) -> None:
    assert slugify(title) == slug


@given(st.text())
def test_a_slug_is_a_slug_and_stays_one(title: str) -> None:
    slug = slugify(title)

    assert slug == "" or is_slug(slug)
    assert slugify(slug) == slug


@given(st.text())
def test_a_unique_slug_is_one_and_differs_each_time(title: str) -> None:
    one, other = unique_slug(title, "team"), unique_slug(title, "team")

    assert is_slug(one)
    assert one != other
    assert one.startswith(slugify(title)[: MAX_LENGTH - 7].rstrip("-") or "team")


@pytest.mark.parametrize("text", ["a", "a-b", "2-things", "x" * 80])
def test_what_is_a_slug(text: str) -> None:
    assert is_slug(text)


@pytest.mark.parametrize(
    "text", ["", "-a", "a-", "a--b", "A", "a b", "a_b", "ä", "流", "a\n", "x" * 81, "a/b", "..", "a.md"]
)
def test_what_is_none(text: str) -> None:
    assert not is_slug(text)
