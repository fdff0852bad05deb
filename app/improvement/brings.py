"""What improvement brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Flask

from app.improvement.journey import sections as journey_sections
from app.improvement.journey.views import blueprint as journey
from app.improvement.participation.views import blueprint as participation
from app.improvement.plans import jobs as plans_jobs
from app.improvement.plans import messages as plans_messages
from app.improvement.plans import sections as plans_sections
from app.improvement.plans.item_views import blueprint as plan_items
from app.improvement.plans.moving import move_items
from app.improvement.plans.next_views import blueprint as advice
from app.improvement.plans.views import blueprint as plans
from app.improvement.stories.views import blueprint as stories
from app.jobs.messages import Wording, register_current
from app.jobs.worker import Job
from app.notifications.rules import Topic
from app.web.sections import Provider
from app.web.shared import Part

BLUEPRINTS: tuple[Blueprint, ...] = (advice, plans, plan_items, stories, journey, participation)
JOBS: tuple[Job, ...] = plans_jobs.JOBS
WORDINGS: tuple[Mapping[str, Wording], ...] = (plans_messages.WORDINGS,)
TOPICS: tuple[Mapping[str, Topic], ...] = (plans_messages.TOPICS,)
# What goes along when a capability is renamed.
CAPABILITY_MOVES = (move_items,)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS: dict[str, tuple[Provider, ...]] = {
    "home-mine": (plans_sections.due_soon,),
    "team": (journey_sections.of_team,),
    "engagement": (journey_sections.of_engagement,),
}
PARTS: dict[str, Part] = {}


def furnish(app: Flask) -> None:
    """Fill the registries of the floors below that rooms of improvement have something for."""
    register_current(app, plans_messages.CURRENT)
