"""Saying how it was, and reading what was said."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from app.training.feedback import service
from app.training.feedback.forms import FeedbackForm, typed
from app.training.feedback.queries import find_answer, find_summary, is_thanks_off
from app.training.feedback.rules import MIN_PUBLIC, QUESTION_NAMES, SCALE, WINDOW, seal_of
from app.training.models import TrainingSession
from app.training.policy import can_edit
from app.training.queries import get_training
from app.web.access import ensure, member
from app.web.dates import request_now

blueprint = Blueprint("feedback", __name__)


@blueprint.route("/training/<slug>/feedback", methods=["GET", "POST"])
@member
def give(slug: str) -> ResponseReturnValue:
    training, me = get_training(_me(), slug), _me()
    service.check_may_answer(db.session(), training, me.id, request_now())
    training_id, user_id, seal = training.id, me.id, _seal(training)
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
        training=get_training(_me(), slug),
        has_said=said is not None,
        until=training.ends_at + WINDOW,
        min_public=MIN_PUBLIC,
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/training/<slug>/feedback/delete")
@member
def take_back(slug: str) -> ResponseReturnValue:
    training, me = get_training(_me(), slug), _me()
    training_id, user_id, seal = training.id, me.id, _seal(training)
    with transaction() as session:
        service.take_back(session, training_id, user_id=user_id, seal=seal, now=utc_now())
    flash(_("What you said is gone."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.get("/training/<slug>/feedback/answers")
@member
def answers(slug: str) -> str:
    training = _own(slug)
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
    training_id, is_on = _own(slug).id, request.form.get("on") == "1"
    with transaction() as session:
        service.switch_thanks(session, training_id, is_on=is_on)
    flash(
        _("People will be thanked after this session.") if is_on else _("Nobody is thanked after this session."), "good"
    )
    return redirect(url_for("feedback.answers", slug=slug), 303)


def _seal(training: TrainingSession) -> str:
    secret: str = current_app.config["SECRET_KEY"]
    return seal_of(secret, training.id, _me().id)


def _own(slug: str) -> TrainingSession:
    """The session, for those who run it. Raises NotFoundError or ForbiddenError."""
    training = get_training(_me(), slug)
    ensure(can_edit(_me(), training))
    return training


def _me() -> User:
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user
