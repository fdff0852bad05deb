"""What other pages show of the directory."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.coaches.queries import count_by_capability, count_coaches, list_on_capability, list_taking_requests
from app.web.sections import Counted, Section

CARD = "coaches/_card.html"
SHOWN = 6


def on_capability(capability: Any, _reader: Any) -> Section | None:
    """Who teaches it: `capability` has id and slug."""
    coaches = list_on_capability(capability.id)
    if not coaches:
        return None
    url = url_for("coaches.index", capability=capability.slug)
    return Section(_("Coaches who teach this"), CARD, coaches[:SHOWN], len(coaches), url)


def on_practice(practice: Any, reader: Any) -> Section | None:
    return on_capability(practice.capability, reader) if practice.capability else None


def with_room(_home: Any, _reader: Any) -> Section | None:
    coaches = list_taking_requests(SHOWN)
    return (
        Section(_("Coaches with room"), CARD, coaches, count_coaches(), url_for("coaches.index")) if coaches else None
    )


def counted_by_capability() -> Counted:
    return lambda number: ngettext("%(num)s coach", "%(num)s coaches", number), count_by_capability()
