"""How long what is unsaved is kept, and who counts as being there. No database, no Flask."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

# Unsaved words are somebody's work; but who has not come back for two months will not.
KEPT_FOR = timedelta(days=60)
# A page says every twenty seconds that it is still open. Whoever was not heard of three times is gone.
HERE_FOR = timedelta(seconds=65)
# So many texts can somebody have begun and not saved; the oldest goes for the next.
MOST_BEGUN = 20
KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")
# What a form sends that nobody typed.
_NOT_TYPED = frozenset({"csrf_token", "action"})
OWN = "desk-"

Typed = Mapping[str, Sequence[str]]


def typed_in(sent: Typed) -> dict[str, list[str]]:
    """Of everything that a form sent, what belongs to the text. What the desk sends for itself begins with `desk-`."""
    return {
        name: [value.replace("\x00", "") for value in values]
        for name, values in sent.items()
        if name not in _NOT_TYPED and not name.startswith(OWN)
    }


def is_key(text: str) -> bool:
    """Can this be the key of a form for a new text?"""
    return KEY.fullmatch(text) is not None
