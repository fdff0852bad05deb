"""The pages of courses."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.login import me
from app.capabilities.choices import choices_by_area
from app.capabilities.queries import list_main_areas
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.practices.queries import list_titles, titles_of
from app.training.cards import cards_with_buttons
from app.training.courses import service
from app.training.courses.forms import CourseForm, typed_course
from app.training.courses.models import Course
from app.training.courses.policy import can_edit_course
from app.training.courses.queries import (
    dates_of,
    get_course,
    list_coming,
    list_course_titles,
    list_courses,
    list_past,
)
from app.training.courses.sections import CourseCard
from app.training.policy import can_create
from app.training.queries import list_possible_coaches, profile_slugs
from app.web.access import ensure, member, readers, requires
from app.web.dates import request_now
from app.web.i18n import language
from app.web.numbers import sent_revision
from app.web.shared import shared_page

blueprint = Blueprint("courses", __name__)


@blueprint.get("/training/courses/")
@readers
@shared_page
def index() -> str:
    found = list(db.session.execute(list_courses()).unique().scalars())
    dates = dates_of([course.id for course in found], now=request_now())
    cards = [CourseCard(course, dates[course.id]) for course in found]
    groups = [(area, list(group)) for area, group in groupby(cards, lambda card: card.area)]
    return render_template("training/courses/index.html", groups=groups)


@blueprint.get("/training/courses/<slug>")
@readers
@shared_page
def show(slug: str) -> str:
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
def new() -> ResponseReturnValue:
    form = _offered(CourseForm(data={"language": language(), "coaches": [me().id], "revision": 0}), None)
    if form.validate_on_submit():
        try:
            with transaction() as session:
                slug = service.create_course(session, form.details, actor=me(), now=utc_now()).slug
        except InvalidInputError as error:
            form.blame(error)
        else:
            flash(_("The course has its page. Announce its first session when there is a date."), "good")
            return redirect(url_for("courses.show", slug=slug), 303)
    return _course_page(form, None, 422)


@blueprint.route("/training/courses/<slug>/edit", methods=["GET", "POST"])
@member
def edit(slug: str) -> ResponseReturnValue:
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
            form.blame(error)
            return _course_page(form, course, error.status)
        flash(_("Saved."), "good")
        return redirect(url_for("courses.show", slug=slug), 303)
    return _course_page(form, course, 422)


@blueprint.post("/training/courses/<slug>/delete")
@member
def delete(slug: str) -> ResponseReturnValue:
    course_id = _own_course(slug).id
    with transaction() as session:
        service.delete_course(session, course_id)
    flash(_("The course is deleted."), "good")
    return redirect(url_for("courses.index"), 303)


def _offered(form: CourseForm, course: Course | None) -> CourseForm:
    areas = choices_by_area(list_main_areas())
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
