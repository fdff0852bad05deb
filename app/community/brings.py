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
from app.community.comments import messages as comments_messages
from app.community.comments import parts as comments_parts
from app.community.comments import views as comments_views
from app.community.comments.models import Comment
from app.community.follows import messages as follows_messages
from app.community.follows import moving as follows_moving
from app.community.follows import parts as follows_parts
from app.community.follows import telling as follows_telling
from app.community.follows import views as follows_views
from app.community.follows.rules import key_of
from app.community.helpful import parts as helpful_parts
from app.community.helpful import views as helpful_views
from app.community.helpful.models import HelpfulAnswer
from app.community.moving import Move, goes_along
from app.community.reads import moving as reads_moving
from app.community.reads import noting as reads_noting
from app.community.reads import parts as reads_parts
from app.community.reads import tally as reads_tally
from app.community.reads import views as reads_views
from app.community.shelves import collection_views
from app.community.shelves import parts as shelves_parts
from app.community.shelves import views as shelves_views
from app.community.shelves.models import Bookmark, CollectionEntry, ReadTick
from app.community.shelves.search_source import CollectionSource
from app.community.subjects import Kind
from app.jobs.messages import register_current
from app.search.sources import Source
from app.web.shared import Part

BLUEPRINTS = (
    comments_views.blueprint,
    helpful_views.blueprint,
    shelves_views.blueprint,
    collection_views.blueprint,
    follows_views.blueprint,
    reads_views.blueprint,
    acknowledgements_views.blueprint,
)
JOBS = (*follows_telling.JOBS, *reads_tally.JOBS, *acknowledgements_jobs.JOBS)
WORDINGS = (comments_messages.WORDINGS, follows_messages.WORDINGS, acknowledgements_messages.WORDINGS)
TOPICS = (comments_messages.TOPICS, follows_messages.TOPICS, acknowledgements_messages.TOPICS)
SOURCES: tuple[Source, ...] = (CollectionSource(),)
# What the pages of other features show of it, each in this order among the rest.
SECTIONS = {"home-mine": (acknowledgements_sections.to_read,)}
# The argument is the subject's reference, but where a part says otherwise.
PARTS: dict[str, Part] = {
    "comments": comments_parts.comments,
    "comment-own": comments_parts.ways,
    "helpful": helpful_parts.questions,
    "helpful-tally": helpful_parts.tallies,
    "keep": shelves_parts.keeping,
    "tick": shelves_parts.ticks,
    "collection-progress": shelves_parts.progress,
    "collection-ways": shelves_parts.ways,
    "follow": follows_parts.buttons,
    "reads": reads_parts.counts,
    "acknowledge": acknowledgements_parts.boxes,
    "require": acknowledgements_parts.ways,
}
# Who has to know when a text gets another address.
MOVES: tuple[Move, ...] = (
    goes_along(Comment.slug, Comment.kind),
    goes_along(HelpfulAnswer.slug, HelpfulAnswer.kind, HelpfulAnswer.user_id),
    goes_along(Bookmark.slug, Bookmark.kind, Bookmark.user_id),
    goes_along(ReadTick.slug, ReadTick.kind, ReadTick.user_id),
    goes_along(CollectionEntry.slug, CollectionEntry.kind, CollectionEntry.collection_id),
    follows_moving.move,
    reads_moving.move,
    acknowledgements_moving.move,
)
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
