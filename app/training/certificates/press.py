"""Printing certificates: a program of its own, which reads what they say from its input and writes PDFs to its output.

    python -m app.training.certificates.press < sheets.json > papers.json

It knows neither the site nor its database. The library and the fonts it needs take 0.2 s and 17 MB to load, and printing up to
125 MB; none of that ever gets into a web process or stays in the worker (docs/adr/0014).
"""

from __future__ import annotations

import base64
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from importlib.resources import files
from typing import Any

import segno
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, XPos, YPos

# Latin, Greek, Cyrillic; then Chinese with its rare characters, and kana. Both are under the SIL Open Font License.
FONTS = {
    "serif": str(files("fontpkg_noto_serif").joinpath("files/NotoSerif[wdth,wght].ttf")),
    "han": str(files("pylopdf_fonts_zh_cn").joinpath("NotoSerifSC-Regular.otf")),
}
INK, SOFT, ACCENT = (37, 33, 26), (76, 70, 59), (13, 92, 88)
WIDTH, LEFT, RIGHT = 297, 30, 30
MEASURE = WIDTH - LEFT - RIGHT
QR_SIZE, QR_TOP = 34, 150
# What is written large, smaller where it is long.
NAME_SIZES, TITLE_SIZES = (42, 34, 27, 21, 16, 13), (25, 20, 16, 13, 11)
_WORDS = ("site", "heading", "name", "did", "title", "facts", "led_by", "issued", "verify", "code", "url")


class Paper(FPDF):
    """A page whose lines a screen reader can tell apart."""

    @contextmanager
    def tagged(self, kind: str, **words: str) -> Iterator[None]:
        """What is drawn inside is a heading (`/H1`), a paragraph (`/P`) or a picture (`/Figure`, with `alt_text`)."""
        with self._marked_sequence(**words) as element:
            element.s = kind
            yield

    def line_of(self, kind: str, text: str, size: float, colour: tuple[int, int, int], leading: float = 1.35) -> None:
        self.set_font("serif", size=size)
        # Where the last line ended in the other font, the library takes our size for set already, and it is not.
        self.current_font_is_set_on_page = False
        self.set_text_color(*colour)
        with self.tagged(kind):
            self.multi_cell(MEASURE, size * 0.3528 * leading, text, align="L", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def fitting(self, text: str, sizes: Iterable[int]) -> int:
        """The largest of the sizes at which the text takes at most two lines; the smallest where none is."""
        for size in sizes:
            self.set_font("serif", size=size)
            lines: Any = self.multi_cell(MEASURE, text=text, dry_run=True, output=MethodReturnValue.LINES)
            if len(lines) <= 2:
                break
        return size


def lacking(texts: Iterable[str]) -> str:
    """The characters that no font has, or that have to be put together with others, which we cannot."""
    found = dict.fromkeys(character for text in texts for character in text)
    return "".join(c for c in found if ord(c) not in _characters() or unicodedata.category(c).startswith("M"))


def without_pictures(text: str) -> str:
    """Emoji and other signs that no font has are decoration: they go without a word."""
    kept = (c for c in text if ord(c) in _characters() or (unicodedata.category(c) != "So" and c not in "\ufe0f\u200d"))
    return " ".join("".join(kept).split())


@cache
def _characters() -> frozenset[int]:
    found: set[int] = set()
    for path in FONTS.values():
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def print_sheet(sheet: dict[str, Any]) -> bytes:
    """One certificate as a PDF. Every text of it can be printed."""
    paper = Paper(orientation="landscape", format="A4")
    paper.set_auto_page_break(auto=False)
    paper.set_margins(LEFT, 26, RIGHT)
    paper.c_margin = 0
    for family, path in FONTS.items():
        paper.add_font(family, fname=path)
    paper.set_fallback_fonts(["han"])
    _describe(paper, sheet)
    paper.add_page()
    paper.set_fill_color(*ACCENT)
    paper.rect(LEFT, 0, 26, 2.2, style="F")
    paper.line_of("/P", sheet["site"], 11, SOFT)
    paper.set_y(44)
    paper.line_of("/H1", sheet["heading"], 15, ACCENT)
    paper.ln(6)
    paper.line_of("/P", sheet["name"], paper.fitting(sheet["name"], NAME_SIZES), INK, 1.2)
    paper.ln(4)
    paper.line_of("/P", sheet["did"], 12, SOFT)
    paper.ln(2)
    paper.line_of("/P", sheet["title"], paper.fitting(sheet["title"], TITLE_SIZES), INK, 1.25)
    paper.ln(3)
    for fact in (sheet["facts"], sheet["led_by"]):
        paper.line_of("/P", fact, 11.5, SOFT, 1.5)
    _foot(paper, sheet)
    return bytes(paper.output())


def _describe(paper: Paper, sheet: dict[str, Any]) -> None:
    paper.set_lang("zh-Hans" if sheet["language"] == "zh" else "en")
    paper.set_title(f"{sheet['heading']}: {sheet['name']}")
    paper.set_subject(sheet["title"])
    paper.set_author(sheet["site"])
    paper.set_creator(sheet["site"])
    paper.set_creation_date(datetime.fromisoformat(sheet["issued_at"]))
    paper.set_display_mode("fullpage")


def _foot(paper: Paper, sheet: dict[str, Any]) -> None:
    """When it was issued, its number, and how to find out whether it is still valid."""
    paper.set_draw_color(221, 214, 199)
    paper.set_line_width(0.25)
    paper.line(LEFT, QR_TOP - 4, WIDTH - RIGHT, QR_TOP - 4)
    paper.set_right_margin(RIGHT + QR_SIZE + 8)
    paper.set_xy(LEFT, QR_TOP + 4)
    paper.line_of("/P", sheet["issued"], 10, SOFT, 1.6)
    paper.line_of("/P", sheet["verify"], 10, SOFT, 1.6)
    paper.line_of("/P", sheet["url"], 10, ACCENT, 1.6)
    paper.line_of("/P", sheet["code"], 10, INK, 1.6)
    paper.set_fill_color(*INK)
    with paper.tagged("/Figure", alt_text=sheet["qr_alt"]):
        for x, y, size in modules(sheet["url"]):
            paper.rect(WIDTH - RIGHT - QR_SIZE + x, QR_TOP + y, size, size, style="F")


def modules(url: str) -> Iterator[tuple[float, float, float]]:
    """The dark squares of a QR code of QR_SIZE millimetres: (from the left, from the top, side)."""
    matrix = segno.make_qr(url, error="m").matrix
    side = QR_SIZE / len(matrix)
    for row, line in enumerate(matrix):
        yield from ((column * side, row * side, side) for column, is_dark in enumerate(line) if is_dark)


def answer(sheet: dict[str, Any]) -> dict[str, str]:
    """`pdf` in base 64, or the characters that are `lacking`."""
    sheet = {**sheet, **{word: without_pictures(sheet[word]) for word in _WORDS}}
    missing = lacking(sheet[word] for word in _WORDS)
    if missing or not sheet["name"]:
        return {"lacking": missing}
    return {"pdf": base64.b64encode(print_sheet(sheet)).decode("ascii")}


if __name__ == "__main__":
    json.dump([answer(sheet) for sheet in json.load(sys.stdin)], sys.stdout)
