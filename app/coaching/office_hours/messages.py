"""How messages about bookings are worded, for whoever booked and for the coach, and whether they still hold when they leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.coaching.office_hours.line import CALLED_OFF, TURN
from app.coaching.office_hours.queries import find_booking
from app.coaching.office_hours.rules import State
from app.coaching.office_hours.telling import BOOKED, CANCELLED, MOVED, REMINDER, facts_of
from app.jobs.messages import Current, Message, Method
from app.notifications.rules import Topic
from app.training.messages import facts


def _booked(params: Mapping[str, Any]) -> Message:
    if params["side"] == "coach":
        subject = _("%(person)s has booked you", person=params["person"])
        opening = _("Somebody has booked a time in your office hours. What it is about stands on its page.")
    else:
        subject = _("Booked: %(coach)s", coach=params["coach"])
        opening = _("The time is yours. If you cannot come, move or cancel it, so that somebody else can have it.")
    return _about(params, subject, opening, Method.REQUEST)


def _moved(params: Mapping[str, Any]) -> Message:
    before = {**params, "starts": params["starts_before"], "ends": params["ends_before"], "place": ""}
    return _about(
        params,
        _("Changed: office hours with %(name)s", name=_other(params)),
        _("This booking is at another time or in another place now. In your calendar it is changed, too."),
        Method.REQUEST,
        _("Before: %(what)s", what=facts(before)),
    )


def _cancelled(params: Mapping[str, Any]) -> Message:
    more = [_("Reason: %(reason)s", reason=params["reason"])] if params["reason"] else []
    if params["by"] == "nobody":
        more.append(_("%(name)s is no longer here.", name=_other(params)))
    if params["by"] != "person" and params["side"] == "person":
        more.append(_("Choose another time: %(url)s", url=url_for("office_hours.index", _external=True)))
    return _about(
        params,
        _("Cancelled: office hours with %(name)s", name=_other(params)),
        _("This does not take place, and is taken out of your calendar."),
        Method.CANCEL,
        *more,
    )


def _reminder(params: Mapping[str, Any]) -> Message:
    return _about(
        params,
        _("Reminder: office hours with %(name)s", name=_other(params)),
        _("You have booked this time. If you cannot come, cancel it now, so that somebody else can have it."),
        Method.REQUEST,
    )


def _turn(params: Mapping[str, Any]) -> Message:
    return Message(
        _("It is your turn: number %(number)s", number=params["number"]),
        _("%(coach)s calls you. Where to go stands on the page of the line.", coach=params["coach"]),
        url_for("office_line.show", hours_id=params["hours"], _external=True),
    )


def _line_called_off(params: Mapping[str, Any]) -> Message:
    more = [_("Reason: %(reason)s", reason=params["reason"])] if params["reason"] else []
    return Message(
        _("Called off: the line of %(coach)s", coach=params["coach"]),
        "\n\n".join([_("You stood in line. These office hours do not take place, or not at this time."), *more]),
        url_for("office_hours.index", _external=True),
    )


def _about(params: Mapping[str, Any], subject: str, opening: str, calendar: Method, *more: str) -> Message:
    parts = [opening, facts(params), *more]
    if params["link"] and calendar is Method.REQUEST:
        parts.append(_("Join here: %(link)s", link=params["link"]))
    url = url_for("office_hours.show", booking_id=params["booking"], _external=True)
    return Message(subject, "\n\n".join(parts), url, calendar=calendar)


def _other(params: Mapping[str, Any]) -> str:
    name: str = params["person"] if params["side"] == "coach" else params["coach"]
    return name


def _still_booked(params: Mapping[str, Any], _user_id: int | None, _now: datetime) -> Mapping[str, Any] | None:
    """As it is now. Of what was cancelled by then another mail tells."""
    booking = find_booking(params["booking"])
    return {**params, **facts_of(booking)} if booking is not None and booking.state == State.BOOKED else None


def _still_ahead(params: Mapping[str, Any], user_id: int | None, now: datetime) -> Mapping[str, Any] | None:
    """Nobody is reminded of what has begun or was moved: then there was another mail."""
    current = _still_booked(params, user_id, now)
    if current is None or current["starts"] != params["starts"]:
        return None
    return current if datetime.fromisoformat(current["starts"]) > now else None


WORDINGS = {
    BOOKED: _booked,
    MOVED: _moved,
    CANCELLED: _cancelled,
    REMINDER: _reminder,
    TURN: _turn,
    CALLED_OFF: _line_called_off,
}
CURRENT: Mapping[str, Current] = {BOOKED: _still_booked, MOVED: _still_booked, REMINDER: _still_ahead}
WITH_CALENDAR = (BOOKED, MOVED, CANCELLED, REMINDER)
TOPICS = dict.fromkeys(WORDINGS, Topic.COACHING)
