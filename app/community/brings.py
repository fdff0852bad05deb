"""What the community brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from app.community import groundwork, subjects
from app.community.follows import messages as follows_messages
from app.community.follows import parts as follows_parts
from app.community.follows import telling as follows_telling
from app.community.follows import views as follows_views
from app.community.follows.rules import key_of
from app.community.subjects import Kind
from app.jobs.messages import register_current

BLUEPRINTS = (follows_views.blueprint,)
JOBS = (*follows_telling.JOBS,)
WORDINGS = (follows_messages.WORDINGS,)
TOPICS = (follows_messages.TOPICS,)
PARTS = {"follow": follows_parts.buttons}
# The subjects that lie on floors below.
SUBJECTS = groundwork.KINDS


def furnish(app: Flask, kinds: Iterable[Kind], find_profiles: follows_telling.FindProfiles) -> None:
    """Fill the registries. `kinds` are all sorts of subjects that the house knows, `find_profiles` the coaches among accounts."""
    subjects.init_app(app)
    subjects.register(app, kinds)
    follows_telling.init_app(app, find_profiles)
    register_current(app, follows_messages.CURRENT)
    app.jinja_env.globals["ref_key"] = key_of
