"""How people are told what happens to requests and engagements. Never with the words of coach or team: those stay on the page
that the message leads to.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from babel.dates import format_skeleton
from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.coaching.rules import OfferEnd
from app.jobs.messages import Message
from app.kernel.clock import zone
from app.kernel.types import Localized
from app.notifications.rules import Topic
from app.web.dates import clock_time
from app.web.i18n import language, request_zone


def _offered(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(team)s asks you for coaching%(about)s", team=params["team"], about=_about(params)),
        _(
            "Accept, ask something, decline with a reason, or hand it over until %(due)s. After that the next coach is asked.",
            due=_due(params),
        ),
        _request(params),
    )


def _passed_on(params: Mapping[str, Any]) -> Message:
    why = _WHY.get(params["ending"], _room_again)()
    return Message(
        _("%(coach)s is asked now%(about)s", coach=params["coach"], about=_about(params)),
        _("%(why)s %(coach)s has until %(due)s to answer.", why=why, coach=params["coach"], due=_due(params)),
        _request(params),
    )


def _room_again() -> str:
    return _("A coach has room again.")


_WHY: Mapping[str, Callable[[], str]] = {
    OfferEnd.DECLINED: lambda: _("The coach before cannot take it; the reason is on the page of the request."),
    OfferEnd.HANDED_OVER: lambda: _("The coach before thinks that this one fits better."),
    OfferEnd.RAN_OUT: lambda: _("The coach before did not answer within two working days."),
    OfferEnd.GONE: lambda: _("The coach before cannot be asked any more."),
}


def _stranded(params: Mapping[str, Any]) -> Message:
    """`is_left`: somebody who matches was not asked yet, and has no room or is away."""
    if params["is_left"]:
        subject = _("No coach can take it now%(about)s", about=_about(params))
        then = _(
            "Somebody who matches was not asked yet, and has no room or is away. The request stays, and goes to the first of them "
            "who can take it. An administrator knows of it and can give it to somebody."
        )
    else:
        subject = _("Nobody is left to ask%(about)s", about=_about(params))
        then = _(
            "The request stays, and an administrator knows of it and can give it to anybody who has room, also to somebody who was "
            "asked before. On its page you can ask anew for something wider."
        )
    return Message(subject, then, _request(params))


def _without_coach(params: Mapping[str, Any]) -> Message:
    return Message(
        _("A request of %(team)s is with no coach%(about)s", team=params["team"], about=_about(params)),
        _(
            "Somebody who matches was not asked yet, and has no room or is away. The site offers it to the first of them who can "
            "take it; you can give it to anybody who has room."
        )
        if params["is_left"]
        else _(
            "Nobody who matches is left to ask, so it waits for you. You can give it to anybody who has room, also to somebody who "
            "was asked before, or find out who could teach this."
        ),
        url_for("coaching_requests.stranded", _external=True),
    )


def _accepted(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(coach)s is your team’s coach%(about)s", coach=params["coach"], about=_about(params)),
        _("Goals, notes and what you agree on are on a page of your own. Say there when you would like to begin."),
        _engagement(params),
    )


def _question(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(coach)s asks your team something%(about)s", coach=params["coach"], about=_about(params)),
        _("The clock stands still until somebody of your team has answered."),
        _request(params),
    )


def _reminder(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(coach)s still waits for your team’s answer%(about)s", coach=params["coach"], about=_about(params)),
        _("Without it nothing goes on. If you need no coach any more, withdraw the request."),
        _request(params),
    )


def _reply(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(team)s has answered your question%(about)s", team=params["team"], about=_about(params)),
        _("You have until %(due)s. After that the next coach is asked.", due=_due(params)),
        _request(params),
    )


def _ran_out(params: Mapping[str, Any]) -> Message:
    return Message(
        _("The request of %(team)s has gone on%(about)s", team=params["team"], about=_about(params)),
        _(
            "Two working days are over, so it is no longer with you. There is nothing to do. If you have no time for requests now, "
            "say so on your page of the week."
        ),
        url_for("coaching_week.show", _external=True),
    )


def _gone(params: Mapping[str, Any]) -> Message:
    return Message(
        _("The request of %(team)s has gone on%(about)s", team=params["team"], about=_about(params)),
        _("You are of this team now, or coach no more, so it is no longer with you. There is nothing to do."),
        url_for("coaching.index", _external=True),
    )


def _withdrawn(params: Mapping[str, Any]) -> Message:
    return Message(
        _("%(team)s has withdrawn its request%(about)s", team=params["team"], about=_about(params)),
        _("There is nothing to do. You have room for another one."),
        url_for("coaching_week.show", _external=True),
    )


def _action_given(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Something was agreed that is yours: coaching of %(team)s", team=params["team"]),
        _("What it is, and by when, is on the page of the engagement."),
        _engagement(params),
    )


def _action_overdue(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Something that you agreed on is overdue: coaching of %(team)s", team=params["team"]),
        _("Do it, move its date, or say that it is not needed any more. You are told this once."),
        _engagement(params),
    )


def _action_left(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Something that is overdue has nobody any more: coaching of %(team)s", team=params["team"]),
        _(
            "Whose it was has left the team, or has no account any more. Give it to somebody else on the page of the engagement, or "
            "say that it is not needed any more. You are told this once."
        ),
        _engagement(params),
    )


def _paused(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Coaching of %(team)s pauses", team=params["team"]),
        _("%(actor)s has set it to pause. Either side can take it up again on its page.", actor=params["actor"]),
        _engagement(params),
    )


def _resumed(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Coaching of %(team)s goes on", team=params["team"]),
        _("%(actor)s has taken it up again.", actor=params["actor"]),
        _engagement(params),
    )


def _ended(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Coaching of %(team)s has ended", team=params["team"]),
        _(
            "What came of it is on its page. If you are in the team, say there how it was for you: a mark, and words if you like."
        ),
        _engagement(params),
    )


def _left(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Coaching of %(team)s has no coach any more", team=params["team"]),
        _(
            "Whoever coached you is here no longer, or coaches no more. What was written stays. End it on its page, say there what "
            "came of it, and ask for another coach."
        ),
        _engagement(params),
    )


def _about(params: Mapping[str, Any]) -> str:
    """The capability, in the language that is being written."""
    name = Localized(params["capability"]).in_(language())
    return _(": %(capability)s", capability=name) if name else ""


def _due(params: Mapping[str, Any]) -> str:
    return until_words(datetime.fromisoformat(params["due"]))


def until_words(moment: datetime) -> str:
    """Weekday, date and time, as they stand in the middle of a sentence: a notice may be read on another day than it was written."""
    day = moment.astimezone(zone(request_zone())).date()
    return _("%(day)s, %(time)s", day=format_skeleton("MMMEd", day, locale=get_locale()), time=clock_time(moment))


def _request(params: Mapping[str, Any]) -> str:
    return url_for("coaching_requests.show", request_id=params["request"], _external=True)


def _engagement(params: Mapping[str, Any]) -> str:
    return url_for("engagements.show", engagement_id=params["engagement"], _external=True)


WORDINGS = {
    "coaching offered": _offered,
    "coaching passed on": _passed_on,
    "coaching stranded": _stranded,
    "coaching without a coach": _without_coach,
    "coaching accepted": _accepted,
    "coaching question": _question,
    "coaching reminder": _reminder,
    "coaching reply": _reply,
    "coaching ran out": _ran_out,
    "coaching gone": _gone,
    "coaching withdrawn": _withdrawn,
    "coaching action": _action_given,
    "coaching action overdue": _action_overdue,
    "coaching action left": _action_left,
    "coaching paused": _paused,
    "coaching resumed": _resumed,
    "coaching ended": _ended,
    "coaching left": _left,
}
TOPICS = dict.fromkeys(WORDINGS, Topic.COACHING)
