"""What coaching brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask

from app.coaching import messages, models
from app.coaching.engagements import dates as engagements_dates
from app.coaching.engagements import jobs as engagements_jobs
from app.coaching.engagements import views as engagements_views
from app.coaching.engagements import writing_views as engagements_writing_views
from app.coaching.figures import views as figures_views
from app.coaching.front import sections as front_sections
from app.coaching.front import views as front_views
from app.coaching.growth import messages as growth_messages
from app.coaching.growth import sections as growth_sections
from app.coaching.growth import views as growth_views
from app.coaching.office_hours import entries as office_entries
from app.coaching.office_hours import jobs as office_jobs
from app.coaching.office_hours import keeping_views as office_keeping_views
from app.coaching.office_hours import line_views as office_line_views
from app.coaching.office_hours import messages as office_messages
from app.coaching.office_hours import sections as office_sections
from app.coaching.office_hours import views as office_views
from app.coaching.requests import jobs as requests_jobs
from app.coaching.requests import views as requests_views
from app.coaching.week import views as week_views
from app.jobs.messages import Wording, register_calendars, register_current
from app.jobs.worker import Job
from app.notifications.rules import Topic
from app.training.feeds import others
from app.web.sections import Provider
from app.web.shared import Part

BLUEPRINTS: tuple[Blueprint, ...] = (
    front_views.blueprint,
    requests_views.blueprint,
    engagements_views.blueprint,
    engagements_writing_views.blueprint,
    office_views.blueprint,
    office_keeping_views.blueprint,
    office_line_views.blueprint,
    growth_views.blueprint,
    week_views.blueprint,
    figures_views.blueprint,
)
JOBS: tuple[Job, ...] = (*requests_jobs.JOBS, *engagements_jobs.JOBS, *office_jobs.JOBS)
WORDINGS: tuple[Mapping[str, Wording], ...] = (messages.WORDINGS, office_messages.WORDINGS, growth_messages.WORDINGS)
TOPICS: tuple[Mapping[str, Topic], ...] = (messages.TOPICS, office_messages.TOPICS, growth_messages.TOPICS)
TEXTS = (models.Note.html,)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS: dict[str, tuple[Provider, ...]] = {
    "home-mine": (
        front_sections.offers_to_me,
        front_sections.questions_to_my_team,
        office_sections.my_bookings,
        growth_sections.waiting,
    ),
    "team": (front_sections.coaching_of_team,),
    "coach": (front_sections.room_of_coach, office_sections.of_coach),
    "engagement": (office_sections.of_engagement,),
    # Pages of coaching itself, for the rooms above engagements.
    "coaching-front": (office_sections.my_bookings,),
    "coaching-week": (growth_sections.waiting,),
}
PARTS: dict[str, Part] = {"coach-stage": growth_sections.stages}


def furnish(app: Flask) -> None:
    """Fill the registries of the floors below that coaching has something for."""
    register_current(app, office_messages.CURRENT)
    register_calendars(app, dict.fromkeys(office_messages.WITH_CALENDAR, office_entries.calendar_part))
    others.register(app, (office_entries.in_feed, engagements_dates.in_feed))
