"""How people are told that they are to review something, that somebody made remarks, and that something lies about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.jobs.messages import Message
from app.notifications.rules import Topic
from app.web.dates import long_date
from app.writing.review.policy import Side
from app.writing.review.rules import Nudge


def _assigned(params: Mapping[str, Any]) -> Message:
    return Message(
        _("You are asked to review: %(title)s", title=params["title"]),
        _(
            "%(actor)s asks you to review it until %(day)s. If you cannot, hand it back, and somebody else is asked.",
            actor=params["actor"],
            day=_day(params),
        ),
        _page(params),
    )


def _without_reviewer(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Nobody is left to review: %(title)s", title=params["title"]),
        _("%(actor)s has handed it back, and the rule finds nobody else. Ask somebody by hand.", actor=params["actor"]),
        _page(params),
    )


def _remarks(params: Mapping[str, Any]) -> Message:
    return Message(
        ngettext(
            "%(num)s remark on: %(title)s", "%(num)s remarks on: %(title)s", params["count"], title=params["title"]
        ),
        _("%(actor)s has read it and says something about single passages.", actor=params["actor"]),
        _page(params),
    )


def _answers(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Your remarks were answered: %(title)s", title=params["title"]),
        ngettext(
            "%(actor)s has answered in %(num)s place.",
            "%(actor)s has answered in %(num)s places.",
            params["count"],
            actor=params["actor"],
        ),
        _page(params),
    )


def _due(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Review due soon: %(title)s", title=params["title"]),
        _(
            "It should be reviewed until %(day)s. If you cannot, hand it back, and somebody else is asked.",
            day=_day(params),
        ),
        _page(params),
    )


def _overdue(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Review overdue: %(title)s", title=params["title"]),
        _(
            "It should have been reviewed until %(day)s, and a team waits for it. If you cannot, hand it back.",
            day=_day(params),
        ),
        _page(params),
    )


def _left_lying(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Nobody reviews: %(title)s", title=params["title"]),
        _("It has been overdue since %(day)s. Review it yourself, or ask somebody else.", day=_day(params)),
        _page(params),
    )


def _changes(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Still waiting for your changes: %(title)s", title=params["title"]),
        _("Changes were asked for two weeks ago. Often it takes less than one thinks; the remarks say where to begin."),
        _page(params),
    )


def _day(params: Mapping[str, Any]) -> str:
    return long_date(date.fromisoformat(params["due"]))


def _page(params: Mapping[str, Any]) -> str:
    return url_for("review.read", manuscript_id=params["id"], _external=True)


WORDINGS = {
    "review assigned": _assigned,
    "review without reviewer": _without_reviewer,
    f"review {Side.REVIEW} remarks": _remarks,
    f"review {Side.WRITING} remarks": _answers,
    f"review {Nudge.DUE}": _due,
    f"review {Nudge.OVERDUE}": _overdue,
    f"review {Nudge.LEFT_LYING}": _left_lying,
    f"review {Nudge.CHANGES}": _changes,
}
TOPICS = dict.fromkeys(WORDINGS, Topic.REVIEWS)
