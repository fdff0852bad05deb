"""Publishing a session, and calling it off. Announcing and changing it is in `courses`, because it can be one of many."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training import service
from app.training.forms import CancelForm
from app.training.running import get_own_session
from app.training.views import blueprint
from app.web.access import member

# The views below join the blueprint of `views`; whoever registers it takes it from here, so that they are loaded.
__all__ = ["blueprint"]


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
