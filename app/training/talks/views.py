"""The page on which the programme of a session is arranged."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, DomainError, InvalidInputError, NotFoundError
from app.training.models import TrainingSession
from app.training.queries import list_possible_coaches
from app.training.running import get_own_session
from app.training.talks import service
from app.training.talks.agenda import items_of
from app.training.talks.forms import TalkForm, typed
from app.training.talks.queries import get_talk
from app.training.talks.rules import has_programme
from app.training.talks.stories import list_stories
from app.web.access import member
from app.web.numbers import sent_revision, whole_number

blueprint = Blueprint("talks", __name__)
STEPS = {"up": -1, "down": 1}
USUAL_MINUTES = 30
NO_PROGRAMME = _l("Only exhibitions and sharing sessions have a programme. Choose such a kind for the session first.")


@blueprint.route("/training/<slug>/programme", methods=["GET", "POST"])
@member
def programme(slug: str) -> ResponseReturnValue:
    """The programme, and the form for one more talk."""
    training = _own(slug)
    blank = {"language": training.language, "minutes": USUAL_MINUTES, "revision": 0}
    form = _offered(TalkForm(data=blank))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.add_talk(session, training.id, form.details, now=utc_now())
        except (ConflictError, InvalidInputError) as error:
            return _blamed(form, slug, error)
        flash(_("On the programme now, at its end."), "good")
        return _back(slug)
    return _page(form, training)


@blueprint.route("/training/<slug>/programme/<id:talk_id>", methods=["GET", "POST"])
@member
def edit(slug: str, talk_id: int) -> ResponseReturnValue:
    training = _own(slug)
    form = _offered(TalkForm(data=typed(get_talk(training.id, talk_id))))
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.change_talk(
                    session,
                    training.id,
                    talk_id,
                    form.details,
                    revision=sent_revision(form.revision.data),
                    now=utc_now(),
                )
        except (ConflictError, InvalidInputError) as error:
            return _blamed(form, slug, error, talk_id)
        flash(_("Saved."), "good")
        return _back(slug)
    return _page(form, training, talk_id)


@blueprint.post("/training/<slug>/programme/<id:talk_id>/position")
@member
def move(slug: str, talk_id: int) -> ResponseReturnValue:
    """One place up or down."""
    training_id, step = _own(slug).id, STEPS.get(request.form.get("way", ""))
    from_place = whole_number(request.form.get("from")) or 0
    if step is None:
        raise InvalidInputError(_("Choose up or down."))
    with transaction() as session:
        service.move_talk(session, training_id, talk_id, step=step, from_place=from_place, now=utc_now())
    return _back(slug)


@blueprint.post("/training/<slug>/programme/<id:talk_id>/delete")
@member
def remove(slug: str, talk_id: int) -> ResponseReturnValue:
    training_id = _own(slug).id
    with transaction() as session:
        service.remove_talk(session, training_id, talk_id, now=utc_now())
    flash(_("Off the programme."), "good")
    return _back(slug)


def _own(slug: str) -> TrainingSession:
    """The session, for those who may change it. Raises NotFoundError, also for a kind without a programme, or
    ForbiddenError.
    """
    training = get_own_session(slug)
    if not has_programme(training.kind):
        raise NotFoundError(NO_PROGRAMME)
    return training


def _offered(form: TalkForm) -> TalkForm:
    """With the case studies that can be chosen, and the one that is chosen now."""
    stories = {story.slug: f"{story.title} ({story.team})" for story in list_stories()}
    chosen = form.story.data
    if chosen and chosen not in stories:
        stories |= {story.slug: f"{story.title} ({story.team})" for story in list_stories({chosen})}
    return form.offer(list(stories.items()))


def _blamed(form: TalkForm, slug: str, error: DomainError, talk_id: int | None = None) -> ResponseReturnValue:
    """The form again with what was typed. It carries the present revision, so that saving again is a decision."""
    training = _own(slug)
    if talk_id is not None:
        form.revision.data = str(get_talk(training.id, talk_id).revision)
    form.blame(error)
    return _page(form, training, talk_id, error.status)


def _page(
    form: TalkForm, training: TrainingSession, talk_id: int | None = None, status: int = 422
) -> ResponseReturnValue:
    page = render_template(
        "training/talks/edit.html" if talk_id else "training/talks/programme.html",
        form=form,
        training=training,
        talk_id=talk_id,
        items=items_of(training),
        people=[f"{coach.name} <{coach.email}>" for coach in list_possible_coaches()],
    )
    return page, status if request.method == "POST" else 200


def _back(slug: str) -> ResponseReturnValue:
    return redirect(url_for("talks.programme", slug=slug), 303)
