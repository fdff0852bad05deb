"""The pages of courses and of series."""

from __future__ import annotations

from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.login import me
from app.capabilities.queries import list_main_areas
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.practices.queries import list_titles, titles_of
from app.training.cards import cards_with_buttons
from app.training.courses import service
from app.training.courses.forms import CourseForm, typed_course
from app.training.courses.handing_on import spread
from app.training.courses.models import Course
from app.training.courses.policy import can_edit_course
from app.training.courses.queries import (
    dates_of,
    get_course,
    get_series,
    list_coming,
    list_course_titles,
    list_courses,
    list_past,
    list_series,
)
from app.training.courses.sections import CourseCard
from app.training.courses.series import discard_series, publish_series, to_change
from app.training.courses.session_views import blueprint
from app.training.policy import can_create, can_edit
from app.training.queries import list_possible_coaches, profile_slugs
from app.training.rules import State
from app.web.access import ensure, member, readers, requires
from app.web.dates import request_now
from app.web.i18n import language
from app.web.numbers import sent_revision, whole_number
from app.web.shared import in_one_go, reader, shared_page

# The views below join the blueprint of the folder; whoever registers it takes it from here, so that all are loaded.
__all__ = ["blueprint"]


@blueprint.get("/training/courses/")
@readers
@shared_page
def courses() -> str:
    found = list(db.session.execute(list_courses()).unique().scalars())
    dates = dates_of([course.id for course in found], now=request_now())
    cards = [CourseCard(course, dates[course.id]) for course in found]
    groups = [(area, list(group)) for area, group in groupby(cards, lambda card: card.area)]
    return render_template("training/courses/index.html", groups=groups)


@blueprint.get("/training/courses/<slug>")
@readers
@shared_page
def course(slug: str) -> str:
    found = get_course(slug)
    titles = titles_of(found.practices, language())
    return render_template(
        "training/courses/show.html",
        course=found,
        practices=[(slug, titles[slug]) for slug in found.practices if slug in titles],
        profiles=profile_slugs(found.coach_ids),
        coming=cards_with_buttons(list_coming(found, now=request_now())),
        past=cards_with_buttons(list_past(found, now=request_now())),
    )


@blueprint.route("/training/courses/new", methods=["GET", "POST"])
@requires(can_create)
def new_course() -> ResponseReturnValue:
    form = _offered(CourseForm(data={"language": language(), "coaches": [me().id], "revision": 0}), None)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                slug = service.create_course(session, form.details, actor=me(), now=utc_now()).slug
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The course has its page. Announce its first session when there is a date."), "good")
            return redirect(url_for("training.course", slug=slug), 303)
    return _course_page(form, None, 422)


@blueprint.route("/training/courses/<slug>/edit", methods=["GET", "POST"])
@member
def edit_course(slug: str) -> ResponseReturnValue:
    course = _own_course(slug)
    form = _offered(CourseForm(data=typed_course(course)), course)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                service.change_course(
                    session, course.id, form.details, revision=sent_revision(form.revision.data), now=utc_now()
                )
        except (ConflictError, InvalidInputError) as error:
            course = _own_course(slug)
            form.revision.data = str(course.revision)
            form.blame(error if isinstance(error, InvalidInputError) else InvalidInputError(error.message))
            return _course_page(form, course, error.status)
        flash(_("Saved."), "good")
        return redirect(url_for("training.course", slug=slug), 303)
    return _course_page(form, course, 422)


@blueprint.post("/training/courses/<slug>/delete")
@member
def delete_course(slug: str) -> ResponseReturnValue:
    course_id = _own_course(slug).id
    with transaction() as session:
        service.delete_course(session, course_id)
    flash(_("The course is deleted."), "good")
    return redirect(url_for("training.courses"), 303)


def _offered(form: CourseForm, course: Course | None) -> CourseForm:
    areas = {
        area.name.in_(language()): [(each.id, each.name.in_(language())) for each in area.capabilities]
        for area in list_main_areas()
    }
    also = course.coach_ids if course else {me().id}
    coaches = [(coach.id, coach.name) for coach in list_possible_coaches(*also)]
    others = [(course_id, title) for course_id, title in list_course_titles() if not course or course_id != course.id]
    form.offer(areas, coaches, others, list_titles(language()))
    return form


def _course_page(form: CourseForm, course: Course | None, status: int) -> ResponseReturnValue:
    page = render_template("training/courses/edit.html", form=form, course=course)
    return page, status if request.method == "POST" else 200


def _own_course(slug: str) -> Course:
    """The course, for those who may change it. Raises NotFoundError or ForbiddenError."""
    found = get_course(slug)
    ensure(can_edit_course(me(), found))
    return found


@blueprint.get("/training/series/<id:series_id>")
@readers
def series(series_id: int) -> str:
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
def publish_all(series_id: int) -> ResponseReturnValue:
    _ensure_seen(series_id)
    with transaction() as session:
        number = publish_series(session, series_id, actor=me(), now=utc_now())
    flash(ngettext("%(num)s session is published.", "%(num)s sessions are published.", number), "good")
    return redirect(url_for("training.series", series_id=series_id), 303)


@blueprint.post("/training/series/<id:series_id>/delete")
@member
def discard_all(series_id: int) -> ResponseReturnValue:
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
    return redirect(url_for("training.series", series_id=series_id), 303)


def _ensure_seen(series_id: int) -> None:
    """Raises NotFoundError for a series of which the person may see nothing."""
    if not list_series(me(), series_id):
        raise NotFoundError(_("There is no such series."))
