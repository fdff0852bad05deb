"""What maturity brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint

from app.jobs.messages import Wording
from app.jobs.worker import Job
from app.maturity import messages, models
from app.maturity.assessing import answer_views, front_views
from app.maturity.assessing import jobs as assessing_jobs
from app.maturity.assessing import sections as assessing_sections
from app.maturity.assessing import views as assessing_views
from app.maturity.company import views as company_views
from app.maturity.printing import views as printing_views
from app.maturity.snapshots import evidence_files
from app.maturity.snapshots import views as snapshots_views
from app.maturity.standing import views as standing_views
from app.maturity.targets import views as targets_views
from app.maturity.targets.moving import move_targets
from app.maturity.verifying import views as verifying_views
from app.notifications.rules import Topic
from app.web.sections import Provider
from app.web.shared import Part

BLUEPRINTS: tuple[Blueprint, ...] = (
    front_views.blueprint,
    assessing_views.blueprint,
    answer_views.blueprint,
    targets_views.blueprint,
    verifying_views.blueprint,
    snapshots_views.blueprint,
    standing_views.blueprint,
    company_views.blueprint,
    printing_views.blueprint,
)
JOBS: tuple[Job, ...] = (*assessing_jobs.JOBS,)
WORDINGS: tuple[Mapping[str, Wording], ...] = (messages.WORDINGS,)
TOPICS: tuple[Mapping[str, Topic], ...] = (messages.TOPICS,)
# What goes along when a capability is renamed.
CAPABILITY_MOVES = (move_targets,)
# Where else than in a page's own text something stands that may show what was uploaded.
TEXTS = (models.Evidence.link,)
# Who may read an upload whose readers are asked.
FILE_READERS = (evidence_files.may_read,)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS: dict[str, tuple[Provider, ...]] = {
    "home-mine": (assessing_sections.waits_for_me,),
    "team": (),
    "capability": (),
}
PARTS: dict[str, Part] = {}
