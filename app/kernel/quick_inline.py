"""Markdown's inline step without asking every pattern of every piece of text.

Most pieces hold none of the signs that a pattern begins with, and to let sixteen regular expressions find that out takes a
quarter of the time of all the rendering. The result is the same; a test compares the two.
"""

from __future__ import annotations

from markdown import Markdown
from markdown.extensions import Extension
from markdown.treeprocessors import InlineProcessor
from markdown.util import AtomicString

# What has to stand in a text for a pattern of this name to fit. Patterns that are not named here are always asked.
_SIGNS = {
    "backtick": "`",
    "escape": "\\",
    "footnote": "[^",
    "reference": "[",
    "link": "[",
    "image_link": "![",
    "image_reference": "![",
    "short_reference": "[",
    "short_image_ref": "![",
    "autolink": "<",
    "automail": "<",
    "linebreak": "  \n",
    "html": "<",
    "reference-link": "[[",
    "entity": "&",
    "mention": "@",
    "delimiter": "~",
}


class QuickInline(Extension):
    """The extension for Markdown. It comes after those that bring patterns."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802  # Markdown calls it so
        md.treeprocessors.register(_Inline(md), "inline", 20)


class _Inline(InlineProcessor):
    _asked: tuple[tuple[object, str], ...] = ()

    # The parent's private method of this name, which all the others call.
    def _InlineProcessor__handleInline(self, data: str, patternIndex: int = 0) -> str:  # noqa: N802, N803
        if isinstance(data, AtomicString):
            return data
        asked = self._asked or self._ask()
        start = 0
        while patternIndex < len(asked):
            pattern, sign = asked[patternIndex]
            matched = False
            if sign in data:
                data, matched, start = self._InlineProcessor__applyPattern(pattern, data, patternIndex, start)  # type: ignore[attr-defined]
            if not matched:
                patternIndex += 1  # noqa: N806
                start = 0
        return data

    def _ask(self) -> tuple[tuple[object, str], ...]:
        """The patterns in their order, each with its sign. Every text has an empty sign in it."""
        signs = {id(self.inlinePatterns[name]): sign for name, sign in _SIGNS.items() if name in self.inlinePatterns}
        self._asked = tuple((pattern, signs.get(id(pattern), "")) for pattern in self.inlinePatterns)
        return self._asked
