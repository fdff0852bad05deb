"""One certificate: what stands where."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from typing import Any

import segno

from app.press.paper import Paper
from app.press.texts import lacking, without_pictures

INK, SOFT, ACCENT = (37, 33, 26), (76, 70, 59), (13, 92, 88)
WIDTH, LEFT, RIGHT = 297, 30, 30
QR_SIZE, QR_TOP = 34, 150
# What is written large, smaller where it is long.
NAME_SIZES, TITLE_SIZES = (42, 34, 27, 21, 16, 13), (25, 20, 16, 13, 11)
_WORDS = ("site", "heading", "name", "did", "title", "facts", "led_by", "issued", "verify", "code", "url")


def print_sheet(sheet: dict[str, Any]) -> bytes:
    """One certificate as a PDF. Every text of it can be printed."""
    with closing(Paper(orientation="landscape", format="A4")) as paper:
        _write(paper, sheet)
        return bytes(paper.output())


def _write(paper: Paper, sheet: dict[str, Any]) -> None:
    paper.set_auto_page_break(auto=False)
    paper.set_margins(LEFT, 26, RIGHT)
    paper.c_margin = 0
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
