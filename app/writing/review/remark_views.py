"""Remarks on passages, and what is answered to them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.web.access import ensure, member
from app.web.numbers import sent_revision, whole_number
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.policy import is_reviewer
from app.writing.queries import content_of
from app.writing.review import remarking
from app.writing.review.anchoring import Passage
from app.writing.review.forms import RemarkForm
from app.writing.review.models import Remark
from app.writing.review.pages import read_page
from app.writing.review.policy import sees_remark, side_of
from app.writing.review.queries import get_remark
from app.writing.review.reading import Selected, passage_in, read_parts, shown_number
from app.writing.review.views import seen

blueprint = Blueprint("remarks", __name__)
ANOTHER_VERSION = _l(
    "Another version was submitted in the meantime. Look whether your remark still fits, then send it again."
)


@blueprint.post("/writing/<id:manuscript_id>/remarks")
@member
def add(manuscript_id: int) -> ResponseReturnValue:
    manuscript = seen(manuscript_id)
    ensure(is_reviewer(me(), manuscript))
    form = RemarkForm()
    if form.validate_on_submit():
        try:
            passage, number = _passage(form, manuscript), sent_revision(form.number.data)
            with transaction() as session:
                made = remarking.remark(
                    session,
                    manuscript,
                    form.field.data,
                    passage,
                    number=number,
                    text=form.text.data or "",
                    actor=me(),
                    now=utc_now(),
                )
                remark_id = made.id
        except InvalidInputError as error:
            form.blame(error)
        else:
            return _to(manuscript_id, remark_id)
    return read_page(seen(manuscript_id), me(), remark=form), 422


def _passage(form: RemarkForm, manuscript: Manuscript) -> Passage:
    """What the form is about, in the version that the person has before them. Raises ConflictError, InvalidInputError."""
    number = sent_revision(form.number.data)
    if number != shown_number(me(), manuscript):
        raise ConflictError(ANOTHER_VERSION)
    parts = read_parts(get_kind(manuscript.kind), content_of(manuscript, number))
    part = next((part for part in parts if part.name == form.field.data), None)
    if part is None:
        raise InvalidInputError(_l("There is no such part in this version."), field="field")
    selected = Selected(
        form.quote.data or "",
        request.form.get("prefix", ""),
        request.form.get("suffix", ""),
        whole_number(form.passage.data),
    )
    return passage_in(part, selected)


@blueprint.post("/writing/<id:manuscript_id>/remarks/<id:remark_id>")
@member
def act(manuscript_id: int, remark_id: int) -> ResponseReturnValue:
    """Answer a remark, mark it as done, open it again, or take it back; with an answer, what was written goes along."""
    manuscript = seen(manuscript_id)
    remark = _remark(manuscript, remark_id)
    action, text = request.form.get("action", "answer"), request.form.get("text", "")
    with transaction() as session:
        now, actor = utc_now(), me()
        if action == "delete":
            remarking.take_back(session, remark, actor=actor)
        elif text.strip() or action == "answer":
            remarking.answer(session, manuscript, remark, text, actor=actor, now=now)
        if action == "done":
            remarking.mark_done(session, manuscript, remark, actor=actor, now=now)
        elif action == "reopen":
            remarking.reopen(session, manuscript, remark, actor=actor)
    if action == "delete":
        flash(_("Your remark is taken back."), "good")
        return redirect(url_for("review.read", manuscript_id=manuscript_id), 303)
    return _to(manuscript_id, remark_id)


def _remark(manuscript: Manuscript, remark_id: int) -> Remark:
    """Raises NotFoundError, also for what was not sent to this side yet."""
    remark = get_remark(manuscript.id, remark_id)
    if not sees_remark(side_of(me(), manuscript), remark):
        raise NotFoundError(_l("There is no such remark. It may have been taken back."))
    return remark


def _to(manuscript_id: int, remark_id: int) -> ResponseReturnValue:
    return redirect(url_for("review.read", manuscript_id=manuscript_id, _anchor=f"remark-{remark_id}"), 303)
