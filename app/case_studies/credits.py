"""What and whom a case study credits: practices, coaches, training sessions.

Practices and coaches stand on a lower floor. Training sessions stand on this one, so the factory registers where they
are looked up; until it does, none can be credited and none is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from flask import Flask, current_app, url_for
from sqlalchemy import ColumnElement

from app.coaches.models import Coach
from app.coaches.queries import visible_to as coaches_visible_to
from app.kernel.db import db
from app.practices.queries import list_titles, titles_of
from app.web.i18n import language


@dataclass(frozen=True)
class Credit:
    """Something to credit, as it is called in the language of the page. `key` is what is stored of it, as text."""

    key: str
    title: str
    url: str


# The sessions with these slugs that every reader may see; with None those that can be chosen, in the order to offer them.
SessionLookup = Callable[[Collection[str] | None], Sequence[Credit]]


def register(app: Flask, sessions: SessionLookup) -> None:
    """Make known where training sessions are looked up."""
    app.extensions["creditable_sessions"] = sessions


@dataclass(frozen=True)
class Offer:
    """What can be chosen, as (key, title)."""

    practices: list[tuple[str, str]]
    coaches: list[tuple[str, str]]
    sessions: list[tuple[str, str]]


def all_creditable(sessions: Sequence[str] = ()) -> Offer:
    """Everything there is, and of the training sessions the latest and those with the slugs that are credited now."""
    offered = {credit.key: credit.title for credit in (*_sessions(None), *_sessions(sessions))}
    return Offer(
        practices=list_titles(language()),
        coaches=[(credit.key, credit.title) for credit in _coaches()],
        sessions=list(offered.items()),
    )


@dataclass(frozen=True)
class Credits:
    """What is credited and still there, in the order it was given."""

    practices: list[Credit]
    coaches: list[Credit]
    sessions: list[Credit]


def find_credits(practices: Sequence[str], coaches: Sequence[str], sessions: Sequence[str]) -> Credits:
    return Credits(
        practices=_practices(practices),
        coaches=_in_order(coaches, _coaches(Coach.slug.in_(coaches))) if coaches else [],
        sessions=_in_order(sessions, _sessions(sessions)),
    )


def _practices(slugs: Sequence[str]) -> list[Credit]:
    titles = titles_of(slugs, language()) if slugs else {}
    return [Credit(slug, titles[slug], url_for("practices.show", slug=slug)) for slug in slugs if slug in titles]


def profiles_of(user_ids: Collection[int]) -> list[Credit]:
    """Those of these people who have a profile that every reader sees."""
    return _coaches(Coach.user_id.in_(user_ids)) if user_ids else []


def _coaches(*conditions: ColumnElement[bool]) -> list[Credit]:
    rows = db.session.execute(coaches_visible_to(None).where(*conditions)).unique().scalars()
    found = [Credit(row.slug, row.user.name, url_for("coaches.show", slug=row.slug)) for row in rows]
    return sorted(found, key=lambda credit: credit.title)


def _sessions(slugs: Sequence[str] | None) -> Sequence[Credit]:
    lookup: SessionLookup | None = current_app.extensions.get("creditable_sessions")
    return lookup(slugs) if lookup and (slugs is None or slugs) else ()


def _in_order(keys: Sequence[str], found: Sequence[Credit]) -> list[Credit]:
    by_key = {credit.key: credit for credit in found}
    return [by_key[key] for key in keys if key in by_key]
