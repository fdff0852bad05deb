"""A line as it is drawn: pieces of one font and one direction each, from left to right."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from unicodedata import bidirectional, category

from fpdf.bidi import BidiParagraph
from fpdf.enums import TextDirection

from app.press.fonts import JOINERS, PLAIN, clusters, font_for, has, preferred

# What is written from the right, or turns what is around it.
_TURNING = frozenset({"R", "AL", "AN", "RLE", "RLO", "RLI", "LRE", "LRO", "LRI", "FSI", "PDF", "PDI"})


@dataclass(frozen=True, slots=True)
class Run:
    """Its text is in the order in which it is read."""

    text: str
    font: str
    level: int

    @property
    def direction(self) -> TextDirection:
        return TextDirection.RTL if self.level % 2 else TextDirection.LTR

    @property
    def is_shaped(self) -> bool:
        """Whether letters change beside each other, marks must be put where they belong, or brackets turned."""
        if self.level % 2 or self.font not in PLAIN:
            return True
        return any(c in JOINERS or category(c).startswith("M") for c in self.text)


def runs_of(line: str, base: TextDirection, fonts: Sequence[str] = ()) -> list[Run]:
    """What is drawn from left to right, in a paragraph of this direction. Every character is in some font; `fonts` are the
    ones to ask, in their order, where these are not the usual ones.
    """
    return _as_seen(_as_read(line, base, tuple(fonts) or tuple(preferred(line))))


def _levels(line: str, base: TextDirection) -> list[int]:
    """How deep each character is in directions; 0 for all where everything goes from left to right, which most texts do."""
    if base is TextDirection.LTR and not any(bidirectional(c) in _TURNING for c in line):
        return [0] * len(line)
    paragraph = BidiParagraph(line, base, preserve_bn_chars=True)
    return [c.embedding_level for c in paragraph.get_characters_with_embedding_level()]


def _as_read(line: str, base: TextDirection, order: Sequence[str]) -> list[Run]:
    levels = _levels(line, base)
    parts: list[tuple[str, str, int]] = []
    place, font = 0, order[0]
    for cluster in clusters(line):
        # A space stays in the font of what stands before it: words of one script are put together as a whole.
        if not (cluster.isspace() and has(font, cluster)):
            font = font_for(cluster, order) or order[0]
        parts.append((cluster, font, levels[place]))
        place += len(cluster)
    return [
        Run("".join(part[0] for part in same), font, level)
        for (font, level), same in groupby(parts, lambda part: part[1:])
    ]


def _as_seen(runs: Sequence[Run]) -> list[Run]:
    """Rule L2 of the Unicode Bidirectional Algorithm: from the highest level on, what is at a level or above it is turned."""
    turned = list(runs)
    for level in range(max((run.level for run in runs), default=0), 0, -1):
        groups = groupby(turned, partial(_reaches, level))
        turned = [run for is_turned, same in groups for run in (reversed(list(same)) if is_turned else same)]
    return turned


def _reaches(level: int, run: Run) -> bool:
    return run.level >= level
