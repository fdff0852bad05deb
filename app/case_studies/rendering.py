"""The parts of a story as one text: Markdown, and what readers see of it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.case_studies.rules import PART_HEADINGS
from app.kernel.markup import Rendered, render
from app.kernel.sanitising import Resolver

_FENCE = re.compile(r"\s{0,3}(?P<fence>`{3,}|~{3,})")
_TOP_HEADING = re.compile(r"^#{1,2}(?=\s)")


def render_story(language: str, parts: Mapping[str, str], resolve: Resolver | None = None) -> Rendered:
    """The parts that are written, each under its heading. Raises InvalidInputError for a text that is too long."""
    return render(compose(language, parts), resolve)


def compose(language: str, parts: Mapping[str, str]) -> str:
    """The story as one Markdown text, as `docs/writing.md` has it."""
    written = (
        f"## {heading}\n\n{contain(parts[part])}\n"
        for part, heading in PART_HEADINGS[language].items()
        if parts.get(part, "").strip()
    )
    return "\n".join(written)


def contain(text: str) -> str:
    """A part that cannot disturb the next: its headings begin at the third level, its code blocks are closed."""
    lines, fence = [], ""
    for line in text.replace("\r\n", "\n").strip("\n").split("\n"):
        lines.append(line if fence else _TOP_HEADING.sub("###", line))
        fence = fence_after(fence, line)
    return "\n".join([*lines, fence] if fence else lines)


def fence_after(fence: str, line: str) -> str:
    """The fence that a code block is open with after `line`, given the one it was open with before; empty outside."""
    match = _FENCE.match(line)
    if not match:
        return fence
    if not fence:
        return match["fence"]
    closes = match["fence"].startswith(fence) and line.strip() == match["fence"]
    return "" if closes else fence
