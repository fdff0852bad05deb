"""The press: HTML as blocks, blocks as a PDF whose text, order, links and pictures are right."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, cast

import pypdf
import pytest
from PIL import Image

from app.case_studies.printing.press.blocks import Block, blocks_of, links_of
from app.case_studies.printing.press.document import answer
from app.case_studies.rendering import render_story
from app.case_studies.rules import Story
from app.config import ROOT
from app.press.flow import Span

BASE = "https://guild.example/case-studies/story?lang=en"
FIGURE = {
    "name": "Change lead time", "before": "21 days", "after": "5 days", "bars": [100, 23.81],
    "words": "4.2 times as fast", "period": "Q1 2026 → Q2 2026", "source": "Build server",
}  # fmt: skip
SHEET: dict[str, Any] = {
    "language": "en",
    "site": "Guildhall",
    "title": "From six weeks to one",
    "summary": "How the gateway team releases by day.",
    "team": "Payments",
    "about": "Payments · Version control",
    "byline": "Ada, Payments · November 2, 2026",
    "capability": "Version control",
    "hue": 1,
    "links": "Where the links lead",
    "numbers": "The numbers",
    "before": "Before",
    "after": "After",
    "address": BASE,
    "made_at": "2026-11-02T00:00:00+00:00",
    "html": "<h2>Context</h2><p>Twelve people.</p>",
    "pictures": {},
    "figures": [FIGURE],
}


def read(**changes: object) -> pypdf.PdfReader:
    said = answer(SHEET | changes)
    assert list(said) == ["pdf"], said
    return pypdf.PdfReader(BytesIO(base64.b64decode(said["pdf"])))


def text_of(reader: pypdf.PdfReader) -> str:
    # Of a character of two bytes this reader makes a NUL and the character.
    return "\n".join(page.extract_text() for page in reader.pages).replace("\x00", "")


def kinds(html: str) -> list[tuple[str, int, str]]:
    return [(block.kind, block.depth, "".join(span.text for span in block.spans)) for block in blocks_of(html, BASE)]


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<h2>A</h2>\n<p>b  c\n d</p>", [("h2", 0, "A"), ("p?", 0, "b c d")]),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", [("item", 1, "a"), ("item", 2, "b"), ("item", 1, "c")]),
        ("<blockquote><p>q</p></blockquote><p>r</p>", [("p?", 1, "q"), ("p?", 0, "r")]),
        ('<div class="admonition note"><p class="admonition-title">T</p><p>b</p></div><p>c</p>',
         [("title", 1, "T"), ("p?", 1, "b"), ("p?", 0, "c")]),
        ("<div class='highlight'><pre><code>a\n  b\n</code></pre></div><p>c</p>", [("code", 0, "a\n  b\n"), ("p?", 0, "c")]),
        ("<ul><li><p>a</p><p>b</p></li></ul>", [("item", 1, "a"), ("p?", 1, "b")]),
        ("text alone", [("p?", 0, "text alone")]),
        ("</p></div></ul></blockquote></table></a>", []),
    ],
)  # fmt: skip
def test_html_becomes_blocks(html: str, found: list[tuple[str, int, str]]) -> None:
    assert kinds(html) == [(kind.replace("p?", "text"), depth, text) for kind, depth, text in found]


def test_items_are_numbered_from_where_their_list_begins() -> None:
    blocks = blocks_of('<ol start="9"><li>a</li><li>b</li></ol><ul><li>c</li></ul>', BASE)
    assert [block.marker for block in blocks] == ["9.", "10.", "•"]


def test_a_table_has_its_cells_and_a_span_its_face() -> None:
    (table,) = blocks_of("<table><tr><th>A</th></tr><tr><td>b <em>c</em></td></tr></table>", BASE)
    assert table == Block("table", rows=[[[Span("A", is_bold=True)]], [[Span("b "), Span("c", is_slanted=True)]]])


def test_links_are_whole_addresses_and_each_counts_once() -> None:
    html = '<p><a href="/practices/x">a</a> <a href="https://e.org/">b</a> <a href="/practices/x">c</a> <a href="#h">d</a></p>'
    assert links_of(blocks_of(html, BASE)) == ["https://guild.example/practices/x", "https://e.org/"]


def test_the_paper_says_all_of_the_story_in_its_order(app: object) -> None:
    parts = {
        "context": "Twelve **people**.\n\n1. One\n2. Two",
        "results": "| a | b |\n|---|---|\n| c | d |\n\n    code()",
    }
    html = render_story(Story(title="T", language="en", team="payments", parts=parts)).html
    reader = read(html=html)
    text = " ".join(text_of(reader).split())
    said = ["Payments · Version control", "From six weeks to one", "How the gateway", "Ada, Payments", "Change lead time",
            "21 days → 5 days", "4.2 times as fast", "Context", "Twelve people.", "1. One", "2. Two", "Results", "a b", "c d", "code()"]  # fmt: skip
    places = [text.find(words) for words in said]
    assert -1 not in places, list(zip(said, places, strict=True))
    assert places[7:] == sorted(places[7:])
    assert "guild.example/case-studies/story" in text
    meta, root = reader.metadata, cast("Any", reader.trailer["/Root"])
    assert meta is not None
    assert (meta.title, meta.author, root["/Lang"]) == (
        "From six weeks to one",
        "Ada, Payments · November 2, 2026",
        "en",
    )
    assert [item.title for item in reader.outline] == ["Context", "Results"]  # type: ignore[union-attr]


def test_chinese_is_set_with_embedded_fonts() -> None:
    reader = read(
        language="zh", title="从六周到一周", html="<h2>背景</h2><p>十二个人，<strong>先剪短</strong>分支。</p>"
    )
    assert "十二个人，先剪短分支。" in text_of(reader)
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert all("/FontFile2" in str(font) or "/DescendantFonts" in font for font in fonts)


def test_links_can_be_followed_and_are_told_at_the_end() -> None:
    reader = read(html='<p>See <a href="https://example.com/a">this</a>.</p>')
    urls = {note.get_object()["/A"]["/URI"] for page in reader.pages for note in page.get("/Annots", ())}
    assert urls == {"https://example.com/a"}
    text = " ".join(text_of(reader).split())
    assert "See this1." in text.replace("this 1", "this1")
    assert text.index("Where the links lead") < text.index("1 https://example.com/a")


def test_a_picture_is_printed_with_its_words(tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    Image.new("RGB", (400, 300), "red").save(picture)
    html = '<p><img src="/media/p.png" alt="A red field"></p><p><img src="/media/gone.png" alt="Not there"></p>'
    reader = read(html=html, pictures={"/media/p.png": str(picture), "/media/gone.png": str(tmp_path / "gone.png")})
    assert len(reader.pages[0].images) == 1
    assert "A red field" in text_of(reader)
    assert "Not there" in text_of(reader)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_a_broken_picture_is_left_out(tmp_path: Path, content: bytes) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(content)
    reader = read(html='<img src="/media/p.png" alt="Words">', pictures={"/media/p.png": str(picture)})
    assert "Words" in text_of(reader)


def test_characters_that_no_font_has_are_named() -> None:
    assert answer(SHEET | {"html": "<p>\U00012000 and བོད</p>"}) == {"lacking": "\U00012000བོད"}
    # Emoji are decoration.
    assert list(answer(SHEET | {"title": "Better \U0001f389", "html": "<pre>a \U0001f389 b</pre>"})) == ["pdf"]


def test_code_keeps_its_spaces_and_long_lines_go_on() -> None:
    reader = read(html="<pre><code>def f():\n    return '" + "x" * 200 + "'\n</code></pre>")
    text = text_of(reader)
    # Those of "six weeks" and of "example" count as well.
    assert text.count("x") == 202


@pytest.mark.slow
@pytest.mark.parametrize(
    "html",
    [
        "<p>" + "word " * 60_000 + "</p>",
        "<p>" + "字" * 60_000 + "</p>",
        "<p>" + "x" * 60_000 + "</p>",
        "<ul><li>" * 300 + "deep",
        "<table>" + "<tr>" + "<td>cell</td>" * 300 + "</tr></table>",
        "<table><tr><td>" + "long " * 9_000 + "</td><td>b</td></tr></table>",
        "<table></table><table><tr></tr></table><ol start='99999999999999999999'><li>x</li></ol>",
        "<pre>" + "line\n" * 4_000 + "</pre>",
    ],
    ids=["words", "han", "one word", "deep", "wide table", "long cell", "empty table", "code"],
)
def test_whatever_is_written_the_press_answers(html: str) -> None:
    assert list(answer(SHEET | {"html": html})) in (["pdf"], ["too_long"])


@pytest.mark.slow
def test_more_pages_than_a_paper_may_have_are_refused() -> None:
    assert answer(SHEET | {"html": "<p>a</p><h2>b</h2>" * 4_000}) == {"too_long": "yes"}


@pytest.mark.slow
def test_the_press_is_a_program_that_knows_neither_site_nor_database() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "app.case_studies.printing.press"],
        input=json.dumps([SHEET]).encode(),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert [list(said) for said in json.loads(done.stdout)] == [["pdf"]]
