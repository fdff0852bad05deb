"""What waits for a person on the home page."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.community.acknowledgements.mine import items_of
from app.web.sections import Section

SHOWN = 4


def to_read(_home: Any, reader: Any) -> Section | None:
    """What the reader has to read and confirm."""
    open_items = [item for item in items_of(reader) if item.confirmed_at is None]
    if not open_items:
        return None
    url = url_for("acknowledgements.index")
    card = "community/acknowledgements/_card.html"
    return Section(_("To read and confirm"), card, open_items[:SHOWN], len(open_items), url)
