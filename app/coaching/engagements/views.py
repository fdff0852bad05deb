"""The page of an engagement, and what changes the whole of it: pausing, ending, its title, feedback."""

from __future__ import annotations

from flask import Blueprint, Response, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.coaching.engagements import service
from app.coaching.engagements.dates import as_file
from app.coaching.engagements.feedback import give_feedback
from app.coaching.engagements.forms import EndForm, FeedbackForm, FrameForm
from app.coaching.engagements.page import back, goal_words, page_of
from app.coaching.models import Engagement
from app.coaching.policy import can_say_how_it_was
from app.coaching.queries import get_engagement
from app.coaching.rules import Phase
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.web.access import ensure, member
from app.web.dates import request_now
from app.web.downloads import download

blueprint = Blueprint("engagements", __name__, template_folder="../templates")


@blueprint.get("/coaching/engagements/<id:engagement_id>")
@member
def show(engagement_id: int) -> str:
    return page_of(get_engagement(me(), engagement_id))


@blueprint.post("/coaching/engagements/<id:engagement_id>/pause")
@member
def pause(engagement_id: int) -> ResponseReturnValue:
    actor = me()
    get_engagement(actor, engagement_id)
    with transaction() as session:
        service.pause(session, engagement_id, actor=actor, now=utc_now())
    flash(_("It pauses. Nobody is reminded of anything until you take it up again."), "good")
    return back(engagement_id)


@blueprint.post("/coaching/engagements/<id:engagement_id>/resumption")
@member
def resume(engagement_id: int) -> ResponseReturnValue:
    actor = me()
    get_engagement(actor, engagement_id)
    with transaction() as session:
        service.resume(session, engagement_id, actor=actor, now=utc_now())
    flash(_("It goes on."), "good")
    return back(engagement_id)


@blueprint.route("/coaching/engagements/<id:engagement_id>/end", methods=["GET", "POST"])
@member
def end(engagement_id: int) -> ResponseReturnValue:
    engagement = get_engagement(me(), engagement_id)
    if engagement.state == Phase.ENDED:
        return _ended_before(engagement, EndForm())
    still_open = [(goal.id, goal_words(goal)) for goal in engagement.goals if goal.reached_on is None]
    form = EndForm(data={"outcome": engagement.outcome}).offer(still_open)
    if form.validate_on_submit():
        actor = me()
        try:
            with transaction() as session:
                service.end(
                    session,
                    engagement_id,
                    outcome=form.outcome.data,
                    reached=form.reached_ids,
                    actor=actor,
                    now=utc_now(),
                )
        except ConflictError:
            return _ended_before(get_engagement(me(), engagement_id), form)
        flash(_("It has ended. The people of the team are asked how it was."), "good")
        return back(engagement_id)
    page = render_template("coaching/engagements/end.html", form=form, engagement=engagement)
    return page, 422 if request.method == "POST" else 200


def _ended_before(engagement: Engagement, form: EndForm) -> ResponseReturnValue:
    """The other side was quicker. The outcome can still be edited, so what was typed is kept there, below what was saved; what was
    sent twice is there already.
    """
    typed = form.outcome.data
    if not typed or typed == engagement.outcome:
        return back(engagement.id)
    said = {"title": engagement.title, "ends_on": engagement.ends_on, "outcome": typed}
    edited, error = FrameForm(formdata=None, data=said), ConflictError(service.CHANGED_MEANWHILE)
    edited.overtaken(error, engagement.revision)
    page = render_template("coaching/engagements/edit.html", form=edited, engagement=engagement, theirs=engagement)
    return page, error.status


@blueprint.route("/coaching/engagements/<id:engagement_id>/edit", methods=["GET", "POST"])
@member
def edit(engagement_id: int) -> ResponseReturnValue:
    engagement, theirs, status = get_engagement(me(), engagement_id), None, 422
    form = FrameForm(obj=engagement)
    if form.validate_on_submit():
        actor = me()
        try:
            with transaction() as session:
                service.save_frame(
                    session,
                    engagement_id,
                    title=form.title.data,
                    ends_on=form.ends_on.data,
                    outcome=form.outcome.data or "",
                    revision=form.was,
                    actor=actor,
                )
        except InvalidInputError as error:
            form.blame(error)
        except ConflictError as error:
            # What was typed stays; above it stands what somebody else has saved.
            engagement = theirs = get_engagement(me(), engagement_id)
            status = error.status
            form.overtaken(error, theirs.revision)
        else:
            flash(_("Saved."), "good")
            return back(engagement_id)
    page = render_template("coaching/engagements/edit.html", form=form, engagement=engagement, theirs=theirs)
    return page, status if request.method == "POST" else 200


@blueprint.post("/coaching/engagements/<id:engagement_id>/feedback")
@member
def feedback(engagement_id: int) -> ResponseReturnValue:
    actor = me()
    engagement = get_engagement(actor, engagement_id)
    ensure(can_say_how_it_was(actor, engagement))
    form = FeedbackForm()
    if not form.validate():
        return page_of(engagement, form), 422
    with transaction() as session:
        give_feedback(
            session, engagement_id, mark=form.mark.data, text=form.text.data or "", actor=actor, now=utc_now()
        )
    flash(_("Thank you. You can change it; the coach sees what is new with every third answer."), "good")
    return back(engagement_id, "feedback")


@blueprint.get("/coaching/engagements/<id:engagement_id>.ics")
@member
def calendar(engagement_id: int) -> Response:
    engagement = get_engagement(me(), engagement_id)
    return download(as_file(engagement, me(), now=request_now()), "text/calendar", f"coaching-{engagement_id}.ics")
