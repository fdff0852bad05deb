"""How a text is cut: into blocks as its author thinks of them, into sentences, into words.

Nothing is lost: the sources of `blocks`, and likewise `sentences`, one after the other are the text to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

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


class Shape(StrEnum):
    PROSE = "prose"
    HEADING = "heading"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, an item, a heading, a row of a table, a line of code, an empty line."""

    source: str
    shape: Shape = Shape.PROSE

    @property
    def text(self) -> str:
        """The block as one line: where an editor wraps its lines says nothing."""
        return self.source.rstrip() if self.shape is Shape.CODE else _unwrapped(self.source)


@dataclass(frozen=True, slots=True)
class Word:
    """A word, a number or a sign, and the space behind it, which is shown but not compared."""

    word: str
    space: str = ""


def blocks(text: str) -> list[Block]:
    """The blocks of a Markdown text."""
    found: list[Block] = []
    paragraph: list[str] = []
    fence = ""
    for line in _LINE.findall(text):
        mark = _FENCE.match(line)
        shape = Shape.CODE if fence or mark else Shape.HEADING if _HEADING.match(line) else Shape.PROSE
        stands_alone = shape is not Shape.PROSE or not line.strip()
        if paragraph and (stands_alone or _BEGINS.match(line)):
            found.append(Block("".join(paragraph)))
            paragraph = []
        if stands_alone:
            found.append(Block(line, shape))
        else:
            paragraph.append(line)
        if mark:
            fence = _fence_after(fence, mark[1], line)
    return [*found, Block("".join(paragraph))] if paragraph else found


def _fence_after(fence: str, mark: str, line: str) -> str:
    """The fence that a code block is open with after a line with `mark`, given the one it was open with before."""
    if not fence:
        return mark
    closes = mark.startswith(fence) and line.strip() == mark
    return "" if closes else fence


def _unwrapped(source: str) -> str:
    lines = source.rstrip().split("\n")
    joined = lines[0].rstrip()
    parts = [joined]
    for line in lines[1:]:
        line_text = line.strip()
        is_wide = _WIDE.match(line_text) and _WIDE.match(parts[-1][-1:])
        parts += ["" if is_wide else " ", line_text] if line_text else []
    return "".join(parts)


def sentences(text: str) -> list[str]:
    """The sentences of a text, and between them the space that parts them."""
    found: list[str] = []
    for block in blocks(text):
        found += _sentences(block.source) if block.shape is Shape.PROSE else _without_end(block.source)
    return [piece for piece in found if piece]


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
