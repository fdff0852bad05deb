"""Announcing a session, changing it, calling it off."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.capabilities.queries import list_main_areas
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, DomainError, InvalidInputError
from app.training import service
from app.training.forms import CancelForm, TrainingForm, typed
from app.training.models import TrainingSession
from app.training.policy import can_create, can_edit
from app.training.queries import get_training, list_possible_coaches
from app.training.views import blueprint
from app.web.access import ensure, member, requires
from app.web.i18n import language

# The views below join the blueprint of `views`; whoever registers it takes it from here, so that they are loaded.
__all__ = ["blueprint"]


@blueprint.route("/training/new", methods=["GET", "POST"])
@requires(can_create)
def new() -> ResponseReturnValue:
    actor = _me()
    blank = {"time_zone": actor.time_zone, "language": language(), "capacity": 20, "coaches": [actor.id], "revision": 0}
    form = _offered(TrainingForm(data=blank), actor.id)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                training = service.create(session, form.details, actor=actor, now=utc_now())
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("Saved as a draft. Look it over, then publish it."), "good")
            return _leave(form, training.slug)
    return _edit_page(form, None, 422)


@blueprint.route("/training/<slug>/edit", methods=["GET", "POST"])
@member
def edit(slug: str) -> ResponseReturnValue:
    training = _own(slug)
    form = _offered(TrainingForm(data=typed(training)), *training.coach_ids)
    if form.validate_on_submit():
        try:
            _save(form, training.id)
        except (ConflictError, InvalidInputError) as error:
            return _blamed(form, slug, error)
        flash(_("Saved."), "good")
        return _leave(form, slug)
    return _edit_page(form, training, 422)


def _save(form: TrainingForm, training_id: int) -> None:
    revision, actor = form.revision.data or "", _me()
    number = int(revision) if revision.isdecimal() and len(revision) < 9 else -1
    with transaction() as session:
        service.change(session, training_id, form.details, revision=number, actor=actor, now=utc_now())


def _blamed(form: TrainingForm, slug: str, error: DomainError) -> ResponseReturnValue:
    """The form again with what was typed. It carries the present revision, so that saving again is a decision."""
    training = _own(slug)
    form.revision.data = str(training.revision)
    form.blame(error if isinstance(error, InvalidInputError) else InvalidInputError(error.message))
    return _edit_page(form, training, error.status)


def _offered(form: TrainingForm, *coach_ids: int) -> TrainingForm:
    areas = {
        area.name.in_(language()): [(each.id, each.name.in_(language())) for each in area.capabilities]
        for area in list_main_areas()
    }
    return form.offer(areas, [(coach.id, coach.name) for coach in list_possible_coaches(*coach_ids)])


def _edit_page(form: TrainingForm, training: TrainingSession | None, status: int) -> ResponseReturnValue:
    page = render_template("training/edit.html", form=form, training=training)
    return page, status if request.method == "POST" else 200


def _leave(form: TrainingForm, slug: str) -> ResponseReturnValue:
    for label in form.twofold:
        flash(
            _(
                "%(field)s: clocks in %(zone)s show this time twice that day. The first one is taken.",
                field=label,
                zone=form.time_zone.data,
            ),
            "warn",
        )
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.post("/training/<slug>/publication")
@member
def publish(slug: str) -> ResponseReturnValue:
    training_id = _own(slug).id
    with transaction() as session:
        service.publish(session, training_id, now=utc_now())
    flash(_("Published. Everybody can see it now."), "good")
    return redirect(url_for("training.show", slug=slug), 303)


@blueprint.route("/training/<slug>/cancellation", methods=["GET", "POST"])
@member
def cancel(slug: str) -> ResponseReturnValue:
    training, actor, form = _own(slug), _me(), CancelForm()
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
    training_id = _own(slug).id
    with transaction() as session:
        service.discard(session, training_id)
    flash(_("The draft is deleted."), "good")
    return redirect(url_for("training.mine"), 303)


def _own(slug: str) -> TrainingSession:
    """The session, for those who may change it. Raises NotFoundError or ForbiddenError."""
    training = get_training(_me(), slug)
    ensure(can_edit(_me(), training))
    return training


def _me() -> User:
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user
