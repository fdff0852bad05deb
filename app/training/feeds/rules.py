"""What a feed covers, and the secret in its address. No database, no Flask."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

# One year back and two ahead, and never more than so many sessions: a calendar asks several times a day.
BACK = timedelta(days=365)
AHEAD = timedelta(days=730)
LIMIT = 1000
# Of these, so many meetings, the latest ones: writing one takes a millisecond, and what is written is kept for so many.
MOST_MEETINGS = 4000
# How often a calendar is asked to look again.
RENEW = timedelta(hours=1)


def make_token() -> str:
    """256 random bits, as an address holds them."""
    return secrets.token_urlsafe(32)


def hash_of(token: str) -> str:
    """What is kept of a token. It is random and long, so a plain hash cannot be tried out."""
    return hashlib.sha256(token.encode()).hexdigest()


def window(now: datetime) -> tuple[datetime, datetime]:
    return now - BACK, now + AHEAD
