"""The pages of an assessment, and the steps that a team takes with it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.maturity.assessing import moving, service
from app.maturity.assessing.forms import ReplyForm, WithdrawForm
from app.maturity.assessing.pages import area_page, overview_page, sheet_of
from app.maturity.assessing.service import IncompleteError
from app.maturity.policy import is_stranded, speaks_for
from app.maturity.queries import get_assessment, get_mark, has_coach
from app.web.access import member
from app.web.words import keeps_words

blueprint = Blueprint("assessing", __name__, template_folder="templates")


@blueprint.get("/maturity/assessments/<id:assessment_id>")
@member
def show(assessment_id: int) -> str:
    """Where it stands, what is answered, and what to do next."""
    return overview_page(sheet_of(assessment_id, to_end=True))


@blueprint.get("/maturity/assessments/<id:assessment_id>/areas/<area>")
@member
def area(assessment_id: int, area: str) -> str:
    sheet = sheet_of(assessment_id)
    return area_page(sheet, sheet.part(area))


@blueprint.post("/maturity/assessments/<id:assessment_id>/submission")
@member
def submit(assessment_id: int) -> ResponseReturnValue:
    """Send the answers to the coaches; where something is missing, say what."""
    get_mark(assessment_id, me())
    try:
        with transaction() as session:
            nobody = not has_coach(service.submit(session, assessment_id, actor=me(), now=utc_now()).team_id)
    except IncompleteError as error:
        return overview_page(sheet_of(assessment_id), refused=error), error.status
    if nobody:
        flash(_("Submitted. There is no coach yet who could verify it; the administrators have been told."), "warn")
    else:
        flash(
            _("Submitted. A coach who is not of your team looks at it; you are told when one has taken it on."), "good"
        )
    return _back(assessment_id)


@blueprint.post("/maturity/assessments/<id:assessment_id>/recall")
@member
def take_back(assessment_id: int) -> ResponseReturnValue:
    get_mark(assessment_id, me())
    with transaction() as session:
        service.take_back(session, assessment_id, actor=me(), now=utc_now())
    flash(_("Taken back. The answers can be changed again."), "good")
    return _back(assessment_id)


@blueprint.post("/maturity/assessments/<id:assessment_id>/reply")
@member
@keeps_words
def reply(assessment_id: int) -> ResponseReturnValue:
    """Send the answers to the coach again who returned them."""
    get_mark(assessment_id, me())
    form = ReplyForm()
    if not form.validate_on_submit():
        return overview_page(sheet_of(assessment_id), reply=form), 422
    comment = form.comment.data or ""
    try:
        with transaction() as session:
            sent = service.reply(session, assessment_id, actor=me(), now=utc_now(), comment=comment)
            is_taken = not is_stranded(sent)
    except IncompleteError as error:
        return overview_page(sheet_of(assessment_id), refused=error, reply=form), error.status
    if is_taken:
        flash(_("Sent. The coach has been told."), "good")
    else:
        flash(_("Sent. It waits for another coach now, who looks at it anew."), "good")
    return _back(assessment_id)


@blueprint.post("/maturity/assessments/<id:assessment_id>/withdrawal")
@member
@keeps_words
def withdraw(assessment_id: int) -> ResponseReturnValue:
    get_assessment(assessment_id, me(), to_end=True)
    form = WithdrawForm()
    if not form.validate_on_submit():
        return overview_page(sheet_of(assessment_id, to_end=True), withdraw=form), 422
    reason = form.reason.data or ""
    try:
        with transaction() as session:
            withdrawn = service.withdraw(session, assessment_id, reason=reason, actor=me(), now=utc_now())
    except InvalidInputError as error:
        form.blame(error)
        return overview_page(sheet_of(assessment_id, to_end=True), withdraw=form), 422
    flash(_("Withdrawn. Those who took part have been told."), "good")
    # Whoever ended it for a team without people does not see it any more.
    return _back(assessment_id) if speaks_for(me(), withdrawn.team_id) else redirect(url_for("maturity.index"), 303)


@blueprint.post("/maturity/assessments/<id:assessment_id>/version")
@member
def move(assessment_id: int) -> ResponseReturnValue:
    """Move to the newest version of the framework."""
    get_mark(assessment_id, me())
    with transaction() as session:
        moving.move(session, assessment_id, actor=me(), now=utc_now())
    flash(_("Moved. Every answer is kept; what is to be looked at again is marked."), "good")
    return _back(assessment_id)


def _back(assessment_id: int) -> ResponseReturnValue:
    return redirect(url_for("assessing.show", assessment_id=assessment_id), 303)
