"""Rendered HTML as the text that a person reads, and back again: passages of it marked in the HTML.

The text has one space for every stretch of white space, and for every end of a block, as a browser's selection has once its
white space is made the same. Nothing but `<mark>` and empty `<span>` with numbers of ours is put into the HTML.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser
from itertools import pairwise

_BLOCKS = frozenset(
    "p div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 pre table thead tbody tr td th caption blockquote br hr figure figcaption "
    "details summary section".split()
)
_VOID = frozenset("br hr img input col wbr".split())


@dataclass(frozen=True)
class Range:
    """A passage of the text to be marked: [start, end), and the number of the remark or finding that it belongs to."""

    start: int
    end: int
    name: str


@dataclass(frozen=True)
class Reading:
    """A piece of HTML as a person reads it. Sign `n` of `text` is the sign `offsets[n]` of piece `pieces[n]`. `blocks` are the
    paragraphs, items, headings and rows of it: [start, end) of the text.
    """

    text: str
    blocks: Sequence[tuple[int, int]]
    parts: Sequence[tuple[bool, str]]
    pieces: array[int]
    offsets: array[int]


def squeeze(text: str) -> str:
    """One space for every stretch of white space, none at the ends."""
    return " ".join(text.split())


def read(html: str) -> Reading:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_block()
    return Reading("".join(reader.signs).rstrip(), reader.blocks, reader.parts, reader.pieces, reader.offsets)


class _Reader(HTMLParser):
    """`parts` are the pieces of the HTML: (is it text, what it is). Tags are kept as they were written."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[bool, str]] = []
        self.signs: list[str] = []
        self.blocks: list[tuple[int, int]] = []
        self.pieces, self.offsets = array("L"), array("L")
        self._begun = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._tag(tag, self.get_starttag_text() or "")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._tag(tag, self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            self._tag(tag, f"</{tag}>")

    def _tag(self, tag: str, source: str) -> None:
        self.parts.append((False, source))
        if tag in _BLOCKS:
            self.end_block()

    def handle_data(self, data: str) -> None:
        number = len(self.parts)
        self.parts.append((True, data))
        for offset, sign in enumerate(data):
            if sign.isspace():
                self._space(number, offset)
            else:
                self._add(sign, number, offset)

    def end_block(self) -> None:
        end = len(self.signs) - (bool(self.signs) and self.signs[-1] == " ")
        if end > self._begun:
            self.blocks.append((self._begun, end))
        # The place of this space is never asked for: it stands between two pieces.
        self._space(max(len(self.parts) - 1, 0), 0)
        self._begun = len(self.signs)

    def _space(self, number: int, offset: int) -> None:
        if self.signs and self.signs[-1] != " ":
            self._add(" ", number, offset)

    def _add(self, sign: str, number: int, offset: int) -> None:
        self.signs.append(sign)
        self.pieces.append(number)
        self.offsets.append(offset)


def mark(reading: Reading, ranges: Sequence[Range]) -> str:
    """The HTML with each of `ranges` marked. The first mark of each has the id `passage-` and its name."""
    cuts: dict[int, list[tuple[int, int, str]]] = {}
    for each in sorted(ranges, key=lambda each: (each.start, each.end)):
        for piece, start, end in _stretches(reading, each):
            cuts.setdefault(piece, []).append((start, end, each.name))
    begun: set[str] = set()
    return "".join(
        source if not is_text else _marked(source, cuts.get(number, ()), begun)
        for number, (is_text, source) in enumerate(reading.parts)
    )


def _stretches(reading: Reading, wanted: Range) -> list[tuple[int, int, int]]:
    """(piece, start, end) of each piece of text that the range touches with more than white space."""
    found: dict[int, tuple[int, int]] = {}
    for place in range(wanted.start, min(wanted.end, len(reading.text))):
        if reading.text[place] != " ":
            piece, offset = reading.pieces[place], reading.offsets[place]
            start, _end = found.get(piece, (offset, offset))
            found[piece] = start, offset + 1
    return [(piece, start, end) for piece, (start, end) in found.items()]


def _marked(text: str, cuts: Sequence[tuple[int, int, str]], begun: set[str]) -> str:
    """A piece of text with marks. Where ranges overlap, a mark carries the names of all of them."""
    if not cuts:
        return escape(text, quote=False)
    bounds = sorted({0, len(text), *(start for start, _end, _name in cuts), *(end for _start, end, _name in cuts)})
    made = []
    for start, end in pairwise(bounds):
        piece = escape(text[start:end], quote=False)
        names = [name for first, last, name in cuts if first <= start and end <= last]
        if not names:
            made.append(piece)
            continue
        made += [f'<span id="passage-{name}"></span>' for name in names if name not in begun]
        begun.update(names)
        made.append(f'<mark class="passage" data-passages="{" ".join(names)}">{piece}</mark>')
    return "".join(made)
