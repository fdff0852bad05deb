"""The path of coaches: one's own page, and those of whoever decides."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.rules import Role
from app.coaching.growth import service
from app.coaching.growth.forms import AlongForm, ApplyForm, DeclineForm, ObserveForm
from app.coaching.growth.models import Application
from app.coaching.growth.policy import can_decide, can_observe
from app.coaching.growth.queries import (
    NO_SUCH_PERSON,
    are_there_leads,
    find_place,
    get_person,
    list_applications,
    list_observable,
    list_observations,
    list_own_applications,
    list_own_coming,
    list_people,
    list_stages,
    list_written,
    progress_of,
)
from app.coaching.growth.rules import Asked, Progress, stage_of
from app.coaching.growth.wording import line_of, next_thing
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.errors import InvalidInputError, NotFoundError
from app.web.access import member, requires
from app.web.dates import day_words, request_now
from app.web.security import brake

blueprint = Blueprint("growth", __name__, template_folder="templates")


@blueprint.get("/coaching/path")
@member
def own() -> str:
    return _own(ApplyForm())


@blueprint.post("/coaching/path/beginning")
@member
def begin() -> ResponseReturnValue:
    person = me()
    with transaction() as session:
        service.begin(session, person, now=utc_now())
    flash(_("You are on the path. Here is what comes first."), "good")
    return redirect(url_for("growth.own"), 303)


@blueprint.post("/coaching/path/leaving")
@member
def leave() -> ResponseReturnValue:
    person = me()
    with transaction() as session:
        service.leave(session, person, now=utc_now())
    flash(_("You have left the path. You can begin again at any time."), "good")
    return redirect(url_for("growth.own"), 303)


@blueprint.post("/coaching/path/application")
@member
def apply() -> ResponseReturnValue:
    person, form = me(), ApplyForm()
    if not form.validate_on_submit():
        return _own(form), 422
    try:
        with transaction() as session:
            service.apply(session, person, form.words.data or "", now=utc_now())
    except InvalidInputError as error:
        form.blame(error)
        return _own(form), 422
    flash(_("Asked. The lead coaches are told, and you hear from them."), "good")
    return redirect(url_for("growth.own"), 303)


@blueprint.post("/coaching/path/application/withdrawal")
@member
def withdraw() -> ResponseReturnValue:
    person = me()
    with transaction() as session:
        service.withdraw(session, person, now=utc_now())
    flash(_("Taken back."), "good")
    return redirect(url_for("growth.own"), 303)


@blueprint.route("/coaching/path/observations/new", methods=["GET", "POST"])
@requires(can_observe)
def observe() -> ResponseReturnValue:
    found, observer = list_observable(me().id, request_now()), me()
    pairs = [(f"{slug}/{person_id}", f"{name}: {title}, {day_words(at)}") for slug, title, at, person_id, name in found]
    form = ObserveForm().offer(pairs)
    if form.validate_on_submit():
        slug, person_id = form.chosen
        with transaction() as session:
            service.observe(session, slug, person_id, form.seen, observer=observer, now=utc_now())
        flash(_("Saved. The person is told, and reads it."), "good")
        return redirect(url_for("growth.own"), 303)
    written = list_written(observer.id)
    page = render_template("coaching/growth/observe.html", form=form, is_anybody=bool(pairs), written=written)
    return page, 422 if request.method == "POST" else 200


@blueprint.route("/coaching/path/along", methods=["GET", "POST"])
@requires(can_observe)
def take_along() -> ResponseReturnValue:
    sessions, actor = list_own_coming(me().id, request_now()), me()
    form = AlongForm().offer([(each.id, f"{each.title}, {day_words(each.starts_at)}") for each in sessions])
    if request.method == "POST":
        # Else one could try out who has an account, and under which name.
        brake("20 per hour", "along", actor.get_id())
    if form.validate_on_submit():
        try:
            with transaction() as session:
                name = service.take_along(
                    session, int(form.session.data), form.email.data, actor=actor, now=utc_now()
                ).name
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("%(name)s runs it with you.", name=name), "good")
            return redirect(url_for("growth.own"), 303)
    page = render_template("coaching/growth/along.html", form=form, is_any=bool(sessions))
    return page, 422 if request.method == "POST" else 200


@blueprint.get("/coaching/path/people")
@member
def people() -> str:
    _ensure_decides()
    stages = list_stages()
    slugs, by_slug = [stage.slug for stage in stages], {stage.slug: stage for stage in stages}
    on_path = []
    for person, standing in list_people():
        slug = stage_of(slugs, standing.stage if standing else None, is_coach=Role.COACH in person.roles)
        if slug is not None:
            on_path.append((person, by_slug[slug], standing))
    return render_template(
        "coaching/growth/people.html",
        stages=by_slug,
        open_ones=list_applications(only_open=True),
        decided=list_applications(only_open=False),
        groups=[(stage, [row for row in on_path if row[1] is stage]) for stage in stages],
        own_id=me().id,
    )


@blueprint.get("/coaching/path/people/<id:user_id>")
@member
def person(user_id: int) -> str:
    return _person(user_id, DeclineForm())


@blueprint.post("/coaching/path/applications/<id:application_id>/approval")
@member
def approve(application_id: int) -> ResponseReturnValue:
    actor = me()
    with transaction() as session:
        user_id = service.approve(session, application_id, actor=actor, now=utc_now()).user_id
    flash(_("Approved. The person is told."), "good")
    return redirect(url_for("growth.person", user_id=user_id), 303)


@blueprint.post("/coaching/path/people/<id:user_id>/applications/<id:application_id>/refusal")
@member
def decline(user_id: int, application_id: int) -> ResponseReturnValue:
    actor, form = me(), DeclineForm()
    if not form.validate_on_submit():
        return _person(user_id, form), 422
    try:
        with transaction() as session:
            service.decline(session, application_id, form.reason.data or "", actor=actor, now=utc_now())
    except InvalidInputError as error:
        form.blame(error)
        return _person(user_id, form), 422
    flash(_("Said. The person reads what is missing."), "good")
    return redirect(url_for("growth.person", user_id=user_id), 303)


def _own(form: ApplyForm) -> str:
    now, reader = request_now(), me()
    place = find_place(reader)
    progress = progress_of(reader, place, now) if place.stage else []
    applications = list_own_applications(reader.id)
    return render_template(
        "coaching/growth/own.html",
        place=place,
        lines=[line_of(each) for each in progress],
        is_complete=all(each.is_met for each in progress),
        following=next_thing(progress, now),
        observations=list_observations(reader.id),
        open_one=next((each for each in applications if each.state == Asked.OPEN), None),
        declined=_last_word(applications),
        form=form,
        is_coach=can_observe(reader),
        decides=can_decide(reader, is_lead=place.is_lead, are_there_leads=are_there_leads()),
    )


def _last_word(applications: list[Application]) -> Application | None:
    """The latest decision, if it was a no and nothing was asked since."""
    return applications[0] if applications and applications[0].state == Asked.DECLINED else None


def _person(user_id: int, form: DeclineForm) -> str:
    _ensure_decides()
    found = get_person(user_id)
    place = find_place(found)
    applications = list_own_applications(user_id)
    open_one = next((each for each in applications if each.state == Asked.OPEN), None)
    frozen = [Progress.of(row) for row in open_one.evidence] if open_one else []
    return render_template(
        "coaching/growth/person.html",
        person=found,
        place=place,
        lines=[line_of(each) for each in progress_of(found, place, request_now())],
        observations=list_observations(user_id),
        applications=applications,
        stages={stage.slug: stage for stage in place.stages},
        open_one=open_one,
        frozen=[line_of(each) for each in frozen],
        form=form,
        is_own=user_id == me().id,
    )


def _ensure_decides() -> None:
    """For everybody else these pages are not there."""
    if not can_decide(me(), is_lead=find_place(me()).is_lead, are_there_leads=are_there_leads()):
        raise NotFoundError(NO_SUCH_PERSON)
