"""Does a query look like a person's data or a secret? Such a query is not kept at all, whoever and however many ask it."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter

MIN_SECRET = 12
# Bits for each character: words of any language stay below, random keys above.
MIN_ENTROPY = 3.3

_ADDRESS = re.compile(r"\S@\S|\w @ \w|\S\s*\(at\)\s*\S|://|\bwww\.")
# Phones, identity cards (18 digits, the last perhaps X), bank cards, dates of birth, staff numbers.
_DIGITS = re.compile(r"(?:\d[\s().+/_-]{0,3}){7}")
_NUMBERED = re.compile(r"\b[a-z]{1,3}-?\d{5,}", re.IGNORECASE)
_HAN_DIGITS = re.compile(r"[〇零一二三四五六七八九壹贰叁肆伍陆柒捌玖]{7,}")
_IP4 = re.compile(r"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.])")
_IP6 = re.compile(r"(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])", re.IGNORECASE)
_MAC = re.compile(r"\b(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}\b", re.IGNORECASE)
_SAID = re.compile(
    r"(?:passw(?:or)?d|passwd|pwd|passphrase|token|secret|api[ _-]?key|密码|口令|密钥)\s*(?:[:=]|\bis\b|是)\s*\S",
    re.IGNORECASE,
)
_ISSUED = re.compile(
    r"\b(?:gh[opsur]_|github_pat_|glpat-|xox[abprs]-|ssh-rsa |-----begin |(?:sk-|a[ks]ia|eyj|aiza)(?=\S{12}))",
    re.IGNORECASE,
)
# Known weaknesses have long numbers and are looked for by many.
_HARMLESS = re.compile(r"\bc[vw]e[-\s]?\d{1,4}(?:[-\s]\d{1,7})?\b", re.IGNORECASE)
_PIECE = re.compile(r"[A-Za-z0-9+/=_.-]{16,}")
_WHOLE_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][a-z]{2,}(?![A-Za-z0-9])|[A-Z]?[a-z]{4,}|[+/=_.-]")


def looks_personal(text: str) -> bool:
    """Is there an e-mail or network address, a long number, a password or a key in `text`?"""
    plain = _HARMLESS.sub(" ", unicodedata.normalize("NFKC", text))
    patterns = (_ADDRESS, _DIGITS, _NUMBERED, _HAN_DIGITS, _IP4, _IP6, _MAC, _SAID, _ISSUED)
    return any(pattern.search(plain) for pattern in patterns) or any(
        _is_secret(piece) for piece in _PIECE.findall(plain)
    )


def _is_secret(piece: str) -> bool:
    """Long even without the words in it, of letters and digits or of small and capital letters, and each a surprise."""
    rest = _WHOLE_WORD.sub("", piece)
    kinds = [any(map(test, rest[1:])) for test in (str.isdigit, str.isupper, str.islower)]
    return len(rest) >= MIN_SECRET and sum(kinds) > 1 and _entropy(rest) >= MIN_ENTROPY


def _entropy(text: str) -> float:
    """Shannon's, in bits for each character."""
    return -sum(count / len(text) * math.log2(count / len(text)) for count in Counter(text).values())
