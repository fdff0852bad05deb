"""What other pages show of the wishes, and how they lead to one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.search.desk.wishes import WishList
from app.search.pages.ways_out import Offer
from app.training.wishes.cards import cards_of
from app.training.wishes.models import Wish
from app.training.wishes.policy import looks_after
from app.training.wishes.queries import first_open, is_wanted, known_titles
from app.training.wishes.rules import MAX_TITLE
from app.web.dates import request_now
from app.web.sections import Section

CARD = "training/wishes/_item.html"
SHOWN = 3


@dataclass(frozen=True)
class Ask:
    """The last card of a section: the way to a wish of one's own."""

    url: str


def on_capability(capability: Any, _reader: Any) -> Section | None:
    """What people want to learn of it: `capability` has id, slug and framework. Sessions, and so wishes, hang on the main
    framework.
    """
    if capability.framework.position:
        return None
    return _on(capability, url_for("wishes.new", capability=capability.slug))


def on_practice(practice: Any, _reader: Any) -> Section | None:
    """The same for the capability of a practice: `practice` has a slug, and a capability or None."""
    return _on(practice.capability, url_for("wishes.new", practice=practice.slug))


def _on(capability: Any | None, ask_url: str) -> Section:
    wishes: Sequence[Wish] = []
    total, more_url = 0, None
    if capability is not None:
        wishes, total = first_open(SHOWN, Wish.capability_id == capability.id, now=request_now())
        # One card more than wishes is shown, so the macro cannot know whether there are others.
        more_url = url_for("wishes.index", capability=capability.slug) if total > len(wishes) else None
    title = (
        ngettext("%(num)s open wish for a training", "%(num)s open wishes for a training", total)
        if total
        else _("Nobody has wished for a training here yet")
    )
    return Section(title, CARD, [*cards_of(wishes), Ask(ask_url)], total + 1, more_url)


def most_wanted(_home: Any, reader: Any) -> Section | None:
    """For those who can make a session of it: what most people want."""
    if not looks_after(reader):
        return None
    wishes, total = first_open(SHOWN, is_wanted(), now=request_now())
    return (
        Section(_("Most wanted trainings"), CARD, cards_of(wishes), total, url_for("wishes.index")) if total else None
    )


def offer(text: str) -> Offer:
    """What whoever found nothing can do: wish for a training, in the same words."""
    return Offer(_("I want this training"), url_for("wishes.new", q=text[:MAX_TITLE]), "hand-heart")


def _known(texts: Collection[str]) -> set[str]:
    return known_titles(texts, now=request_now()) if texts else set()


# How editors note what people look for and do not find: on the same board as everybody.
WISH_LIST = WishList(
    new_url=lambda text: url_for("wishes.new", q=text, note="1"),
    board_url=lambda: url_for("wishes.index", sort="new"),
    known=_known,
)
