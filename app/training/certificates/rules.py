"""Who earns a certificate, its number, and the name on it. No database, no Flask."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from app.training.rules import Kind

MAX_NAME = 200
# Certificates come by themselves so long after a session, so that the attendance can be put right before.
GRACE = timedelta(hours=24)
# For so long after a session an attendance that is taken late still brings certificates by itself.
BY_ITSELF = timedelta(days=30)
# Where nobody said anything: what is taught ends with a certificate, what is shown does not.
WITH_CERTIFICATE = frozenset({Kind.WORKSHOP, Kind.COACH_TRAINING})

# Crockford's base 32: no letter in it can be taken for a digit. Twenty of them are 100 bits, which nobody guesses.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_GROUPS, _IN_GROUP = 5, 4
_MISREAD = str.maketrans("OIL", "011", "- ")


@dataclass(frozen=True)
class Rule:
    """What earns a certificate: `needed` of `meetings`."""

    is_on: bool
    needed: int
    meetings: int

    def is_met(self, attended: int) -> bool:
        return attended >= self.needed


def rule_for(kind: str, meetings: int, *, is_on: bool | None, needed: int | None) -> Rule:
    """What holds for a session of that kind with so many meetings, where is_on and needed are what was said (None: nothing)."""
    wanted = kind in WITH_CERTIFICATE if is_on is None else is_on
    return Rule(wanted, min(needed or meetings, meetings), meetings)


def new_code() -> str:
    """A number as it is printed: `7KQ2-M0XC-…`."""
    groups = ("".join(secrets.choice(_ALPHABET) for _ in range(_IN_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)


def read_code(typed: str) -> str:
    """The number that somebody typed, as it is printed: small letters, and O for 0, are what people type."""
    plain = typed.upper().translate(_MISREAD)
    return "-".join(plain[start : start + _IN_GROUP] for start in range(0, len(plain), _IN_GROUP))


def printable_name(name: str) -> str:
    """The name in composed characters, without what is not seen: controls, marks that turn the direction of writing."""
    composed = unicodedata.normalize("NFC", name)
    seen = (" " if c.isspace() else c for place, c in enumerate(composed) if c.isspace() or _is_seen(composed, place))
    return " ".join("".join(seen).split())[:MAX_NAME]


def _is_seen(name: str, place: int) -> bool:
    """Joiners are not seen themselves, but change the letters beside them in Persian and the scripts of India."""
    if name[place] not in _JOINERS:
        return unicodedata.category(name[place]) not in _UNSEEN
    before, after = name[:place][-1:], name[place + 1 :][:1]
    is_arabic = bool(before) and unicodedata.bidirectional(before) == "AL"
    return is_arabic or any(c and unicodedata.combining(c) == _VIRAMA for c in (before, after))


_JOINERS, _VIRAMA = "\u200c\u200d", 9
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})
