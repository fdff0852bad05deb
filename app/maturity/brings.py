"""What maturity brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from app.jobs.messages import Wording
from app.jobs.worker import Job
from app.maturity import messages, models
from app.maturity.company.views import blueprint as company_views
from app.maturity.printing.views import blueprint as printing_views
from app.maturity.standing.views import blueprint as standing_views
from app.notifications.rules import Topic
from app.web.sections import Provider
from app.web.shared import Part

BLUEPRINTS: tuple[Blueprint, ...] = (standing_views, company_views, printing_views)
JOBS: tuple[Job, ...] = ()
WORDINGS: tuple[Mapping[str, Wording], ...] = (messages.WORDINGS,)
TOPICS: tuple[Mapping[str, Topic], ...] = (messages.TOPICS,)
# Where else than in a page's own text something stands that may show what was uploaded.
TEXTS = (models.Evidence.link,)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS: dict[str, tuple[Provider, ...]] = {"home-mine": (), "team": (), "capability": ()}
PARTS: dict[str, Part] = {}
