"""Which topic each kind of message belongs to, and how to reach the people: handed over by the factory, for the features that
know both stand on floors above.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Protocol

from flask import Flask, current_app
from sqlalchemy.orm import Session

from app.jobs.mail import Addressee
from app.notifications.rules import Topic


class Recipient(Addressee, Protocol):
    """Somebody with an account."""

    @property
    def id(self) -> int: ...


# The open accounts among these, by id.
FindPeople = Callable[[Session, Collection[int]], Mapping[int, Recipient]]


def init_app(app: Flask, find_people: FindPeople) -> None:
    app.extensions["topics"] = {}
    app.extensions["people to notify"] = find_people


def register(app: Flask, topics: Mapping[str, Topic]) -> None:
    """Say of kinds of message which topic each is about."""
    app.extensions["topics"].update(topics)


def topic_of(kind: str) -> Topic:
    """A kind that nobody has sorted is told at once, as what cannot be chosen: better too loud than lost."""
    topics: Mapping[str, Topic] = current_app.extensions["topics"]
    return topics.get(kind, Topic.ACCOUNT)


def find_people(session: Session, user_ids: Collection[int]) -> Mapping[int, Recipient]:
    find: FindPeople = current_app.extensions["people to notify"]
    return find(session, user_ids)
