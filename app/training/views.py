"""Finding a session, taking a seat in it."""

from __future__ import annotations

from flask import Blueprint, Response, render_template

from app.accounts.login import me
from app.training.admissions import get_admission
from app.training.cards import cards_with_buttons
from app.training.entries.files import as_file
from app.training.lists import list_mine
from app.training.pages import listing, session_page
from app.training.queries import get_training
from app.web.access import member, readers
from app.web.dates import request_now
from app.web.sections import sections_for
from app.web.shared import in_one_go, reader, shared_page

blueprint = Blueprint("training", __name__, template_folder="templates")


@blueprint.get("/training/")
@readers
@shared_page
def index() -> str:
    return render_template("training/index.html", listing=listing())


@blueprint.get("/training/mine")
@member
def mine() -> str:
    found = list_mine(me(), now=request_now())
    groups = {name: cards_with_buttons(getattr(found, name)) for name in ("places", "running", "past")}
    more = sections_for("training-mine", me(), me())
    return in_one_go(lambda: render_template("training/mine.html", sections=more, **groups))


@blueprint.get("/training/<slug>")
@readers
@shared_page
def show(slug: str) -> str:
    return session_page(get_training(reader(), slug))


@blueprint.get("/training/<slug>.ics")
@readers
def calendar(slug: str) -> Response:
    admission = get_admission(reader(), slug, now=request_now())
    text = as_file(get_training(reader(), slug), reader(), link=admission.link)
    answer = Response(text, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return answer
