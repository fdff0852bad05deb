"""Free times of coaches, and the bookings made of them."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.coaches.queries import get_coach
from app.coaching.office_hours import service
from app.coaching.office_hours.entries import as_file
from app.coaching.office_hours.forms import BookForm, CancelForm
from app.coaching.office_hours.models import Booking, OfficeHours
from app.coaching.office_hours.offers import by_day, chosen, find_coach_of, list_offers, offer_of
from app.coaching.office_hours.policy import can_keep_hours
from app.coaching.office_hours.queries import get_booking, get_hours, list_engagements_with, of_person
from app.coaching.office_hours.rules import STATE_NAMES, Slot, State, Step, may_still_change
from app.coaching.office_hours.sections import line_of
from app.coaching.office_hours.service import SlotTakenError
from app.coaching.office_hours.timetables import find_timetable, nearest
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.web.access import member
from app.web.dates import request_now
from app.web.downloads import download
from app.web.forms import YEARS
from app.web.i18n import request_zone
from app.web.numbers import whole_number
from app.web.paging import PAGE_SIZE, Page, paginate, requested_page

blueprint = Blueprint("office_hours", __name__, template_folder="templates")
SHOWN = 4
OTHERS = 6
STEPS = {"held": Step.HOLD, "missed": Step.MISS}


@blueprint.get("/coaching/office-hours")
@member
def index() -> str:
    # One more than is shown says that there are others.
    offers, facets = chosen(list_offers(request_now(), most=SHOWN + 1))
    number, size = requested_page(), PAGE_SIZE
    return render_template(
        "coaching/office_hours/index.html",
        page=Page(offers[(number - 1) * size : number * size], number, size, len(offers)),
        facets=facets,
        shown=SHOWN,
        keeps_hours=can_keep_hours(me()),
    )


@blueprint.get("/coaches/<slug>/office-hours")
@member
def of_coach(slug: str) -> str:
    coach, now = get_coach(me(), slug), request_now()
    offer = offer_of(coach, find_timetable(coach.user_id, now), now)
    return render_template(
        "coaching/office_hours/of_coach.html",
        coach=coach,
        offer=offer,
        days=by_day(offer.slots),
        zone=request_zone().replace("_", " "),
        is_own=coach.user_id == me().id,
    )


@blueprint.route("/coaching/office-hours/<id:hours_id>/booking", methods=["GET", "POST"])
@member
def book(hours_id: int) -> ResponseReturnValue:
    hours, starts_at = get_hours(hours_id), _moment()
    coach = find_coach_of(hours.coach_id) or abort(404)
    skills = [skill.capability for skill in coach.skills]
    form = BookForm().offer(skills, list_engagements_with(me(), hours.coach_id))
    actor, about = me(), form.about if form.validate_on_submit() else None
    if about is not None:
        try:
            with transaction() as session:
                booking_id = service.book(session, hours_id, starts_at, about, actor=actor, now=utc_now()).id
        except SlotTakenError as error:
            return _taken(error, form=form)
        except ConflictError as error:
            form.blame(error)
            return _booking_page(form, hours, starts_at), error.status
        flash(_("The time is yours. It comes by mail, for your calendar."), "good")
        return redirect(url_for("office_hours.show", booking_id=booking_id), 303)
    if request.method == "GET" and _find_slot(hours, starts_at) is None:
        return _taken(SlotTakenError(hours.coach_id, starts_at))
    return _booking_page(form, hours, starts_at), 422 if request.method == "POST" else 200


@blueprint.get("/coaching/bookings")
@member
def mine() -> str:
    page = paginate(of_person(me()), number=requested_page())
    lines = [(line_of(booking, me()), STATE_NAMES[State(booking.state)]) for booking in page.items]
    return render_template("coaching/office_hours/mine.html", page=page, lines=lines)


@blueprint.get("/coaching/bookings/<id:booking_id>")
@member
def show(booking_id: int) -> str:
    return _show(get_booking(me(), booking_id), CancelForm())


@blueprint.get("/coaching/bookings/<id:booking_id>.ics")
@member
def file(booking_id: int) -> Response:
    return download(as_file(get_booking(me(), booking_id), me()), "text/calendar", f"booking-{booking_id}.ics")


@blueprint.route("/coaching/bookings/<id:booking_id>/time", methods=["GET", "POST"])
@member
def move(booking_id: int) -> ResponseReturnValue:
    booking, actor = get_booking(me(), booking_id), me()
    if request.method == "POST":
        hours_id, starts_at = whole_number(request.form.get("hours")) or abort(404), _moment()
        try:
            with transaction() as session:
                service.move(session, booking_id, hours_id, starts_at, actor=actor, now=utc_now())
        except SlotTakenError as error:
            return _taken(error, booking_id)
        flash(_("The booking is at its new time. In your calendar it moves as well."), "good")
        return redirect(url_for("office_hours.show", booking_id=booking_id), 303)
    now = request_now()
    table = find_timetable(booking.coach_id, now, without_booking=booking.id)
    slots = [slot for slot in table.free(now) if slot.starts_at != booking.starts_at]
    return render_template("coaching/office_hours/move.html", booking=booking, days=by_day(slots))


@blueprint.post("/coaching/bookings/<id:booking_id>/cancellation")
@member
def cancel(booking_id: int) -> ResponseReturnValue:
    actor, form = me(), CancelForm()
    if not form.validate_on_submit():
        return _show(get_booking(actor, booking_id), form), 422
    try:
        with transaction() as session:
            service.cancel(session, booking_id, reason=form.reason.data or "", actor=actor, now=utc_now())
    except InvalidInputError as error:
        form.blame(error)
        return _show(get_booking(actor, booking_id), form), 422
    flash(_("Cancelled. The other one is told."), "good")
    return redirect(url_for("office_hours.show", booking_id=booking_id), 303)


@blueprint.post("/coaching/bookings/<id:booking_id>/outcome")
@member
def outcome(booking_id: int) -> ResponseReturnValue:
    actor, step = me(), STEPS.get(request.form.get("outcome", "")) or abort(404)
    with transaction() as session:
        service.say_how_it_was(session, booking_id, step, actor=actor, now=utc_now())
    flash(_("Noted."), "good")
    return redirect(url_for("office_hours.show", booking_id=booking_id), 303)


def _find_slot(hours: OfficeHours, starts_at: datetime) -> Slot | None:
    now = request_now()
    free = find_timetable(hours.coach_id, now).free(now)
    return next((each for each in free if each.starts_at == starts_at and each.hours_id == hours.id), None)


def _booking_page(form: BookForm, hours: OfficeHours, starts_at: datetime) -> str:
    return render_template(
        "coaching/office_hours/book.html",
        form=form,
        hours=hours,
        coach=find_coach_of(hours.coach_id),
        slot=_find_slot(hours, starts_at),
    )


def _show(booking: Booking, form: CancelForm) -> str:
    now, is_coach = request_now(), booking.coach_id == me().id
    is_open = booking.state == State.BOOKED
    is_in_time = may_still_change(booking.starts_at, booking.cancel_hours, now)
    return render_template(
        "coaching/office_hours/show.html",
        booking=booking,
        coach=find_coach_of(booking.coach_id),
        form=form,
        name=STATE_NAMES[State(booking.state)],
        is_coach=is_coach,
        may_move=is_open and not is_coach and is_in_time,
        may_cancel=is_open and booking.ends_at > now and (is_coach or is_in_time),
        may_say=is_coach and booking.state != State.CANCELLED and booking.starts_at <= now,
        is_ahead=is_open and booking.starts_at > now,
    )


def _taken(
    error: SlotTakenError, booking_id: int | None = None, *, form: BookForm | None = None
) -> ResponseReturnValue:
    """Somebody was quicker: what else is free, next to the time that was wanted. What was typed in `form` goes along with it."""
    now = request_now()
    table = find_timetable(error.coach_id, now, without_booking=booking_id)
    days = by_day(nearest(table.free(now), error.wanted, OTHERS))
    coach = find_coach_of(error.coach_id)
    page = render_template(
        "coaching/office_hours/taken.html",
        message=error.message,
        coach=coach,
        days=days,
        booking_id=booking_id,
        form=form,
    )
    return page, error.status


def _moment() -> datetime:
    """The beginning that the address or the form names. What is no moment, or lies where calendars end, is no time of anybody's."""
    try:
        moment = datetime.fromisoformat(request.values.get("at", ""))
    except ValueError:
        abort(404)
    return moment.astimezone(UTC) if moment.tzinfo is not None and moment.year in YEARS else abort(404)
