"""What was typed, taken apart: words, "phrases", prefix*, -excluded. Any input is a query; none is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.search.analysis import base_terms, fold, sought_terms, spans

MAX_LENGTH = 256
MAX_TERMS = 32
MIN_PREFIX = 2

_QUOTES = str.maketrans("“”„«»「」『』", '"' * 9)
_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Parsed:
    """Terms, as the index knows them. `prefixes` are beginnings of words as they are written; `excluded` holds words and
    phrases that must not occur.
    """

    words: list[str] = field(default_factory=list)
    phrases: list[list[str]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    excluded: list[list[str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Is there nothing to look for? (To exclude something is not yet to look for anything.)"""
        return not (self.words or self.phrases or self.prefixes)

    @property
    def terms(self) -> list[str]:
        """Every whole term that is looked for."""
        return [*self.words, *(term for phrase in self.phrases for term in phrase)]


def parse(text: str) -> Parsed:
    """The query in `text`, of which at most 256 characters and 32 terms count."""
    parsed = Parsed()
    left = MAX_TERMS
    for piece in _PIECE.finditer(fold(text[:MAX_LENGTH]).translate(_QUOTES)):
        typed = piece["word"] if piece["phrase"] is None else piece["phrase"]
        if piece["word"] and typed.endswith("*") and not piece["minus"] and left:
            typed, prefix = _split_prefix(typed.rstrip("*"))
            parsed.prefixes.extend(prefix)
            left -= len(prefix)
        # Phrases are made of base words; two characters are one term, however a text is cut there.
        is_phrase = (piece["phrase"] is not None or piece["minus"]) and len(typed) > 2
        terms = list(base_terms(typed) if is_phrase else sought_terms(typed))[:left]
        left -= len(terms)
        if not terms:
            continue
        if piece["minus"]:
            parsed.excluded.append(terms)
        elif piece["phrase"] is not None:
            parsed.phrases.append(terms)
        else:
            parsed.words.extend(terms)
    return parsed


def _split_prefix(typed: str) -> tuple[str, list[str]]:
    """`typed` without its last word, and that word where it is long enough to begin others with."""
    places = list(spans(typed))
    if not places or places[-1][2] != len(typed):
        return typed, []
    start = places[-1][1]
    word = typed[start:]
    return (typed[:start], [word]) if len(word) >= MIN_PREFIX or not word.isascii() else (typed, [])
