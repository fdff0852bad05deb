"""What writing brings to the house, of all its rooms (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from flask import Flask

from app.writing import messages, rooms, sections, views

BLUEPRINTS = (views.blueprint,)
WORDINGS = (messages.WORDINGS,)
SECTIONS = {"home-mine": (sections.being_written,)}
# What the rooms show on the page of a manuscript: to those who write it, to whoever may decide on it, and as links.
OWN: tuple[rooms.Block, ...] = ()
REVIEW: tuple[rooms.Block, ...] = ()
WAYS: tuple[rooms.Ways, ...] = ()


def furnish(app: Flask) -> None:
    """Fill the registry of the page."""
    rooms.register(app, OWN, REVIEW, WAYS)
