"""Other people's Markdown, made ready for ours: includes and templating taken out, headings moved under the title.

Code blocks are left as they are. What was taken out is told, so that somebody can look at it.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

_FENCE = re.compile(r"^(?P<indent>\s*)(?P<fence>`{3,}|~{3,})")
_HEADING = re.compile(r"^(#{1,6})(?=\s)")
_TITLE = re.compile(r"^#\s+(?P<title>.+?)\s*#*\s*$")
_IMPORT = re.compile(r"^(?:import|export)\s.+(?:from\s+|=\s*).*$")
_WRAPPER = re.compile(
    r"^\s*</?(?:section|div|aside|article|main|header|footer|center|figure)\b[^>]*>\s*$", re.IGNORECASE
)
_COMPONENT = re.compile(r"</?[A-Z]\w*(?:\.\w+)*(?:\s[^<>]*)?/?>")
_TEMPLATING = (
    ("shortcode", re.compile(r"\{\{[<%].*?[%>]\}\}", re.DOTALL)),
    ("template tag", re.compile(r"\{%.*?%\}", re.DOTALL)),
    ("template variable", re.compile(r"\{\{.*?\}\}", re.DOTALL)),
    ("comment", re.compile(r"\{/\*.*?\*/\}", re.DOTALL)),
    ("comment", re.compile(r"<!--.*?-->", re.DOTALL)),
)


@dataclass(frozen=True)
class Cleaned:
    """`title` is the first-level heading at the top, if there was one; it is no longer in `text`."""

    text: str
    title: str
    notes: tuple[str, ...]


def clean_source(text: str) -> Cleaned:
    """`text` without what only its old home understood."""
    removed: Counter[str] = Counter()
    pieces = [piece if is_code else _clean_prose(piece, removed) for is_code, piece in split_code(text)]
    title, text = _take_title("".join(pieces).strip("\n") + "\n")
    notes = tuple(f"{count} × {what} taken out" for what, count in sorted(removed.items()))
    return Cleaned(_move_headings_down(text), title, notes)


def split_code(text: str) -> list[tuple[bool, str]]:
    """Prose and code blocks apart: (is code, text) in order; a fence that is never closed reaches to the end, as Markdown has it."""
    pieces: list[tuple[bool, str]] = []
    lines: list[str] = []
    fence = ""
    for line in text.splitlines(keepends=True):
        match = _FENCE.match(line)
        if match and not fence:
            pieces.append((False, "".join(lines)))
            lines, fence = [line], match["fence"]
        elif match and fence and match["fence"].startswith(fence) and line.strip() == match["fence"]:
            pieces.append((True, "".join([*lines, line])))
            lines, fence = [], ""
        else:
            lines.append(line)
    pieces.append((bool(fence), "".join(lines)))
    return pieces


def _clean_prose(text: str, removed: Counter[str]) -> str:
    for what, pattern in _TEMPLATING:
        text, count = pattern.subn("", text)
        removed[what] += count
    lines = []
    for line in text.splitlines(keepends=True):
        if _IMPORT.match(line) and line.rstrip().endswith((";", "'", '"')):
            removed["import"] += 1
        elif _WRAPPER.match(line):
            removed["wrapper element"] += 1
        else:
            line, count = _COMPONENT.subn("", line)  # noqa: PLW2901
            removed["component"] += count
            lines.append(line)
    for what in [what for what, count in removed.items() if not count]:
        del removed[what]
    return "".join(lines)


def _take_title(text: str) -> tuple[str, str]:
    """A first-level heading that stands before everything else is the title."""
    first, _, rest = text.partition("\n")
    match = _TITLE.match(first)
    return (match["title"], rest.lstrip("\n")) if match else ("", text)


def _move_headings_down(text: str) -> str:
    """Every heading one level lower where the text has first-level ones: the page's title is the only first-level one."""
    pieces = split_code(text)
    has_first_level = any(not is_code and re.search(r"^#\s", piece, re.MULTILINE) for is_code, piece in pieces)
    if not has_first_level:
        return text
    return "".join(
        piece if is_code else re.sub(_HEADING.pattern, lambda match: f"{match[1]}#"[:6], piece, flags=re.MULTILINE)
        for is_code, piece in pieces
    )
