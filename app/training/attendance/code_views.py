"""Codes: the one on the wall, a person's own, and excusing oneself."""

from __future__ import annotations

from uuid import uuid4

from flask import Response, flash, jsonify, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.training.attendance import codes, service
from app.training.attendance.forms import read_mark
from app.training.attendance.pages import there_words
from app.training.attendance.queries import (
    Seated,
    count_by_meeting,
    get_meeting,
    list_own_now,
    list_seated,
)
from app.training.attendance.roster_views import blueprint
from app.training.attendance.rules import shows_codes
from app.training.attendance.views import get_run_meeting
from app.training.models import Meeting
from app.training.queries import get_training
from app.training.rules import State
from app.training.seats.presence import Means
from app.web.access import member
from app.web.dates import request_now
from app.web.errors import wants_json
from app.web.security import limiter, secret_key

__all__ = ["blueprint"]
CAMERA = "camera=(self), geolocation=(), microphone=()"


def _reader() -> str:
    """Guessing is braked for each person: a whole room may come from one address."""
    return me().get_id()


@blueprint.get("/training/<slug>/attendance/<id:meeting_id>/wall")
@member
def wall(slug: str, meeting_id: int) -> Response:
    """For the projector. The page comes again when the code changes, by script or by itself."""
    meeting = get_run_meeting(slug, meeting_id)
    is_open, now = _has_codes(meeting), utc_now()
    code = codes.wall_code(secret_key(), meeting_id, now)
    there, _said = count_by_meeting(meeting.training_id).get(meeting_id, (0, 0))
    page = render_template(
        "training/attendance/wall.html",
        training=meeting.training,
        meeting=meeting,
        is_open=is_open,
        picture=codes.picture(url_for("attendance.scanned", code=code, _external=True)) if is_open else "",
        code=codes.spaced(code),
        address=url_for("attendance.here", _external=True),
        seconds=codes.seconds_left(now),
        there=there_words(there),
    )
    answer = make_response(page)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.get("/here")
@member
def here() -> str:
    """Where the code on the wall is typed by whoever cannot scan it."""
    return render_template("training/attendance/here.html", error="", meetings=list_own_now(me().id, request_now()))


@blueprint.post("/here")
@member
@limiter.limit("20 per minute", key_func=_reader)
def type_code() -> ResponseReturnValue:
    return redirect(url_for("attendance.scanned", code=request.form.get("code", "").strip()[:20] or "-"), 303)


@blueprint.get("/here/<code>")
@member
@limiter.limit("20 per minute", key_func=_reader)
def scanned(code: str) -> ResponseReturnValue:
    """The code was scanned or typed: whose meeting is it? Confirming it is another step, because a GET changes nothing."""
    meetings, now = list_own_now(me().id, request_now()), utc_now()
    found = next((each for each in meetings if codes.is_wall_code(secret_key(), each.meeting_id, code, now)), None)
    if found is None:
        wrong = _(
            "This code has changed, or it belongs to a session in which you have no seat. Take the one on the wall now."
        )
        return render_template("training/attendance/here.html", error=wrong, meetings=meetings), 422
    ticket = codes.sign_ticket(secret_key(), found.meeting_id, me().id)
    return render_template("training/attendance/confirm.html", found=found, ticket=ticket, mark=str(uuid4()))


@blueprint.post("/here/confirmation")
@member
def confirm() -> ResponseReturnValue:
    actor, mark, now = me(), read_mark(request.form.get("mark")), utc_now()
    meeting_id = codes.read_ticket(secret_key(), request.form.get("ticket", ""), actor.id)
    if meeting_id is None:
        raise ConflictError(_("That took too long. Scan the code on the wall once more."))
    with transaction() as session:
        service.record_code(session, meeting_id, actor.id, mark, actor=actor, means=Means.WALL, now=now)
    found = next(each for each in list_own_now(actor.id, now) if each.meeting_id == meeting_id)
    flash(_("You are there. Welcome."), "good")
    return redirect(url_for("training.show", slug=found.slug), 303)


@blueprint.get("/training/<slug>/attendance/<id:meeting_id>/scan")
@member
def scan(slug: str, meeting_id: int) -> Response:
    """Where a coach scans or types personal codes. The only page that may ask for the camera."""
    return _scan_page(get_run_meeting(slug, meeting_id))


def _scan_page(meeting: Meeting, error: str = "") -> Response:
    page = render_template(
        "training/attendance/scan.html",
        training=meeting.training,
        meeting=meeting,
        is_open=_has_codes(meeting),
        error=error,
    )
    answer = make_response(page, 422 if error else 200)
    answer.headers["Permissions-Policy"] = CAMERA
    return answer


@blueprint.post("/training/<slug>/attendance/<id:meeting_id>/scan")
@member
def scan_code(slug: str, meeting_id: int) -> ResponseReturnValue:
    """A personal code, typed, or read by the script. Whoever typed a wrong one hears so beside the field."""
    meeting, actor = get_run_meeting(slug, meeting_id), me()
    try:
        owner = _owner(meeting, request.form.get("code", ""))
    except NotFoundError as error:
        if wants_json():
            raise
        return _scan_page(meeting, str(error))
    with transaction() as session:
        mark = str(uuid4())
        service.record_code(session, meeting_id, owner.user_id, mark, actor=actor, means=Means.PERSONAL, now=utc_now())
    words = _("%(name)s is there.", name=owner.name)
    if wants_json():
        return jsonify(words=words)
    flash(words, "good")
    return redirect(url_for("attendance.scan", slug=slug, meeting_id=meeting_id), 303)


@blueprint.get("/training/<slug>/attendance/<id:meeting_id>/person/<code>")
@member
def person(slug: str, meeting_id: int, code: str) -> str:
    """Where the camera of a coach's phone leads that has read a personal code."""
    meeting = get_run_meeting(slug, meeting_id)
    owner = _owner(meeting, code)
    return render_template(
        "training/attendance/person.html", training=meeting.training, meeting=meeting, name=owner.name, code=code
    )


@blueprint.post("/training/<slug>/attendance/<id:meeting_id>/excuse")
@member
def excuse(slug: str, meeting_id: int) -> ResponseReturnValue:
    """With a word the person is excused, without one they come after all."""
    get_meeting(get_training(me(), slug), meeting_id)
    actor, mark, note = me(), read_mark(request.form.get("mark")), request.form.get("note", "").strip()
    is_back = "back" in request.form
    if not is_back and not note:
        raise InvalidInputError(_("Say in a word why you cannot come, so that the coach knows."), field="note")
    with transaction() as session:
        service.excuse(session, meeting_id, mark, "" if is_back else note, actor=actor, now=utc_now())
    flash(_("Good: you come after all.") if is_back else _("You are excused. Your coach can see it."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


def _has_codes(meeting: Meeting) -> bool:
    return meeting.training.state == State.PUBLISHED and shows_codes(meeting, request_now())


def _owner(meeting: Meeting, code: str) -> Seated:
    """Whose personal code it is. Raises NotFoundError for nobody's."""
    for each in list_seated(meeting.training_id):
        if codes.is_same(code, codes.personal_code(secret_key(), meeting.id, each.enrolment_id)):
            return each
    raise NotFoundError(_("Nobody with a seat has this code at this meeting. Look for the name in the list instead."))
