"""The home page, and what browsers and readers ask a site for."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user

from app.capabilities.queries import list_main_areas
from app.web.access import readers
from app.web.sections import counts_for, sections_for
from app.web.shared import in_one_go, shared_page

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@readers
@shared_page
def index() -> str:
    return render_template(
        "home/index.html",
        areas=list_main_areas(),
        counts=counts_for("capability"),
        sections=sections_for("home", None, None),
    )


def mine() -> str:
    """What waits for the person who is logged in."""
    sections = sections_for("home-mine", None, current_user)
    return in_one_go(lambda: render_template("home/_mine.html", sections=sections)) if sections else ""
