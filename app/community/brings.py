"""What the community brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from app.community import articles, groundwork, subjects
from app.community.acknowledgements import jobs as acknowledgements_jobs
from app.community.acknowledgements import messages as acknowledgements_messages
from app.community.acknowledgements import moving as acknowledgements_moving
from app.community.acknowledgements import parts as acknowledgements_parts
from app.community.acknowledgements import sections as acknowledgements_sections
from app.community.acknowledgements import views as acknowledgements_views
from app.community.articles import ArticleKind
from app.community.follows import messages as follows_messages
from app.community.follows import moving as follows_moving
from app.community.follows import parts as follows_parts
from app.community.follows import telling as follows_telling
from app.community.follows import views as follows_views
from app.community.follows.rules import key_of
from app.community.reads import moving as reads_moving
from app.community.reads import noting as reads_noting
from app.community.reads import parts as reads_parts
from app.community.reads import tally as reads_tally
from app.community.reads import views as reads_views
from app.community.subjects import Kind
from app.jobs.messages import register_current

BLUEPRINTS = (follows_views.blueprint, reads_views.blueprint, acknowledgements_views.blueprint)
JOBS = (*follows_telling.JOBS, *reads_tally.JOBS, *acknowledgements_jobs.JOBS)
WORDINGS = (follows_messages.WORDINGS, acknowledgements_messages.WORDINGS)
TOPICS = (follows_messages.TOPICS, acknowledgements_messages.TOPICS)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS = {"home-mine": (acknowledgements_sections.to_read,)}
PARTS = {
    "follow": follows_parts.buttons,
    "reads": reads_parts.counts,
    "acknowledge": acknowledgements_parts.boxes,
    "require": acknowledgements_parts.ways,
}
# Who has to know when a text gets another address.
MOVERS = (follows_moving.move, reads_moving.move, acknowledgements_moving.move)
# The subjects that lie on floors below.
SUBJECTS = groundwork.KINDS


def furnish(
    app: Flask, kinds: Iterable[Kind], to_read: Iterable[ArticleKind], find_profiles: follows_telling.FindProfiles
) -> None:
    """Fill the registries. `kinds` are all sorts of subjects that the house knows, `to_read` those that are articles,
    `find_profiles` knows the coaches among accounts.
    """
    subjects.init_app(app)
    subjects.register(app, kinds)
    articles.init_app(app, to_read)
    reads_noting.init_app(app)
    follows_telling.init_app(app, find_profiles)
    register_current(app, {**follows_messages.CURRENT, **acknowledgements_messages.CURRENT})
    app.jinja_env.globals["ref_key"] = key_of
