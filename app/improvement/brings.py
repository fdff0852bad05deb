"""What improvement brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from app.improvement.participation.views import blueprint as participation
from app.improvement.plans.models import Plan
from app.improvement.stories.models import StoryOrigin
from app.improvement.stories.views import blueprint as stories
from app.jobs.messages import Wording
from app.jobs.worker import Job
from app.notifications.rules import Topic
from app.web.sections import Provider
from app.web.shared import Part

BLUEPRINTS: tuple[Blueprint, ...] = (participation, stories)
JOBS: tuple[Job, ...] = ()
WORDINGS: tuple[Mapping[str, Wording], ...] = ()
TOPICS: tuple[Mapping[str, Topic], ...] = ()
# What the pages of other features show of it, each in this order among the rest.
SECTIONS: dict[str, tuple[Provider, ...]] = {"home-mine": (), "team": (), "engagement": ()}
PARTS: dict[str, Part] = {}
_TABLES = (Plan, StoryOrigin)
