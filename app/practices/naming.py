"""The name of a practice in addresses, chosen from its title."""

from __future__ import annotations

from itertools import count

from app.kernel.slugs import MAX_LENGTH, slugify
from app.practices.queries import slug_exists
from app.search.sounds import readings
from app.writing.cutting import words
from app.writing.queries import slug_is_free

# Addresses below /practices/ that are pages of their own.
RESERVED = frozenset({"new"})


def slug_from(title: str) -> str:
    """`title` as a slug: Chinese words in pinyin, as they are said."""
    return slugify(" ".join(_spelled(each.word) for each in words(title))) or "practice"


def _spelled(word: str) -> str:
    found = readings(word) if not word.isascii() else ()
    return found[0] if found else word


def is_free(slug: str) -> bool:
    """Is nothing at this address, be it published or only being written?"""
    return slug not in RESERVED and slug_is_free("practice", slug) and not slug_exists(slug)


def free_slug(title: str) -> str:
    """A slug that nothing has yet: the title's, with a number behind it where that is taken."""
    stem = slug_from(title)
    if is_free(stem):
        return stem
    stem = stem[: MAX_LENGTH - 4].rstrip("-")
    return next(slug for number in count(2) if is_free(slug := f"{stem}-{number}"))
