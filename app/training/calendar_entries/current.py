"""What a mail about a seat says of the session when it leaves: what holds then, not what held when it was written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.jobs.messages import Current
from app.training.calendar_entries.queries import find_place, has_seat
from app.training.models import TrainingSession
from app.training.seats.telling import invitation


def current_invitation(params: Mapping[str, Any], user_id: int | None, _now: datetime) -> Mapping[str, Any]:
    """Title, times, place and link as they are now. Whoever has no seat any more reads what was written; a later mail says
    what became of it.
    """
    place = find_place(user_id, params["slug"]) if user_id is not None else None
    if place is None or not has_seat(place):
        return params
    return {**params, **invitation(place.training), "meetings": meeting_times(place.training)}


def meeting_times(training: TrainingSession) -> list[list[str]]:
    """When it meets, if more than once."""
    times = [[meeting.starts_at.isoformat(), meeting.ends_at.isoformat()] for meeting in training.meetings]
    return times if len(times) > 1 else []


def still_gone(params: Mapping[str, Any], user_id: int | None, _now: datetime) -> Mapping[str, Any] | None:
    """Nothing to tell to somebody who has a seat again."""
    place = find_place(user_id, params["slug"]) if user_id is not None else None
    return None if place is None or has_seat(place) else params


# Of the kinds of message that tell of a seat somebody has, and of the one that tells of none.
CURRENT: Mapping[str, Current] = {
    "seat confirmed": current_invitation,
    "seat promoted": current_invitation,
    "seat approved": current_invitation,
    "seat given": current_invitation,
    "seat by lead": current_invitation,
    "training changed": current_invitation,
    "training goes ahead": current_invitation,
    "seat gone": still_gone,
}
