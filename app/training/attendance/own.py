"""What the page of a session shows of the day: to one person with a seat, and to those who run it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from flask import render_template, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.training.admissions import Admission
from app.training.attendance import codes
from app.training.attendance.queries import Own, list_own
from app.training.attendance.rules import can_excuse, shows_codes
from app.training.rooms import Moment, Way
from app.training.rules import State
from app.training.seats.presence import Presence
from app.training.seats.rules import Seat
from app.web.dates import request_now
from app.web.security import secret_key


@dataclass(frozen=True)
class Mine:
    """One meeting as the page shows it to a person: what is said, what they can do. `code` and `picture` are empty outside of the
    hours of codes, and for whoever is there already.
    """

    own: Own
    said: str
    can_excuse: bool
    is_excused: bool
    code: str
    picture: str
    mark: str


def block(admission: Admission, person: User) -> str:
    """The meetings of somebody with a seat: excusing oneself before, the personal code on the day, afterwards whether they
    were there.
    """
    if admission.state != State.PUBLISHED or admission.place is None or admission.place.seat is not Seat.CONFIRMED:
        return ""
    meetings = [_mine(own, request_now()) for own in list_own(person.id, admission.id)]
    if not any(each.said or each.can_excuse or each.code for each in meetings):
        return ""
    return render_template("training/attendance/_own.html", meetings=meetings, slug=admission.slug)


def _mine(own: Own, now: datetime) -> Mine:
    code = ""
    if shows_codes(own, now) and own.state not in {Presence.PRESENT, Presence.LATE}:
        code = codes.personal_code(secret_key(), own.meeting_id, own.enrolment_id)
    address = url_for("attendance.person", slug=own.slug, meeting_id=own.meeting_id, code=code or "-", _external=True)
    return Mine(
        own=own,
        said=_said(own.state),
        can_excuse=can_excuse(own, now) and own.state in {"", Presence.EXCUSED},
        is_excused=own.state == Presence.EXCUSED,
        code=codes.spaced(code) if code else "",
        picture=codes.picture(address) if code else "",
        mark=str(uuid4()),
    )


def _said(state: str) -> str:
    if not state:
        return ""
    words: dict[Presence, str] = {
        Presence.PRESENT: _("You were there"),
        Presence.LATE: _("You were there (late)"),
        Presence.EXCUSED: _("You are excused"),
        Presence.ABSENT: _("You were not there"),
    }
    return words[Presence(state)]


def ways(admission: Admission) -> list[Way]:
    """The ways to the attendance and the roster, from the day a session is announced; of a cancelled one the roster remains."""
    if admission.state == State.DRAFT:
        return []
    roster = Way(_("Roster"), url_for("attendance.roster", slug=admission.slug), "clipboard-list", Moment.DAY)
    if admission.state == State.CANCELLED:
        return [roster]
    return [Way(_("Attendance"), url_for("attendance.choose", slug=admission.slug), "user-check", Moment.DAY), roster]
