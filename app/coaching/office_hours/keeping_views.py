"""A coach's own office hours: the list, and the pages on which they are changed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.login import me
from app.coaching.office_hours import keeping
from app.coaching.office_hours.forms import AwayForm, DayForm, EndForm, FateForm, HoursForm, weekday_names
from app.coaching.office_hours.keeping import BookedThenError
from app.coaching.office_hours.models import OfficeHours
from app.coaching.office_hours.offers import find_coach_of
from app.coaching.office_hours.policy import can_edit, can_keep_hours
from app.coaching.office_hours.queries import (
    get_hours,
    list_away,
    list_coming,
    list_exceptions,
    list_hours,
    list_unsaid,
)
from app.kernel.clock import utc_now, zone
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.web.access import ensure, requires
from app.web.dates import request_now, request_today
from app.web.numbers import sent_revision

blueprint = Blueprint("office_keeping", __name__, template_folder="templates")
FIRST = ("weekday", "starts", "ends", "time_zone", "slot_minutes", "is_drop_in", "since", "until", "place", "link")
FIELDS = (*FIRST, "lead_hours", "cancel_hours", "ahead_days")


@blueprint.get("/coaching/office-hours/mine")
@requires(can_keep_hours)
def mine() -> str:
    now = request_now()
    today = request_today()
    hours = list_hours(me().id)
    return render_template(
        "coaching/office_hours/own.html",
        hours=hours,
        exceptions=list_exceptions([each.id for each in hours], today),
        away=list_away(me().id, today),
        coming=[booking for booking in list_coming(me(), now) if booking.coach_id == me().id],
        unsaid=list_unsaid(me().id, now),
        profile=find_coach_of(me().id),
        today=today,
        weekday_names=weekday_names(),
    )


@blueprint.route("/coaching/office-hours/new", methods=["GET", "POST"])
@requires(can_keep_hours)
def new() -> ResponseReturnValue:
    coach, today = me(), request_today()
    form = HoursForm(data={"time_zone": coach.time_zone, "since": today, "weekday": str(today.weekday())}).offer()

    def keep(session: Session) -> object:
        return keeping.keep_hours(session, form.details, coach=coach, now=utc_now())

    return _answer(form, keep, _("These hours are kept from now on."), "hours.html", hours=None)


@blueprint.route("/coaching/office-hours/<id:hours_id>/edit", methods=["GET", "POST"])
@requires(can_keep_hours)
def edit(hours_id: int) -> ResponseReturnValue:
    hours, coach = _get_own(hours_id), me()
    typed = {name: getattr(hours, name) for name in FIELDS}
    typed |= {name: str(typed[name]) for name in ("weekday", "slot_minutes")} | {"revision": str(hours.revision)}
    form = HoursForm(data=typed).offer()

    def change(session: Session) -> object:
        revision = sent_revision(form.revision.data)
        return keeping.change_hours(
            session, hours_id, form.details, form.word, revision=revision, coach=coach, now=utc_now()
        )

    return _answer(form, change, _("Saved."), "hours.html", hours=hours)


@blueprint.route("/coaching/office-hours/<id:hours_id>/ending", methods=["GET", "POST"])
@requires(can_keep_hours)
def end(hours_id: int) -> ResponseReturnValue:
    hours, coach = _get_own(hours_id), me()
    form = EndForm(data={"last": request_now().astimezone(zone(hours.time_zone)).date()})

    def stop(session: Session) -> None:
        keeping.end_hours(session, hours_id, form.last.data, form.word, coach=coach, now=utc_now())

    return _answer(form, stop, _("These hours end. What was booked until then stays."), "end.html", hours=hours)


@blueprint.route("/coaching/office-hours/<id:hours_id>/days", methods=["GET", "POST"])
@requires(can_keep_hours)
def otherwise(hours_id: int) -> ResponseReturnValue:
    hours, coach = _get_own(hours_id), me()
    form = DayForm(data={"starts": hours.starts, "ends": hours.ends})

    def change(session: Session) -> None:
        times = (form.starts.data, form.ends.data) if form.is_there.data else None
        keeping.be_otherwise(session, hours_id, form.day.data, times, form.word, coach=coach, now=utc_now())

    return _answer(form, change, _("Saved. On that day it is so."), "day.html", hours=hours)


@blueprint.route("/coaching/office-hours/away", methods=["GET", "POST"])
@requires(can_keep_hours)
def away() -> ResponseReturnValue:
    form, coach = AwayForm(), me()

    def leave(session: Session) -> None:
        keeping.be_away(session, form.first.data, form.last.data, form.word, coach=coach, now=utc_now())

    return _answer(form, leave, _("Saved. On these days nobody can book you."), "away.html", hours=None)


@blueprint.post("/coaching/office-hours/away/<id:away_id>/delete")
@requires(can_keep_hours)
def back(away_id: int) -> ResponseReturnValue:
    coach = me()
    with transaction() as session:
        keeping.be_back(session, away_id, coach=coach)
    flash(_("Your hours are kept on these days again."), "good")
    return redirect(url_for("office_keeping.mine"), 303)


@blueprint.post("/coaching/office-hours/days/<id:exception_id>/delete")
@requires(can_keep_hours)
def as_usual(exception_id: int) -> ResponseReturnValue:
    form, coach = FateForm(), me()

    def take_back(session: Session) -> None:
        keeping.be_as_usual(session, exception_id, form.word, coach=coach, now=utc_now())

    return _answer(form, take_back, _("On that day it is as in every week again."), "usual.html", hours=None)


def _get_own(hours_id: int) -> OfficeHours:
    hours = get_hours(hours_id)
    ensure(can_edit(me(), hours))
    return hours


def _answer(
    form: FateForm, act: Callable[[Session], object], done: str, template: str, *, hours: OfficeHours | None
) -> ResponseReturnValue:
    """Do it, if the form is valid; ask what becomes of bookings and of whoever stands in line, if some would be left outside."""
    booked: list[Any] = []
    waiting: list[str] = []
    if form.validate_on_submit():
        try:
            with transaction() as session:
                act(session)
        except BookedThenError as error:
            form.blame(error)
            booked = [(each.user.name, each.starts_at, each.ends_at, each.time_zone) for each in error.bookings]
            waiting = [each.user.name for each in error.tickets]
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(done, "good")
            return redirect(url_for("office_keeping.mine"), 303)
    page = render_template(
        f"coaching/office_hours/{template}",
        form=form,
        hours=hours,
        booked=booked,
        waiting=waiting,
        weekday_names=weekday_names(),
    )
    return page, 422 if request.method == "POST" else 200
