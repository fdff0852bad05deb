"""How people are told what happened to what they write or review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin

from flask import current_app, request, url_for
from flask_babel import gettext as _

from app.config import Config
from app.jobs.messages import Message
from app.notifications.rules import Topic
from app.writing.authors import NAMED
from app.writing.kinds import get_kind
from app.writing.mentioning import MENTIONED
from app.writing.rules import Step


def _submitted(params: Mapping[str, Any]) -> Message:
    return Message(
        _("To review: %(title)s", title=params["title"]),
        _(
            "%(actor)s has submitted it. Read it, then accept it, ask for changes, or reject it.",
            actor=params["actor"],
        ),
        _desk(params),
    )


def _changes_requested(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Changes asked for: %(title)s", title=params["title"]),
        _("%(actor)s writes: %(comment)s", actor=params["actor"], comment=params["comment"]),
        _desk(params),
    )


def _accepted(params: Mapping[str, Any]) -> Message:
    body = _("%(actor)s has accepted it. Everybody can read it now.", actor=params["actor"])
    if params["comment"]:
        body += "\n\n" + _("%(actor)s writes: %(comment)s", actor=params["actor"], comment=params["comment"])
    address = get_kind(params["kind"]).url(params["slug"], params["language"])
    # Pages need no more than the path, mail needs all of it.
    return Message(_("Published: %(title)s", title=params["title"]), body, urljoin(request.url_root, address))


def _rejected(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Not accepted: %(title)s", title=params["title"]),
        _(
            "%(actor)s gives this reason: %(comment)s\n\nSave a change to it to begin again.",
            actor=params["actor"],
            comment=params["comment"],
        ),
        _desk(params),
    )


def _named(params: Mapping[str, Any]) -> Message:
    return Message(
        _("You write on it, too: %(title)s", title=params["title"]),
        _("%(actor)s has named you as an author. Look at what is there, and change it.", actor=params["actor"]),
        _desk(params),
    )


def _desk(params: Mapping[str, Any]) -> str:
    return url_for("writing.show", manuscript_id=params["id"], _external=True)


def _mentioned(params: Mapping[str, Any]) -> Message:
    config: Config = current_app.config["GUILDHALL"]
    return Message(
        _("%(by)s mentions you in “%(title)s”", by=params["by"], title=params["title"]),
        _("Read what it says about you or asks of you:"),
        config.site_url + get_kind(params["kind"]).url(params["slug"], params["language"]),
    )


WORDINGS = {
    MENTIONED: _mentioned,
    f"writing {Step.SUBMIT}": _submitted,
    f"writing {Step.REQUEST_CHANGES}": _changes_requested,
    f"writing {Step.ACCEPT}": _accepted,
    f"writing {Step.REJECT}": _rejected,
    NAMED: _named,
}
TOPICS = {**dict.fromkeys(WORDINGS, Topic.REVIEWS), MENTIONED: Topic.MENTIONS}
