"""A version as reviewers and authors read it together: each field with its remarks beside it, passages marked."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l
from markupsafe import Markup, escape

from app.accounts.models import User
from app.kernel.errors import InvalidInputError
from app.kernel.markup import guess_language
from app.media.rendering import render_text
from app.web.stored import stored
from app.writing.kinds import Content, Field, Kind
from app.writing.models import Manuscript
from app.writing.policy import is_of_team
from app.writing.review.anchoring import Anchor, Passage, State, anchor
from app.writing.review.guarding import Asked, as_text
from app.writing.review.marking import Range, Reading, mark, read, squeeze
from app.writing.review.models import Remark, RemarkEntry
from app.writing.review.policy import Side, sees_entry, sees_remark
from app.writing.review.rules import MAX_CONTEXT, MAX_QUOTE

# Of a field so many passages are offered to whoever has no script; the others are reached through the whole field.
MAX_OFFERED = 300
LABEL = 70
NOT_IN_ONE_PART = _l("These words are not in this part of the text. Mark a passage inside of one part.")


@dataclass(frozen=True)
class Note:
    """A remark beside the text: where its passage is by now, and as much of what was said as the reader sees."""

    remark: Remark
    entries: Sequence[RemarkEntry]
    anchor: Anchor

    @property
    def name(self) -> str:
        return f"remark-{self.remark.id}"

    @property
    def is_placed(self) -> bool:
        """Is there a passage in the text to lead to?"""
        return self.anchor.end > self.anchor.start


@dataclass
class Part:
    """One field, as it is shown: `passages` are (number, beginning) of what can be remarked on without script."""

    number: int
    name: str
    label: Any
    is_prose: bool
    reading: Reading
    notes: list[Note] = field(default_factory=list)
    found: list[Range] = field(default_factory=list)

    @property
    def html(self) -> Markup:
        placed = [Range(note.anchor.start, note.anchor.end, note.name) for note in self.notes if note.is_placed]
        return Markup(mark(self.reading, [*placed, *self.found]))  # noqa: S704  # sanitised HTML, and marks of ours

    @property
    def passages(self) -> list[tuple[int, str]]:
        text = self.reading.text
        return [
            (number, text[start : min(end, start + LABEL)] + ("…" if end - start > LABEL else ""))
            for number, (start, end) in enumerate(self.reading.blocks[:MAX_OFFERED])
        ]


def shown_number(reader: User, manuscript: Manuscript) -> int:
    """The version that somebody sees with its remarks: those who write it the latest, all others what was submitted."""
    if is_of_team(reader, manuscript):
        return manuscript.latest_number
    return manuscript.given_number


def read_parts(kind: Kind, content: Content) -> list[Part]:
    """The fields that have something in them, in the order of reading."""
    parts: list[Part] = []
    words = kind.words(content)
    for each in kind.fields(content):
        text = as_text(words.get(each.name, each.value))
        if text.strip():
            parts.append(read_part(len(parts) + 1, each, text))
    return parts


def read_part(number: int, field: Field, text: str) -> Part:
    """One field, as `text` says it."""
    return Part(number, field.name, field.label, field.is_prose, read(_html(text, is_prose=field.is_prose)))


def _html(text: str, *, is_prose: bool) -> str:
    if not is_prose:
        return "".join(f"<p>{escape(line)}</p>" for line in text.splitlines() if line.strip())
    key = ("review prose", hashlib.sha256(text.encode()).hexdigest())
    return stored(key, lambda: _rendered(text))


def _rendered(text: str) -> str:
    try:
        return render_text(text, guess_language(text)).html
    except InvalidInputError:
        # What cannot be rendered cannot be published either; it can be read and mended.
        return f"<pre>{escape(text)}</pre>"


def place_notes(parts: Sequence[Part], remarks: Sequence[Remark], side: Side | None) -> list[Note]:
    """Put each remark that this side sees beside its part. Returns those whose part is not there any more."""
    homeless: list[Note] = []
    for remark in remarks:
        if not sees_remark(side, remark):
            continue
        part, found = _find(parts, remark)
        note = Note(remark, [entry for entry in remark.entries if sees_entry(side, entry)], found)
        (homeless if part is None else part.notes).append(note)
    for part in parts:
        part.notes.sort(key=lambda note: (note.anchor.start, note.remark.id))
    return homeless


def _find(parts: Sequence[Part], remark: Remark) -> tuple[Part | None, Anchor]:
    """In its own field; its very words may have gone to another one."""
    home = next((part for part in parts if part.name == remark.field), None)
    found = anchor(home.reading.text, remark.passage) if home is not None else Anchor(State.GONE)
    if not remark.quote and home is not None:
        return home, Anchor(State.SAME)
    if found.state is State.GONE and remark.quote:
        for part in parts:
            start = part.reading.text.find(remark.quote) if part is not home else -1
            if start >= 0:
                return part, Anchor(State.MOVED, start, start + len(remark.quote))
    return home, found


def place_findings(parts: Sequence[Part], asked: Sequence[Asked]) -> None:
    """Mark what was found where a reader sees it. What stands in the address of a link is only in the list."""
    by_name = {part.name: part for part in parts}
    for each in asked:
        for finding in each.places:
            part = by_name.get(finding.field)
            words = squeeze(finding.text)
            start = part.reading.text.find(words) if part is not None else -1
            if part is not None and start >= 0:
                part.found.append(Range(start, start + len(words), each.name))


@dataclass(frozen=True)
class Selected:
    """What somebody marked: words and their neighbours as the browser has them, or the number of a passage."""

    quote: str
    prefix: str
    suffix: str
    passage: int | None


def passage_in(part: Part, selected: Selected) -> Passage:
    """The passage of this part, with its neighbours as they stand in the text. Raises InvalidInputError for words that are not
    in it.
    """
    text = part.reading.text
    if selected.quote:
        wanted = Passage(squeeze(selected.quote), _spaced(selected.prefix), _spaced(selected.suffix))
        found = anchor(text, wanted)
        if found.state not in {State.SAME, State.MOVED}:
            raise InvalidInputError(NOT_IN_ONE_PART, field="quote")
        return _cut(text, found.start, found.end)
    if selected.passage is not None and selected.passage < len(part.reading.blocks):
        start, end = part.reading.blocks[selected.passage]
        return _cut(text, start, min(end, start + MAX_QUOTE))
    return Passage("")


def _spaced(text: str) -> str:
    """One space for every stretch of white space, at the ends as well: there it parts neighbours from the passage."""
    return re.sub(r"\s+", " ", text)


def _cut(text: str, start: int, end: int) -> Passage:
    place = start / len(text) if text else 0.0
    return Passage(text[start:end], text[max(0, start - MAX_CONTEXT) : start], text[end : end + MAX_CONTEXT], place)
