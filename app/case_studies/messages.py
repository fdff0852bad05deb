"""How people are told what happened to a case study."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.case_studies.rules import Step
from app.jobs.messages import Message
from app.notifications.rules import Topic


def _submitted(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Case study to review: %(title)s", title=params["title"]),
        _(
            "%(actor)s has submitted it for the team %(team)s. Read it, then accept it, ask for changes, or reject it.",
            actor=params["actor"],
            team=params["team"],
        ),
        _address(params),
    )


def _changes_requested(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Changes asked for: %(title)s", title=params["title"]),
        _("%(actor)s writes: %(comment)s", actor=params["actor"], comment=params["comment"]),
        _address(params),
    )


def _accepted(params: Mapping[str, Any]) -> Message:
    body = _("%(actor)s has accepted your case study. Everybody can read it now.", actor=params["actor"])
    if params["comment"]:
        body += "\n\n" + _("%(actor)s writes: %(comment)s", actor=params["actor"], comment=params["comment"])
    return Message(_("Published: %(title)s", title=params["title"]), body, _address(params))


def _rejected(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Not accepted: %(title)s", title=params["title"]),
        _(
            "%(actor)s gives this reason: %(comment)s\n\nYou can make it a draft again and work on it.",
            actor=params["actor"],
            comment=params["comment"],
        ),
        _address(params),
    )


def _address(params: Mapping[str, Any]) -> str:
    return url_for("case_studies.show", slug=params["slug"], lang=params["language"], _external=True)


WORDINGS = {
    f"case study {Step.SUBMIT}": _submitted,
    f"case study {Step.REQUEST_CHANGES}": _changes_requested,
    f"case study {Step.ACCEPT}": _accepted,
    f"case study {Step.REJECT}": _rejected,
}
TOPICS = dict.fromkeys(WORDINGS, Topic.REVIEWS)
