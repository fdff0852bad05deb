"""A library of any size: articles with two versions each, comments, teams that use them, and some that wait for review.

Written in bulk, because the services would need an hour for ten thousand, in the shape that they leave behind.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.capabilities.queries import list_main_capabilities
from app.community.comments.models import Comment
from app.kernel.db import Base, transaction
from app.kernel.markup import Rendered, render
from app.practices.adoption.models import Adoption, AdoptionEvent
from app.practices.content import blank
from app.practices.models import Practice, PracticeTag
from app.writing.models import Author, Manuscript, ManuscriptEvent, Version
from tests.factories.people import make_team, make_user
from tests.factories.practices import PARTS

ARTICLES = 10_000
DAY = timedelta(days=1)
TEAMS, WRITERS = 6, 8
# Of so many articles one is being changed and waits for review.
WAITS = 50


@dataclass(frozen=True)
class Shelves:
    """What the articles hang on, by the numbers of their rows."""

    writers: Sequence[int]
    teams: Sequence[int]
    capabilities: Sequence[tuple[int, str]]
    now: datetime


def make_shelves(now: datetime) -> Shelves:
    """People and teams that write and use what stands in the library; the framework is there already."""
    writers = [make_user(f"Library Writer {number}").id for number in range(WRITERS)]
    teams = [make_team(f"Library Team {number}").id for number in range(TEAMS)]
    return Shelves(writers, teams, [(each.id, each.slug) for each in list_main_capabilities()], now)


def slug_of(number: int) -> str:
    return f"library-article-{number}"


def add_articles(shelves: Shelves, numbers: Iterable[int]) -> None:
    """The articles of these numbers, each the same however many there are."""
    wanted, rendered = list(numbers), render(PARTS["en"])
    with transaction() as session:
        ids = _add(session, Practice, [_practice(shelves, number, rendered) for number in wanted])
        _write(session, PracticeTag, [_tag(row, number) for row, number in zip(ids, wanted, strict=True)])
        texts = _add(session, Manuscript, [_manuscript(shelves, number) for number in wanted])
        by_number = list(zip(texts, wanted, strict=True))
        _write(session, Author, [_author(shelves, text, number) for text, number in by_number])
        _write(session, Version, [row for text, number in by_number for row in _versions(shelves, text, number)])
        _write(session, ManuscriptEvent, [row for text, number in by_number for row in _events(shelves, text, number)])
        _write(session, Comment, [row for number in wanted for row in _comments(shelves, number)])
        used = [row for number in wanted for row in _adoptions(shelves, number)]
        said = zip(_add(session, Adoption, used), used, strict=True)
        _write(session, AdoptionEvent, [_said(shelves, adoption, row) for adoption, row in said])


def _practice(shelves: Shelves, number: int, rendered: Rendered) -> dict[str, Any]:
    today = shelves.now.date()
    return {
        "slug": slug_of(number),
        "language": "en",
        "title": f"Article {number}",
        "summary": f"What article {number} is good for.",
        "source": PARTS["en"],
        "html": rendered.html,
        "text": rendered.text,
        "headings": [{"level": each.level, "anchor": each.anchor, "text": each.text} for each in rendered.headings],
        "words": rendered.words,
        "han": rendered.han,
        "capability_id": shelves.capabilities[number % len(shelves.capabilities)][0],
        "level": number % 5 + 1,
        "participants": [],
        "owner_id": _writer(shelves, number),
        "reviewed_on": today - 100 * DAY,
        # One in four should have been looked at again.
        "review_by": today + (number % 4 * 30 - 10) * DAY,
        "origin": f"web:{slug_of(number)}.en",
        "origin_hash": "0" * 64,
        "created_at": shelves.now - (400 - number % 300) * DAY,
        "updated_at": shelves.now - number % 100 * DAY,
    }


def _tag(practice_id: int, number: int) -> dict[str, Any]:
    return {"practice_id": practice_id, "tag": f"tag {number % 12}", "position": 0}


def _manuscript(shelves: Shelves, number: int) -> dict[str, Any]:
    waits = number % WAITS == 0
    return {
        "kind": "practice",
        "slug": slug_of(number),
        "language": "en",
        "title": f"Article {number}",
        "is_open": True,
        "capability_id": shelves.capabilities[number % len(shelves.capabilities)][0],
        "state": "submitted" if waits else "accepted",
        "state_since": shelves.now - number % 20 * DAY,
        "latest_number": 2,
        "submitted_number": 2,
        "published_number": 1 if waits else 2,
        "created_at": shelves.now - 400 * DAY,
        "updated_at": shelves.now - number % 100 * DAY,
    }


def _author(shelves: Shelves, manuscript_id: int, number: int) -> dict[str, Any]:
    return {"manuscript_id": manuscript_id, "user_id": _writer(shelves, number), "position": 0}


def _versions(shelves: Shelves, manuscript_id: int, number: int) -> list[dict[str, Any]]:
    content = {
        **blank(),
        "title": f"Article {number}",
        "summary": f"What article {number} is good for.",
        "capability": shelves.capabilities[number % len(shelves.capabilities)][1],
        "body": PARTS["en"],
    }
    return [
        {
            "manuscript_id": manuscript_id,
            "number": each,
            "content": content | {"level": each},
            "note": "A better level" if each == 2 else "",
            "origin": "web",
            "author_id": _writer(shelves, number),
            "at": shelves.now - (300 - each) * DAY,
        }
        for each in (1, 2)
    ]


def _events(shelves: Shelves, manuscript_id: int, number: int) -> list[dict[str, Any]]:
    way = [("submit", "draft", "submitted", 1), ("accept", "submitted", "accepted", 1)]
    way += [("save", "accepted", "draft", 2), ("submit", "draft", "submitted", 2)]
    way += [] if number % WAITS == 0 else [("accept", "submitted", "accepted", 2)]
    return [
        {
            "manuscript_id": manuscript_id,
            "step": step,
            "from_state": before,
            "to_state": after,
            "number": version,
            "actor_id": _writer(shelves, number + (1 if step == "accept" else 0)),
            "at": shelves.now - (290 - position) * DAY,
        }
        for position, (step, before, after, version) in enumerate(way)
    ]


def _comments(shelves: Shelves, number: int) -> list[dict[str, Any]]:
    return [
        {
            "kind": "practice",
            "slug": slug_of(number),
            "author_id": _writer(shelves, number + each),
            "key": f"library {number} {each}",
            "language": "en",
            "source": "We do it, too.",
            "html": "<p>We do it, too.</p>",
            "at": shelves.now - (200 - each) * DAY,
        }
        for each in range(2)
    ]


def _adoptions(shelves: Shelves, number: int) -> list[dict[str, Any]]:
    return [
        {
            "practice_slug": slug_of(number),
            "team_id": shelves.teams[(number + each) % len(shelves.teams)],
            "stage": ("trying", "using")[each],
            "since": shelves.now.date() - 90 * DAY,
            "confirmed_at": shelves.now - 30 * DAY,
            "confirmed_by_id": _writer(shelves, number),
        }
        for each in range(2)
    ]


def _said(shelves: Shelves, adoption_id: int, adoption: dict[str, Any]) -> dict[str, Any]:
    return {
        "adoption_id": adoption_id,
        "what": "said",
        "stage": adoption["stage"],
        "since": adoption["since"],
        "actor_id": adoption["confirmed_by_id"],
        "at": adoption["confirmed_at"],
    }


def _writer(shelves: Shelves, number: int) -> int:
    return shelves.writers[number % len(shelves.writers)]


def _add(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> list[int]:
    """The numbers of the new rows, in the order in which they are given."""
    query = insert(model).returning(model.id, sort_by_parameter_order=True)  # type: ignore[attr-defined]
    return list(session.execute(query, rows).scalars())


def _write(session: Session, model: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    session.execute(insert(model), rows)
