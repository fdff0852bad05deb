"""Names for URLs: short, lower case, ASCII where the title allows it, stable."""

from __future__ import annotations

import re
import secrets
import unicodedata

MAX_LENGTH = 80
PATTERN = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Is `text` already a slug, as the URL needs it?"""
    return len(text) <= MAX_LENGTH and PATTERN.fullmatch(text) is not None


def slugify(title: str) -> str:
    """`title` as a slug; empty where nothing of it can be written in ASCII (a Chinese title, say)."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word
        if len(longer) > MAX_LENGTH:
            break
        slug = longer
    return slug or "".join(words)[:MAX_LENGTH]


def unique_slug(title: str, fallback: str) -> str:
    """A slug that nobody else has: the title's words (or `fallback`) and six random characters."""
    stem = slugify(title)[: MAX_LENGTH - 7].rstrip("-") or fallback
    return f"{stem}-{secrets.token_hex(3)}"
