"""What other pages show of a history: the way to it, and that a translation is behind its original."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l

from app.accounts.models import User
from app.writing.history.policy import can_vouch
from app.writing.history.queries import find_original, find_source
from app.writing.history.rules import is_behind
from app.writing.models import Manuscript
from app.writing.rooms import Way


def ways(manuscript: Manuscript, _person: User) -> list[Way]:
    """The link on the page of a manuscript."""
    return [Way(_l("History"), url_for("history.index", manuscript_id=manuscript.id), "history")]


def behind_original(manuscript: Manuscript, person: User) -> str:
    """For those who write a translation: that the original says something else by now, or that nobody has said what the
    translation says the same as.
    """
    original = find_original(manuscript)
    if original is None or original.published_number is None:
        return ""
    source = find_source(manuscript, manuscript.latest_number)
    if source is not None and not is_behind(source, original.published_number):
        return ""
    return render_template(
        "writing/history/_behind.html",
        manuscript=manuscript,
        original=original,
        source=source,
        may_vouch=can_vouch(person, manuscript),
    )
