"""The parts of a story, or the questions and answers of an interview, as one text: Markdown, and what readers see of it."""

from __future__ import annotations

import re

from app.case_studies.rules import PART_HEADINGS, Form, Story
from app.kernel.markup import Rendered
from app.kernel.sanitising import Resolver
from app.media.rendering import render_text

_FENCE = re.compile(r"\s{0,3}(?P<fence>`{3,}|~{3,})")
_TOP_HEADING = re.compile(r"^#{1,2}(?=\s)")


def render_story(story: Story, resolve: Resolver | None = None) -> Rendered:
    """All that is written, each part or answer under its heading. Raises InvalidInputError for a text that is too long."""
    return render_text(compose(story), story.language, resolve)


def compose(story: Story) -> str:
    """The story as one Markdown text, as `docs/writing.md` has it."""
    if story.form is Form.INTERVIEW:
        pairs = [(_one_line(each.question), each.answer) for each in story.answers]
    else:
        headings = PART_HEADINGS[story.language]
        pairs = [(heading, story.parts.get(part, "")) for part, heading in headings.items()]
    return "\n".join(f"## {heading}\n\n{contain(text)}\n" for heading, text in pairs if heading and text.strip())


def _one_line(question: str) -> str:
    """A question as a heading. Signs at its end would be taken for the end of the heading."""
    line = " ".join(question.split())
    return f"{line} #" if line.endswith("#") else line


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
