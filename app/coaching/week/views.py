"""A coach's page of the week: what to answer, what takes place, what is due, what has fallen asleep. Made to be printed, too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.coaches.queries import find_profile
from app.coaching.load import USUAL, load_of
from app.coaching.office_hours.models import OfficeHours
from app.coaching.office_hours.queries import bookings_of_coach
from app.coaching.office_hours.rules import Span
from app.coaching.office_hours.timetables import find_timetable
from app.coaching.policy import is_coach
from app.coaching.queries import list_engagements_of_coach, list_offers_to
from app.coaching.rules import ASK_NAMES, ENGAGEMENT_NAMES
from app.coaching.week.forms import RoomForm
from app.coaching.week.queries import find_room, list_due, list_meetings, list_quiet
from app.coaching.week.service import set_room
from app.kernel.clock import utc_now, zone
from app.kernel.db import transaction
from app.web.access import requires
from app.web.dates import request_today
from app.web.i18n import request_zone
from app.web.sections import sections_for

blueprint = Blueprint("coaching_week", __name__, template_folder="../templates")
_WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Week:
    """From a Monday to the next, on the reader's clocks. Sections of the place `coaching-week` get this one."""

    monday: date
    start: datetime
    end: datetime
    today: date

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def previous(self) -> date:
        return self.monday - _WEEK

    @property
    def next(self) -> date:
        return self.monday + _WEEK

    @property
    def is_this(self) -> bool:
        return self.monday <= self.today <= self.sunday


@blueprint.get("/coaching/week")
@requires(is_coach)
def show() -> str:
    return _page(_room_form())


@blueprint.post("/coaching/week/room")
@requires(is_coach)
def room() -> ResponseReturnValue:
    form = RoomForm()
    if not form.validate():
        return _page(form), 422
    actor = me()
    with transaction() as session:
        set_room(session, most=form.most.data, note=form.note.data or "", actor=actor, now=utc_now())
    flash(_("Saved. What waits for somebody with room is looked through within a minute."), "good")
    return redirect(url_for("coaching_week.show", _anchor="room"), 303)


def _page(form: RoomForm) -> str:
    person, week = me(), _week()
    return render_template(
        "coaching/week/index.html",
        week=week,
        offers=list_offers_to(person),
        meetings=list_meetings(person.id, week.start, week.end),
        bookings=bookings_of_coach(person.id, week.start, week.end),
        drop_ins=_drop_ins(person.id, week),
        due=list_due(person.id, week.sunday),
        quiet=list_quiet(person.id, week.today),
        engagements={each.id: each for each in list_engagements_of_coach(person.id, under_way=True)},
        load=load_of(person.id),
        form=form,
        profile=find_profile(person.id),
        ask_names=ASK_NAMES,
        names=ENGAGEMENT_NAMES,
        sections=sections_for("coaching-week", week, person),
    )


def _drop_ins(user_id: int, week: Week) -> list[tuple[OfficeHours, Span]]:
    """When others come to the coach without booking."""
    found = find_timetable(user_id, week.start).drop_ins(week.start, _WEEK.days)
    return [(hours, span) for hours, span in found if span.starts_at < week.end]


def _room_form() -> RoomForm:
    there = find_room(me().id)
    said = {"most": there.most, "note": there.note} if there is not None else {"most": USUAL}
    return RoomForm(formdata=None, data=said)


def _week() -> Week:
    """The week of the address's day, else the present one."""
    today = request_today()
    try:
        day = date.fromisoformat(request.args.get("from", ""))
        monday = day - timedelta(days=day.weekday())
        # Near the ends of the calendar there is no week before or after.
        _neighbours = monday - _WEEK, monday + 2 * _WEEK
    except (ValueError, OverflowError):
        monday = today - timedelta(days=today.weekday())
    there = zone(request_zone())
    start = datetime.combine(monday, time(), there)
    return Week(monday, start, datetime.combine(monday + _WEEK, time(), there), today)
