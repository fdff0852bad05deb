"""Text that flows over pages: paragraphs of words in several faces, broken into lines and pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import groupby

from fpdf.bidi import auto_detect_base_direction
from fpdf.enums import TextMode

from app.press.fonts import IN_CODE
from app.press.paper import CLOSING, HAN, MM_IN_POINT, PIECE, Paper
from app.press.runs import Run, runs_of

Colour = tuple[int, int, int]
INK, SOFT, LINE, TINT = (37, 33, 26), (76, 70, 59), (221, 214, 199), (240, 236, 226)
# Bold is drawn with a line around each letter, so wide in parts of the size: there is no second file for each script.
STROKE = 0.028
# Latin italics are the upright letters, leant over. Chinese characters stay upright, as they do in print.
LEAN = 11.0
RAISED = 0.62
_HAN = re.compile(f"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one face. `url`: where it leads."""

    text: str
    is_bold: bool = False
    is_slanted: bool = False
    is_code: bool = False
    is_raised: bool = False
    url: str = ""


# What cannot be broken: a word, with the marks and the parts of other faces that belong to it.
Word = list[Span]


class TooLongError(Exception):
    """More pages than a paper may have."""


class Flow(Paper):
    """Pages that fill from the top. `most_pages`: beyond them it raises TooLongError."""

    most_pages = 120

    @property
    def bottom(self) -> float:
        return self.h - self.b_margin

    def room(self, height: float) -> None:
        """Begin another page unless there is so much room on this one."""
        if self.y + height > self.bottom and self.y > self.t_margin:
            if self.pages_count >= self.most_pages:
                raise TooLongError
            self.add_page()

    def write_spans(
        self,
        kind: str,
        spans: Sequence[Span],
        size: float,
        colour: Colour = INK,
        *,
        leading: float = 1.5,
        left: float = 0.0,
        width: float = 0.0,
    ) -> None:
        """A paragraph of the kind `/P`, `/H2` …, `left` millimetres from the margin and `width` wide (0: to the other margin)."""
        lines = self.lines_of(spans, size, width or self.epw - left)
        height = size * MM_IN_POINT * leading
        while lines:
            self.room(height)
            fitting = max(1, int((self.bottom - self.y) / height))
            # What is said to a screen reader cannot go over the end of a page.
            with self.tagged(kind):
                for line in lines[:fitting]:
                    self.set_x(self.l_margin + left)
                    self.write_line(line, size, height, colour)
            lines = lines[fitting:]

    def write_line(self, line: Sequence[Span], size: float, height: float, colour: Colour = INK) -> None:
        """One line from here to the right; afterwards the next one begins at the left margin."""
        top = self.y
        self.set_text_color(*colour)
        for face, same in groupby(line, lambda span: replace(span, text="")):
            span = replace(face, text="".join(part.text for part in same))
            begin = self.x
            for run in _runs(span):
                with self._face(span, run, size, height, colour):
                    self._draw(run, _size(span, size), height)
            if span.url:
                self.link(begin, top, self.x - begin, height, span.url)
        self.set_xy(self.l_margin, top + height)

    @contextmanager
    def _face(self, span: Span, run: Run, size: float, height: float, colour: Colour) -> Iterator[None]:
        """Draw what is inside bold, leaning or raised."""
        top = self.y
        if span.is_raised:
            self.y = top - size * MM_IN_POINT * 0.28
        if span.is_slanted and run.font != "han":
            with self.skew(ax=LEAN, x=self.x, y=top + height * 0.68):
                yield
        elif span.is_bold:
            self.set_draw_color(*colour)
            with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * MM_IN_POINT * STROKE):
                yield
        else:
            yield
        self.y = top

    def lines_of(self, spans: Sequence[Span], size: float, width: float) -> list[Word]:
        """The spans in lines of at most that width."""
        lines: list[Word] = [[]]
        used = 0.0
        for word in self._breakable(_words(spans), size, width):
            wide = self.width_of(word, size)
            if lines[-1] and used + wide > width + 0.01:
                lines.append(_without_space(word))
                used = self.width_of(lines[-1], size)
            else:
                lines[-1] += word
                used += wide
        return lines if lines[0] else []

    def width_of(self, spans: Sequence[Span], size: float) -> float:
        return sum(self._span_width(span, size) for span in spans)

    def _span_width(self, span: Span, size: float) -> float:
        key = (span.text, span.is_code, _size(span, size))
        if key not in self._widths:
            self._widths[key] = sum(self._width_of(run, _size(span, size)) for run in _runs(span))
        return self._widths[key]

    @property
    def _widths(self) -> dict[tuple[str, bool, float], float]:
        widths: dict[tuple[str, bool, float], float] = self.__dict__.setdefault("_known_widths", {})
        return widths

    def _breakable(self, words: Sequence[Word], size: float, width: float) -> Iterator[Word]:
        """The words; of one that is wider than the line, its letters."""
        for word in words:
            if self.width_of(word, size) <= width:
                yield word
            else:
                yield from ([replace(span, text=letter)] for span in word for letter in span.text)


def _size(span: Span, size: float) -> float:
    return size * RAISED if span.is_raised else size * 0.92 if span.is_code else size


@lru_cache(maxsize=8192)
def _runs_of_text(text: str, *, is_code: bool) -> tuple[Run, ...]:
    return tuple(runs_of(text, auto_detect_base_direction(text), IN_CODE if is_code else ()))


def _runs(span: Span) -> tuple[Run, ...]:
    return _runs_of_text(span.text, is_code=span.is_code)


def _words(spans: Sequence[Span]) -> list[Word]:
    """The spans cut where a line may end: before a space, and beside a Chinese character."""
    words: list[Word] = []
    ended = True
    for span in spans:
        for text in _pieces(span.text):
            is_new = ended or text.startswith(" ") or (_is_han(text[0]) and text[0] not in CLOSING)
            piece = replace(span, text=text)
            if is_new:
                words.append([piece])
            else:
                words[-1].append(piece)
            ended = _is_han(text[-1]) or text[-1] in CLOSING
    return words


def _pieces(text: str) -> list[str]:
    """Words with the space before them; a space at the end is a piece of its own."""
    found = [match for match in PIECE.findall(text) if match]
    rest = text[len("".join(found)) :]
    return [*found, rest] if rest else found


def _is_han(character: str) -> bool:
    return _HAN.match(character) is not None


def _without_space(word: Word) -> Word:
    first = replace(word[0], text=word[0].text.lstrip())
    return [first, *word[1:]] if first.text else word[1:]
