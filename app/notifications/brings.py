"""What notices bring to the house; the factory takes it whole (docs/adr/0016)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from flask import Flask

from app.jobs.messages import register_current, register_way_out
from app.notifications import choice_views, digests, messages, topics, views
from app.notifications.rules import Topic
from app.web import shared

BLUEPRINTS = (views.blueprint, choice_views.blueprint)
JOBS = digests.JOBS
WORDINGS = messages.WORDINGS
PARTS = {"bell": shared.alone(views.bell)}


def furnish(app: Flask, find_people: topics.FindPeople, of_features: Iterable[Mapping[str, Topic]]) -> None:
    """Fill the registries. `of_features` say which topic each kind of message belongs to, `find_people` how to reach somebody."""
    topics.init_app(app, find_people)
    for each in (messages.TOPICS, *of_features):
        topics.register(app, each)
    register_current(app, messages.CURRENT)
    register_way_out(app, messages.find_way_out)
