"""Who may see a collection, and how much goes into one. No database, no Flask."""

from __future__ import annotations

from enum import StrEnum

from flask_babel import lazy_gettext as _l

MAX_TITLE = 120
MAX_ABOUT = 500
MAX_NOTE = 300
MAX_ENTRIES = 100
MAX_COLLECTIONS = 50
MAX_BOOKMARKS = 1_000


class Sight(StrEnum):
    PRIVATE = "private"
    LINK = "link"
    LISTED = "listed"


SIGHT_NAMES = {
    Sight.PRIVATE: _l("Only those who edit it"),
    Sight.LINK: _l("Whoever has the link"),
    Sight.LISTED: _l("Everybody; it is listed and found by search"),
}
SIGHT_BADGES = {Sight.PRIVATE: _l("Private"), Sight.LINK: _l("By link"), Sight.LISTED: _l("Listed")}
