"""Names and what else they are called, found in a text."""

from __future__ import annotations

from collections.abc import Iterable

from app.search.analysis import fold, is_han
from app.search.glossary.entry import Entry

PLURALS = ("s", "es")


class Glossary:
    """The names of `entries` that are switched on."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._others: dict[str, tuple[str, ...]] = {}
        # Other ways to write a name, as in `code-review` and `pipelines`.
        self._spellings: dict[str, str] = {}
        self._lengths: dict[str, tuple[int, ...]] = {}
        for entry in entries:
            if entry.active:
                self._add([fold(name) for name in entry.en], [fold(name) for name in entry.zh])
        for name in self._others:
            for spelling in _spellings(name):
                self._spellings.setdefault(spelling, name)
        self._spellings.update({name: name for name in self._others})
        self._measure()
        self.han_variants: tuple[str, ...] = tuple(name for name in self._others if is_han(name))

    def __len__(self) -> int:
        return len(self._others)

    def lookup(self, folded: str) -> tuple[str, ...]:
        """The other names of what `folded` names, nearest first: the other language's usual word, the other words of its
        own language, then the rest. Empty where it is no name.
        """
        return self._others.get(self._spellings.get(folded, ""), ())

    def find_in(self, folded: str) -> list[tuple[int, int, str]]:
        """(start, end, name) of the names in the folded text, from left to right: the longest where several begin, and
        none inside another. Letters have to be whole words; Chinese stands anywhere.
        """
        found, at = [], 0
        while at < len(folded):
            length = self._longest_at(folded, at)
            if length:
                found.append((at, at + length, self._spellings[folded[at : at + length]]))
            at += length or 1
        return found

    def _longest_at(self, folded: str, at: int) -> int:
        lengths = self._lengths.get(folded[at : at + 2])
        if lengths is None or _is_inside_a_word(folded, at):
            return 0
        for length in lengths:
            end = at + length
            if end <= len(folded) and folded[at:end] in self._spellings and not _is_inside_a_word(folded, end):
                return length
        return 0

    def _add(self, en: list[str], zh: list[str]) -> None:
        for own, other in ((en, zh), (zh, en)):
            for name in own:
                names = dict.fromkeys((*self._others.get(name, ()), other[0], *own, *other[1:]))
                names.pop(name, None)
                self._others[name] = tuple(names)

    def _measure(self) -> None:
        """How long the names can be that begin with the same two characters, the longest first."""
        lengths: dict[str, set[int]] = {}
        for name in self._spellings:
            lengths.setdefault(name[:2], set()).add(len(name))
        self._lengths = {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()}


def _spellings(name: str) -> list[str]:
    """How an English `name` is written, too: in the plural or singular, with hyphens or spaces."""
    if not name.isascii():
        return []
    forms = {name, name.replace("-", " "), name.replace(" ", "-")}
    if name[-1:].isalpha():
        forms |= {form + ending for form in list(forms) for ending in PLURALS}
    if name.endswith("s") and not name.endswith(("ss", "is", "us")) and len(name) > 4:
        forms |= {form[:-1] for form in list(forms) if form.endswith("s")}
    if name.endswith("y") and len(name) > 3:
        forms |= {form[:-1] + "ies" for form in list(forms) if form.endswith("y")}
    return sorted(forms - {name})


def _is_inside_a_word(text: str, at: int) -> bool:
    """Are there letters on both sides, so that what begins or ends here is only a part of a word?"""
    if at == 0 or at >= len(text):
        return False
    before, after = text[at - 1], text[at]
    return before.isalnum() and after.isalnum() and not is_han(before) and not is_han(after)
