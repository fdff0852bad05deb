"""What writing brings to the house, of all its rooms (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask

from app.community.moving import Move
from app.web import errors
from app.writing import messages, rooms, sections, views
from app.writing.desk import jobs as desk_jobs
from app.writing.desk import sections as desk_sections
from app.writing.desk import views as desk_views
from app.writing.keeping import elsewhere, moving
from app.writing.keeping import sections as keeping_sections
from app.writing.keeping import views as keeping_views

BLUEPRINTS = (views.blueprint, desk_views.blueprint, keeping_views.blueprint)
JOBS = (*desk_jobs.JOBS,)
WORDINGS = (messages.WORDINGS,)
TOPICS = (messages.TOPICS,)
SECTIONS = {"home-mine": (sections.being_written,)}
PARTS = {"arrival": keeping_sections.arrivals}
# What the rooms show on the page of a manuscript: to those who write it, to whoever may decide on it, and as links.
OWN: tuple[rooms.Block, ...] = ()
REVIEW: tuple[rooms.Block, ...] = ()
WAYS: tuple[rooms.Ways, ...] = (keeping_views.ways,)
MINE: tuple[rooms.Mine, ...] = (desk_sections.unsaved,)


def furnish(app: Flask, pages: Mapping[str, str], moves: Sequence[Move]) -> None:
    """`pages` are the endpoints that show a text by its slug, with its kind; `moves` know texts by their address."""
    rooms.register(app, OWN, REVIEW, WAYS, MINE)
    elsewhere.init_app(app, pages)
    moving.init_app(app, moves)
    errors.register_elsewhere(app, elsewhere.answer)
