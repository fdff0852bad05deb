"""Announcing a session or a series, changing one, a part or all of it, and copying."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from babel.dates import format_skeleton
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from app.accounts.login import me
from app.capabilities.choices import choices_by_area
from app.capabilities.queries import list_main_areas
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, DomainError, ForbiddenError, InvalidInputError
from app.training import service
from app.training.courses.forms import AnnounceForm, EditForm, SessionForm, as_seen
from app.training.courses.handing_on import hand_on
from app.training.courses.prefill import copied, from_course
from app.training.courses.queries import get_course, list_course_titles, seen_of
from app.training.courses.rules import Pattern, Scope
from app.training.courses.series import change_series, create_series, lock_series
from app.training.forms import typed
from app.training.models import TrainingSession
from app.training.policy import can_create
from app.training.queries import list_possible_coaches
from app.training.rules import State
from app.training.running import get_own_session
from app.training.service import details_of
from app.web.access import member, requires
from app.web.dates import request_now
from app.web.i18n import language
from app.web.numbers import sent_revision

blueprint = Blueprint("announcing", __name__)
ADD_MEETING, PREVIEW = "add-meeting", "preview"


@blueprint.route("/training/new", methods=["GET", "POST"])
@requires(can_create)
def new() -> ResponseReturnValue:
    form = AnnounceForm(data=_beginning())
    _offer(form, me().id)
    action = request.form.get("action")
    if request.method == "POST" and action == ADD_MEETING:
        form.add_meeting()
        return _page(form), 200
    if not form.validate_on_submit():
        return _page(form), 422 if request.method == "POST" else 200
    if form.plan is not None and (action == PREVIEW or form.previewed.data != form.mark):
        form.previewed.data = form.mark
        return _page(form), 200
    try:
        return _announce(form)
    except InvalidInputError as error:
        form.blame(error)
        return _page(form), 422


def _beginning() -> dict[str, object]:
    """What a new form holds: nothing yet, a copy of a session, or what a course says."""
    actor = me()
    begun: dict[str, object] = {
        "time_zone": actor.time_zone,
        "language": language(),
        "capacity": 20,
        "coaches": [actor.id],
        "revision": 0,
        "token": uuid4().hex,
    }
    if request.method == "POST":
        return begun
    if slug := request.args.get("copy"):
        return begun | copied(get_own_session(slug), now=request_now()) | {"copied": slug}
    if slug := request.args.get("course"):
        return begun | from_course(get_course(slug))
    return begun


def _announce(form: AnnounceForm) -> ResponseReturnValue:
    """One draft, or one for each date that is not left out."""
    source_id = get_own_session(form.copied.data).id if form.copied.data else None
    if form.plan is None:
        with transaction() as session:
            training = service.create(session, form.details, actor=me(), now=utc_now())
            _take_over(session, source_id, [training])
        flash(_("Saved as a draft. Look it over, then publish it."), "good")
        return _leave(form, url_for("training.show", slug=training.slug))
    days, token = form.plan.kept, form.token.data or uuid4().hex
    with transaction() as session:
        series_id = create_series(
            session,
            form.details,
            days,
            pattern=Pattern(form.repeat.data),
            token=token,
            actor=me(),
            now=utc_now(),
        ).id
        _take_over(session, source_id, lock_series(session, series_id)[1])
    flash(_("The drafts are made. Look them over, then publish them together."), "good")
    return _leave(form, url_for("series.show", series_id=series_id))


def _take_over(session: Session, source_id: int | None, drafts: Sequence[TrainingSession]) -> None:
    """A copy gives its seats out as the session does that it is a copy of. A form that was sent twice changes nothing more."""
    fresh = [training for training in drafts if training.state == State.DRAFT and training.revision == 0]
    if source_id is not None:
        source = session.get_one(TrainingSession, source_id)
        hand_on(session, source, fresh, actor=me(), now=utc_now())


@blueprint.route("/training/<slug>/edit", methods=["GET", "POST"])
@member
def edit(slug: str) -> ResponseReturnValue:
    training = get_own_session(slug)
    seen = seen_of(training, now=request_now())
    data = {**typed(details_of(training)), "revision": training.revision, "seen": as_seen(seen)}
    form = EditForm(data={**data, "course": str(training.course_id or "")})
    _offer(form, *training.coach_ids)
    if request.method == "POST" and request.form.get("action") == ADD_MEETING:
        form.add_meeting()
        return _page(form, training), 200
    if not form.validate_on_submit():
        return _page(form, training), 422 if request.method == "POST" else 200
    try:
        number = _save(form, training.id)
    except (ConflictError, ForbiddenError, InvalidInputError) as error:
        return _blamed(form, slug, error)
    if number is None:
        flash(_("Saved."), "good")
    else:
        flash(ngettext("Saved in %(num)s session.", "Saved in %(num)s sessions.", number), "good")
    return _leave(form, url_for("training.show", slug=slug))


def _save(form: EditForm, training_id: int) -> int | None:
    """How many sessions of a series were changed; None for a session by itself."""
    revision, actor, scope = sent_revision(form.revision.data), me(), Scope(form.scope.data or Scope.ONE)
    with transaction() as session:
        if scope is Scope.ONE:
            service.change(session, training_id, form.details, revision=revision, actor=actor, now=utc_now())
            return None
        return change_series(
            session, training_id, form.details, scope=scope, seen=form.revisions, actor=actor, now=utc_now()
        )


def _blamed(form: EditForm, slug: str, error: DomainError) -> ResponseReturnValue:
    """The form again with what was typed. It carries the present revisions, so that saving again is a decision."""
    training = get_own_session(slug)
    form.revision.data = str(training.revision)
    form.seen.data = as_seen(seen_of(training, now=request_now()))
    form.blame(error)
    return _page(form, training), error.status


def _offer(form: SessionForm, *coach_ids: int) -> None:
    areas = choices_by_area(list_main_areas())
    form.offer(areas, [(coach.id, coach.name) for coach in list_possible_coaches(*coach_ids)])
    form.offer_courses(list_course_titles())


def _page(form: SessionForm, training: TrainingSession | None = None) -> str:
    plan = form.plan if isinstance(form, AnnounceForm) else None
    return render_template(
        "training/edit.html",
        form=form,
        training=training,
        reaches_further=isinstance(form, EditForm) and len(form.revisions) > 1,
        weekday_date=lambda day: format_skeleton("yMMMEd", day, locale=get_locale()),
        months=[format_skeleton("yMMMM", month, locale=get_locale()) for month in plan.without] if plan else [],
    )


def _leave(form: SessionForm, url: str) -> ResponseReturnValue:
    for label in form.twofold:
        flash(
            _(
                "%(field)s: clocks in %(zone)s show this time twice that day. The first one is taken.",
                field=label,
                zone=form.time_zone.data,
            ),
            "warn",
        )
    return redirect(url, 303)
