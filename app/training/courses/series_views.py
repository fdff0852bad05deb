"""The page of a series, and what is done with all its sessions at once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.login import me
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import NotFoundError
from app.training.cards import cards_with_buttons
from app.training.courses.handing_on import spread
from app.training.courses.queries import (
    get_series,
    list_series,
)
from app.training.courses.series import discard_series, publish_series, to_change
from app.training.policy import can_edit
from app.training.rules import State
from app.web.access import member, readers
from app.web.dates import request_now
from app.web.numbers import whole_number
from app.web.shared import in_one_go, reader

blueprint = Blueprint("series", __name__)


@blueprint.get("/training/series/<id:series_id>")
@readers
def show(series_id: int) -> str:
    """The dates of a series that the reader may see, drafts of the reader's own among them."""
    person = reader()
    trainings = list_series(person, series_id)
    if not trainings:
        raise NotFoundError(_("There is no such series."))
    drafts = [each for each in trainings if each.state == State.DRAFT]
    coming = to_change(trainings, request_now())
    return in_one_go(
        lambda: render_template(
            "training/courses/series.html",
            series=get_series(series_id),
            title=trainings[0].title,
            cards=cards_with_buttons(trainings),
            drafts=len(drafts),
            runs_drafts=bool(drafts) and all(can_edit(me(), training) for training in drafts),
            alike=coming if person is not None and all(can_edit(person, each) for each in coming) else [],
        )
    )


@blueprint.post("/training/series/<id:series_id>/publication")
@member
def publish(series_id: int) -> ResponseReturnValue:
    _ensure_seen(series_id)
    with transaction() as session:
        number = publish_series(session, series_id, actor=me(), now=utc_now())
    flash(ngettext("%(num)s session is published.", "%(num)s sessions are published.", number), "good")
    return redirect(url_for("series.show", series_id=series_id), 303)


@blueprint.post("/training/series/<id:series_id>/delete")
@member
def discard(series_id: int) -> ResponseReturnValue:
    _ensure_seen(series_id)
    with transaction() as session:
        number = discard_series(session, series_id, actor=me())
    flash(ngettext("%(num)s draft is deleted.", "%(num)s drafts are deleted.", number), "good")
    return redirect(url_for("training.mine"), 303)


@blueprint.post("/training/series/<id:series_id>/sign-up")
@member
def sign_up_alike(series_id: int) -> ResponseReturnValue:
    _ensure_seen(series_id)
    training_id = whole_number(request.form.get("training")) or 0
    with transaction() as session:
        number = spread(session, series_id, training_id, actor=me(), now=utc_now())
    flash(
        ngettext(
            "The sign-up is the same in %(num)s more session now.",
            "The sign-up is the same in %(num)s more sessions now.",
            number,
        ),
        "good",
    )
    return redirect(url_for("series.show", series_id=series_id), 303)


def _ensure_seen(series_id: int) -> None:
    """Raises NotFoundError for a series of which the person may see nothing."""
    if not list_series(me(), series_id):
        raise NotFoundError(_("There is no such series."))
