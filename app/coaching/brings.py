"""What coaching brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from app.coaching import messages, models
from app.coaching.engagements import jobs as engagements_jobs
from app.coaching.engagements import views as engagements_views
from app.coaching.engagements import writing_views as engagements_writing_views
from app.coaching.figures import views as figures_views
from app.coaching.front import sections as front_sections
from app.coaching.front import views as front_views
from app.coaching.growth import models as growth_models
from app.coaching.office_hours import models as office_hours_models
from app.coaching.requests import jobs as requests_jobs
from app.coaching.requests import views as requests_views
from app.coaching.week import views as week_views
from app.jobs.messages import Wording
from app.jobs.worker import Job
from app.notifications.rules import Topic
from app.web.sections import Provider
from app.web.shared import Part

BLUEPRINTS: tuple[Blueprint, ...] = (
    front_views.blueprint,
    requests_views.blueprint,
    engagements_views.blueprint,
    engagements_writing_views.blueprint,
    week_views.blueprint,
    figures_views.blueprint,
)
JOBS: tuple[Job, ...] = (*requests_jobs.JOBS, *engagements_jobs.JOBS)
WORDINGS: tuple[Mapping[str, Wording], ...] = (messages.WORDINGS,)
TOPICS: tuple[Mapping[str, Topic], ...] = (messages.TOPICS,)
TEXTS = (models.Note.html,)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS: dict[str, tuple[Provider, ...]] = {
    "home-mine": (front_sections.offers_to_me, front_sections.questions_to_my_team),
    "team": (front_sections.coaching_of_team,),
    "coach": (front_sections.room_of_coach,),
    "capability": (),
    # Pages of coaching itself, for the rooms above engagements.
    "engagement": (),
    "coaching-front": (),
    "coaching-week": (),
}
PARTS: dict[str, Part] = {}
_TABLES = (growth_models.PathStage, office_hours_models.OfficeHours)
