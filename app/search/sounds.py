"""How Chinese words sound: `bushu` and `bs` are typed for 部署 by who has not switched the keyboard over."""

from __future__ import annotations

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from app.search.analysis import is_han

MIN_INITIALS = 2


@lru_cache(maxsize=50_000)
def syllables(word: str) -> tuple[str, ...]:
    """The pinyin of each character of `word`, without tones; ü is written v, as on a keyboard."""
    return tuple(lazy_pinyin(word, style=Style.NORMAL))


@lru_cache(maxsize=50_000)
def sounds(word: str) -> tuple[str, ...]:
    """What may be typed for a Chinese `word`: its pinyin, and its initials where there are at least two."""
    if not is_han(word):
        return ()
    parts = syllables(word)
    full, initials = "".join(parts), "".join(part[0] for part in parts)
    return (full, initials) if len(parts) >= MIN_INITIALS else (full,)
