"""How long, how many, how soon, and when two are the same. No database, no Flask."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

# The kinds of subject whose pages show comments.
COMMENTED = ("practice", "case-study")
MAX_COMMENT = 4_000
MAX_REASON = 300
# Threads on a page.
THREADS = 20
# Of one person. Whoever has more to say in an hour has an article to write.
MOST_AN_HOUR = 20
EDIT_FOR = timedelta(minutes=15)


def is_editable(at: datetime, now: datetime) -> bool:
    """While the words are fresh; later, people may have answered to them."""
    return now - at < EDIT_FOR


def key_of(form_key: str, place: str, source: str) -> str:
    """What the same form sent twice has in common: it was made after the same comment, and says the same in the same place.
    Whoever says the same again later gets another form. Two tabs with different words are two comments.
    """
    return hashlib.sha256(f"{form_key}\x00{place}\x00{source}".encode()).hexdigest()
