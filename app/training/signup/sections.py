"""What signing up shows on a session's page to one reader."""

from __future__ import annotations

from collections.abc import Sequence

from flask import render_template, url_for

from app.accounts.models import User
from app.kernel.db import db
from app.training.admissions import Admission, list_admissions
from app.training.seats.estimate import count_moved_up, estimate
from app.training.seats.questions import lacks_answers, list_questions
from app.training.seats.rules import Seat, Standing
from app.training.signup.clash import list_clashes
from app.training.signup.queries import leads_a_team
from app.web.dates import request_now
from app.web.shared import Piece, reader
from app.web.stored import stored


def beside(arguments: Sequence[str]) -> list[str | Piece]:
    """What else the reader has at the time of each session, and the way to sign up a team for who leads one."""
    person = reader()
    if person is None:
        return ["" for _argument in arguments]
    ids = [int(argument) for argument in arguments]
    leads = stored(("leads a team", person.id), lambda: leads_a_team(person.id))
    found = list_admissions(person, ids, now=request_now()) if leads else {}
    return [_beside(person, training_id, found.get(training_id)) for training_id in ids]


def _beside(person: User, training_id: int, admission: Admission | None) -> str:
    clashes = list_clashes(person, training_id, now=request_now())
    team_url = None
    if admission is not None and admission.standing in OPEN_FOR_TEAMS and not admission.needs_approval:
        team_url = url_for("signup.enrol_team", slug=admission.slug)
    if not clashes and team_url is None:
        return ""
    return render_template("training/signup/_beside.html", clashes=clashes, team_url=team_url)


OPEN_FOR_TEAMS = {Standing.FREE, Standing.SEATED}


def own(admission: Admission, person: User) -> str:
    """For who waits, how likely a seat is; for who has a place, the way to the answers that were given."""
    place = admission.place
    if place is None or admission.standing in {Standing.OVER, Standing.CANCELLED}:
        return ""
    guess = None
    if place.seat is Seat.WAITING and place.position is not None:
        moved_up = count_moved_up(db.session(), admission.kind, now=request_now())
        guess = estimate(moved_up, place.position)
    session = db.session()
    has_questions = bool(list_questions(session, admission.id))
    lacks = has_questions and lacks_answers(session, admission.id, person.id)
    return render_template(
        "training/signup/_own.html", at=admission, guess=guess, has_questions=has_questions, lacks_answers=lacks
    )
