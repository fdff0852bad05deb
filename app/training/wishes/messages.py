"""How people are told what became of a wish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Message
from app.notifications.rules import Topic


def _closed(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Wish closed: %(title)s", title=params["title"]),
        "\n\n".join(
            [
                _("You wanted a training on this. There will be none for now."),
                _("Reason: %(reason)s", reason=params["reason"]),
            ]
        ),
        url_for("wishes.show", wish_id=params["wish"], _external=True),
    )


WORDINGS = {"wish closed": _closed}
TOPICS = dict.fromkeys(WORDINGS, Topic.WISHES)
