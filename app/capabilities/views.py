"""The framework's pages."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.capabilities.drafts import list_new_drafts
from app.capabilities.policy import can_edit_frameworks
from app.capabilities.queries import get_capability, get_framework, list_around, list_counterparts, list_frameworks
from app.web.access import readers
from app.web.sections import counts_for, sections_for
from app.web.shared import reader, shared_page, shared_unless

blueprint = Blueprint("capabilities", __name__, template_folder="templates")


@blueprint.get("/capabilities/")
@readers
@shared_unless(can_edit_frameworks)
def index() -> str:
    can_edit = _can_edit()
    return render_template(
        "capabilities/index.html",
        frameworks=list_frameworks(),
        counts=counts_for("capability"),
        can_edit=can_edit,
        drafts=list_new_drafts() if can_edit else [],
    )


def _can_edit() -> bool:
    """Those who can are shown pages of their own."""
    return reader() is not None and can_edit_frameworks(reader())


@blueprint.get("/capabilities/<framework>")
@readers
@shared_unless(can_edit_frameworks)
def framework(framework: str) -> str:
    return render_template(
        "capabilities/framework.html",
        framework=get_framework(framework),
        others=[each for each in list_frameworks() if each.slug != framework],
        counts=counts_for("capability"),
        can_edit=_can_edit(),
    )


@blueprint.get("/capabilities/<framework>/<slug>")
@readers
@shared_page
def show(framework: str, slug: str) -> str:
    capability = get_capability(framework, slug)
    return render_template(
        "capabilities/show.html",
        capability=capability,
        around=list_around(capability),
        counterparts=list_counterparts(capability),
        sections=sections_for("capability", capability, None),
    )
