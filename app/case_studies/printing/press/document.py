"""A case study on A4: head, numbers with their bars, the story, where its links lead."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from typing import Any

from app.case_studies.printing.press.blocks import Block, blocks_of, links_of
from app.case_studies.printing.press.setting import Setting
from app.press.flow import INK, LINE, SOFT, Colour, Flow, Span, TooLongError
from app.press.texts import lacking, without_pictures

# The hues of the areas as the style sheet has them: oklch(46% 0.105 …) of 35, 78, 125, 158, 235, 288 and 348 degrees.
AREAS: dict[int, Colour] = {
    1: (136, 63, 45),
    2: (120, 79, 0),
    3: (75, 98, 19),
    4: (7, 105, 65),
    5: (0, 96, 138),
    6: (86, 77, 143),
    7: (129, 61, 98),
}
ACCENT: Colour = (13, 92, 88)
_WORDS = (
    "site",
    "title",
    "summary",
    "team",
    "about",
    "byline",
    "capability",
    "links",
    "numbers",
    "before",
    "after",
    "address",
)
_FIGURE_WORDS = ("name", "before", "after", "words", "period", "source")


class Document(Flow):
    """`foot` stands at the foot of each page with its number."""

    foot = ""

    def footer(self) -> None:
        self.set_draw_color(*LINE)
        self.set_line_width(0.2)
        place = self.h - 16
        self.line(self.l_margin, place, self.w - self.r_margin, place)
        self.set_xy(self.l_margin, place + 2)
        self.write_line([Span(self.foot)], 8, 4, SOFT)
        number = Span(str(self.page_no()))
        self.set_xy(self.w - self.r_margin - self.width_of([number], 8), place + 2)
        self.write_line([number], 8, 4, SOFT)


def print_sheet(sheet: dict[str, Any], blocks: Sequence[Block]) -> bytes:
    """The story as a PDF. Every character can be printed. Raises TooLongError."""
    with closing(Document(format="A4")) as paper:
        paper.set_auto_page_break(auto=False)
        paper.set_margins(24, 22, 24)
        paper.b_margin = 24
        paper.c_margin = 0
        paper.foot = sheet["address"].split("://", 1)[-1]
        _describe(paper, sheet)
        paper.add_page()
        colour = AREAS.get(sheet["hue"] or 0, ACCENT)
        _head(paper, sheet, colour)
        if sheet["figures"]:
            _numbers(paper, sheet, colour)
        links = links_of(blocks)
        Setting(paper, colour, sheet["pictures"], links, sheet["language"]).set_blocks(blocks)
        if links:
            _links(paper, sheet, links)
        return bytes(paper.output())


def _describe(paper: Document, sheet: dict[str, Any]) -> None:
    paper.set_lang("zh-Hans" if sheet["language"] == "zh" else "en")
    paper.set_title(sheet["title"])
    paper.set_subject(sheet["summary"])
    paper.set_author(sheet["byline"] or sheet["team"])
    paper.set_creator(sheet["site"])
    paper.set_creation_date(datetime.fromisoformat(sheet["made_at"]))
    paper.set_display_mode("fullwidth")


def _head(paper: Document, sheet: dict[str, Any], colour: Colour) -> None:
    paper.set_fill_color(*colour)
    paper.rect(paper.l_margin, 0, 26, 2.4, style="F")
    paper.write_spans("/P", [Span(sheet["about"])], 9.5, SOFT)
    paper.ln(4)
    size = paper.fitting(sheet["title"], (27, 23, 20, 17))
    paper.write_spans("/H1", [Span(sheet["title"])], size, INK, leading=1.2)
    paper.ln(2.5)
    if sheet["summary"]:
        paper.write_spans("/P", [Span(sheet["summary"])], 12, SOFT, leading=1.45)
        paper.ln(2)
    if sheet["byline"]:
        paper.write_spans("/P", [Span(sheet["byline"])], 9.5, SOFT)
    paper.ln(5)


def _numbers(paper: Document, sheet: dict[str, Any], colour: Colour) -> None:
    """Each number with two bars on one scale: an outline for before, a full one for after."""
    half = paper.epw / 2
    for figure in sheet["figures"]:
        name = paper.lines_of([Span(figure["name"], is_bold=True)], 10, half - 6)
        said = " · ".join(text for text in (figure["period"], figure["source"]) if text)
        small = paper.lines_of([Span(said)], 8, half - 6)
        height = max(len(name) * 5 + len(small) * 4 + 4, 22)
        paper.room(height + 4)
        paper.set_draw_color(*LINE)
        paper.set_line_width(0.2)
        paper.line(paper.l_margin, paper.y, paper.w - paper.r_margin, paper.y)
        top = paper.y + 2.5
        with paper.tagged("/P"):
            paper.set_y(top)
            for line in name:
                paper.write_line(line, 10, 5)
            for line in small:
                paper.write_line(line, 8, 4, SOFT)
            _bars(paper, sheet, figure, top, half, colour)
        paper.set_y(top + height)
    paper.ln(2)


def _bars(
    paper: Document, sheet: dict[str, Any], figure: dict[str, Any], top: float, half: float, colour: Colour
) -> None:
    left, width = paper.l_margin + half, half - 18
    paper.set_xy(left, top - 1)
    change = [Span(f"{figure['before']} → "), Span(figure["after"], is_bold=True)]
    paper.write_line(change, 12, 6.4)
    if figure["bars"]:
        for place, (label, share) in enumerate(zip((sheet["before"], sheet["after"]), figure["bars"], strict=True)):
            y = top + 6.6 + place * 4.6
            paper.set_xy(left, y - 0.7)
            paper.write_line([Span(label)], 7.5, 4, SOFT)
            paper.set_draw_color(*(colour if place else SOFT))
            paper.set_fill_color(*colour)
            paper.rect(left + 15, y, max(width * share / 100, 0.4 if share else 0), 2.8, style="F" if place else "D")
    if figure["words"]:
        paper.set_xy(left, top + 16)
        paper.write_line([Span(figure["words"], is_bold=True)], 9, 4.6, colour)


def _links(paper: Document, sheet: dict[str, Any], links: Sequence[str]) -> None:
    paper.room(24)
    paper.ln(5)
    paper.write_spans("/H2", [Span(sheet["links"])], 12, INK)
    for number, url in enumerate(links, 1):
        paper.write_spans("/P", [Span(f"{number}  "), Span(url, url=url)], 8.5, SOFT, leading=1.45)


def answer(sheet: dict[str, Any]) -> dict[str, str]:
    """`pdf` in base 64, or the characters that are `lacking`, or `too_long`."""
    sheet = {**sheet, **{word: without_pictures(sheet[word]) for word in _WORDS}}
    sheet["figures"] = [
        {**figure, **{word: without_pictures(figure[word]) for word in _FIGURE_WORDS}} for figure in sheet["figures"]
    ]
    blocks = [_printable(block) for block in blocks_of(sheet["html"], sheet["address"])]
    texts = [
        *(sheet[word] for word in _WORDS),
        *(figure[word] for figure in sheet["figures"] for word in _FIGURE_WORDS),
    ]
    missing = lacking([*texts, *_texts(blocks)])
    if missing:
        return {"lacking": missing}
    try:
        return {"pdf": base64.b64encode(print_sheet(sheet, blocks)).decode("ascii")}
    except TooLongError:
        return {"too_long": "yes"}


def _printable(block: Block) -> Block:
    rows = [[_spans(cell, block.kind) for cell in row] for row in block.rows]
    return replace(block, spans=_spans(block.spans, block.kind), rows=rows)


def _spans(spans: Iterable[Span], kind: str) -> list[Span]:
    """Without what no font has and nobody misses. The spaces at the ends of a span part words, and in code all of them count."""
    return [replace(span, text=_kept(span.text, is_code=kind == "code")) for span in spans]


def _kept(text: str, *, is_code: bool) -> str:
    if is_code:
        return "\n".join(
            line[: len(line) - len(line.lstrip())].expandtabs(4)
            + "  ".join(map(without_pictures, line.strip().split("  ")))
            for line in text.replace("\t", "    ").split("\n")
        )
    kept = without_pictures(text)
    before = " " if text[:1] == " " and kept else ""
    after = " " if text[-1:] == " " else ""
    return f"{before}{kept}{after}"


def _texts(blocks: Iterable[Block]) -> list[str]:
    spans = [
        span for block in blocks for span in (*block.spans, *(s for row in block.rows for cell in row for s in cell))
    ]
    return [span.text.replace("\n", "") for span in spans]
