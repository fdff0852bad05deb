"""What training brings to the house, of all its rooms. The factory takes it whole and knows no room; the rooms do not know
each other (docs/adr/0012-rooms-of-training.md). Nothing is found by itself: what is not named here does not exist.
"""

from __future__ import annotations

from flask import Flask

from app.jobs.messages import register_calendars, register_current
from app.search.desk import wishes as search_desk_wishes
from app.search.pages import ways_out
from app.search.sources import Lookup, Source
from app.training import messages, parts, rooms, sections, subjects, views
from app.training.attendance import code_views as attendance_views
from app.training.attendance import own as attendance_own
from app.training.calendar_entries import current as calendar_current
from app.training.calendar_entries import upkeep as calendar_upkeep
from app.training.calendar_entries import views as calendar_views
from app.training.calendar_entries.mail import calendar_part
from app.training.certificates import desk_views as certificates_views
from app.training.certificates import jobs as certificates_jobs
from app.training.certificates import messages as certificates_messages
from app.training.certificates import sections as certificates_sections
from app.training.courses import announcing_views, series_views
from app.training.courses import sections as courses_sections
from app.training.courses import subjects as courses_subjects
from app.training.courses import views as courses_views
from app.training.courses.models import Course
from app.training.courses.references import LINKABLE as COURSES
from app.training.courses.search_source import CourseSource
from app.training.feedback import jobs as feedback_jobs
from app.training.feedback import messages as feedback_messages
from app.training.feedback import sections as feedback_sections
from app.training.feedback import views as feedback_views
from app.training.feeds import views as feeds_views
from app.training.materials import messages as materials_messages
from app.training.materials import sections as materials_sections
from app.training.materials import telling as materials_telling
from app.training.materials import views as materials_views
from app.training.materials.models import Material
from app.training.models import TrainingSession
from app.training.references import LINKABLE as SESSIONS
from app.training.reminders import jobs as reminders_jobs
from app.training.reminders import messages as reminders_messages
from app.training.reminders import views as reminders_views
from app.training.reports import views as reports_views
from app.training.search_source import TrainingSource
from app.training.seats import jobs as seats_jobs
from app.training.signup import desk_views as signup_views
from app.training.signup import messages as signup_messages
from app.training.signup import sections as signup_sections
from app.training.talks import sections as talks_sections
from app.training.talks import stories as talks_stories
from app.training.talks import views as talks_views
from app.training.talks.models import Talk
from app.training.talks.search_source import PROGRAMMES
from app.training.wishes import messages as wishes_messages
from app.training.wishes import parts as wishes_parts
from app.training.wishes import sections as wishes_sections
from app.training.wishes import views as wishes_views
from app.web import shared

BLUEPRINTS = (
    views.blueprint,
    announcing_views.blueprint,
    courses_views.blueprint,
    series_views.blueprint,
    signup_views.blueprint,
    wishes_views.blueprint,
    calendar_views.blueprint,
    reminders_views.blueprint,
    feeds_views.blueprint,
    attendance_views.blueprint,
    feedback_views.blueprint,
    materials_views.blueprint,
    certificates_views.blueprint,
    talks_views.blueprint,
    reports_views.blueprint,
)
LINKABLES = (COURSES, SESSIONS)
# Where texts stand that may show what was uploaded.
TEXTS = (TrainingSession.description_html, Course.description_html, Talk.abstract_html, Material.url)
JOBS = (
    *seats_jobs.JOBS,
    *calendar_upkeep.JOBS,
    *reminders_jobs.JOBS,
    *feedback_jobs.JOBS,
    *materials_telling.JOBS,
    *certificates_jobs.JOBS,
)
WORDINGS = (
    messages.WORDINGS,
    signup_messages.WORDINGS,
    wishes_messages.WORDINGS,
    reminders_messages.WORDINGS,
    feedback_messages.WORDINGS,
    materials_messages.WORDINGS,
    certificates_messages.WORDINGS,
)
TOPICS = (
    messages.TOPICS,
    signup_messages.TOPICS,
    wishes_messages.TOPICS,
    reminders_messages.TOPICS,
    feedback_messages.TOPICS,
    materials_messages.TOPICS,
    certificates_messages.TOPICS,
)
# What the pages of other features show of training, each in this order among the rest.
SECTIONS = {
    "home": (sections.with_seats,),
    "home-mine": (sections.my_places,),
    # What others would like to have comes after what waits for the person.
    "home-mine-later": (wishes_sections.most_wanted,),
    "capability": (courses_sections.on_capability, sections.on_capability, wishes_sections.on_capability),
    "practice": (sections.on_practice, wishes_sections.on_practice),
    "coach": (feedback_sections.of_coach, sections.of_coach),
}
SUBJECTS = (*subjects.KINDS, *courses_subjects.KINDS)
COUNTED_BY_CAPABILITY = (sections.counted_by_capability,)
# What the pages of training show of its rooms.
OWN_SECTIONS = {
    "training": (
        courses_sections.on_session,
        courses_sections.series_on_session,
        materials_sections.of_session,
        feedback_sections.of_session,
    ),
    "training-mine": (certificates_sections.of_person,),
    "training-front": (talks_sections.programme,),
}
# What on pages for all members is each reader's own.
PARTS = {
    "announce": shared.alone(parts.announcing),
    "announce-course": shared.alone(courses_sections.announcing),
    "reports": shared.alone(reports_views.way),
    "course-attended": courses_sections.attended_marks,
    "course-desk": courses_sections.desks,
    "training-action": parts.actions,
    "training-panel": parts.panels,
    "training-beside": signup_sections.beside,
    "wish-action": wishes_parts.actions,
    "wish-desk": wishes_parts.desks,
}
# What the rooms show on a session's page: to one reader, and to those who run it.
SESSION_OWN: tuple[rooms.Own, ...] = (
    signup_sections.own,
    attendance_own.block,
    feedback_sections.way_to_form,
    materials_sections.for_those_there,
    certificates_sections.own,
)
SESSION_DESK: tuple[rooms.Desk, ...] = (
    signup_views.ways,
    talks_sections.desk,
    reminders_views.desk,
    attendance_own.ways,
    feedback_sections.desk,
    materials_sections.desk,
    certificates_sections.desk,
    courses_sections.ways,
)


def sources(stories: Lookup[str, int]) -> tuple[Source, ...]:
    """What of it search finds; `stories` counts the case studies that credit a session, by its slug."""
    return TrainingSource(stories, PROGRAMMES), CourseSource()


def furnish(app: Flask, stories: talks_stories.StoryLookup) -> None:
    """Fill the registries, of training and of the floors below, that rooms of training have something for. `stories` looks up
    the case studies that a programme can show.
    """
    register_current(app, {**calendar_current.CURRENT, **reminders_messages.CURRENT})
    register_calendars(app, {kind: calendar_part for wordings in WORDINGS for kind in wordings})
    search_desk_wishes.register(app, wishes_sections.WISH_LIST)
    ways_out.register(app, (wishes_sections.offer,))
    rooms.register(app, SESSION_OWN, SESSION_DESK)
    talks_stories.register(app, stories)
