"""Who else is at it, in sentences."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from app.web.dates import clock_time
from app.writing.desk.queries import list_present


def said(manuscript_id: int, person_id: int, now: datetime) -> list[str]:
    """A sentence for each person who has the text open, too."""
    return [
        _("%(name)s is editing this, too (since %(time)s)", name=each.user.name, time=clock_time(each.since))
        for each in list_present(manuscript_id, now, without=person_id)
    ]
