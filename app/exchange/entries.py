"""What a feed lists, the latest change first. Each sort of entry takes one query, however many there are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from flask import current_app, url_for
from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload, undefer, undefer_group

from app.capabilities.models import Capability
from app.case_studies.models import STORY, CaseStudy
from app.case_studies.queries import CARD as STORY_CARD
from app.case_studies.queries import visible_to as stories_visible_to
from app.config import Config
from app.kernel.db import db
from app.practices.models import Practice
from app.practices.queries import CARD as PRACTICE_CARD
from app.practices.queries import visible_to as practices_visible_to
from app.training.models import TrainingCoach, TrainingSession
from app.training.queries import visible_to as sessions_visible_to

MOST = 50


@dataclass(frozen=True)
class Chosen:
    """What the reader of a feed asked for: slugs of capabilities and languages. Empty: all."""

    capabilities: Sequence[str] = ()
    languages: Sequence[str] = ()


@dataclass(frozen=True)
class Entry:
    """One thing in a feed. `html` is complete: a program that reads feeds shows it without the site."""

    url: str
    title: str
    summary: str
    html: str
    author: str
    language: str
    categories: Sequence[str]
    published: datetime
    updated: datetime


Entries = Callable[[Chosen], list[Entry]]


def practices(chosen: Chosen) -> list[Entry]:
    query = practices_visible_to(None).options(
        *PRACTICE_CARD, undefer(Practice.html), joinedload(Practice.owner), selectinload(Practice.tag_rows)
    )
    query = _narrowed(query.order_by(Practice.updated_at.desc(), Practice.id.desc()), Practice, chosen)
    return [
        Entry(
            url=address("practices.show", slug=row.slug, lang=row.language),
            title=row.title,
            summary=row.summary,
            html=row.html,
            author=row.owner.name if row.owner else row.owner_name,
            language=row.language,
            categories=[*_capability(row), *row.tags],
            published=row.created_at,
            updated=row.updated_at,
        )
        for row in db.session.execute(query).unique().scalars()
    ]


def stories(chosen: Chosen) -> list[Entry]:
    query = stories_visible_to(None).options(*STORY_CARD, undefer_group(STORY))
    query = _narrowed(query.order_by(CaseStudy.updated_at.desc(), CaseStudy.id.desc()), CaseStudy, chosen)
    return [
        Entry(
            url=address("case_studies.show", slug=row.slug, lang=row.language),
            title=row.title,
            summary=row.summary,
            html=row.html,
            author=row.byline or row.team.name,
            language=row.language,
            categories=[*_capability(row), row.team.name],
            published=datetime.combine(row.published_on, time(), UTC),
            updated=row.updated_at,
        )
        for row in db.session.execute(query).unique().scalars()
    ]


def sessions(chosen: Chosen) -> list[Entry]:
    query = sessions_visible_to(None).options(
        joinedload(TrainingSession.capability),
        selectinload(TrainingSession.coach_rows).joinedload(TrainingCoach.user),
        undefer_group("texts"),
    )
    order = TrainingSession.updated_at.desc(), TrainingSession.id.desc()
    query = _narrowed(query.order_by(*order), TrainingSession, chosen)
    return [
        Entry(
            url=address("training.show", slug=row.slug),
            title=row.title,
            summary=f"{row.starts_at:%Y-%m-%d %H:%M} UTC · {row.place}".rstrip(" ·"),
            html=row.description_html,
            author=", ".join(coach.name for coach in row.coaches),
            language=row.language,
            categories=[str(row.kind_name), *_capability(row)],
            published=row.created_at,
            updated=row.updated_at,
        )
        for row in db.session.execute(query).unique().scalars()
    ]


def everything(chosen: Chosen) -> list[Entry]:
    """The latest of all three."""
    found = [*practices(chosen), *stories(chosen), *sessions(chosen)]
    return sorted(found, key=lambda entry: entry.updated, reverse=True)[:MOST]


def _narrowed(query: Select[Any], model: type[Any], chosen: Chosen) -> Select[Any]:
    if chosen.capabilities:
        query = query.where(model.capability.has(Capability.slug.in_(chosen.capabilities)))
    if chosen.languages:
        query = query.where(model.language.in_(chosen.languages))
    return query.limit(MOST)


def _capability(row: Any) -> list[str]:
    return [row.capability.name.in_(row.language)] if row.capability else []


def address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, as somebody elsewhere needs it."""
    config: Config = current_app.config["GUILDHALL"]
    return config.site_url + url_for(endpoint, **values)
