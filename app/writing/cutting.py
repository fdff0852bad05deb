"""How a text is cut: into blocks as its author thinks of them, into sentences, into words.

Nothing is lost: the sources of `blocks`, and likewise `sentences`, one after the other are the text to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

import rjieba

_HAN = "㐀-䶿一-鿿豈-﫿"
# What stands beside its like without a space: characters, and the punctuation that goes with them.
_WIDE = re.compile(rf"[{_HAN}\u3000-\u303f\uff00-\uffef]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
# A line that begins something although no empty line stands before it: an item, a quotation, a row of a table, a note.
_BEGINS = re.compile(r"\s*(?:[-*+]\s|\d{1,9}[.)]\s|[>|<]|!!!|\?\?\?|:\s|\[\^)")
# The signs that end a sentence, and what closes behind them. Tried only where such signs begin: a million dots are one.
_ENDS = re.compile(r"(?<![.!?])[.!?]++[\"'”’)\]*_]*+(?=\s|$)|[。！？；…]++[\"'”’』」）)\]*_]*+")
_WORD = re.compile(
    rf"(?P<han>[{_HAN}]+)|https?://[^\s{_HAN}，。；）]+|\d+(?:[.,:]\d+)*|[^\W\d_{_HAN}][^\W_{_HAN}]*(?:['’-][^\W_{_HAN}]+)*"
    r"|(?P<space>\s+)|."
)

_COUNTED = re.compile(rf"[{_HAN}]|[^\W_{_HAN}]+")


class Shape(StrEnum):
    PROSE = "prose"
    HEADING = "heading"
    CODE = "code"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Piece:
    """A block (a paragraph, an item, a heading, a row of a table, a line of code, an empty line), or a part of one."""

    source: str
    shape: Shape = Shape.PROSE

    @property
    def text(self) -> str:
        """The piece as one line: where an editor wraps its lines says nothing."""
        return self.source.rstrip() if self.shape is Shape.CODE else _unwrapped(self.source)


class Word(NamedTuple):
    """A word, a number or a sign, and the space behind it, which is shown but not compared."""

    word: str
    space: str = ""


def blocks(text: str) -> list[Piece]:
    """The blocks of a Markdown text."""
    found: list[Piece] = []
    paragraph: list[str] = []
    fence = ""
    for line in _LINE.findall(text):
        mark = _FENCE.match(line)
        shape = Shape.CODE if fence or mark else _shape_of(line)
        if paragraph and (shape is not Shape.PROSE or _BEGINS.match(line)):
            found.append(Piece("".join(paragraph)))
            paragraph = []
        if shape is Shape.PROSE:
            paragraph.append(line)
        else:
            found.append(Piece(line, shape))
        if mark:
            fence = _fence_after(fence, mark[1], line)
    return [*found, Piece("".join(paragraph))] if paragraph else found


def _shape_of(line: str) -> Shape:
    if not line.strip():
        return Shape.EMPTY
    return Shape.HEADING if _HEADING.match(line) else Shape.PROSE


def _fence_after(fence: str, mark: str, line: str) -> str:
    """The fence that a code block is open with after a line with `mark`, given the one it was open with before."""
    if not fence:
        return mark
    closes = mark.startswith(fence) and line.strip() == mark
    return "" if closes else fence


def _unwrapped(source: str) -> str:
    first, *others = source.rstrip().split("\n")
    bare = first.lstrip()
    parts = [first[: len(first) - len(bare)], _single_spaced(bare)]
    for line in map(_single_spaced, others):
        is_wide = _WIDE.match(line) and _WIDE.match(parts[-1][-1:])
        parts += ["" if is_wide else " ", line] if line else []
    return "".join(parts)


def _single_spaced(line: str) -> str:
    return " ".join(line.split())


def sentences(text: str) -> list[Piece]:
    """The sentences of a text, and between them the space that parts them."""
    found: list[Piece] = []
    for block in blocks(text):
        if block.shape is Shape.EMPTY:
            found.append(block)
        else:
            parts = _sentences(block.source) if block.shape is Shape.PROSE else _without_end(block.source)
            found += (Piece(part, block.shape) for part in parts if part)
    return found


def _sentences(source: str) -> Iterator[str]:
    start = 0
    for end in _ENDS.finditer(source):
        yield from _spaced(source[start : end.end()])
        start = end.end()
    yield from _spaced(source[start:])


def _spaced(piece: str) -> Iterator[str]:
    """The space before and behind a sentence apart, so that a sentence stays the same when another comes after it."""
    bare = piece.lstrip()
    yield piece[: len(piece) - len(bare)]
    yield from _without_end(bare)


def _without_end(piece: str) -> Iterator[str]:
    bare = piece.rstrip()
    yield bare
    yield piece[len(bare) :]


def words(text: str, *, exactly: bool = False) -> list[Word]:
    """The words of a text: English ones as they are written, Chinese ones as a dictionary parts them. `exactly`: spaces
    count as words, for in code they say something.
    """
    found: list[Word] = []
    for match in _WORD.finditer(text):
        if match["han"]:
            found += (Word(word) for word in rjieba.cut(match["han"]))
        elif match["space"] and not exactly and found:
            found[-1] = Word(found[-1].word, match["space"])
        else:
            found.append(Word(match[0]))
    return found


def count_words(text: str) -> int:
    """Words of letters, and Chinese characters, each of which counts as one."""
    return len(_COUNTED.findall(text))
