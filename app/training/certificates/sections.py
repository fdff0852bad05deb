"""Certificates on other pages: the person's own, and the way of those who run a session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.training.admissions import Admission
from app.training.certificates.queries import find_latest, list_of_person
from app.training.certificates.wording import days_of
from app.training.rooms import Moment, Way
from app.training.seats.rules import Seat, Standing
from app.web.sections import Section

CARD = "training/certificates/_card.html"


def of_person(person: Any, _reader: Any) -> Section | None:
    """On "my trainings": the person's valid certificates."""
    found = list_of_person(person.id)
    if not found:
        return None
    return Section(_("My certificates"), CARD, [(each, days_of(each)) for each in found], len(found))


def own(admission: Admission, person: User) -> str:
    """On the page of a session that is over: the person's certificate of it."""
    if admission.standing is not Standing.OVER or admission.place is None or admission.place.seat is not Seat.CONFIRMED:
        return ""
    certificate = find_latest(admission.id, person.id)
    return render_template("training/certificates/_own.html", certificate=certificate) if certificate else ""


def desk(admission: Admission) -> Sequence[Way]:
    if admission.standing in {Standing.DRAFT, Standing.CANCELLED}:
        return ()
    return (Way(_("Certificates"), url_for("certificates.index", slug=admission.slug), "award", Moment.AFTER),)
