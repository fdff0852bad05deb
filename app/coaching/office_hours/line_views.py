"""The page of a drop-in day, on the phones of whoever stands in line and of the coach."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.login import me
from app.coaching.office_hours import line
from app.coaching.office_hours.forms import JoinForm
from app.coaching.office_hours.offers import find_coach_of
from app.coaching.office_hours.queries import NO_SUCH_HOURS, get_hours, list_line
from app.coaching.office_hours.rules import InLine, LineStep, is_line_open
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import NotFoundError
from app.web.access import member
from app.web.dates import request_now

blueprint = Blueprint("office_line", __name__, template_folder="templates")
ENDS = {"served": LineStep.SERVE, "missed": LineStep.MISS}


@blueprint.route("/coaching/office-hours/<id:hours_id>/queue", methods=["GET", "POST"])
@member
def show(hours_id: int) -> ResponseReturnValue:
    form, actor = JoinForm(), me()
    if form.validate_on_submit():
        with transaction() as session:
            line.join(session, hours_id, form.topic.data or "", actor=actor, now=utc_now())
        return _back(hours_id)
    return _page(hours_id, form), 422 if request.method == "POST" else 200


@blueprint.post("/coaching/queue/<id:ticket_id>/leaving")
@member
def leave(ticket_id: int) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        hours_id = line.leave(session, ticket_id, actor=actor, now=utc_now()).hours_id
    return _back(hours_id)


@blueprint.post("/coaching/queue/<id:ticket_id>/call")
@member
def call(ticket_id: int) -> ResponseReturnValue:
    coach = me()
    with transaction() as session:
        hours_id = line.call(session, ticket_id, coach=coach, now=utc_now()).hours_id
    return _back(hours_id)


@blueprint.post("/coaching/queue/<id:ticket_id>/outcome")
@member
def outcome(ticket_id: int) -> ResponseReturnValue:
    coach, step = me(), ENDS.get(request.form.get("outcome", "")) or abort(404)
    with transaction() as session:
        hours_id = line.say_how_it_ended(session, ticket_id, step, coach=coach, now=utc_now()).hours_id
    return _back(hours_id)


def _page(hours_id: int, form: JoinForm) -> str:
    """Who has come, as far as the reader may know: the coach reads names and topics, all others numbers."""
    hours, now = get_hours(hours_id), request_now()
    coach = find_coach_of(hours.coach_id)
    if coach is None or not hours.is_drop_in:
        raise NotFoundError(NO_SUCH_HOURS)
    day = line.find_day(hours, now)
    tickets = list_line(hours_id, day.day) if day is not None else []
    mine = [each for each in tickets if each.user_id == me().id]
    waiting = [each for each in tickets if each.state == InLine.WAITING]
    own = mine[-1] if mine else None
    return render_template(
        "coaching/office_hours/queue.html",
        hours=hours,
        coach=coach,
        day=day,
        form=form,
        is_open=day is not None and is_line_open(day.span, now),
        has_begun=day is not None and day.span.starts_at <= now,
        is_coach=hours.coach_id == me().id,
        called=next((each for each in tickets if each.state == InLine.CALLED), None),
        waiting=waiting,
        done=[each for each in tickets if each.state in {InLine.SERVED, InLine.MISSED}],
        own=own,
        before=sum(own is not None and each.number < own.number for each in waiting),
        states=InLine,
    )


def _back(hours_id: int) -> ResponseReturnValue:
    return redirect(url_for("office_line.show", hours_id=hours_id), 303)
