"""The pages of a request: asking, the page of what was asked, and what team and coach do there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.login import me
from app.accounts.models import User
from app.coaching.matching import Wanted, is_anybody_left, list_with_room, wanted_by
from app.coaching.models import CoachingRequest
from app.coaching.policy import can_answer, can_oversee, can_withdraw, is_of_team
from app.coaching.queries import get_request
from app.coaching.requests import service
from app.coaching.requests.asking import blank_form, list_first
from app.coaching.requests.forms import (
    AnswerForm,
    AskForm,
    DeclineForm,
    HandOverForm,
    QuestionForm,
    WithdrawForm,
)
from app.coaching.requests.page import page_of
from app.coaching.requests.queries import find_engagement_id, get_stranded, list_stranded
from app.coaching.rules import Ask
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.web.access import ensure, member, requires
from app.web.forms import Form

blueprint = Blueprint("coaching_requests", __name__, template_folder="../templates")


@blueprint.route("/coaching/requests/new", methods=["GET", "POST"])
@member
def new() -> ResponseReturnValue:
    form = blank_form()
    if form is None:
        return render_template("coaching/requests/no_team.html")
    if not form.validate_on_submit():
        return _form_page(form)
    actor = me()
    try:
        with transaction() as session:
            asked = service.ask(session, form.asking, key=form.key.data, actor=actor, now=utc_now())
            request_id, state = asked.id, asked.state
    except (InvalidInputError, ConflictError) as error:
        form.blame(error)
        return _form_page(form)
    if state == Ask.STRANDED:
        flash(
            _("Your request is there. No coach who matches can take it now; below you see what happens next."), "warn"
        )
    else:
        flash(_("Your request is on its way. Below you see who has it, and until when."), "good")
    return redirect(url_for("coaching_requests.show", request_id=request_id), 303)


def _form_page(form: AskForm) -> ResponseReturnValue:
    page = render_template("coaching/requests/new.html", form=form, first=list_first(form))
    return page, 422 if request.method == "POST" else 200


@blueprint.get("/coaching/requests/<id:request_id>")
@member
def show(request_id: int) -> str:
    return page_of(get_request(me(), request_id))


@blueprint.post("/coaching/requests/<id:request_id>/acceptance")
@member
def accept(request_id: int) -> ResponseReturnValue:
    actor = me()
    asked = get_request(actor, request_id)
    there = find_engagement_id(request_id)
    if there is not None and asked.coach_id == actor.id:
        # The button was pressed twice.
        return redirect(url_for("engagements.show", engagement_id=there), 303)
    ensure(can_answer(actor, asked))
    with transaction() as session:
        engagement = service.accept(session, request_id, actor=actor, now=utc_now())
        engagement_id = engagement.id
    flash(_("You coach this team now. Say below when you would like to begin."), "good")
    return redirect(url_for("engagements.show", engagement_id=engagement_id), 303)


@blueprint.post("/coaching/requests/<id:request_id>/question")
@member
def ask_back(request_id: int) -> ResponseReturnValue:
    form = QuestionForm()
    return _act(
        request_id,
        form,
        lambda session, actor, now: service.ask_back(
            session, request_id, question=form.question.data, actor=actor, now=now
        ),
        can_answer,
        said=_("The team is asked. The clock stands still until it has answered."),
    )


@blueprint.post("/coaching/requests/<id:request_id>/answer")
@member
def reply(request_id: int) -> ResponseReturnValue:
    form = AnswerForm()
    return _act(
        request_id,
        form,
        lambda session, actor, now: service.reply(session, request_id, answer=form.answer.data, actor=actor, now=now),
        is_of_team,
        said=_("Your answer is on its way."),
    )


@blueprint.post("/coaching/requests/<id:request_id>/refusal")
@member
def decline(request_id: int) -> ResponseReturnValue:
    form = DeclineForm()
    return _act(
        request_id,
        form,
        lambda session, actor, now: service.decline(session, request_id, reason=form.reason.data, actor=actor, now=now),
        can_answer,
        said=_("Thank you for the clear word. The next coach is asked."),
        leaves=True,
    )


@blueprint.post("/coaching/requests/<id:request_id>/handing-over")
@member
def hand_over(request_id: int) -> ResponseReturnValue:
    form = HandOverForm().offer(list_with_room(wanted_by(get_request(me(), request_id))))
    return _act(
        request_id,
        form,
        lambda session, actor, now: service.hand_over(
            session, request_id, to_id=form.to.data, words=form.words.data or "", actor=actor, now=now
        ),
        can_answer,
        said=_("It is handed over. Everybody is told."),
        leaves=True,
    )


@blueprint.post("/coaching/requests/<id:request_id>/withdrawal")
@member
def withdraw(request_id: int) -> ResponseReturnValue:
    form = WithdrawForm()
    return _act(
        request_id,
        form,
        lambda session, actor, now: service.withdraw(
            session, request_id, reason=form.reason.data or "", actor=actor, now=now
        ),
        can_withdraw,
        said=_("The request is withdrawn. Whoever had it is told."),
    )


def _act(
    request_id: int,
    form: Form,
    act: Callable[[Session, User, datetime], None],
    may: Callable[[User, CoachingRequest], bool],
    *,
    said: str,
    leaves: bool = False,
) -> ResponseReturnValue:
    """One step with what was typed for it. `leaves`: afterwards it is with somebody else, so the page is no longer this person's."""
    actor = me()
    asked = get_request(actor, request_id)
    ensure(may(actor, asked))
    if not form.validate():
        return page_of(asked, form), 422
    try:
        with transaction() as session:
            act(session, actor, utc_now())
    except InvalidInputError as error:
        form.blame(error)
        return page_of(get_request(me(), request_id), form), 422
    flash(said, "good")
    target = url_for("coaching.index") if leaves else url_for("coaching_requests.show", request_id=request_id)
    return redirect(target, 303)


@blueprint.get("/coaching/requests/stranded")
@requires(can_oversee)
def stranded() -> str:
    """What administrators see: what nobody has room for, without a word of what was written."""
    return render_template("coaching/requests/stranded.html", found=list_stranded())


@blueprint.route("/coaching/requests/<id:request_id>/coach", methods=["GET", "POST"])
@requires(can_oversee)
def give(request_id: int) -> ResponseReturnValue:
    found, row = get_stranded(request_id)
    wanted, candidates = wanted_by(row), list_with_room(Wanted(team_id=row.team_id))
    form = HandOverForm().offer(candidates, wanted.without)
    del form.words
    if form.validate_on_submit():
        actor, to_id = me(), form.to.data
        try:
            with transaction() as session:
                service.give(session, request_id, to_id=to_id, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(InvalidInputError(error.message, field="to"))
        else:
            flash(_("The request is offered to this coach, who has two working days."), "good")
            return redirect(url_for("coaching_requests.stranded"), 303)
    page = render_template("coaching/requests/give.html", found=found, form=form, is_left=is_anybody_left(wanted))
    return page, 422 if request.method == "POST" else 200
