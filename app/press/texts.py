"""Texts before they are printed: without what no font has and nobody misses, and which characters are missing then."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from app.press import fonts
from app.press.fonts import JOINERS, clusters, is_known


def without_pictures(text: str) -> str:
    """Emoji and other signs that no font has are decoration: they go without a word, and so does what is not seen anyway."""
    composed = unicodedata.normalize("NFC", text)
    kept = (c for c in composed if not _is_unseen(c) and (unicodedata.category(c) != "So" or is_known(c)))
    return " ".join("".join(kept).split())


def _is_unseen(character: str) -> bool:
    """Marks that turn the direction of writing, and those that choose among shapes of a character."""
    if character in JOINERS:
        return False
    return unicodedata.category(character) == "Cf" or "VARIATION SELECTOR" in unicodedata.name(character, "")


def lacking(texts: Iterable[str]) -> str:
    """The characters that no font has."""
    found = dict.fromkeys(cluster for text in texts for cluster in clusters(text))
    return "".join(dict.fromkeys("".join(map(fonts.lacking, found))))
