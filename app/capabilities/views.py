"""The framework's pages."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.capabilities.queries import get_capability, get_framework, list_counterparts, list_frameworks
from app.web.access import readers
from app.web.sections import counts_for, sections_for
from app.web.shared import shared_page

blueprint = Blueprint("capabilities", __name__, template_folder="templates")


@blueprint.get("/capabilities/")
@readers
@shared_page
def index() -> str:
    return render_template("capabilities/index.html", frameworks=list_frameworks(), counts=counts_for("capability"))


@blueprint.get("/capabilities/<framework>")
@readers
@shared_page
def framework(framework: str) -> str:
    return render_template(
        "capabilities/framework.html", framework=get_framework(framework), counts=counts_for("capability")
    )


@blueprint.get("/capabilities/<framework>/<slug>")
@readers
@shared_page
def show(framework: str, slug: str) -> str:
    capability = get_capability(framework, slug)
    return render_template(
        "capabilities/show.html",
        capability=capability,
        counterparts=list_counterparts(capability),
        sections=sections_for("capability", capability, None),
    )
