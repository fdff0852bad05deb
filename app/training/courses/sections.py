"""What other pages show of courses, and what of their pages is each reader's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts.models import User
from app.capabilities.models import Area
from app.practices.queries import titles_of
from app.training.admissions import Admission
from app.training.cards import plain_cards
from app.training.courses.models import Course
from app.training.courses.policy import can_edit_course
from app.training.courses.queries import (
    Dates,
    attended_courses,
    dates_of,
    find_course,
    list_by_ids,
    list_on_capability,
    list_series,
    series_of,
)
from app.training.models import TrainingSession
from app.training.policy import can_create
from app.training.queries import count_seats
from app.training.rooms import Moment, Way
from app.web.dates import request_now
from app.web.i18n import language
from app.web.sections import Section
from app.web.shared import Piece, own, reader

COURSE_CARD = "training/courses/_card.html"
SHOWN = 4


@dataclass(frozen=True)
class CourseCard:
    """What `_card.html` shows of a course."""

    course: Course
    dates: Dates

    @property
    def area(self) -> Area | None:
        return self.course.capability.area if self.course.capability else None


@dataclass(frozen=True)
class Before:
    """A course, and what one reads and attends before it."""

    course: Course
    practices: Sequence[tuple[str, str]]


def on_session(training: TrainingSession, _reader: Any) -> Section | None:
    """The course that a session is part of, with what to read and attend before."""
    course = find_course(training.course_id) if training.course_id else None
    if course is None:
        return None
    titles = titles_of(course.practices, language()) if course.practices else {}
    before = Before(course, [(slug, titles[slug]) for slug in course.practices if slug in titles])
    return Section(_("Part of a course"), "training/courses/_before.html", [before], 1)


def series_on_session(training: TrainingSession, person: Any) -> Section | None:
    """The next dates of the series that a session is one of."""
    if training.series_id is None:
        return None
    trainings = list_series(person, training.series_id)
    coming = [each for each in trainings if each.id != training.id and each.ends_at > request_now()]
    shown = sorted(coming, key=lambda each: each.starts_at)[:SHOWN]
    if not shown:
        return None
    cards = plain_cards(shown, count_seats(shown))
    url = url_for("series.show", series_id=training.series_id)
    return Section(_("More dates of this series"), "training/courses/_date.html", cards, len(trainings), url)


def on_capability(capability: Any, _reader: Any) -> Section | None:
    """The courses on it: `capability` has an id."""
    found = list_on_capability(capability.id)
    dates = dates_of([course.id for course in found[:SHOWN]], now=request_now()) if found else {}
    cards = [CourseCard(course, dates[course.id]) for course in found[:SHOWN]]
    return Section(_("Courses"), COURSE_CARD, cards, len(found), url_for("courses.index")) if found else None


def announcing() -> Piece:
    """The way to a new course, for whoever may run sessions."""
    return own(
        "announce-course",
        lambda: render_template("training/courses/_announce.html") if can_create(current_user) else "",
    )


def attended_marks(arguments: Sequence[str]) -> list[str]:
    """For each course, by its id, a word for whoever attended it."""
    person = reader()
    if person is None:
        return [""] * len(arguments)
    found = attended_courses(person.id, [int(argument) for argument in arguments])
    mark = render_template("training/courses/_attended.html") if found else ""
    return [mark if int(argument) in found else "" for argument in arguments]


def desks(arguments: Sequence[str]) -> list[str]:
    """For each course, by its id, what those who teach it can do with its page."""
    person = reader()
    if person is None or not can_create(person):
        return [""] * len(arguments)
    found = {course.id: course for course in list_by_ids([int(argument) for argument in arguments])}
    return [_desk(found.get(int(argument)), person) for argument in arguments]


def _desk(course: Course | None, person: User) -> str:
    if course is None:
        return ""
    return render_template("training/courses/_desk.html", course=course, may_edit=can_edit_course(person, course))


def ways(admission: Admission) -> list[Way]:
    """A session like this one at another time, and those that were announced with it."""
    series_id = series_of(admission.id)
    to_series = [] if series_id is None else [url_for("series.show", series_id=series_id)]
    return [
        Way(_("Copy"), url_for("announcing.new", copy=admission.slug), "copy", Moment.AFTER),
        *(Way(_("The series"), url, "calendar-days", Moment.BEFORE) for url in to_series),
    ]
