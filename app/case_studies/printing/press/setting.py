"""How each block of a story is set on the page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby

from PIL import Image, UnidentifiedImageError

from app.case_studies.printing.press.blocks import Block
from app.press.flow import INK, LINE, SOFT, TINT, Colour, Flow, Span

BODY, SMALL, CODE = 10.5, 9.0, 8.5
INDENT = 6.0
TALLEST_PICTURE = 110.0
# A cell of a table is at least so wide, so that a column of numbers beside one of sentences stays a column.
NARROWEST = 14.0


class Setting:
    """`pictures` are files by the `src` that names them; `links` are numbered from 1 in their order."""

    def __init__(
        self, paper: Flow, colour: Colour, pictures: Mapping[str, str], links: Sequence[str], language: str
    ) -> None:
        self.paper, self.colour, self.pictures = paper, colour, pictures
        self.numbers = {url: number for number, url in enumerate(links, 1)}
        self.leading = 1.7 if language == "zh" else 1.5

    def set_blocks(self, blocks: Sequence[Block]) -> None:
        for block in blocks:
            match block.kind:
                case "h2" | "h3" | "h4":
                    self._heading(block)
                case "code":
                    self._code(block)
                case "table":
                    self._table(block)
                case "picture":
                    self._picture(block)
                case "line":
                    self.paper.ln(4)
                case _:
                    self._text(block)

    def _heading(self, block: Block) -> None:
        size = {"h2": 16.0, "h3": 12.5}.get(block.kind, 11.0)
        # A heading does not stay behind alone at the foot of a page.
        self.paper.room(size + 16)
        self.paper.ln(6 if block.kind == "h2" else 3.5)
        if block.kind == "h2":
            self.paper.start_section("".join(span.text for span in block.spans))
        self.paper.write_spans(f"/{block.kind.upper()}", self._numbered(block.spans), size, INK, leading=1.25)
        self.paper.ln(1.5)

    def _text(self, block: Block) -> None:
        left = block.depth * INDENT
        if block.kind == "title":
            block = replace(block, spans=[replace(span, is_bold=True) for span in block.spans])
        if block.marker:
            self.paper.room(BODY * 0.3528 * self.leading)
            top, page = self.paper.y, self.paper.page
            mark = [Span(block.marker)]
            self.paper.set_x(self.paper.l_margin + left - self.paper.width_of(mark, BODY) - 2)
            self.paper.write_line(mark, BODY, BODY * 0.3528 * self.leading, SOFT)
            if self.paper.page == page:
                self.paper.set_y(top)
        self.paper.write_spans("/P", self._numbered(block.spans), BODY, INK, leading=self.leading, left=left)
        self.paper.ln(1.0 if block.marker else 2.4)

    def _numbered(self, spans: Sequence[Span]) -> list[Span]:
        """With the number of its address behind each link."""
        found: list[Span] = []
        for url, same in groupby(spans, lambda span: span.url):
            found += same
            if url:
                found.append(Span(str(self.numbers[url]), is_raised=True))
        return found

    def _code(self, block: Block) -> None:
        """Line by line on a tinted ground. A line that is too long goes on in the next."""
        paper, left = self.paper, block.depth * INDENT
        width, height = paper.epw - left, 4.6
        text = "".join(span.text for span in block.spans).strip("\n")
        paper.ln(1)
        for source in text.split("\n"):
            for line in paper.lines_of([Span(source, is_code=True)], CODE, width - 6) or [[]]:
                paper.room(height)
                paper.set_fill_color(*TINT)
                paper.rect(paper.l_margin + left, paper.y, width, height + 0.05, style="F")
                with paper.tagged("/P"):
                    paper.set_x(paper.l_margin + left + 3)
                    paper.write_line(line, CODE, height)
        paper.ln(3.5)

    def _picture(self, block: Block) -> None:
        said = "".join(span.text for span in block.spans)
        size = _size_of(self.pictures.get(block.source, ""))
        if size:
            paper = self.paper
            width = min(paper.epw, size[0] * 0.2646)
            height = width * size[1] / size[0]
            if height > TALLEST_PICTURE:
                width, height = width * TALLEST_PICTURE / height, TALLEST_PICTURE
            paper.room(height + 8)
            with paper.tagged("/Figure", alt_text=said):
                paper.image(self.pictures[block.source], x=paper.l_margin, y=paper.y, w=width, h=height)
            paper.set_xy(paper.l_margin, paper.y + height + 1.5)
        if said:
            self.paper.write_spans("/P", [Span(said)], SMALL, SOFT)
        self.paper.ln(3)

    def _table(self, block: Block) -> None:
        paper = self.paper
        columns = max(len(row) for row in block.rows)
        widths = self._widths(block, columns)
        # A row of headings does not stay behind alone.
        paper.room(14)
        paper.ln(1)
        for row in block.rows:
            cells = [paper.lines_of(self._numbered(cell), SMALL, widths[place] - 3) for place, cell in enumerate(row)]
            left = max((len(lines) for lines in cells), default=0)
            # A row that is longer than what is left of the page goes on in the next.
            done = 0
            while done < left:
                paper.room(4.8)
                fitting = min(left - done, max(1, int((paper.bottom - paper.y - 2) / 4.8)))
                self._row([lines[done : done + fitting] for lines in cells], widths, fitting)
                done += fitting
            paper.set_draw_color(*LINE)
            paper.set_line_width(0.2)
            paper.line(paper.l_margin, paper.y, paper.l_margin + sum(widths), paper.y)
        paper.ln(3.5)

    def _row(self, cells: Sequence[Sequence[Sequence[Span]]], widths: Sequence[float], height: int) -> None:
        paper, top = self.paper, self.paper.y + 0.9
        left = paper.l_margin
        for lines, width in zip(cells, widths, strict=False):
            with paper.tagged("/P"):
                for number, line in enumerate(lines):
                    paper.set_xy(left, top + number * 4.8)
                    paper.write_line(line, SMALL, 4.8)
            left += width
        paper.set_xy(paper.l_margin, top + height * 4.8 + 0.9)

    def _widths(self, block: Block, columns: int) -> list[float]:
        """As wide as their texts need, and where that is too much, in the same proportion less."""
        paper = self.paper
        wanted = [NARROWEST] * columns
        for row in block.rows:
            for place, cell in enumerate(row):
                wanted[place] = max(
                    wanted[place], min(paper.width_of(self._numbered(cell), SMALL) + 4, paper.epw * 0.6)
                )
        total = sum(wanted)
        return [width * min(1, paper.epw / total) for width in wanted]


def _size_of(path: str) -> tuple[int, int] | None:
    """Of a picture that can be printed; drawings and files that are not there cannot."""
    if not path or path.endswith(".svg"):
        return None
    try:
        with Image.open(path) as picture:
            picture.verify()
            return picture.size
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, SyntaxError, ValueError):
        return None
