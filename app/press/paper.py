"""A page onto which lines in any script are written."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from fpdf import FPDF
from fpdf.bidi import auto_detect_base_direction
from fpdf.enums import TextDirection, XPos, YPos
from fpdf.fonts import Glyph, SubsetMap, TTFFont
from fpdf.line_break import Fragment

from app.press.fonts import FONTS, JOINERS, clusters
from app.press.runs import Run, runs_of

MM_IN_POINT = 0.3528
HAN = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CLOSING = "、。，．：；！？）》」』】〕”’…ー々"
# A line may end after a word and after every Chinese character, but none begins with a mark that closes.
PIECE = re.compile(f" *(?:[{HAN}][{CLOSING}]*|[^ {HAN}]+[{CLOSING}]*)")
_VIRAMA = 9
_FROM_THE_RIGHT = ("R", "AL")
_WORD_JOINER = (0x2060,)


class Told(SubsetMap):
    """The pictures of a font that are used.

    Where several make one letter, all after the first are told to be a word joiner, which nobody sees: of what is not told,
    readers of PDF make control characters.
    """

    def pick_glyph(self, glyph: Glyph | None) -> int | None:
        if glyph and glyph.unicode == ():
            glyph = replace(glyph, unicode=_WORD_JOINER)
        return super().pick_glyph(glyph)


class Paper(FPDF):
    """A page whose lines a screen reader can tell apart."""

    @contextmanager
    def tagged(self, kind: str, **words: str) -> Iterator[None]:
        """What is drawn inside is a heading (`/H1`), a paragraph (`/P`) or a picture (`/Figure`, with `alt_text`)."""
        with self._marked_sequence(**words) as element:
            element.s = kind
            yield

    def line_of(self, kind: str, text: str, size: float, colour: tuple[int, int, int], leading: float = 1.35) -> None:
        """A paragraph in as many lines as it needs. All begin at the left: it is the page that is aligned, not the name."""
        base = auto_detect_base_direction(text)
        self.set_text_color(*colour)
        # What is drawn from the right is read aloud from here: its pictures stand in the other order.
        spoken = {"alt_text": text} if any(unicodedata.bidirectional(c) in _FROM_THE_RIGHT for c in text) else {}
        with self.tagged(kind, **spoken):
            for line in self.lines(text, size):
                height = size * MM_IN_POINT * leading
                for run in runs_of(line, base):
                    self._draw(run, size, height)
                self.set_xy(self.l_margin, self.y + height)

    def fitting(self, text: str, sizes: Iterable[int]) -> int:
        """The largest of the sizes at which the text takes at most two lines; the smallest where none is."""
        for size in sizes:
            if len(self.lines(text, size)) <= 2:
                break
        return size

    def lines(self, text: str, size: float) -> list[str]:
        """The text, broken where it would be too wide."""
        lines, used = [""], 0.0
        for piece in self._pieces(text, size):
            width = self._width(piece, size)
            if lines[-1] and used + width > self.epw:
                lines.append(piece.lstrip())
                used = self._width(lines[-1], size)
            else:
                lines[-1] += piece
                used += width
        return lines

    def _pieces(self, text: str, size: float) -> Iterator[str]:
        """Words; of one that is wider than the page, its letters."""
        for piece in PIECE.findall(text):
            if self._width(piece, size) > self.epw:
                yield from _letters(piece)
            else:
                yield piece

    def _width(self, text: str, size: float) -> float:
        return sum(self._width_of(run, size) for run in runs_of(text, auto_detect_base_direction(text)))

    def _width_of(self, run: Run, size: float) -> float:
        if run.font not in self.fonts:
            self._open(run.font)
        shaping = {"features": {}, "fragment_direction": run.direction} if run.is_shaped else None
        _number, points = self.fonts[run.font].get_text_width(run.text, size, shaping)
        return points / self.k

    def _open(self, name: str) -> None:
        self.add_font(name, fname=FONTS[name])
        font = self.fonts[name]
        if isinstance(font, TTFFont):
            font.subset = Told(font)

    def close(self) -> None:
        """Close the files of its fonts, which stay open while it is written on."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    def _draw(self, run: Run, size: float, height: float) -> None:
        width = self._width_of(run, size)
        self.set_font(run.font, size=size)
        self.set_text_shaping(run.is_shaped, direction=run.direction)
        if self.text_shaping:
            self.text_shaping.update(fragment_direction=run.direction, paragraph_direction=run.direction)
        with self._saying(run):
            self.cell(width, height, run.text, new_x=XPos.RIGHT, new_y=YPos.TOP)

    @contextmanager
    def _saying(self, run: Run) -> Iterator[None]:
        """Of letters that are put together, which text they are: several may be one picture, and one several."""
        is_said = run.is_shaped and run.direction is TextDirection.LTR
        if is_said:
            self._out(f"/Span <</ActualText <FEFF{run.text.encode('utf-16-be').hex().upper()}>>> BDC")
        yield
        if is_said:
            self._out("EMC")

    def _preload_bidirectional_text(self, text: str, markdown: bool) -> Sequence[Fragment]:  # noqa: ARG002
        """A run has one font and one direction already; the library would look for them again, and cut it where it need not."""
        return [Fragment(text, self._get_current_graphics_state(), self.k)]


def _letters(word: str) -> list[str]:
    """The word in the smallest parts between which it may be cut."""
    found: list[str] = []
    for cluster in clusters(word):
        if found and (found[-1][-1] in JOINERS or unicodedata.combining(found[-1][-1]) == _VIRAMA):
            found[-1] += cluster
        else:
            found.append(cluster)
    return found
