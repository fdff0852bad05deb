"""What coaching brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from app.coaching import models
from app.coaching.growth import models as growth_models
from app.coaching.office_hours import models as office_hours_models
from app.jobs.messages import Wording
from app.jobs.worker import Job
from app.notifications.rules import Topic
from app.web.sections import Provider
from app.web.shared import Part

BLUEPRINTS: tuple[Blueprint, ...] = ()
JOBS: tuple[Job, ...] = ()
WORDINGS: tuple[Mapping[str, Wording], ...] = ()
TOPICS: tuple[Mapping[str, Topic], ...] = ()
TEXTS = (models.Note.html,)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS: dict[str, tuple[Provider, ...]] = {"home-mine": (), "team": (), "coach": (), "capability": ()}
PARTS: dict[str, Part] = {}
_TABLES = (growth_models.PathStage, office_hours_models.OfficeHours)
