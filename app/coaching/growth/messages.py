"""How messages about the path are worded. They say that something happened and where it stands, never what was written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.coaching.growth.models import PathStage
from app.coaching.growth.service import APPLIED, APPROVED, DECLINED, OBSERVED
from app.jobs.messages import Message
from app.kernel.db import db
from app.notifications.rules import Topic
from app.web.i18n import language


def _observed(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(observer)s has watched you", observer=params["observer"]),
        _(
            "What was good and what to try stands on your page of the path. You and the lead coaches read it, nobody else."
        ),
        _path(),
    )


def _applied(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(person)s asks for the next stage", person=params["person"]),
        _(
            "What was reached so far and what others have seen stands beside it. Decide, and say why if it is too early."
        ),
        url_for("growth.people", _external=True),
    )


def _approved(params: Mapping[str, Any]) -> Message:
    return Message(
        _("You are now: %(stage)s", stage=_name(params["stage"])),
        _(
            "A lead coach has approved what you asked for. What you may do now, and what comes next, stands on your page of the path."
        ),
        _path(),
    )


def _declined(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Not yet: %(stage)s", stage=_name(params["stage"])),
        _(
            "A lead coach has looked at what you asked for. What is missing stands on your page of the path, and you can ask again."
        ),
        _path(),
    )


def _path() -> str:
    return url_for("growth.own", _external=True)


def _name(slug: str) -> str:
    """What the stage is called now; its slug once the path has no such stage any more."""
    stage = db.session.get(PathStage, slug)
    return stage.name.in_(language()) if stage is not None else slug


WORDINGS = {OBSERVED: _observed, APPLIED: _applied, APPROVED: _approved, DECLINED: _declined}
TOPICS = dict.fromkeys(WORDINGS, Topic.COACHING)
