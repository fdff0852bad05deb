"""What the page of the desk sends while somebody writes: what was typed so far, and that they are there."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import Session

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.web.access import ensure, member
from app.web.dates import clock_time
from app.web.numbers import whole_number
from app.web.security import brake, safe_path
from app.writing.desk.presence import said
from app.writing.desk.rules import is_key, typed_in
from app.writing.desk.service import Sheet, keep_unsaved, note_absence, note_presence, throw_away_one
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.policy import can_write
from app.writing.queries import get_manuscript, get_version

blueprint = Blueprint("desk", __name__)


@blueprint.post("/writing/autosave")
@member
def keep() -> ResponseReturnValue:
    """Keep what was typed, unless nothing was, and note that the person is there. Answers with who else is, and with what was
    saved meanwhile.
    """
    brake("90 per minute", "autosave", me().get_id())
    manuscript = _manuscript()
    sheet = _sheet(manuscript)
    is_typed, has_left = "desk-typed" in request.form, "desk-left" in request.form
    person_id, now = me().id, utc_now()
    kept_id = None
    with transaction() as session:
        if is_typed:
            kept_id = _keep(session, sheet)
        if manuscript is not None and has_left:
            note_absence(session, manuscript.id, user_id=person_id)
        elif manuscript is not None:
            note_presence(session, manuscript.id, user_id=person_id, now=now)
    if has_left:
        return "", 204
    others = said(manuscript.id, person_id, now) if manuscript else []
    kept = _("Kept at %(time)s", time=clock_time(now)) if is_typed else ""
    return jsonify(id=kept_id, kept=kept, others=others, newer=_newer(manuscript))


def _manuscript() -> Manuscript | None:
    number = whole_number(request.form.get("desk-manuscript"))
    if number is None:
        return None
    manuscript = get_manuscript(number, me())
    ensure(can_write(me(), manuscript))
    return manuscript


def _sheet(manuscript: Manuscript | None) -> Sheet:
    """What the form is for, as it says itself. Raises InvalidInputError where it says nothing that can be."""
    kind = get_kind(request.form.get("desk-kind", ""))
    address = safe_path(request.form.get("desk-address")) or ""
    key = request.form.get("key", "")
    if not address or len(address) > 300 or (manuscript is None and not is_key(key)):
        raise InvalidInputError(_("This is not a form of the desk."))
    return Sheet(kind.name, address, manuscript.id if manuscript else None, None if manuscript else key)


def _keep(session: Session, sheet: Sheet) -> int:
    unsaved = keep_unsaved(
        session,
        sheet,
        typed_in(request.form.to_dict(flat=False)),
        user_id=me().id,
        title=request.form.get("title", "").replace("\x00", "").strip()[:200],
        base=whole_number(request.form.get("base")) or 1,
        now=utc_now(),
    )
    return unsaved.id


def _newer(manuscript: Manuscript | None) -> str:
    """What to know where somebody has saved since the page was opened."""
    base = whole_number(request.form.get("base"))
    if manuscript is None or base is None or base >= manuscript.latest_number:
        return ""
    author = get_version(manuscript, manuscript.latest_number).author
    return _(
        "%(name)s has saved version %(number)s since you began. When you save, what both of you wrote is put together.",
        name=author.name if author else _("Somebody"),
        number=manuscript.latest_number,
    )


@blueprint.get("/writing/token")
@member
def token() -> ResponseReturnValue:
    """The token of this session, for a page that was opened in another one."""
    answer = jsonify(token=generate_csrf(), person=me().id)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/writing/unsaved/<id:unsaved_id>/removal")
@member
def remove(unsaved_id: int) -> ResponseReturnValue:
    """Throw away words that were never saved."""
    with transaction() as session:
        throw_away_one(session, unsaved_id, user_id=me().id)
    flash(_("The unsaved words are thrown away."), "good")
    return redirect(safe_path(request.form.get("back")) or url_for("writing.mine"), 303)
