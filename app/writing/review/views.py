"""Reviewing: the queue, a version with its remarks, the decision, and who is asked."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.login import me
from app.accounts.queries import find_by_email
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError
from app.web.access import ensure, member
from app.web.numbers import whole_number
from app.writing.kinds import get_kind
from app.writing.models import Manuscript
from app.writing.policy import is_reviewer
from app.writing.preparing import prepare
from app.writing.queries import get_manuscript
from app.writing.review import remarking, service
from app.writing.review.forms import DecisionForm, HandBackForm, ReviewerForm
from app.writing.review.guarding import say_why
from app.writing.review.pages import queue_page, read_page
from app.writing.review.policy import sees_review
from app.writing.review.settings import due_day
from app.writing.rules import STEP_NAMES, Step

blueprint = Blueprint("review", __name__)


@blueprint.get("/writing/review")
@member
def queue() -> str:
    """What waits for the reader's decision."""
    return render_template("writing/review/queue.html", **queue_page(me()))


@blueprint.get("/writing/<id:manuscript_id>/review")
@member
def read(manuscript_id: int) -> str:
    return read_page(seen(manuscript_id), me())


@blueprint.post("/writing/<id:manuscript_id>/decision")
@member
def decide(manuscript_id: int) -> ResponseReturnValue:
    manuscript = seen(manuscript_id)
    ensure(is_reviewer(me(), manuscript))
    form = DecisionForm()
    if form.validate_on_submit():
        verdict, kind = form.verdict, get_kind(manuscript.kind)
        # Rendered before the transaction: nobody else who writes has to wait for that.
        prepared = prepare(kind, manuscript, manuscript.submitted_number or 0) if verdict.step is Step.ACCEPT else None
        try:
            with transaction() as session:
                service.decide(session, kind, manuscript, verdict, actor=me(), now=utc_now(), prepared=prepared)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("%(step)s. Those who write it have been told.", step=STEP_NAMES[verdict.step]), "good")
            return back(manuscript_id)
    return read_page(seen(manuscript_id), me(), decision=form), 422


@blueprint.post("/writing/<id:manuscript_id>/reviewers")
@member
def ask(manuscript_id: int) -> ResponseReturnValue:
    """Ask somebody to review it, or with `remove`, no longer."""
    manuscript = seen(manuscript_id)
    removed = whole_number(request.form.get("remove"))
    if removed is not None:
        with transaction() as session:
            service.unassign(session, manuscript, removed, actor=me())
        flash(_("The person need not review it any more."), "good")
        return back(manuscript_id, "reviewers")
    form = ReviewerForm()
    if form.validate_on_submit():
        person = find_by_email((form.email.data or "").lower())
        now = utc_now()
        try:
            with transaction() as session:
                service.assign(session, manuscript, person, actor=me(), due_on=due_day(now), now=now)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The person has been asked to review it."), "good")
            return back(manuscript_id, "reviewers")
    return read_page(seen(manuscript_id), me(), reviewer=form), 422


@blueprint.post("/writing/<id:manuscript_id>/handback")
@member
def hand_back(manuscript_id: int) -> ResponseReturnValue:
    manuscript, form, now = seen(manuscript_id), HandBackForm(), utc_now()
    if not form.validate_on_submit():
        return read_page(manuscript, me(), hand_back=form), 422
    with transaction() as session:
        following = service.hand_back(
            session, manuscript, reason=form.reason.data or "", actor=me(), due_on=due_day(now), now=now
        )
        name = following.user.name if following is not None else ""
    if name:
        flash(_("%(name)s has been asked in your place.", name=name), "good")
    else:
        flash(_("You are not asked any more, and the editors know."), "good")
    return redirect(url_for("review.queue"), 303)


@blueprint.post("/writing/<id:manuscript_id>/remarks/send")
@member
def send(manuscript_id: int) -> ResponseReturnValue:
    manuscript = seen(manuscript_id)
    with transaction() as session:
        number = remarking.send(session, manuscript, actor=me(), now=utc_now())
    if number:
        flash(ngettext("%(num)s remark was sent.", "%(num)s remarks were sent.", number), "good")
    return back(manuscript_id)


@blueprint.post("/writing/<id:manuscript_id>/findings")
@member
def answer_finding(manuscript_id: int) -> ResponseReturnValue:
    """Why something that was found may stay."""
    manuscript = seen(manuscript_id)
    digest = request.form.get("digest", "")[:32]
    with transaction() as session:
        say_why(session, manuscript, digest, request.form.get("because", ""), actor=me(), now=utc_now())
    flash(_("Your reason is kept; whoever reviews it reads it."), "good")
    return redirect(url_for("writing.show", manuscript_id=manuscript_id, _anchor="findings"), 303)


def seen(manuscript_id: int) -> Manuscript:
    """The manuscript, for those who may see its review. Raises NotFoundError and ForbiddenError."""
    manuscript = get_manuscript(manuscript_id, me())
    ensure(sees_review(me(), manuscript))
    return manuscript


def back(manuscript_id: int, place: str | None = None) -> ResponseReturnValue:
    return redirect(url_for("review.read", manuscript_id=manuscript_id, _anchor=place), 303)
