"""The links of a session, for those who run it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.training.materials import service
from app.training.materials.forms import MaterialForm, typed
from app.training.materials.queries import get_material, list_materials
from app.training.materials.rules import AUDIENCE_NAMES, host_of
from app.training.running import get_own_session
from app.web.access import member

blueprint = Blueprint("materials", __name__)


@blueprint.route("/training/<slug>/materials", methods=["GET", "POST"])
@member
def index(slug: str) -> ResponseReturnValue:
    training_id, form, status = get_own_session(slug).id, MaterialForm(), 422
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.add(session, training_id, form.link, now=utc_now())
        except (ConflictError, InvalidInputError) as error:
            status = error.status
            form.blame(error)
        else:
            flash(_("Added. Those who may see it are told in a few minutes."), "good")
            return redirect(url_for("materials.index", slug=slug), 303)
    page = render_template(
        "training/materials/index.html",
        form=form,
        training=get_own_session(slug),
        materials=list_materials(training_id),
        audiences=AUDIENCE_NAMES,
        host_of=host_of,
    )
    return page, status if request.method == "POST" else 200


@blueprint.route("/training/<slug>/materials/<id:material_id>", methods=["GET", "POST"])
@member
def edit(slug: str, material_id: int) -> ResponseReturnValue:
    training_id = get_own_session(slug).id
    form = MaterialForm(data=typed(get_material(training_id, material_id)))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.change(session, training_id, material_id, form.link)
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for("materials.index", slug=slug), 303)
    page = render_template(
        "training/materials/edit.html",
        form=form,
        training=get_own_session(slug),
        material=get_material(training_id, material_id),
    )
    return page, 422 if request.method == "POST" else 200


@blueprint.post("/training/<slug>/materials/<id:material_id>/up")
@member
def move_up(slug: str, material_id: int) -> ResponseReturnValue:
    training_id = get_own_session(slug).id
    with transaction() as session:
        service.move_up(session, training_id, material_id)
    return redirect(url_for("materials.index", slug=slug), 303)


@blueprint.post("/training/<slug>/materials/<id:material_id>/delete")
@member
def remove(slug: str, material_id: int) -> ResponseReturnValue:
    training_id = get_own_session(slug).id
    with transaction() as session:
        service.remove(session, training_id, material_id)
    flash(_("The link is gone."), "good")
    return redirect(url_for("materials.index", slug=slug), 303)
