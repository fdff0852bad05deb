"""The links on the page of a session: those for everybody, and those of whoever has or had a seat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.kernel.db import db
from app.training.admissions import Admission
from app.training.materials.queries import list_materials
from app.training.materials.rules import Audience, host_of
from app.training.rooms import Moment, Way
from app.training.seats.attended import has_been_there
from app.training.seats.rules import Seat, Standing
from app.web.sections import Section

CARD = "training/materials/_card.html"


def of_session(training: Any, _reader: Any) -> Section | None:
    """What everybody may see."""
    found = list_materials(training.id, Audience.ALL)
    if not found:
        return None
    return Section(_("Materials"), CARD, [(material, host_of(material.url)) for material in found], len(found))


def for_those_there(admission: Admission, person: User) -> str:
    """What only those may see who have a seat, or who were there once the session is over."""
    if not may_see_all(admission, person):
        return ""
    found = [(material, host_of(material.url)) for material in list_materials(admission.id, Audience.THERE)]
    return render_template("training/materials/_own.html", materials=found) if found else ""


def may_see_all(admission: Admission, person: User) -> bool:
    if admission.may_edit:
        return True
    if admission.place is None or admission.place.seat is not Seat.CONFIRMED:
        return False
    return admission.standing is not Standing.OVER or has_been_there(db.session(), admission.id, person.id)


def desk(admission: Admission) -> Sequence[Way]:
    return (Way(_("Materials"), url_for("materials.index", slug=admission.slug), "paperclip", Moment.AFTER),)
