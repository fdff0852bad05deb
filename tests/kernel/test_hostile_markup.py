"""What hostile texts become: each case with the very HTML that comes out, and bombs that may not go off.

The cases are in `hostile/`, by theme; `tests/browser/test_hostile_markup.py` shows all of them to a real browser.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from app.kernel.errors import InvalidInputError
from app.kernel.markup import MAX_SOURCE_LENGTH, render
from app.kernel.references import Reference
from tests.kernel.test_markup import Inspector

FOLDER = Path(__file__).parent / "hostile"
CASES = {
    f"{path.stem}: {case['name']}": (case["source"], case["html"])
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
}
# How long the longest text that is taken may hold up whoever saves it, on a machine that is busy with other things.
SECONDS = 12


class Names:
    """Who answers for names: one thing and one person, both called as badly as can be."""

    lost_note = "Not here"

    def link(self, name: str) -> Reference | None:
        return Reference("/practices/known", "Known & <good>") if name == "known" else None

    def person(self, handle: str) -> Reference | None:
        return Reference("/coaches/anna", "Anna <b>") if handle == "anna" else None


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 250


@pytest.mark.parametrize("name", CASES)
def test_what_comes_out(name: str) -> None:
    source, html = CASES[name]

    assert render(source, names=Names()).html == html


@pytest.mark.parametrize("name", CASES)
def test_nothing_in_it_can_act_wherever_it_stands(name: str) -> None:
    source, _html = CASES[name]
    for text in (
        source,
        f"Before {source} after",
        f"> {source}",
        f"- {source}\n- x",
        f"## {source}\n\nText",
        f"| {source} |\n|-|",
    ):
        assert Inspector(render(text, names=Names()).html).faults == []


@pytest.mark.parametrize("name", CASES)
def test_its_plain_text_has_no_markup_of_ours(name: str) -> None:
    source, _html = CASES[name]

    assert '<a class="mention"' not in render(source, names=Names()).text


BOMBS = {
    "opening brackets": "[",
    "opening brackets of images": "![",
    "opening brackets of names": "[[",
    "openings of links": "[a](",
    "links without address": "[](",
    "references": "[a][",
    "footnotes": "[^",
    "closed footnotes": "[^1]",
    "stars": "*",
    "stars and brackets": "*[",
    "stars in words": "*a **a",
    "underscores": "_a",
    "tildes": "~a ",
    "back ticks": "`",
    "back ticks of two sorts": "`` ` ",
    "escapes": "\\",
    "line breaks": '  \n"',
    "quotes": "> ",
    "quotes with headings": "> =\n",
    "lists": "- ",
    "lists in quotes": "> - ",
    "numbered lists": "1. ",
    "rules": "---\n",
    "headings": "# a\n",
    "headings in lists": "# a\n- ",
    "fences in lists": "- > ``` \n",
    "headings underlined": "=\n",
    "definitions": "a\n: b\n",
    "admonitions": "!!! x\n",
    "admonitions in each other": "!!! note\n    ",
    "fences": "``` \n",
    "tables": "|a|b|\n|-|-|\n",
    "bars": "|",
    "paragraphs": "a\n\n",
    "tags": "<b>",
    "openings of tags": "<a ",
    "openings of attributes": '<b a="',
    "openings of comments": "<!--",
    "openings of declarations": "<![",
    "openings of instructions": "<?",
    "blocks of html": "<div>\n\n",
    "entities": "&amp;",
    "ampersands": "&",
    "brackets of addresses": "<http:",
    "names": "[[a]] ",
    "mentions": "@a ",
    "names without bars": "[[a|",
    "Han": "字",
    "one word": "x",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_shown_or_refused_in_time(name: str) -> None:
    source = (BOMBS[name] * MAX_SOURCE_LENGTH)[:MAX_SOURCE_LENGTH]
    began = time.perf_counter()
    try:
        render(source, names=Names())
    except InvalidInputError as refusal:
        assert "takes too long" in str(refusal) or "nested too deeply" in str(refusal)  # noqa: PT017

    assert time.perf_counter() - began < SECONDS


@pytest.mark.parametrize("piece", ["x", "字", "[", "<script>alert(1)</script>\n\n", "\u202e"])
def test_five_megabytes_are_refused_at_once(piece: str) -> None:
    source = piece * (5_000_000 // len(piece))
    began = time.perf_counter()

    with pytest.raises(InvalidInputError, match="characters; at most 400,000 can be shown"):
        render(source)
    assert time.perf_counter() - began < 0.1


@pytest.mark.parametrize(
    "source",
    [
        "word " * 70_000,
        "一句话。" * 70_000,
        "A paragraph with [a link](https://e.example), `code` and **weight**.\n\n" * 1_000,
        "| a | b |\n| --- | --- |\n" + "| [a](b) | `c` |\n" * 9_000,
        "```python\n" + "def f(a): return [a, (a), {a: a}]\n" * 1_000 + "```\n",
        "- item with *weight*\n" * 15_000,
        "- [ ] task\n    - [x] done\n" * 5_000,
        "<table><tr><td>cell</td></tr></table>\n\n" * 2_000,
        "".join(f"## Heading {number}\n\nText[^{number}].\n\n" for number in range(1000))
        + "".join(f"[^{number}]: Note.\n" for number in range(1000)),
        "-" * 300 + "\n\n" + "*" * 300 + "\n\n> " * 50 + "x",
    ],
    ids=lambda source: source[:12],
)
def test_what_people_write_is_never_taken_for_a_bomb(source: str) -> None:
    assert render(source[:MAX_SOURCE_LENGTH]).text
