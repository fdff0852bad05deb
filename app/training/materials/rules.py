"""Which addresses are taken, and for whom. No database, no Flask."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError

MAX_TITLE = 120
MAX_URL = 1000
MAX_LINKS = 50
# Whoever adds one link often adds the next one: people hear of them together, so long after the last.
QUIET = timedelta(minutes=10)


class Audience(StrEnum):
    """Who sees it: whoever sees the session, or those who have a seat and, once it is over, were there."""

    ALL = "all"
    THERE = "there"


AUDIENCE_NAMES = {
    Audience.ALL: _l("Everybody who sees the session"),
    Audience.THERE: _l("Those with a seat; afterwards, those who were there"),
}
GONE = _l("This link is not there any more.")


def check_url(url: str) -> str:
    """`url` if a browser can follow it and nothing of it is hidden. Raises InvalidInputError."""
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
    except ValueError:
        parts, host = urlsplit(""), None
    if parts.scheme not in {"http", "https"} or not host or _has_unseen(url):
        raise InvalidInputError(_l("Give a whole address that begins with https://."), field="url")
    if parts.username is not None or parts.password is not None:
        raise InvalidInputError(_l("Leave the user name and password out of the address."), field="url")
    return url


def host_of(url: str) -> str:
    """Where a link leads, in one word."""
    return urlsplit(url).hostname or ""


def _has_unseen(text: str) -> bool:
    """White space, controls, and what turns the direction of writing: no address needs them as they are."""
    return any(character.isspace() or unicodedata.category(character) in {"Cc", "Cf"} for character in text)
