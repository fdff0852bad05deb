"""How much work a text would be: told before it is begun, because nobody can interrupt a regular expression.

Markdown looks from each opening sign for the one that closes it, several times, as far as the paragraph goes; what never
closes makes the work grow with the square of the length. A text of twenty thousand opening brackets would need minutes, and
whoever saves holds up everybody else who writes. What people write stays a hundred times below the limits.
"""

from __future__ import annotations

import re

# Characters looked at from brackets that wait for their end.
MAX_WAITING = 4_000_000
# The same for tags: HTML is read to the end of the text, not of the paragraph.
MAX_IN_TAGS = 40_000_000
# Characters moved for the signs in a paragraph, each of which is taken out of it by itself.
MAX_MOVED = 10_000_000_000
# The same for lines that begin a block without an empty line before them, which costs more.
MAX_MOVED_BY_LINES = 100_000_000
# The same for HTML blocks in a whole text, and for its fences.
MAX_MOVED_BY_HTML = 5_000_000_000
MAX_MOVED_BY_FENCES = 1_000_000_000

# A text of the greatest length would have paragraphs of forty characters, or rows of a table.
MAX_PARAGRAPHS = 10_000
MAX_ROWS = 10_000
# Shorter paragraphs are not worth a look.
LONG = 1000

_PARAGRAPH = re.compile(r"\n[ \t]*\n")
_BRACKET = re.compile(r"\]\(|[\[\]()]")
_TAG = re.compile(r"<[A-Za-z!?/]")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}\.)[ \t]")
_NEXT_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*+]|\d{1,9}\.)[ \t])")
_ROW = re.compile(r"\|[^\n]*")
# What quotes and lists put before the lines in them.
_BEFORE = r"^(?:[ \t>]|[-*+][ \t]|\d{1,9}\.[ \t])*"
_LINE_BLOCK = re.compile(_BEFORE + r"(?:[=*_-]+[ \t]*$|#|:[ \t]|!!!)", re.MULTILINE)
_FENCE = re.compile(_BEFORE + r"(?:```|~~~)", re.MULTILINE)
_HTML_BLOCK = re.compile(r"<[A-Za-z]")
_SIGN = re.compile(r"[\\`*_\[<&~@]|  \n")
_NESTED = re.compile(r"^(?:[ \t]*(?:>|[-*+][ \t]|\d{1,9}\.[ \t])){100}", re.MULTILINE)


def is_entangled(source: str) -> bool:
    """Would it take longer than a person waits to show this?"""
    if (
        _in_tags(source) > MAX_IN_TAGS
        or _count(_FENCE, source) * len(source) > MAX_MOVED_BY_FENCES
        or _count(_HTML_BLOCK, source) * len(source) > MAX_MOVED_BY_HTML
    ):
        return True
    paragraphs = _PARAGRAPH.split(source)
    if len(paragraphs) > MAX_PARAGRAPHS or _count(_ROW, source) > MAX_ROWS:
        return True
    waiting = moved = by_lines = 0
    for paragraph in paragraphs:
        if len(paragraph) < LONG:
            continue
        for piece in _pieces(paragraph):
            waiting += _waiting(piece)
            moved += len(piece) * _count(_SIGN, piece)
        by_lines += len(paragraph) * _count(_LINE_BLOCK, paragraph)
    return waiting > MAX_WAITING or moved > MAX_MOVED or by_lines > MAX_MOVED_BY_LINES


def _pieces(paragraph: str) -> list[str]:
    """What is looked at as a whole: the points of a list and the rows of a table are by themselves."""
    if _ITEM.match(paragraph):
        return _NEXT_ITEM.split(paragraph)
    rows = paragraph.split("\n")
    is_table = len(rows) > 1 and "|" in rows[0] and _is_rule(rows[1])
    return rows if is_table else [paragraph]


def _is_rule(row: str) -> bool:
    """Is it the line of dashes below the head of a table?"""
    return "-" in row and not row.strip(" \t|:-")


def is_nested_too_deeply(source: str) -> bool:
    """Does a line begin with more quotes and lists in each other than anybody reads? Each of them costs as much as the text."""
    return _NESTED.search(source) is not None


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def _waiting(paragraph: str) -> int:
    """For every bracket, how far it is to the one that closes it, or to the end. A round one counts after a square one."""
    square: list[int] = []
    round_: list[int] = []
    length = 0
    for found in _BRACKET.finditer(paragraph):
        sign, place = found[0], found.start()
        if sign == "[":
            square.append(place)
        elif sign == ")" and round_:
            length += place - round_.pop()
        elif sign == "](":
            round_.append(place)
        if sign in {"]", "]("} and square:
            length += place - square.pop()
    return length + sum(len(paragraph) - place for place in [*square, *round_])


def _in_tags(source: str) -> int:
    """For every `<` that may begin a tag, how far it is to the next `>`."""
    length, end = 0, -1
    for found in _TAG.finditer(source):
        if end < found.start():
            end = source.find(">", found.start())
            end = len(source) if end < 0 else end
        length += end - found.start()
    return length
