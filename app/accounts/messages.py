"""How mail about accounts is worded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.config import Config
from app.jobs.messages import Message
from app.notifications.rules import Topic


def _invitation(params: Mapping[str, Any]) -> Message:
    config: Config = current_app.config["GUILDHALL"]
    return Message(
        _("%(inviter)s invites you to %(site)s", inviter=params["inviter"], site=config.site_name),
        _(
            "%(site)s is where engineers find practices, coaches, trainings and what other teams got out of them. "
            "Open this link within 14 days to choose a password:",
            site=config.site_name,
        ),
        params["link"],
    )


def _join(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Confirm your address"),
        _("Open this link within 14 days to choose a password. If you did not ask for it, ignore this mail."),
        params["link"],
    )


def _known_address(params: Mapping[str, Any]) -> Message:
    return Message(
        _("You have an account already"),
        _("Somebody, probably you, asked to join with this address. It has an account: log in, or reset the password."),
        params["link"],
    )


def _reset(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Reset your password"),
        _(
            "Open this link within two hours to choose another password. If you did not ask for it, ignore this mail; "
            "nothing has changed."
        ),
        params["link"],
    )


def _mention(params: Mapping[str, Any]) -> Message:
    config: Config = current_app.config["GUILDHALL"]
    return Message(
        _("%(by)s mentions you in “%(title)s”", by=params["by"], title=params["title"]),
        _("Read what it says about you or asks of you:"),
        config.site_url + params["path"],
    )


WORDINGS = {
    "invitation": _invitation,
    "join": _join,
    "known address": _known_address,
    "reset password": _reset,
    "mention": _mention,
}
TOPICS = {**dict.fromkeys(WORDINGS, Topic.ACCOUNT), "mention": Topic.MENTIONS}
