"""Links and pictures of imported documents."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.practices.links import LinkBook

PLACES = {
    "guide/start.md": ("start", "en"),
    "guide/deploy/index.md": ("deploy", "en"),
    "zh/guide/start.md": ("start", "zh"),
}
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def book(tmp_path: Path) -> LinkBook:
    pictures = (
        "guide/a.png",
        "guide/my picture.png",
        "static/img/b.png",
        "guide/deploy/c.svg",
        "guide/big.png",
        "x.exe",
    )
    for name in pictures:
        (tmp_path / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "tree" / name).write_bytes(PNG + name.encode())
    (tmp_path / "tree" / "guide" / "big.png").write_bytes(b"x" * 10_000_001)
    (tmp_path / "outside.png").write_bytes(PNG)
    (tmp_path / "tree" / "guide" / "sly.png").symlink_to(tmp_path / "outside.png")
    book = LinkBook(tmp_path / "tree", tmp_path / "media", PLACES)
    for place in PLACES:
        book.learn(place, {"redirect_from": ["/old/start/", None], "aliases": "/shipping"} if "deploy" in place else {})
    return book


@pytest.mark.parametrize(
    ("text", "rewritten"),
    [
        ("[x](deploy/index.md)", "[x](/practices/deploy?lang=en)"),
        ("[x](./deploy/)", "[x](/practices/deploy?lang=en)"),
        ("[x](deploy/index.md#How%20to)", "[x](/practices/deploy?lang=en#h-how-to)"),
        ("[x](../zh/guide/start.md)", "[x](/practices/start?lang=zh)"),
        ("[x](/guide/deploy/)", "[x](/practices/deploy?lang=en)"),
        ("[x](/OLD/start)", "[x](/practices/deploy?lang=en)"),
        ("[x](/shipping#a)", "[x](/practices/deploy?lang=en#h-a)"),
        ('[x](<deploy/index.md> "Title")', "[x](/practices/deploy?lang=en)"),
        ("[x](https://example.com/a_(b) 'Title')", "[x](https://example.com/a_(b) 'Title')"),
        ("[x](mailto:a@example.com)", "[x](mailto:a@example.com)"),
        ("[x](#Some-Part)", "[x](#h-some-part)"),
        ("<a class=\"k\" href='deploy/'>x</a>", '<a class="k" href="/practices/deploy?lang=en">x</a>'),
        (
            'see [x][Ref] and [ref]\n\n[ref]: deploy/index.md "T"\n',
            "see [x](/practices/deploy?lang=en) and [ref](/practices/deploy?lang=en)\n\n",
        ),
        ("[^1] and [ ] todo\n\n[^1]: note\n", "[^1] and [ ] todo\n\n[^1]: note\n"),
        ("`[x](nowhere)` and\n\n```\n[x](nowhere)\n```\n", "`[x](nowhere)` and\n\n```\n[x](nowhere)\n```\n"),
    ],
)
def test_links_lead_to_what_was_imported(book: LinkBook, text: str, rewritten: str) -> None:
    assert book.rewrite("guide/start.md", text) == (rewritten, ())


@pytest.mark.parametrize(
    ("text", "rewritten", "note"),
    [
        ("[x](gone.md)", "x", "1 × link reduced to its text: gone.md"),
        ("[x]()", "x", "1 × link reduced to its text: (nothing)"),
        ("[x](//[bad)", "x", "1 × link reduced to its text: //[bad"),
        ("[x](ftp://example.com/a)", "x", "1 × link reduced to its text: ftp://example.com/a"),
        ("[x](//example.com/start)", "x", "1 × link reduced to its text: //example.com/start"),
        ('<a href="gone">x</a>', "<a >x</a>", "1 × link reduced to its text: gone"),
        ("[x][r]\n\n[r]: gone.md\n", "x\n\n", "1 × link reduced to its text: gone.md"),
        ("[a](1.md) [b](2.md) [c](3.md) [d](4.md)", "a b c d", "4 × link reduced to its text: 1.md, 2.md, 3.md …"),
    ],
)
def test_a_link_to_nowhere_becomes_its_text_and_is_told(book: LinkBook, text: str, rewritten: str, note: str) -> None:
    assert book.rewrite("guide/start.md", text) == (rewritten, (note,))


@pytest.mark.parametrize(
    "text",
    [
        "![A](a.png)",
        '![A](./a.png "Title")',
        "![A](<my picture.png>)",
        "![A](my%20picture.png)",
        "![A](/img/b.png)",
        "![A](deploy/c.svg?v=2)",
        "![A][pic]\n\n[pic]: a.png\n",
        "<img alt='A' width=3 SRC=\"a.png\"/>",
    ],
)
def test_pictures_are_copied_into_the_store(book: LinkBook, tmp_path: Path, text: str) -> None:
    rewritten, notes = book.rewrite("guide/start.md", text)
    (kept,) = (tmp_path / "media").iterdir()
    assert (rewritten.strip(), notes) == (f"![A](/media/{kept.name})", ())


def test_a_picture_can_be_a_link_and_behind_one(book: LinkBook, tmp_path: Path) -> None:
    rewritten, notes = book.rewrite("guide/start.md", "[![A](a.png)](deploy/index.md) [large](a.png)")
    (kept,) = (tmp_path / "media").iterdir()
    assert rewritten == f"[![A](/media/{kept.name})](/practices/deploy?lang=en) [large](/media/{kept.name})"
    assert notes == ()


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("gone.png", "missing"),
        ("/img/gone.png", "missing"),
        ("%00.png", "missing"),
        (f"{'x' * 300}.png", "missing"),
        ("../../outside.png", "missing"),
        ("sly.png", "missing"),
        ("https://example.com/a.png", "not fetched from elsewhere"),
        ("//example.com/a.png", "not fetched from elsewhere"),
        ("data:image/png;base64,AAAA", "not fetched from elsewhere"),
        ("../x.exe", "x.exe is no PNG, JPEG, GIF, WebP or SVG"),
        ("big.png", "big.png is larger than 10 MB"),
    ],
)
def test_a_picture_that_cannot_be_had_is_told(book: LinkBook, tmp_path: Path, target: str, reason: str) -> None:
    rewritten, notes = book.rewrite("guide/start.md", f"![The flow]({target}) end")
    assert (rewritten, notes) == ("*The flow* end", (f"picture left out: {target}: {reason}",))
    assert not (tmp_path / "media").exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(alphabet=st.sampled_from("a[]()<>!#:/.%0\"' \n?=&`{x}")))
def test_rewriting_takes_any_text(book: LinkBook, text: str) -> None:
    book.rewrite("guide/start.md", text)
    book.rewrite("guide/start.md", f"[x]({text}) ![x]({text})")
