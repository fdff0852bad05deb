"""The home page, and what browsers and readers ask a site for."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask_login import current_user
from markupsafe import Markup

from app.capabilities.queries import list_main_areas
from app.web.access import readers
from app.web.sections import counts_for, sections_for
from app.web.stored import stored, stored_page

blueprint = Blueprint("home", __name__, template_folder="templates")


@blueprint.get("/")
@readers
@stored_page
def index() -> str:
    mine = sections_for("home-mine", None, current_user) if current_user.is_authenticated else []
    return render_template("home/index.html", mine=mine, common=stored("home", _common))


def _common() -> Markup:
    """All of the page that is the same for everybody who reads in this language."""
    return Markup(  # noqa: S704  # our own template
        render_template(
            "home/_common.html",
            areas=list_main_areas(),
            counts=counts_for("capability"),
            sections=sections_for("home", None, None),
        )
    )
