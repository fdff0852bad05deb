"""How people are told what was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Message
from app.notifications.rules import Topic


def _written(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(actor)s commented on %(title)s", actor=params["actor"], title=params["title"]),
        params["said"],
        _address(params),
    )


def _answered(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(actor)s answered in a thread on %(title)s", actor=params["actor"], title=params["title"]),
        params["said"],
        _address(params),
    )


def _hidden(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Your comment on %(title)s is hidden", title=params["title"]),
        "\n\n".join(
            [
                _("An editor has taken it out of sight. You still see it."),
                _("Reason: %(reason)s", reason=params["reason"]),
            ]
        ),
        _address(params),
    )


def _address(params: Mapping[str, Any]) -> str:
    return url_for("comments.show", comment_id=params["comment"], _external=True)


WORDINGS = {"comment": _written, "comment answer": _answered, "comment hidden": _hidden}
TOPICS = dict.fromkeys(WORDINGS, Topic.COMMENTS)
