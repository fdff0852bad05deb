"""The HTML of a story as a list of blocks: headings, paragraphs, items, code, quotations, tables, pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

from app.press.flow import Span

_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3", "h4": "h4", "h5": "h4", "h6": "h4"}
_BREAKS = frozenset({"p", "dt", "dd", "summary", "section", "article", "figure", "figcaption"})
_FACES = {"strong": "is_bold", "b": "is_bold", "th": "is_bold", "dt": "is_bold", "em": "is_slanted", "i": "is_slanted"} | dict.fromkeys(
    ("code", "kbd", "samp"), "is_code"
)  # fmt: skip
_SPACE = re.compile(r"\s+")


@dataclass
class Block:
    """`depth` counts the lists and quotations around it. `marker` stands before an item. `source` is where a picture is."""

    kind: str
    spans: list[Span] = field(default_factory=list)
    depth: int = 0
    marker: str = ""
    rows: list[list[list[Span]]] = field(default_factory=list)
    source: str = ""


@dataclass
class _List:
    """`number` of the next item; 0 in a list with dots."""

    number: int


class _Reader(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__(convert_charrefs=True)
        self.base = base
        self.blocks: list[Block] = []
        self.open: Block | None = None
        self.faces: list[str] = []
        self.lists: list[_List] = []
        # Of each division and quotation that is open: is it one that is set apart?
        self.boxes: list[bool] = []
        self.link = ""
        self.skipped = 0
        self.pre = False
        self.raised = 0
        self.table: Block | None = None

    @property
    def depth(self) -> int:
        return len(self.lists) + sum(self.boxes)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if self.skipped or (tag == "a" and "footnote-backref" in said.get("class", "")):
            self.skipped += tag == "a"
            return
        if tag in _FACES:
            self.faces.append(tag)
        if tag == "a":
            self.link = "" if said.get("href", "").startswith("#") else urljoin(self.base, said.get("href", ""))
        elif tag == "sup":
            self.raised += 1
        elif tag == "br":
            self.write("\n" if self.pre else " ")
        elif tag == "input":
            self.write("\u2611 " if "checked" in said else "\u2610 ")
        elif tag == "img":
            self.add(Block("picture", [Span(said.get("alt", ""))], self.depth, source=said.get("src", "")))
        elif tag != "div" and self.table is not None:
            self._start_in_table(tag)
        else:
            self._start_block(tag, said)

    def _start_block(self, tag: str, said: dict[str, str]) -> None:
        if tag in _HEADINGS:
            self.add(Block(_HEADINGS[tag]))
        elif tag in {"ul", "ol"}:
            start = said.get("start", "1")
            self.lists.append(_List(0 if tag == "ul" else int(start) if start.isascii() and start.isdigit() else 1))
            self.open = None
        elif tag == "li":
            here = self.lists[-1] if self.lists else _List(0)
            self.add(Block("item", depth=self.depth, marker=f"{here.number}." if here.number else "\u2022"))
            here.number += bool(here.number)
        elif tag in {"blockquote", "div"}:
            self.boxes.append(tag == "blockquote" or "admonition" in said.get("class", ""))
            self.open = None
        elif tag == "p" and "admonition-title" in said.get("class", ""):
            self.add(Block("title", depth=self.depth))
        elif tag == "pre":
            self.add(Block("code", depth=self.depth))
            self.pre = True
        elif tag == "hr":
            self.add(Block("line"))
            self.open = None
        elif tag == "table":
            self.table = Block("table", depth=self.depth)
        elif tag in _BREAKS and not (self.open and self.open.kind == "item" and not self.open.spans):
            self.open = None

    def _start_in_table(self, tag: str) -> None:
        assert self.table is not None
        if tag == "tr":
            self.table.rows.append([])
        elif tag in {"td", "th"} and self.table.rows:
            self.table.rows[-1].append([])

    def handle_endtag(self, tag: str) -> None:
        if self.skipped:
            self.skipped -= tag == "a"
            return
        if tag in self.faces:
            self.faces.reverse()
            self.faces.remove(tag)
            self.faces.reverse()
        if tag == "a":
            self.link = ""
        elif tag == "sup":
            self.raised = max(0, self.raised - 1)
        elif tag == "table" and self.table is not None:
            self.blocks.append(self.table)
            self.table, self.open = None, None
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self.open = None
        elif tag in {"blockquote", "div"}:
            if self.boxes:
                self.boxes.pop()
            self.open = None
        elif tag in {*_HEADINGS, *_BREAKS, "pre", "li"}:
            self.open, self.pre = None, False

    def handle_data(self, data: str) -> None:
        if not self.skipped:
            self.write(data)

    def add(self, block: Block) -> None:
        self.blocks.append(block)
        self.open = block

    def write(self, data: str) -> None:
        text = data if self.pre else _SPACE.sub(" ", data)
        spans = self._spans(text)
        if spans is None:
            return
        if not self.pre and not spans:
            text = text.lstrip(" ")
        if text:
            faces = {_FACES[tag]: True for tag in self.faces}
            spans.append(Span(text, is_raised=self.raised > 0, url=self.link, **faces))

    def _spans(self, text: str) -> list[Span] | None:
        """What the text is written into; None for white space between blocks."""
        if self.table is not None:
            return self.table.rows[-1][-1] if self.table.rows and self.table.rows[-1] else None
        if self.open is None or self.open.kind in {"picture", "line"}:
            if not text.strip():
                return None
            self.add(Block("text", depth=self.depth))
        assert self.open is not None
        return self.open.spans


def blocks_of(html: str, base: str) -> list[Block]:
    """What the HTML says. Links are told from `base`, the address of the page."""
    reader = _Reader(base)
    reader.feed(html)
    reader.close()
    return [block for block in reader.blocks if block.spans or block.rows or block.kind in {"picture", "line"}]


def links_of(blocks: Sequence[Block]) -> list[str]:
    """Where the links lead, each once, in the order in which they come."""
    spans = [span for block in blocks for span in block.spans]
    spans += [span for block in blocks for row in block.rows for cell in row for span in cell]
    return list(dict.fromkeys(span.url for span in spans if span.url))
