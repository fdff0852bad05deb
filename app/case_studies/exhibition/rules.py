"""What stands on a poster, and in which order posters take their turns. No database, no Flask."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SENTENCES = 3
# A sentence that is longer is no line on a poster.
MOST_CHARACTERS = 220
# One that is shorter says nothing without those around it. In bytes, of which a Chinese character has three.
LEAST_BYTES = 36
# So much stands on a sheet of paper beside title and number.
MOST_BYTES = 400
# From so many characters on, the great number is set smaller: the name of the step is `data-size` in the style sheet.
SIZES = ((3, "l"), (5, "m"), (8, "s"))
# A sentence ends with a mark and a space, in Chinese with the mark alone. A point between figures ends nothing.
_END = re.compile(r"(?<=[.!?…][\s\"”’)])|(?<=[。！？])(?![”’」』）])")


@dataclass(frozen=True)
class Stop:
    """A place in the round: one story in one language."""

    story_id: int
    slug: str
    language: str
    team: str
    team_name: str
    capability_id: int | None

    @property
    def key(self) -> tuple[str, str]:
        return self.slug, self.language


@dataclass(frozen=True)
class Place:
    """Where in the round one stands."""

    here: Stop
    before: Stop
    after: Stop
    number: int
    total: int


def place_in(stops: Sequence[Stop], slug: str, language: str) -> Place:
    """Where the story is. Of one that is not there any more, and at the beginning: the first. There is one stop at least."""
    keys = [stop.key for stop in stops]
    other = next((number for number, key in enumerate(keys) if key[0] == slug), 0)
    number = keys.index((slug, language)) if (slug, language) in keys else other
    return Place(
        here=stops[number],
        before=stops[number - 1],
        after=stops[(number + 1) % len(stops)],
        number=number + 1,
        total=len(stops),
    )


def in_turn(rounds: Iterable[Sequence[Stop]]) -> list[Stop]:
    """Rounds in several languages as one: each story in all of its languages, in the order of the first round that has it."""
    versions: dict[str, list[Stop]] = {}
    for stops in rounds:
        for stop in stops:
            versions.setdefault(stop.slug, []).append(stop)
    return [stop for stops in versions.values() for stop in stops]


def sentences_of(text: str) -> list[str]:
    """The sentences of a plain text that are short enough for a poster."""
    parts = (" ".join(part.split()) for part in _END.split(f"{text} "))
    return [part for part in parts if 0 < len(part) <= MOST_CHARACTERS]


def said_on(summary: str, parts: Mapping[str, str]) -> list[str]:
    """Three sentences: those of the summary, and then the first of the results, the approach and the lessons that says
    something by itself.
    """
    found = sentences_of(summary)
    for name in ("results", "approach", "lessons"):
        found += [sentence for sentence in sentences_of(parts.get(name, "")) if _tells(sentence)][:1]
    said: list[str] = []
    for sentence in list(dict.fromkeys(found))[:SENTENCES]:
        if said and len("".join([*said, sentence]).encode()) > MOST_BYTES:
            break
        said.append(sentence)
    return said


def _tells(sentence: str) -> bool:
    """Is it a whole sentence, and neither a heading, an exclamation, nor the beginning of a list?"""
    return len(sentence.encode()) >= LEAST_BYTES and sentence.endswith((".", "!", "?", "。", "！", "？"))


def parts_of(text: str, headings: Mapping[str, str]) -> dict[str, str]:
    """The parts of a story out of its plain text, in which each begins with a line that is its heading. `headings` gives them
    by the names of the parts.
    """
    names = {heading: name for name, heading in headings.items()}
    found: dict[str, list[str]] = {}
    current: list[str] = []
    for line in text.splitlines():
        if line.strip() in names:
            current = found.setdefault(names[line.strip()], [])
        else:
            current.append(line)
    return {name: "\n".join(lines) for name, lines in found.items()}


def size_of(figure: str) -> str:
    """How large a number is set: the longer, the smaller."""
    return next((size for most, size in SIZES if len(figure) <= most), "xs")
