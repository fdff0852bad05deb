"""Finding a session, taking a seat in it."""

from __future__ import annotations

from flask import Blueprint, Response, flash, get_template_attribute, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.accounts.models import User
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training import seats
from app.training.calendars import as_icalendar
from app.training.cards import cards_with_gaps, fill_actions, fill_gaps
from app.training.lists import list_mine
from app.training.pages import listing, session_page
from app.training.policy import can_create
from app.training.queries import get_admission, get_training, get_training_id
from app.training.rules import Place, Seat
from app.web.access import member, readers
from app.web.dates import request_now
from app.web.stored import stored_page

blueprint = Blueprint("training", __name__, template_folder="templates")


@blueprint.get("/training/")
@readers
@stored_page
def index() -> str:
    reader = _reader()
    return render_template(
        "training/index.html",
        listing=fill_actions(listing(), reader, now=request_now()),
        may_create=reader is not None and can_create(reader),
    )


@blueprint.get("/training/mine")
@member
def mine() -> str:
    found = list_mine(_me(), now=request_now())
    groups = {name: cards_with_gaps(getattr(found, name)) for name in ("places", "running", "past")}
    page = Markup(render_template("training/_mine.html", **groups))  # noqa: S704  # our own template
    return render_template(
        "training/mine.html", page=fill_actions(page, _me(), now=request_now()), may_create=can_create(_me())
    )


@blueprint.get("/training/<slug>")
@readers
@stored_page
def show(slug: str) -> str:
    reader = _reader()
    admission = get_admission(reader, slug, now=request_now())
    panel = get_template_attribute("training/_action.html", "panel")
    page = fill_gaps(session_page(reader, admission), lambda _id: panel(admission, reader is not None))
    return render_template("training/show.html", admission=admission, page=page)


@blueprint.get("/training/<slug>.ics")
@readers
def calendar(slug: str) -> Response:
    reader = _reader()
    admission = get_admission(reader, slug, now=request_now())
    text = as_icalendar(
        get_training(reader, slug), url=url_for("training.show", slug=slug, _external=True), link=admission.link
    )
    answer = Response(text, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return answer


@blueprint.post("/training/<slug>/enrolment")
@member
def enrol(slug: str) -> ResponseReturnValue:
    training_id, actor = get_training_id(_me(), slug), _me()
    with transaction() as session:
        place = seats.enrol(session, training_id, actor=actor, now=utc_now())
    flash(_place_words(place), "good")
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.post("/training/<slug>/enrolment/delete")
@member
def withdraw(slug: str) -> ResponseReturnValue:
    training_id, actor = get_training_id(_me(), slug), _me()
    with transaction() as session:
        seats.withdraw(session, training_id, actor=actor, now=utc_now())
    flash(_("You have given your place back. You can sign up again as long as sign-up is open."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


def _place_words(place: Place) -> str:
    words: str = _("You have a seat.")
    if place.seat is Seat.WAITING:
        words = _("All seats are taken. You are number %(position)s on the waiting list.", position=place.position)
    return words


def _reader() -> User | None:
    return _me() if current_user.is_authenticated else None


def _me() -> User:
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user
