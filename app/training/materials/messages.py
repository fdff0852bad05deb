"""How people hear of new links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.jobs.messages import Message
from app.notifications.rules import Topic


def _materials(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Materials: %(title)s", title=params["title"]),
        ngettext(
            "There is a new link on the page of the session.",
            "There are %(num)s new links on the page of the session.",
            params["number"],
        ),
        url_for("training.show", slug=params["slug"], _external=True),
    )


WORDINGS = {"training materials": _materials}
TOPICS = dict.fromkeys(WORDINGS, Topic.TRAINING)
