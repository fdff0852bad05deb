"""Saying how it was, and reading what was said."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from app.training.feedback import service
from app.training.feedback.forms import FeedbackForm, typed
from app.training.feedback.queries import find_answer, find_summary, is_thanks_off
from app.training.feedback.rules import MIN_PUBLIC, QUESTION_NAMES, SCALE, WINDOW, seal_of
from app.training.models import TrainingSession
from app.training.queries import get_training
from app.training.running import get_own_session
from app.web.access import member
from app.web.dates import request_now
from app.web.security import secret_key

blueprint = Blueprint("feedback", __name__)


@blueprint.route("/training/<slug>/feedback", methods=["GET", "POST"])
@member
def give(slug: str) -> ResponseReturnValue:
    training, person = get_training(me(), slug), me()
    service.check_may_answer(db.session(), training, person.id, request_now())
    training_id, user_id, seal = training.id, person.id, _seal(training)
    said = find_answer(seal)
    form = FeedbackForm(data=typed(said))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.give(session, training_id, form.answer, user_id=user_id, seal=seal, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Thank you. You can change what you said until the time for it is over."), "good")
            return redirect(url_for("training.show", slug=slug), 303)
    page = render_template(
        "training/feedback/give.html",
        form=form,
        training=get_training(me(), slug),
        has_said=said is not None,
        until=training.ends_at + WINDOW,
        min_public=MIN_PUBLIC,
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/training/<slug>/feedback/delete")
@member
def take_back(slug: str) -> ResponseReturnValue:
    training, person = get_training(me(), slug), me()
    training_id, user_id, seal = training.id, person.id, _seal(training)
    with transaction() as session:
        service.take_back(session, training_id, user_id=user_id, seal=seal, now=utc_now())
    flash(_("What you said is gone."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.get("/training/<slug>/feedback/answers")
@member
def answers(slug: str) -> str:
    training = get_own_session(slug)
    return render_template(
        "training/feedback/answers.html",
        training=training,
        summary=find_summary(training.id),
        is_over=training.ends_at <= request_now(),
        thanks_off=is_thanks_off(training.id),
        names=QUESTION_NAMES,
        scale=SCALE,
        min_public=MIN_PUBLIC,
    )


@blueprint.post("/training/<slug>/feedback/thanks")
@member
def thanks(slug: str) -> ResponseReturnValue:
    training_id, is_on = get_own_session(slug).id, request.form.get("on") == "1"
    with transaction() as session:
        service.switch_thanks(session, training_id, is_on=is_on)
    flash(
        _("People will be thanked after this session.") if is_on else _("Nobody is thanked after this session."), "good"
    )
    return redirect(url_for("feedback.answers", slug=slug), 303)


def _seal(training: TrainingSession) -> str:
    return seal_of(secret_key(), training.id, me().id)
