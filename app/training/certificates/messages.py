"""How people hear of certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Message
from app.notifications.rules import Topic


def _issued(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Your certificate: %(title)s", title=params["title"]),
        _(
            "It has the number %(code)s. On its page you can download it as a PDF, and everybody whom you give the "
            "number can see there that it is valid.",
            code=params["code"],
        ),
        _url(params),
    )


def _revoked(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Certificate revoked: %(title)s", title=params["title"]),
        _(
            "Your certificate with the number %(code)s is no longer valid. Reason: %(reason)s",
            code=params["code"],
            reason=params["reason"],
        ),
        _url(params),
    )


def _doubted(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Does this certificate stay? %(title)s", title=params["title"]),
        _(
            "After a correction, the attendance of %(name)s is no longer enough for the certificate. It stays valid until "
            "you revoke it. Decide on the page of the certificates.",
            name=params["name"],
        ),
        url_for("certificates.index", slug=params["slug"], _external=True),
    )


def _url(params: Mapping[str, Any]) -> str:
    return url_for("certificates.verify", code=params["code"], _external=True)


WORDINGS = {
    "certificate issued": _issued,
    "certificate revoked": _revoked,
    "certificate doubted": _doubted,
}
TOPICS = {**dict.fromkeys(WORDINGS, Topic.TRAINING), "certificate doubted": Topic.RUNNING}
