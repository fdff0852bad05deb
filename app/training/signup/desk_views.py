"""How seats are given out, decided by those who run a session."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session
from wtforms import SelectChoice

from app.accounts.login import me
from app.accounts.models import User
from app.accounts.queries import find_by_email
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import DomainError, InvalidInputError
from app.training.admissions import Admission
from app.training.forms import moment_in
from app.training.models import TrainingSession
from app.training.queries import count_seats
from app.training.rooms import Moment, Way
from app.training.running import get_own_session
from app.training.seats import deciding, going_ahead, holds
from app.training.seats.questions import list_questions, write_questions
from app.training.seats.settings import change_settings
from app.training.signup.forms import (
    AdmitForm,
    HoldForm,
    QuestionsForm,
    ReasonForm,
    SettingsForm,
    present_questions,
    present_settings,
)
from app.training.signup.queries import list_line, list_teams
from app.training.signup.views import blueprint
from app.web.access import member
from app.web.numbers import sent_revision, whole_number

# Handed on, so that whoever takes the blueprint from here has it with every route.
__all__ = ["blueprint", "ways"]

BLANK_QUESTIONS = 2


def ways(admission: Admission) -> list[Way]:
    """The way to this page from the session's."""
    if admission.state == "cancelled":
        return []
    return [Way(_("Seats and sign-up"), url_for("signup.seats", slug=admission.slug), "armchair", Moment.BEFORE)]


@blueprint.get("/training/<slug>/seats")
@member
def seats(slug: str) -> ResponseReturnValue:
    return _page(get_own_session(slug))


@blueprint.post("/training/<slug>/seats/settings")
@member
def save_settings(slug: str) -> ResponseReturnValue:
    training, form = get_own_session(slug), SettingsForm()

    def save(session: Session, actor: User) -> None:
        settings = form.settings(training.time_zone)
        change_settings(
            session, training.id, settings, revision=sent_revision(form.revision.data), actor=actor, now=utc_now()
        )

    return _try(training, "settings", form, save, _("Saved."))


@blueprint.post("/training/<slug>/seats/requests")
@member
def approve(slug: str) -> ResponseReturnValue:
    training = get_own_session(slug)
    user_ids = [user_id for text in request.form.getlist("person") if (user_id := whole_number(text))]
    with transaction() as session:
        count = deciding.approve(session, training.id, user_ids, actor=me(), now=utc_now())
    flash(
        ngettext(
            "%(num)s person is approved and is being told.", "%(num)s people are approved and are being told.", count
        ),
        "good" if count else "warn",
    )
    return _back(slug)


@blueprint.post("/training/<slug>/seats/<id:user_id>/removal")
@member
def take_off(slug: str, user_id: int) -> ResponseReturnValue:
    """Refuse a request, or take a place away; the reason is kept and told."""
    training, form = get_own_session(slug), ReasonForm()

    def act(session: Session, actor: User) -> None:
        deciding.take_off(session, training.id, user_id, reason=form.reason.data, actor=actor, now=utc_now())

    return _try(training, f"reason-{user_id}", form, act, _("Done. The person is being told why."))


@blueprint.post("/training/<slug>/seats/admissions")
@member
def admit(slug: str) -> ResponseReturnValue:
    training, form = get_own_session(slug), AdmitForm()

    def act(session: Session, actor: User) -> None:
        person = find_by_email((form.email.data or "").lower())
        if person is None:
            raise InvalidInputError(_("Nobody has an account with this address."), field="email")
        deciding.admit(session, training.id, person.id, reason=form.reason.data, actor=actor, now=utc_now())

    return _try(training, "admit", form, act, _("The person has a seat now."))


@blueprint.post("/training/<slug>/seats/holds")
@member
def hold(slug: str) -> ResponseReturnValue:
    training, form = get_own_session(slug), _hold_form()

    def act(session: Session, actor: User) -> None:
        until = moment_in(form.until, training.time_zone)
        assert until is not None
        holds.hold(
            session,
            training.id,
            team_id=form.team.data,
            seats=form.seats.data,
            until=until.moment,
            actor=actor,
            now=utc_now(),
        )

    return _try(training, "hold", form, act, _("The seats are held."))


@blueprint.post("/training/<slug>/seats/holds/<id:hold_id>/delete")
@member
def release(slug: str, hold_id: int) -> ResponseReturnValue:
    training = get_own_session(slug)
    with transaction() as session:
        holds.release_hold(session, training.id, hold_id, by_id=me().id, now=utc_now())
    flash(_("The seats are free for everybody again."), "good")
    return _back(slug)


@blueprint.post("/training/<slug>/seats/decision")
@member
def decide(slug: str) -> ResponseReturnValue:
    training = get_own_session(slug)
    with transaction() as session:
        going_ahead.go_ahead(session, training.id, now=utc_now())
    flash(_("It takes place. Everybody with a seat is being told."), "good")
    return _back(slug)


@blueprint.route("/training/<slug>/seats/questions", methods=["GET", "POST"])
@member
def questions(slug: str) -> ResponseReturnValue:
    training = get_own_session(slug)
    present = list_questions(db.session(), training.id)
    form = QuestionsForm(data={"questions": present_questions(present, BLANK_QUESTIONS)})
    if form.validate_on_submit():
        try:
            with transaction() as session:
                write_questions(session, training.id, form.written)
        except InvalidInputError as error:
            form.form_errors.append(str(error))
        else:
            flash(_("Saved. Whoever signs up from now on is asked."), "good")
            return redirect(url_for("signup.questions", slug=slug), 303)
    page = render_template("training/signup/questions.html", training=training, form=form)
    return page, 422 if request.method == "POST" else 200


def _try(
    training: TrainingSession,
    name: str,
    form: SettingsForm | HoldForm | ReasonForm,
    act: Callable[[Session, User], None],
    words: str,
) -> ResponseReturnValue:
    """Carry out a form of this page, or show the page again with what was typed and what is wrong with it."""
    slug, status = training.slug, 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                act(session, me())
        except DomainError as error:
            form.blame(error)
            status = error.status
        else:
            flash(words, "good")
            return _back(slug)
    return _page(get_own_session(slug), {name: form}), status


def _page(training: TrainingSession, forms: dict[str, object] | None = None) -> str:
    shown: dict[str, object] = {
        "settings": SettingsForm(formdata=None, data=present_settings(training)),
        "admit": AdmitForm(formdata=None),
        "hold": _hold_form(is_sent=False),
        "reason": ReasonForm(formdata=None),
        **(forms or {}),
    }
    return render_template(
        "training/signup/seats.html",
        training=training,
        forms_by_name=shown,
        line_of=list_line(training),
        seats=count_seats([training])[training.id],
        holds=holds.list_holds(db.session(), training.id),
        questions=list_questions(db.session(), training.id),
        now=utc_now(),
    )


def _hold_form(*, is_sent: bool = True) -> HoldForm:
    form = HoldForm() if is_sent else HoldForm(formdata=None)
    form.team.choices = [SelectChoice(str(team.id), team.name) for team in list_teams()]
    return form


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("signup.seats", slug=slug), 303)
