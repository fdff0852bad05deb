"""What was typed, taken apart: words, "phrases", prefix*, -excluded. Any input is a query; none is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from app.search.analysis import base_terms, fold

MAX_LENGTH = 256
MAX_TERMS = 32
MIN_PREFIX = 2

_PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"|(?P<word>[^\s"]+))')


@dataclass(frozen=True)
class Parsed:
    """Terms, as the index knows them. `excluded` holds words and phrases that must not occur."""

    words: list[str] = field(default_factory=list)
    phrases: list[list[str]] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    excluded: list[list[str]] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Is there nothing to look for? (To exclude something is not yet to look for anything.)"""
        return not (self.words or self.phrases or self.prefixes)

    @property
    def sought(self) -> list[str]:
        """Every term that is looked for."""
        return [*self.words, *(term for phrase in self.phrases for term in phrase), *self.prefixes]


def parse(text: str) -> Parsed:
    """The query in `text`, of which at most 256 characters and 32 terms count."""
    parsed = Parsed()
    left = MAX_TERMS
    for piece in _PIECE.finditer(fold(text[:MAX_LENGTH]).replace("“", '"').replace("”", '"')):
        typed = piece["word"] if piece["phrase"] is None else piece["phrase"]
        terms = list(base_terms(typed))[:left]
        left -= len(terms)
        if not terms:
            continue
        if piece["minus"]:
            parsed.excluded.append(terms)
        elif piece["phrase"] is not None:
            parsed.phrases.append(terms)
        elif typed.endswith("*") and len(terms) == 1 and len(typed) > MIN_PREFIX:
            parsed.prefixes.append(typed.rstrip("*"))
        else:
            parsed.words.extend(terms)
    return parsed
