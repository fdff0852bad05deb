"""What a case study can credit, asked of features that this one does not import.

The factory registers one lookup for each kind. Without one, nothing of that kind can be credited and nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import Flask, current_app

PRACTICE, COACH, SESSION = "practice", "coach", "session"


@dataclass(frozen=True)
class Creditable:
    """Something to credit. `key` is what is stored: the slug of a practice or session, the id of a coach as text."""

    key: str
    title: str
    url: str | None = None


# Those of the given keys that every reader may see, or with None all that can be chosen, in the order to offer them.
# Titles are in the language of the page.
Lookup = Callable[[Collection[str] | None], Sequence[Creditable]]


def register(app: Flask, kind: str, lookup: Lookup) -> None:
    """Make known where the things of a kind are looked up."""
    app.extensions.setdefault("creditable", {})[kind] = lookup


def choices(kind: str) -> list[tuple[str, str]]:
    """(key, title) of everything of this kind that can be credited."""
    return [(each.key, each.title) for each in _ask(kind, None)]


def credited(kind: str, keys: Sequence[str]) -> list[Creditable]:
    """What the keys stand for, in their order, without what is no longer there."""
    found = {each.key: each for each in _ask(kind, keys)} if keys else {}
    return [found[key] for key in keys if key in found]


def _ask(kind: str, keys: Collection[str] | None) -> Sequence[Creditable]:
    lookup: Lookup | None = current_app.extensions.get("creditable", {}).get(kind)
    return lookup(keys) if lookup else ()
