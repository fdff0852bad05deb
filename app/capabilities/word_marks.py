"""Two sentences word by word: what stayed, what went, what came."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import NamedTuple

# A Chinese character is a word of its own here: nobody has to know where the words are to see which characters changed.
_WORD = re.compile(r"[㐀-䶿一-鿿]|[^\W㐀-䶿一-鿿]+|\s+|.", re.DOTALL)
# Beyond that many words the comparison could take long; both are then shown whole.
MOST_WORDS = 1500


class Mark(NamedTuple):
    """A stretch of words: `same`, `gone` or `new`."""

    how: str
    text: str


def mark_words(before: str, after: str) -> list[Mark]:
    """The stretches in reading order. What is in `same` and `gone` is `before` to the letter; in `same` and `new`, `after`."""
    old, new = _WORD.findall(before), _WORD.findall(after)
    if not old or not new or len(old) + len(new) > MOST_WORDS:
        return [Mark(how, text) for how, text in (("gone", before), ("new", after)) if text]
    found: list[Mark] = []
    for how, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if how == "equal":
            found.append(Mark("same", "".join(old[a:b])))
            continue
        found.extend(Mark(kind, "".join(words)) for kind, words in (("gone", old[a:b]), ("new", new[c:d])) if words)
    return found
