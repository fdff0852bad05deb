"""What writing brings to the house, of all its rooms (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import Flask

from app.community.moving import Move
from app.web import errors, shared
from app.writing import messages, rooms, sections, views, watching
from app.writing.desk import jobs as desk_jobs
from app.writing.desk import sections as desk_sections
from app.writing.desk import views as desk_views
from app.writing.history import reading_views as history_reading_views
from app.writing.history import sections as history_sections
from app.writing.history import views as history_views
from app.writing.keeping import elsewhere, moving
from app.writing.keeping import sections as keeping_sections
from app.writing.keeping import views as keeping_views
from app.writing.review import blocks as review_blocks
from app.writing.review import desk_views as review_desk_views
from app.writing.review import jobs as review_jobs
from app.writing.review import messages as review_messages
from app.writing.review import remark_views as review_remark_views
from app.writing.review import suggesting as review_suggesting
from app.writing.review import turns as review_turns
from app.writing.review import views as review_views
from app.writing.search_source import ManuscriptSource

BLUEPRINTS = (
    views.blueprint,
    desk_views.blueprint,
    history_views.blueprint,
    history_reading_views.blueprint,
    keeping_views.blueprint,
    review_views.blueprint,
    review_remark_views.blueprint,
    review_desk_views.blueprint,
)
JOBS = (*desk_jobs.JOBS, *review_jobs.JOBS)
WORDINGS = (messages.WORDINGS, review_messages.WORDINGS)
TOPICS = (messages.TOPICS, review_messages.TOPICS)
SOURCES = (ManuscriptSource(),)
SECTIONS = {"home-mine": (review_blocks.to_review, sections.being_written)}
PARTS = {"arrival": keeping_sections.arrivals, "reviewing": shared.alone(review_blocks.reviewing)}
# What the rooms show on the page of a manuscript: to those who write it, to whoever may decide on it, and as links.
OWN: tuple[rooms.Block, ...] = (history_sections.behind_original, review_blocks.for_writers)
REVIEW: tuple[rooms.Block, ...] = (review_blocks.for_reviewers,)
WAYS: tuple[rooms.Ways, ...] = (history_sections.ways, review_blocks.ways, keeping_views.ways)
# What the list of one's own texts shows besides.
MINE: tuple[rooms.Mine, ...] = (desk_sections.unsaved,)
# What is asked before a manuscript takes a step, and what is done after it.
GUARDS: tuple[watching.Guard, ...] = (review_turns.ask_about_findings,)
WATCHERS: tuple[watching.Watcher, ...] = (review_turns.find_a_reviewer,)


def furnish(
    app: Flask,
    pages: Mapping[str, str],
    moves: Sequence[Move],
    reviewers: review_suggesting.Suggestions,
) -> None:
    """`pages` are the endpoints that show a text by its slug, with its kind; `moves` know texts by their address; `reviewers`
    looks up who could review what.
    """
    rooms.register(app, OWN, REVIEW, WAYS, MINE)
    elsewhere.init_app(app, pages)
    moving.init_app(app, moves)
    errors.register_elsewhere(app, elsewhere.answer)
    watching.register(app, GUARDS, WATCHERS)
    review_suggesting.register(app, reviewers)
