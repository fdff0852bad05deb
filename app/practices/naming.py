"""The name of a practice in addresses, chosen from its title."""

from __future__ import annotations

from itertools import count

from app.kernel.slugs import MAX_LENGTH, slugify
from app.practices.queries import slug_exists
from app.search.sounds import readings
from app.writing.cutting import words
from app.writing.keeping.queries import find_former
from app.writing.keeping.service import RESERVED
from app.writing.queries import slug_is_free


def slug_from(title: str) -> str:
    """`title` as a slug: Chinese words in pinyin, as they are said."""
    return slugify(" ".join(_spelled(each.word) for each in words(title))) or "practice"


def _spelled(word: str) -> str:
    found = readings(word) if not word.isascii() else ()
    return found[0] if found else word


def is_free(slug: str) -> bool:
    """Is nothing at this address, be it published, only being written, or long gone? Old addresses lead on for ever."""
    is_taken = slug in RESERVED or slug_exists(slug) or find_former("practice", slug) is not None
    return not is_taken and slug_is_free("practice", slug)


def free_slug(title: str) -> str:
    """A slug that nothing has yet: the title's, with a number behind it where that is taken."""
    stem = slug_from(title)
    if is_free(stem):
        return stem
    stem = stem[: MAX_LENGTH - 4].rstrip("-")
    return next(slug for number in count(2) if is_free(slug := f"{stem}-{number}"))
