"""How owners are reminded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Message
from app.notifications.rules import Topic
from app.practices.upkeep.rules import Stage
from app.web.dates import long_date


def _due(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Is it still right? %(title)s", title=params["title"]),
        _(
            "You look after this article, and it should be looked at again by %(day)s. If it is still right, one click says so; if "
            "not, improve it.",
            day=long_date(date.fromisoformat(params["day"])),
        ),
        url_for("upkeep.check", slug=params["slug"], _external=True),
    )


def _overdue(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Overdue: %(title)s", title=params["title"]),
        _(
            "You look after this article. It should have been looked at by %(day)s, and readers see a warning on it until "
            "somebody has.",
            day=long_date(date.fromisoformat(params["day"])),
        ),
        url_for("upkeep.check", slug=params["slug"], _external=True),
    )


WORDINGS = {f"upkeep {Stage.DUE}": _due, f"upkeep {Stage.OVERDUE}": _overdue}
TOPICS = dict.fromkeys(WORDINGS, Topic.KEEPING)
