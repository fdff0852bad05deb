"""What other pages show of feedback: averages of many, and the way to the form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.kernel.db import db
from app.training.admissions import Admission
from app.training.feedback.queries import averages_of_coach, find_answer, list_averages
from app.training.feedback.rules import Averages, is_window_open, seal_of
from app.training.models import TrainingSession
from app.training.rooms import Moment, Way
from app.training.seats.attended import has_been_there
from app.training.seats.rules import Seat, Standing
from app.web.dates import request_now
from app.web.sections import Section
from app.web.security import secret_key

CARD = "training/feedback/_averages.html"


def of_session(training: Any, _reader: Any) -> Section | None:
    """What people thought of it, where enough of them said so."""
    if training.ends_at > request_now():
        return None
    return _section(list_averages([training.id]).get(training.id))


def of_coach(coach: Any, _reader: Any) -> Section | None:
    """What people thought of what a person ran: `coach` has a user_id."""
    return _section(averages_of_coach(coach.user_id))


def _section(averages: Averages | None) -> Section | None:
    return Section(_("What people said"), CARD, [averages], 1) if averages else None


def way_to_form(admission: Admission, person: User) -> str:
    """For whoever was there: say how it was."""
    if admission.standing is not Standing.OVER or admission.place is None or admission.place.seat is not Seat.CONFIRMED:
        return ""
    training = db.session.get_one(TrainingSession, admission.id)
    is_open = is_window_open(training.state, training.ends_at, request_now())
    if not is_open or not has_been_there(db.session(), admission.id, person.id):
        return ""
    seal = seal_of(secret_key(), admission.id, person.id)
    return render_template("training/feedback/_way.html", slug=admission.slug, has_said=find_answer(seal) is not None)


def desk(admission: Admission) -> Sequence[Way]:
    if admission.standing in {Standing.DRAFT, Standing.CANCELLED}:
        return ()
    return (Way(_("Feedback"), url_for("feedback.answers", slug=admission.slug), "message-square", Moment.AFTER),)
