"""Headings of Markdown, line by line.

One pattern for all of a heading tries every way to part its words from the signs behind them, and somebody can write a line for
which that takes hours. So a pattern finds the beginning, and the end is cut off.
"""

from __future__ import annotations

_BLANKS = " \t"


def heading_words(text: str) -> str:
    """What stands behind the first signs of a heading, without those that close it, as the renderer reads it."""
    text = text.strip()
    return text.rstrip("#").rstrip() or text


def heading_title(text: str) -> str:
    """The same, but signs close it only where a space stands before them, as CommonMark has it: for what we wrote ourselves."""
    text = text.strip(_BLANKS)
    bare = text.rstrip("#")
    return bare.rstrip(_BLANKS) if bare != text and bare.endswith((" ", "\t")) else text
