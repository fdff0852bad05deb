"""How messages about sessions are worded: in the reader's language, with times in the reader's zone.

Days are written out, never as "tomorrow": nobody knows on which day a mail is read.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Action, Message, Method
from app.kernel.clock import zone
from app.notifications.rules import Topic
from app.web.dates import clock_time, long_date
from app.web.i18n import request_zone


def _confirmed(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("Your seat: %(title)s", title=params["title"]),
        _("You have a seat. If you cannot come, give it back on the page of the session, so that somebody else can."),
        calendar=Method.REQUEST,
    )


def _waiting(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("On the waiting list: %(title)s", title=params["title"]),
        _(
            "All seats are taken. You are number %(position)s on the waiting list. When a seat becomes free and it is "
            "your turn, you get it without doing anything, and hear of it at once.",
            position=params["position"],
        ),
    )


def _promoted(params: Mapping[str, Any]) -> Message:
    return about(
        params,
        _("You have a seat now: %(title)s", title=params["title"]),
        _(
            "A seat became free, and it is yours. If you cannot come any more, give it back on the page of the "
            "session, so that the next one gets it."
        ),
        calendar=Method.REQUEST,
    )


def _changed(params: Mapping[str, Any]) -> Message:
    before = {name: params[f"{name}_before"] for name in ("starts", "ends", "place")}
    return about(
        params,
        _("Changed: %(title)s", title=params["title"]),
        _("Something about this session has changed. Your place stays yours."),
        _("Before: %(what)s", what=facts({**before, "zone": params["zone"]}).replace("\n", ", ")),
        calendar=Method.REQUEST,
    )


def _cancelled(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Cancelled: %(title)s", title=params["title"]),
        "\n\n".join(
            [
                _("This session does not take place."),
                _("Reason: %(reason)s", reason=params["reason"]),
                _("It was to be: %(what)s", what=facts(params).replace("\n", ", ")),
            ]
        ),
        _url("training.show", params),
        calendar=Method.CANCEL,
    )


def _seat_gone(params: Mapping[str, Any]) -> Message:
    return Message(
        _("No longer your seat: %(title)s", title=params["title"]),
        "\n\n".join(
            [
                _("You no longer have a seat in this session, so it is taken out of your calendar."),
                facts(params),
                _("If that is not what you wanted, sign up again on the page of the session."),
            ]
        ),
        _url("training.show", params),
        calendar=Method.CANCEL,
    )


def _meetings_dropped(params: Mapping[str, Any]) -> Message:
    times = [span(datetime.fromisoformat(starts), datetime.fromisoformat(ends)) for starts, ends in params["times"]]
    return Message(
        _("Fewer meetings: %(title)s", title=params["title"]),
        "\n\n".join(
            [
                _("This session no longer meets at these times, so they are taken out of your calendar:"),
                "\n".join(times),
                _("Your seat stays yours; what is left stands on the page of the session."),
            ]
        ),
        _url("training.show", params),
        calendar=Method.CANCEL,
    )


def about(
    params: Mapping[str, Any],
    subject: str,
    *paragraphs: str,
    calendar: Method | None = None,
    actions: Sequence[Action] = (),
) -> Message:
    """A message about a session. Opening sentence, facts, then whatever else there is to say, and where it goes into the calendar."""
    opening, *rest = paragraphs
    parts = [opening, facts(params), *rest]
    if params.get("link"):
        parts.append(_("Join here: %(link)s", link=params["link"]))
    if calendar is not Method.CANCEL:
        parts.append(_("For your calendar: %(url)s", url=_url("calendar_entries.file", params)))
    return Message(subject, "\n\n".join(parts), _url("training.show", params), actions, calendar)


def facts(params: Mapping[str, Any]) -> str:
    """When and where: a line for each meeting, and one for the place."""
    times = params.get("meetings") or [[params["starts"], params["ends"]]]
    lines = [span(datetime.fromisoformat(starts), datetime.fromisoformat(ends)) for starts, ends in times]
    if params["place"]:
        lines.append(params["place"])
    return "\n".join(lines)


def span(starts: datetime, ends: datetime) -> str:
    """From when to when, in the reader's zone, which is named."""
    there = zone(request_zone())
    until = clock_time(ends)
    if starts.astimezone(there).date() != ends.astimezone(there).date():
        until = written_out(ends)
    return _(
        "%(day)s, %(start)s to %(end)s (%(zone)s)",
        day=long_date(starts),
        start=clock_time(starts),
        end=until,
        zone=request_zone().replace("_", " "),
    )


def written_out(moment: datetime) -> str:
    """Day and time, the day as a date."""
    return _("%(day)s, %(time)s", day=long_date(moment), time=clock_time(moment))


def _url(endpoint: str, params: Mapping[str, Any]) -> str:
    return url_for(endpoint, slug=params["slug"], _external=True)


WORDINGS = {
    "seat confirmed": _confirmed,
    "seat waiting": _waiting,
    "seat promoted": _promoted,
    "training changed": _changed,
    "training cancelled": _cancelled,
    "seat gone": _seat_gone,
    "meetings dropped": _meetings_dropped,
}
TOPICS = dict.fromkeys(WORDINGS, Topic.SEATS)
