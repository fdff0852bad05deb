"""Signing up and leaving, answering an offer, signing up a team."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.accounts.login import me
from app.accounts.models import Team
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.training.admissions import get_admission
from app.training.queries import get_sign_up, get_training, get_training_id
from app.training.seats import filling, taking
from app.training.seats.questions import list_questions
from app.training.seats.rules import Place, Seat, Standing
from app.training.signup.clash import list_clashes
from app.training.signup.forms import TeamForm, answers_form, answers_of
from app.training.signup.links import read_place
from app.training.signup.queries import get_by_link, list_answers, list_led_teams, states_of
from app.web.access import ensure, member, public
from app.web.dates import request_now
from app.web.forms import Form
from app.web.security import csrf, require_same_origin, secret_key

blueprint = Blueprint("signup", __name__)
OPEN = {Standing.FREE, Standing.FULL}


@blueprint.route("/training/<slug>/enrolment", methods=["GET", "POST"])
@member
def enrol(slug: str) -> ResponseReturnValue:
    """Sign up, answer the questions of a session, or answer them anew."""
    (training_id, asks), contact = get_sign_up(me(), slug), me().contact
    if asks or request.method == "GET":
        form = answers_form(list_questions(db.session(), training_id), list_answers(training_id, contact.id))
        if not (request.form.get("answered") and form.validate_on_submit()):
            return _questions_page(slug, form)
        try:
            place = _answer_or_enrol(training_id, answers_of(form))
        except InvalidInputError as error:
            form.blame(error)
            return _questions_page(slug, form)
    else:
        with transaction() as session:
            place = taking.enrol(session, training_id, actor=contact, now=utc_now())
    flash(_place_words(place), "good")
    return redirect(url_for("training.show", slug=slug), 303)


def _answer_or_enrol(training_id: int, answers: dict[int, str]) -> Place:
    actor, now = me(), utc_now()
    with transaction() as session:
        place = taking.enrol(session, training_id, actor=actor.contact, now=now, answers=answers)
        taking.answer(session, training_id, actor=actor, answers=answers)
    return place


def _questions_page(slug: str, form: Form) -> ResponseReturnValue:
    """The questions; on the way from a button that knew nothing of them they are not yet wrong."""
    person = me()
    admission = get_admission(person, slug, now=request_now())
    if admission.standing not in OPEN and admission.place is None:
        return redirect(url_for("training.show", slug=slug), 303)
    failed = bool(request.form.get("answered"))
    if not failed:
        form = answers_form(list_questions(db.session(), admission.id), list_answers(admission.id, person.id))
        for field in form:
            field.errors = ()
    clashes = list_clashes(person, admission.id, now=request_now()) if admission.place is None else []
    page = render_template("training/signup/enrol.html", at=admission, form=form, clashes=clashes)
    return page, 422 if failed else 200


@blueprint.post("/training/<slug>/enrolment/delete")
@member
def withdraw(slug: str) -> ResponseReturnValue:
    training_id, actor = get_training_id(me(), slug), me()
    with transaction() as session:
        taking.withdraw(session, training_id, actor=actor, now=utc_now())
    flash(_("You have given your place back. You can sign up again as long as sign-up is open."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.post("/training/<slug>/offer")
@member
def accept(slug: str) -> ResponseReturnValue:
    training_id, actor = get_training_id(me(), slug), me()
    with transaction() as session:
        filling.accept(session, training_id, actor=actor, now=utc_now())
    flash(_place_words(Place(Seat.CONFIRMED)), "good")
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.post("/training/<slug>/offer/delete")
@member
def decline(slug: str) -> ResponseReturnValue:
    training_id, actor = get_training_id(me(), slug), me()
    with transaction() as session:
        filling.decline(session, training_id, actor=actor, now=utc_now())
    flash(_("The seat goes to the next one. Thank you for saying so."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


ANSWERS = {"accept": filling.accept, "decline": filling.decline, "leave": taking.withdraw}


@blueprint.route("/training/place/<token>", methods=["GET", "POST"])
@csrf.exempt
@public
def place(token: str) -> ResponseReturnValue:
    """What a link in a mail leads to: GET shows the place, its buttons act. Nobody has to log in."""
    found = read_place(secret_key(), token)
    if found is None:
        raise NotFoundError(_("This link is not complete. Copy all of it, or look at the page of the session."))
    enrolment = get_by_link(*found)
    person, training_id, done = enrolment.user, enrolment.training_id, False
    if request.method == "POST":
        require_same_origin()
        act = ANSWERS.get(request.form.get("answer", ""))
        if act is None:
            raise InvalidInputError(_("Choose one of the buttons."))
        with transaction() as session:
            act(session, training_id, actor=person, now=utc_now())
        return redirect(url_for("signup.place", token=token, done=1), 303)
    done = "done" in request.args
    admission = get_admission(person, enrolment.training.slug, now=request_now())
    return render_template("training/signup/place.html", at=admission, person=person, token=token, done=done)


@blueprint.route("/training/<slug>/team", methods=["GET", "POST"])
@member
def enrol_team(slug: str) -> ResponseReturnValue:
    """Sign up people of a team that the reader leads: all of those chosen, or none."""
    lead, training = me(), get_training(me(), slug)
    teams = list_led_teams(lead)
    ensure(bool(teams))
    team = next((each for each in teams if each.slug == request.values.get("team")), teams[0])
    states = states_of(training.id)
    form = TeamForm()
    form.people.choices = [
        SelectChoice(each.user_id, each.user.name, render_kw={"disabled": True} if each.user_id in states else {})
        for each in team.people
        if each.user.disabled_at is None
    ]
    if form.validate_on_submit():
        try:
            return _signed_up(slug, training.id, team, form.people.data)
        except InvalidInputError as error:
            form.blame(error)
    at = get_admission(lead, slug, now=request_now())
    page = render_template(
        "training/signup/team.html", training=training, form=form, team=team, teams=teams, states=states, at=at
    )
    return page, 422 if request.method == "POST" else 200


def _signed_up(slug: str, training_id: int, team: Team, user_ids: list[int]) -> ResponseReturnValue:
    team_id, actor = team.id, me()
    with transaction() as session:
        count = taking.enrol_team(session, training_id, team_id=team_id, user_ids=user_ids, actor=actor, now=utc_now())
    flash(_("%(count)s people of the team have a seat now, and are being told.", count=count), "good")
    return redirect(url_for("training.show", slug=slug), 303)


def _place_words(place: Place) -> str:
    words: dict[Seat, str] = {
        Seat.CONFIRMED: _("You have a seat."),
        Seat.OFFERED: _("A seat is offered to you. Accept it on this page."),
        Seat.REQUESTED: _("You have asked for a seat. A coach decides, and you are told."),
        Seat.WAITING: _(
            "All seats are taken. You are number %(position)s on the waiting list.", position=place.position
        ),
    }
    return words[place.seat]
