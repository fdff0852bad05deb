"""What must not be published in a bank, found in a text. Pure, and bounded in time and number.

Nothing here is certain: each finding is a question to whoever writes, who mends it or says why it may stay.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as of

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.writing.review.patterns import PATTERNS, Pattern, What, host_pattern

MAX_LENGTH = 1_000_000
MAX_FINDINGS = 200
CONTEXT = 48
# Names that never lead anywhere outside of a house (RFC 6762, ICANN on .internal), and what houses call their own.
SUFFIXES = (".internal", ".local", ".corp", ".lan", ".intranet")

WHAT_NAMES: Mapping[What, LazyString] = {
    What.KEY: _l("A private key"),
    What.PASSWORD: _l("A password"),
    What.TOKEN: _l("A key or token"),
    What.IDENTITY: _l("An identity number"),
    What.CARD: _l("A bank card number"),
    What.ACCOUNT: _l("An account number"),
    What.CUSTOMER: _l("A guarded name"),
    What.EMAIL: _l("An e-mail address"),
    What.PHONE: _l("A phone number"),
    What.HOST: _l("An internal host or address"),
    What.ADDRESS: _l("A postal address"),
    What.PLATE: _l("A licence plate"),
}
WHYS: Mapping[What, LazyString] = {
    What.KEY: _l(
        "Whoever has it can act in its owner's name. Take it out, and have it replaced: it was copied already."
    ),
    What.PASSWORD: _l("Take it out, and have it changed: it was copied already."),
    What.TOKEN: _l("Whoever has it can act in its owner's name. Take it out, and have it replaced."),
    What.IDENTITY: _l("The check sign is right, so it may be a person's. Use an invented one that fails the check."),
    What.CARD: _l("The check digit is right, so it may be a customer's. Use the test number of a card network."),
    What.ACCOUNT: _l("It may be a customer's. Leave it out or shorten it."),
    What.CUSTOMER: _l("This name is on the list of what stays inside. Say “a customer in trade” instead."),
    What.EMAIL: _l("It is a person's. Name a team or a page instead, or use example.com."),
    What.PHONE: _l("It is a person's. Name a team or a page instead."),
    What.HOST: _l("It says how the network is built. Use a name under example.com, or 192.0.2.1."),
    What.ADDRESS: _l("It may be a customer's. Name the city at most."),
    What.PLATE: _l("It leads to a person. Leave it out."),
}
# Full-width letters and digits, as Chinese keyboards write them, mean the same.
_HALF_WIDTH = {0xFF01 + number: 0x21 + number for number in range(94)} | {0x3000: 0x20}
_SPACE = re.compile(r"\s")


@dataclass(frozen=True)
class Finding:
    """Something that was found: `text` in the field called `field`, with what stands around it. Its own words stay out of
    whatever prints it.
    """

    what: What
    field: str
    start: int
    text: str = of(repr=False)
    before: str = of(repr=False)
    after: str = of(repr=False)

    @property
    def name(self) -> LazyString:
        return WHAT_NAMES[self.what]

    @property
    def why(self) -> LazyString:
        return WHYS[self.what]

    @property
    def masked(self) -> str:
        """As it may stand in a log, a notice or a list: the ends at most, and of what is secret nothing."""
        return mask(self.what, self.text)

    @property
    def digest(self) -> str:
        """The same for the same thing found, wherever it stands."""
        normal = "".join(self.text.split()).casefold()
        return hashlib.blake2b(f"{self.what}\0{normal}".encode(), digest_size=16).hexdigest()


def mask(what: What, text: str) -> str:
    shown = 0 if what in {What.KEY, What.PASSWORD, What.TOKEN, What.CUSTOMER} else min(2, len(text) // 4)
    return f"{text[:shown]}•••{text[len(text) - shown :]}"


def scan(texts: Sequence[tuple[str, str]], *, words: Sequence[str] = (), suffixes: Sequence[str] = ()) -> list[Finding]:
    """What is found in `texts`, pairs of a field's name and its text, in the order of reading; at most MAX_FINDINGS. `words`
    are guarded names, `suffixes` ends of internal hosts' names beside SUFFIXES.
    """
    patterns = [*PATTERNS, host_pattern([*SUFFIXES, *suffixes])]
    found: list[Finding] = []
    left = MAX_LENGTH
    for name, text in texts:
        found += _scan_one(name, text[:left].translate(_HALF_WIDTH), patterns, words)
        left -= min(left, len(text))
        if len(found) >= MAX_FINDINGS:
            break
    return found[:MAX_FINDINGS]


def _scan_one(name: str, text: str, patterns: Sequence[Pattern], words: Sequence[str]) -> list[Finding]:
    taken = bytearray(len(text))
    found = []
    for what, start, end in _places(text, patterns, words):
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            before, after = text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]
            found.append(Finding(what, name, start, text[start:end], before, after))
            if len(found) >= MAX_FINDINGS:
                break
    return sorted(found, key=lambda each: each.start)


def _places(text: str, patterns: Sequence[Pattern], words: Sequence[str]) -> Iterator[tuple[What, int, int]]:
    for pattern in patterns:
        group = "it" if "it" in pattern.regex.groupindex else 0
        for match in pattern.regex.finditer(text):
            if pattern.check(match):
                yield pattern.what, match.start(group), match.end(group)
    yield from _guarded(text, words)


def _guarded(text: str, words: Sequence[str]) -> Iterator[tuple[What, int, int]]:
    """The places of guarded names. One search a word, which for thousands of words is quicker than one pattern of all."""
    folded = fold(text)
    for word in words:
        needle, start = fold(word), -1
        while needle and (start := folded.find(needle, start + 1)) >= 0:
            end = start + len(needle)
            if _stands_alone(folded, start, end):
                yield What.CUSTOMER, start, end


def fold(text: str) -> str:
    """`text` sign by sign as guarded names are compared: small letters, half width, every sort of space the same."""
    plain = text.translate(_HALF_WIDTH)
    lower = plain.lower()
    if len(lower) != len(plain):
        # A sign whose small letter takes two, as there is in Turkish, stays as it is: places have to remain places.
        lower = "".join(low if len(low := sign.lower()) == 1 else sign for sign in plain)
    return _SPACE.sub(" ", lower)


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Is it a word rather than a piece of one? Han characters stand beside each other without a space."""

    def goes_on(inside: str, outside: str) -> bool:
        return inside.isascii() and outside.isascii() and inside.isalnum() and outside.isalnum()

    starts = start == 0 or not goes_on(text[start], text[start - 1])
    return starts and (end == len(text) or not goes_on(text[end - 1], text[end]))
