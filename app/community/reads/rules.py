"""Who counts as a reader, and by which mark one is known for half an hour. No database, no Flask."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

# The same person on the same article counts once in this time.
ONCE_IN = timedelta(minutes=30)
# So long without a reader, and an article is worth a look.
UNREAD_FOR = timedelta(days=90)
_MACHINE = re.compile(
    r"(?<!cu)bot\b|bot[/;_-]|crawl|spider|slurp|headless|preview|fetch|monitor|scan|archiv|validator|lighthouse|facebookexternalhit|"
    r"^(?:curl|wget|python|go-http|java|ruby|perl|php|okhttp|axios|node|apache|postman|insomnia|httpie|libwww)",
    re.IGNORECASE,
)


def is_human(headers: Mapping[str, str]) -> bool:
    """Does somebody look at the page? Not a machine that says so, nor a browser that fetches what nobody has opened yet."""
    agent = headers.get("User-Agent", "")
    if not agent or _is_machine(agent):
        return False
    early = " ".join(headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Moz", "X-Purpose"))
    return "prefetch" not in early and "prerender" not in early and "preview" not in early


@lru_cache(maxsize=1024)
def _is_machine(agent: str) -> bool:
    """Browsers send few different ones."""
    return _MACHINE.search(agent) is not None


@dataclass
class Salt:
    """The secret part of marks. It is made when the site starts, lives in memory alone, and becomes another one each day: the next
    is a hash of the last, so all processes have the same, and nobody finds yesterday's from today's.
    """

    day: date
    value: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)

    def at(self, today: date) -> bytes:
        while self.day < today:
            self.value = hashlib.sha256(self.value).digest()
            self.day += timedelta(days=1)
        return self.value


def mark_of(salt: bytes, address: str, agent: str) -> str:
    """By what a reader is known again today, and nobody is known by it."""
    return hmac.new(salt, f"{address}\0{agent}".encode(), "sha256").hexdigest()[:24]
