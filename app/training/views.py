"""Finding a session, publishing it, calling it off. Announcing and changing one is in `courses`, because it can be one of many."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training import service
from app.training.cards import cards_with_buttons
from app.training.forms import CancelForm
from app.training.lists import list_mine
from app.training.pages import listing, session_page
from app.training.queries import get_training
from app.training.running import get_own_session
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


@blueprint.post("/training/<slug>/publication")
@member
def publish(slug: str) -> ResponseReturnValue:
    training_id = get_own_session(slug).id
    with transaction() as session:
        service.publish(session, training_id, now=utc_now())
    flash(_("Published. Everybody can see it now."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.route("/training/<slug>/cancellation", methods=["GET", "POST"])
@member
def cancel(slug: str) -> ResponseReturnValue:
    training, actor, form = get_own_session(slug), me(), CancelForm()
    if form.validate_on_submit():
        with transaction() as session:
            service.cancel(session, training.id, reason=form.reason.data, actor=actor, now=utc_now())
        flash(_("Cancelled. Everybody with a place is being told."), "good")
        return redirect(url_for("training.show", slug=slug), 303)
    return render_template(
        "training/cancel.html", form=form, training=training
    ), 422 if request.method == "POST" else 200


@blueprint.post("/training/<slug>/delete")
@member
def discard(slug: str) -> ResponseReturnValue:
    training_id = get_own_session(slug).id
    with transaction() as session:
        service.discard(session, training_id)
    flash(_("The draft is deleted."), "good")
    return redirect(url_for("training.mine"), 303)
