"""How people are told what became of an assessment. A message names it and leads there; what was written stays on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Message
from app.kernel.types import Localized
from app.maturity.rules import Step
from app.maturity.telling import MOVED, NEWER, WAITING, WITHOUT_COACH, kind_of
from app.notifications.rules import Topic
from app.web.i18n import language


def about(params: Mapping[str, Any]) -> dict[str, str]:
    """The words of an assessment that wordings put into sentences."""
    framework = Localized(params["framework"]).in_(language())
    return {"team": params["team"], "framework": framework, "title": params["title"], "actor": params["actor"]}


def _waiting(params: Mapping[str, Any]) -> Message:
    return Message(
        _("To verify: %(team)s, %(framework)s", **about(params)),
        _("“%(title)s” of %(team)s waits to be verified. A coach who is not of the team takes it on.", **about(params)),
        _desk(params),
    )


def _without_coach(params: Mapping[str, Any]) -> Message:
    """Administrators do not see the assessment. They can give somebody the role."""
    return Message(
        _("Nobody can verify: %(team)s, %(framework)s", **about(params)),
        _(
            "%(actor)s has sent the answers of %(team)s, and there is no coach who is not of the team. Give somebody the role.",
            **about(params),
        ),
        url_for("people.index", _external=True),
    )


def _submitted(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Submitted: %(framework)s, %(title)s", **about(params)),
        _("%(actor)s has submitted the answers of %(team)s. A coach looks at them next.", **about(params)),
        _page(params),
    )


def _taken_back(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Taken back: %(framework)s, %(title)s", **about(params)),
        _("%(actor)s has taken back what %(team)s had submitted. The answers can be changed again.", **about(params)),
        _page(params),
    )


def _taken_on(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(actor)s verifies your assessment: %(framework)s", **about(params)),
        _("%(actor)s has taken on “%(title)s” of %(team)s and looks at the answers now.", **about(params)),
        _page(params),
    )


def _handed_back(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Waits for another coach: %(framework)s", **about(params)),
        _("%(actor)s cannot verify “%(title)s” of %(team)s after all. Other coaches have been told.", **about(params)),
        _page(params),
    )


def _returned(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Back with findings: %(framework)s, %(title)s", **about(params)),
        _(
            "%(actor)s has looked at the answers of %(team)s. Answer each finding: change the answer, or say why it stays.",
            **about(params),
        ),
        _page(params),
    )


def _replied(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(team)s has answered your findings: %(framework)s", **about(params)),
        _("%(actor)s has sent “%(title)s” back to you. Look again at what has changed.", **about(params)),
        _desk(params),
    )


def _final(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Final: %(framework)s, %(title)s", **about(params)),
        _("%(actor)s and %(team)s agree on where the team stands. It is kept as a snapshot.", **about(params)),
        _page(params),
    )


def _withdrawn(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Withdrawn: %(framework)s, %(title)s", **about(params)),
        _(
            "%(actor)s has ended the assessment of %(team)s without a result. What was answered can be read.",
            **about(params),
        ),
        _page(params),
    )


def _moved(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Moved to a newer version: %(framework)s", **about(params)),
        _(
            "%(actor)s has moved “%(title)s” of %(team)s. Every answer is kept; those whose capability reads otherwise are marked.",
            **about(params),
        ),
        _page(params),
    )


def _newer(params: Mapping[str, Any]) -> Message:
    return Message(
        _("A newer version: %(framework)s", **about(params)),
        _(
            "“%(title)s” of %(team)s still answers the older one. On its page you see what differs, and move it over with every answer kept.",
            **about(params),
        ),
        _page(params),
    )


def _page(params: Mapping[str, Any]) -> str:
    return url_for("assessing.show", assessment_id=params["id"], _external=True)


def _desk(params: Mapping[str, Any]) -> str:
    """Where a coach looks at it."""
    return url_for("verifying.show", assessment_id=params["id"], _external=True)


WORDINGS = {
    WAITING: _waiting,
    WITHOUT_COACH: _without_coach,
    MOVED: _moved,
    NEWER: _newer,
    kind_of(Step.SUBMIT): _submitted,
    kind_of(Step.TAKE_BACK): _taken_back,
    kind_of(Step.TAKE_ON): _taken_on,
    kind_of(Step.HAND_BACK): _handed_back,
    kind_of(Step.RETURN): _returned,
    kind_of(Step.REPLY): _replied,
    kind_of(Step.CONFIRM): _final,
    kind_of(Step.WITHDRAW): _withdrawn,
}
TOPICS = dict.fromkeys(WORDINGS, Topic.ASSESSMENTS)
