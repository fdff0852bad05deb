"""How Chinese words sound: `bushu` and `bs` are typed for 部署 by who has not switched the keyboard over.

Characters with several readings count with the two most usual ones: 重构 is found as `chonggou` and `zhonggou`. The library's
dictionary of phrases, which would tell them apart, takes 45 MB of memory in every process.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from itertools import islice, product

from app.search.analysis import is_han

os.environ["PYPINYIN_NO_PHRASES"] = "true"  # read when the library is imported
from pypinyin import Style, pinyin

_PIECES = re.compile(r"[㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]|[^㐀-䶿一-鿿豈-﫿\U00020000-\U0003ffff]+")
MIN_INITIALS = 2
READINGS_OF_A_CHARACTER = 2
READINGS = 8


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[str, ...]:
    """The pinyin of `word` without tones, in each way to read it; ü is written v, as on a keyboard."""
    return tuple(dict.fromkeys("".join(parts) for parts in _ways(word)))


def syllables(text: str) -> list[str]:
    """The most usual pinyin of each Chinese character of `text`; what is no Chinese stays in one piece."""
    return [_usual(piece)[0] if is_han(piece) else piece for piece in _PIECES.findall(text)]


@lru_cache(maxsize=20_000)
def sounds(word: str) -> tuple[str, ...]:
    """What may be typed for a Chinese `word`: its pinyin, and its initials where there are at least two."""
    if not is_han(word):
        return ()
    initials = ["".join(part[0] for part in parts) for parts in _ways(word) if len(parts) >= MIN_INITIALS]
    return tuple(dict.fromkeys([*readings(word), *initials]))


def _ways(word: str) -> list[tuple[str, ...]]:
    return list(islice(product(*map(_usual, word)), READINGS))


@lru_cache(maxsize=20_000)
def _usual(character: str) -> tuple[str, ...]:
    """The most usual readings of a character."""
    (found,) = pinyin(character, style=Style.NORMAL, heteronym=True)
    return tuple(dict.fromkeys(found))[:READINGS_OF_A_CHARACTER]
