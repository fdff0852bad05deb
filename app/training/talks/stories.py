"""The case studies that a programme shows. They stand on this floor, so the factory registers where they are looked up; until
it does, none can be chosen and none is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app


@dataclass(frozen=True)
class Story:
    """A published case study as a poster shows it. `metric` is its best number (what `bits.metric` shows), None without one;
    `hue` is its area's colour.
    """

    slug: str
    title: str
    url: str
    team: str
    language: str
    metric: Any | None
    hue: int | None


# The published stories with these slugs; with None those that can be chosen, in the order to offer them.
StoryLookup = Callable[[Collection[str] | None], Sequence[Story]]


def register(app: Flask, stories: StoryLookup) -> None:
    """Make known where case studies are looked up."""
    app.extensions["shown_stories"] = stories


def list_stories(slugs: Collection[str] | None = None) -> Sequence[Story]:
    """The published stories with these slugs, or those that can be chosen."""
    lookup: StoryLookup | None = current_app.extensions.get("shown_stories")
    return lookup(slugs) if lookup and (slugs is None or slugs) else ()
