"""Two frameworks side by side, both ways; an administrator says there what corresponds to what."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.capabilities.crossing import link_capabilities, unlink_capabilities
from app.capabilities.forms import LinkForm
from app.capabilities.models import Framework
from app.capabilities.policy import can_edit_frameworks
from app.capabilities.queries import get_capability, get_framework, list_links
from app.kernel.db import transaction
from app.kernel.errors import DomainError, InvalidInputError, NotFoundError
from app.kernel.types import LANGUAGES, Localized
from app.web.access import readers, requires
from app.web.i18n import language
from app.web.shared import reader, shared_unless

blueprint = Blueprint("crosswalk", __name__, template_folder="templates")


@blueprint.get("/capabilities/crosswalk/<first>/<second>")
@readers
@shared_unless(can_edit_frameworks)
def show(first: str, second: str) -> str:
    left, right = _two(first, second)
    links = list_links(left, right)
    return render_template(
        "capabilities/crosswalk.html",
        left=left,
        right=right,
        links=links,
        count=sum(map(len, links[0].values())),
        can_edit=reader() is not None and can_edit_frameworks(reader()),
    )


def _two(first: str, second: str) -> tuple[Framework, Framework]:
    """Raises NotFoundError, also for a framework beside itself."""
    if first == second:
        raise NotFoundError(_("These are one framework, not two."))
    return get_framework(first), get_framework(second)


@blueprint.route("/capabilities/crosswalk/<first>/<second>/edit", methods=["GET", "POST"])
@requires(can_edit_frameworks)
def edit(first: str, second: str) -> ResponseReturnValue:
    """One link: the two capabilities, how closely they correspond, and a note. The address may name them."""
    left, right = _two(first, second)
    chosen = (request.args.get("from", ""), request.args.get("to", ""))
    form = LinkForm(one=chosen[0], other=chosen[1])
    form.one.choices, form.other.choices = _choices(left), _choices(right)
    links = list_links(left, right)
    known = next(
        (each for found in links[0].values() for each in found if (each.near.slug, each.capability.slug) == chosen),
        None,
    )
    if form.validate_on_submit():
        note = {code: form[f"note_{code}"].data for code in LANGUAGES}
        try:
            with transaction() as session:
                link_capabilities(
                    session,
                    get_capability(first, form.one.data),
                    get_capability(second, form.other.data),
                    form.strength.data,
                    Localized({code: text for code, text in note.items() if text}),
                )
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The link is saved."), "good")
            return redirect(url_for("crosswalk.show", first=first, second=second, _anchor=f"from-{form.one.data}"), 303)
    elif known is not None and request.method == "GET":
        form.strength.data = known.strength
        for code in LANGUAGES:
            form[f"note_{code}"].data = known.link.note.texts.get(code, "")
    page = render_template("capabilities/link.html", left=left, right=right, form=form, known=known)
    return page, 422 if request.method == "POST" else 200


def _choices(framework: Framework) -> list[SelectChoice]:
    return [
        SelectChoice(each.slug, each.name.in_(language()), optgroup=area.name.in_(language()))
        for area in framework.areas
        for each in area.capabilities
    ]


@blueprint.post("/capabilities/crosswalk/<first>/<second>/remove")
@requires(can_edit_frameworks)
def remove(first: str, second: str) -> ResponseReturnValue:
    try:
        with transaction() as session:
            near = get_capability(first, request.form.get("from", ""))
            unlink_capabilities(session, near, get_capability(second, request.form.get("to", "")))
    except DomainError as error:
        flash(str(error), "warn")
    else:
        flash(_("The link is taken away."), "good")
    return redirect(url_for("crosswalk.show", first=first, second=second), 303)
