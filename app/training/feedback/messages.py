"""How people are thanked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Message
from app.notifications.rules import Topic


def _thanks(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Thank you for coming: %(title)s", title=params["title"]),
        _(
            "How was it? Three numbers and, if you like, a sentence help the coach to make the next one better. "
            "Your answer is kept without your name."
        ),
        url_for("feedback.give", slug=params["slug"], _external=True),
    )


WORDINGS = {"training thanks": _thanks}
TOPICS = dict.fromkeys(WORDINGS, Topic.TRAINING)
