"""What other pages show of the library."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.practices.queries import count_by_capability, list_newest, list_on_capability, list_owned
from app.web.i18n import request_language
from app.web.sections import Counted, Section

CARD = "practices/_card.html"


def on_capability(capability: Any, _reader: Any) -> Section | None:
    """Every article on it: `capability` has an id."""
    items = list_on_capability(capability.id, request_language())
    return Section(_("Practices"), CARD, items, len(items)) if items else None


def owned_by(coach: Any, _reader: Any) -> Section | None:
    """The articles a person answers for: `coach` has a user_id."""
    items = list_owned(coach.user_id, request_language())
    return Section(_("Articles they look after"), CARD, items, len(items)) if items else None


def newest(_home: Any, _reader: Any) -> Section | None:
    items = list_newest(request_language(), 6)
    url = url_for("practices.index", sort="newest")
    return Section(_("New in the library"), CARD, items, len(items), url) if items else None


def counted_by_capability() -> Counted:
    return lambda number: ngettext("%(num)s practice", "%(num)s practices", number), count_by_capability()
