"""Taking attendance: the list of a meeting, each tap, whoever comes without a seat."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import DomainError, InvalidInputError
from app.training.attendance import service
from app.training.attendance.forms import read_form, read_mark, read_taps
from app.training.attendance.pages import chooser_page, meeting_page
from app.training.attendance.queries import get_meeting, list_present_states
from app.training.models import Meeting
from app.training.running import get_own_session
from app.web.access import member
from app.web.dates import request_now
from app.web.numbers import whole_number

blueprint = Blueprint("attendance", __name__)


@blueprint.get("/training/<slug>/attendance")
@member
def choose(slug: str) -> ResponseReturnValue:
    training = get_own_session(slug)
    if len(training.meetings) == 1:
        return back_to(slug, training.meetings[0].id)
    return chooser_page(training, request_now())


@blueprint.get("/training/<slug>/attendance/<id:meeting_id>")
@member
def meeting(slug: str, meeting_id: int) -> str:
    training = get_own_session(slug)
    return meeting_page(training, get_meeting(training, meeting_id), me(), request_now())


@blueprint.post("/training/<slug>/attendance/<id:meeting_id>")
@member
def tap(slug: str, meeting_id: int) -> ResponseReturnValue:
    get_run_meeting(slug, meeting_id)
    actor, now = me(), utc_now()
    said = read_form(request.form, now)
    with transaction() as session:
        service.record(session, meeting_id, said, actor=actor, now=now)
    return back_to(slug, meeting_id, f"person-{said.who[0]}")


@blueprint.post("/training/<slug>/attendance/<id:meeting_id>/rest")
@member
def rest(slug: str, meeting_id: int) -> ResponseReturnValue:
    get_run_meeting(slug, meeting_id)
    actor, mark = me(), read_mark(request.form.get("mark"))
    with transaction() as session:
        service.record_rest(session, meeting_id, mark, actor=actor, now=utc_now())
    flash(_("Everybody else is there."), "good")
    return back_to(slug, meeting_id)


@blueprint.post("/training/<slug>/attendance/<id:meeting_id>/undo")
@member
def undo(slug: str, meeting_id: int) -> ResponseReturnValue:
    get_run_meeting(slug, meeting_id)
    actor, now, undone = me(), utc_now(), read_mark(request.form.get("undone"))
    said = service.Undo(service.undo_mark(undone), undone, now)
    with transaction() as session:
        service.record(session, meeting_id, said, actor=actor, now=now)
    flash(_("It is as it was before."), "good")
    return back_to(slug, meeting_id)


@blueprint.post("/training/<slug>/attendance/<id:meeting_id>/taps")
@member
def taps(slug: str, meeting_id: int) -> ResponseReturnValue:
    """What the script kept and sends now. The answer says what was taken, what was refused and why, and what holds of whom."""
    get_run_meeting(slug, meeting_id)
    actor, now = me(), utc_now()
    said = read_taps(request.get_data(), now)
    with transaction() as session:
        refused = service.record_all(session, meeting_id, said, actor=actor, now=now)
    return jsonify(
        taken=[each.mark for each in said],
        refused={mark: str(sentence) for mark, sentence in refused.items()},
        states=list_present_states(meeting_id),
    )


@blueprint.post("/training/<slug>/attendance/<id:meeting_id>/walk-in")
@member
def walk_in(slug: str, meeting_id: int) -> ResponseReturnValue:
    get_run_meeting(slug, meeting_id)
    actor, mark, user_id = me(), read_mark(request.form.get("mark")), whole_number(request.form.get("user"))
    if user_id is None:
        raise InvalidInputError(_("Choose somebody from the list."))
    reason = _("Came to the meeting without a seat")
    try:
        with transaction() as session:
            service.let_in(session, meeting_id, user_id, mark, reason=reason, actor=actor, now=utc_now())
    except DomainError as error:
        flash(str(error), "bad")
    else:
        flash(_("Let in, and there."), "good")
    return back_to(slug, meeting_id)


def get_run_meeting(slug: str, meeting_id: int) -> Meeting:
    """A meeting of the session, for those who run it. Raises NotFoundError or ForbiddenError."""
    return get_meeting(get_own_session(slug), meeting_id)


def back_to(slug: str, meeting_id: int, anchor: str | None = None) -> ResponseReturnValue:
    """To the list of the meeting, at the person who was tapped."""
    return redirect(url_for("attendance.meeting", slug=slug, meeting_id=meeting_id, _anchor=anchor), 303)
