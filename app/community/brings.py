"""What the community brings to the house, of all its rooms; the factory takes it whole (docs/adr/0016-a-feature-brings-itself.md)."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Flask

from app.community import groundwork, subjects
from app.community.comments import messages as comments_messages
from app.community.comments import parts as comments_parts
from app.community.comments import views as comments_views
from app.community.comments.models import Comment
from app.community.helpful import parts as helpful_parts
from app.community.helpful import views as helpful_views
from app.community.helpful.models import HelpfulAnswer
from app.community.moving import Move, goes_along
from app.community.shelves import collection_views
from app.community.shelves import parts as shelves_parts
from app.community.shelves import views as shelves_views
from app.community.shelves.models import Bookmark, CollectionEntry, ReadTick
from app.community.shelves.search_source import CollectionSource
from app.community.subjects import Kind
from app.search.sources import Source
from app.web.shared import Part

BLUEPRINTS = (
    comments_views.blueprint,
    helpful_views.blueprint,
    shelves_views.blueprint,
    collection_views.blueprint,
)
WORDINGS = (comments_messages.WORDINGS,)
SOURCES: tuple[Source, ...] = (CollectionSource(),)
# The subjects that lie on floors below.
SUBJECTS = groundwork.KINDS
# What goes along when a text gets another address.
MOVES: tuple[Move, ...] = (
    goes_along(Comment.slug, Comment.kind),
    goes_along(HelpfulAnswer.slug, HelpfulAnswer.kind, HelpfulAnswer.user_id),
    goes_along(Bookmark.slug, Bookmark.kind, Bookmark.user_id),
    goes_along(ReadTick.slug, ReadTick.kind, ReadTick.user_id),
    goes_along(CollectionEntry.slug, CollectionEntry.kind, CollectionEntry.collection_id),
)
# What stands under and beside a subject's page. The argument is the subject's reference, but where a part says otherwise.
PARTS: dict[str, Part] = {
    "comments": comments_parts.comments,
    "comment-own": comments_parts.own,
    "helpful": helpful_parts.questions,
    "helpful-tally": helpful_parts.tallies,
    "keep": shelves_parts.keeping,
    "tick": shelves_parts.ticks,
    "collection-progress": shelves_parts.progress,
    "collection-ways": shelves_parts.ways,
}


def furnish(app: Flask, kinds: Iterable[Kind]) -> None:
    """Fill the registries. `kinds` are all sorts of subjects that the house knows."""
    subjects.init_app(app)
    subjects.register(app, kinds)
