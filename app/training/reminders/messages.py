"""How a reminder is worded, and whether it still holds when it leaves."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.jobs.messages import Current, Message, Method
from app.notifications.rules import Topic
from app.training.calendar_entries.queries import find_place, has_seat
from app.training.messages import facts
from app.training.reminders.queries import find_meeting
from app.training.reminders.service import KIND
from app.training.seats.telling import invitation


def _reminder(params: Mapping[str, Any]) -> Message:
    parts = [_("You have a seat in this session. Here is when and where it meets:"), facts(params)]
    if params.get("link"):
        parts.append(_("Join here: %(link)s", link=params["link"]))
    parts.append(_("If you cannot come, give the seat back now, so that somebody else can."))
    return Message(
        _("Reminder: %(title)s", title=params["title"]),
        "\n\n".join(parts),
        url_for("training.show", slug=params["slug"], _external=True),
        calendar=Method.REQUEST,
    )


def _current(params: Mapping[str, Any], user_id: int | None, now: datetime) -> Mapping[str, Any] | None:
    """The meeting as it is now. Nothing once it has begun or the seat is gone, nor if it was moved so far that another reminder
    will come.
    """
    place = find_place(user_id, params["slug"]) if user_id is not None else None
    meeting = find_meeting(params["meeting"])
    if place is None or meeting is None or not has_seat(place) or meeting.training_id != place.training_id:
        return None
    if meeting.starts_at <= now or meeting.starts_at > datetime.fromisoformat(params["covers"]):
        return None
    times = {"starts": meeting.starts_at.isoformat(), "ends": meeting.ends_at.isoformat()}
    return {**params, **invitation(place.training), **times}


WORDINGS = {KIND: _reminder}
CURRENT: Mapping[str, Current] = {KIND: _current}
TOPICS = {KIND: Topic.REMINDERS}
