"""The quick inline step makes what Markdown's own makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown import Markdown
from markdown.treeprocessors import InlineProcessor

from app.kernel.markup import markdown_for
from tests.kernel.test_markup import HOSTILE
from tests.thorough import examples

CONTENT = Path(__file__).resolve().parents[2] / "content"
PIECES = [
    *HOSTILE,
    *"`*_~[]()!<>&\\@|#-\n ",
    "  \n",
    "**a**",
    "[a](b)",
    "![a](b)",
    "&amp;",
    "<https://a.example>",
    "a@b.example",
]


def slow() -> Markdown:
    markdown = markdown_for()
    markdown.treeprocessors.register(InlineProcessor(markdown), "inline", 20)
    return markdown


@pytest.mark.slow
def test_every_article_comes_out_the_same() -> None:
    quick, plain = markdown_for(), slow()
    texts = [path.read_text(encoding="utf-8") for path in sorted(CONTENT.rglob("*.md"))]

    assert len(texts) > 50
    assert [text for text in texts if quick.reset().convert(text) != plain.reset().convert(text)] == []


@given(st.lists(st.sampled_from(PIECES), max_size=30))
@settings(max_examples=examples(300), deadline=None)
def test_any_mixture_comes_out_the_same(pieces: list[str]) -> None:
    text = "".join(pieces)

    assert markdown_for().convert(text) == slow().convert(text)


def test_the_step_is_really_ours() -> None:
    """Markdown's method is private; should it get another name, ours would be called no more."""
    markdown = markdown_for()
    step = markdown.treeprocessors["inline"]
    markdown.convert("text")

    assert step._asked != ()  # type: ignore[attr-defined]
