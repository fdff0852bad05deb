"""Kinds of message for these tests, one of each way in which a topic can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from flask import Flask, url_for

from app.jobs.messages import Message
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.notifications.choosing import choose
from app.notifications.queries import all_ways, hour_of
from app.notifications.rules import Mailing, Topic, Way
from app.notifications.service import notify_all
from tests.jobs.conftest import port, post, server

# The mail server of the outbox's own tests.
__all__ = ["port", "post", "server"]
KINDS = {"a seat": Topic.SEATS, "a mention": Topic.MENTIONS, "news": Topic.FOLLOWING, "a comment": Topic.COMMENTS}
Choose = Callable[..., None]


@pytest.fixture(autouse=True)
def sorts(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def word(params: Mapping[str, Any]) -> Message:
        number = params.get("number", 1)
        title = params["title"] if number == 1 else f"{number} of them"
        return Message(title, "Body", url_for("home.index", _external=True))

    for kind, topic in KINDS.items():
        monkeypatch.setitem(app.extensions["messages"], kind, word)
        monkeypatch.setitem(app.extensions["topics"], kind, topic)


def tell(*people: Any, kind: str = "news", title: str = "A title", bundle: str = "") -> None:
    with transaction() as session:
        notify_all(session, people, kind, {"title": title}, now=utc_now(), bundle=bundle)


def want(person: Any, topic: Topic, mailing: Mailing, *, in_app: bool = True, hour: int | None = None) -> None:
    """The person chooses this for one topic, and leaves the others."""
    with transaction() as session:
        ways = {**all_ways(session, person.id), topic: Way(in_app=in_app, mailing=mailing)}
        hour = hour_of(session, person.id) if hour is None else hour
        choose(session, person.id, ways, hour, time_zone=person.time_zone, now=utc_now())
