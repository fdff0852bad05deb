"""Telling which part of a story is which, in a text that was written in a form of its own."""

from __future__ import annotations

import re

from app.case_studies.rules import PARTS
from app.kernel.headings import heading_words
from app.practices.cleaning import outside_code

# What headings say, of each part, in English and Chinese. The first part that has a word in a heading gets it; so what is
# told apart most surely comes first.
_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("next_steps", re.compile(r"\b(?:next|future|outlook|roadmap|plans?)\b|下一步|未来|展望|规划|演进", re.IGNORECASE)),
    (
        "lessons",
        re.compile(
            r"\b(?:lessons?|learn\w*|conclusions?|summary|takeaways?|retrospect\w*)\b|经验|教训|总结|结束语|小结|思考",
            re.IGNORECASE,
        ),
    ),
    (
        "results",
        re.compile(
            r"\b(?:results?|benefits?|outcomes?|impact|effects?|advantages?|performance)\b|结果|成果|效果|收益|优势|成效|价值|性能",
            re.IGNORECASE,
        ),
    ),
    (
        "challenge",
        re.compile(
            r"\b(?:challenges?|problems?|requirements?|pain|difficult\w*|needs?)\b|挑战|问题|需求|痛点|难点|难题",
            re.IGNORECASE,
        ),
    ),
    (
        "approach",
        re.compile(
            r"\b(?:approach|solutions?|architectures?|implement\w*|design|how|why|highlights?|practices?|technolog\w*)\b"
            r"|方案|做法|架构|实现|实践|选型|设计|为什么|技术|部署|落地|管理|案例",
            re.IGNORECASE,
        ),
    ),
    (
        "context",
        re.compile(
            r"\b(?:context|background|introduction|about|overview|company)\b|背景|引言|介绍|概述|简介|现状",
            re.IGNORECASE,
        ),
    ),
)
_HEADING = re.compile(r"^(?P<marks>#{2,6})[ \t]+(?P<text>[^ \t\n].*)$", re.MULTILINE)


def part_of(heading: str) -> str | None:
    """The part that a heading announces, as far as it says so."""
    return next((part for part, signs in _SIGNS if signs.search(heading)), None)


def split_story(text: str) -> dict[str, str]:
    """The text in parts. What stands before the first heading is the context; a heading that says nothing stays in the part
    before it. Nothing is left out and nothing moves, but that what belongs to one part stands together.
    """
    parts: dict[str, list[str]] = {part: [] for part in PARTS}
    current, is_first = "context", True
    for heading, level, body in _sections(text):
        announced = part_of(heading) if heading and level == 2 else None
        if heading and level == 2 and is_first:
            # A story without a word before its first heading begins with what that one says.
            current, is_first = announced or "approach", False
        current = announced or current
        # The part has a heading of its own; one that says the same in other words goes one level down.
        head = (
            ""
            if announced and _says_only(heading, announced)
            else f"{'#' * max(3, level + 1)} {heading}\n\n"
            if heading
            else ""
        )
        piece = (head + body.strip("\n")).strip("\n")
        if piece:
            parts[current].append(piece)
    return {part: "\n\n".join(pieces) + "\n" for part, pieces in parts.items() if pieces}


def _says_only(heading: str, part: str) -> bool:
    """Is the heading nothing but the name of the part?"""
    signs = dict(_SIGNS)[part]
    return not re.sub(r"[\W_]|\b(?:the|our|and|of)\b|与|和|及|项目", "", signs.sub("", heading))


def _sections(text: str) -> list[tuple[str, int, str]]:
    """(heading, level, text below it), the first without a heading. Headings in code are none."""
    # A sign that nobody sees parts the sections here, so none may come with the text.
    marked = outside_code(
        text.replace("\x01", ""),
        lambda prose: _HEADING.sub(lambda match: f"\x01{match['marks']} {heading_words(match['text'])}\x01", prose),
    )
    pieces = marked.split("\x01")
    found = [("", 0, pieces[0])]
    for heading, body in zip(pieces[1::2], pieces[2::2], strict=True):
        marks, _space, name = heading.partition(" ")
        found.append((name, len(marks), body))
    return found
