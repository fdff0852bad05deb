"""Practices for tests: as rows, and as files in the form that the library wants."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from app.capabilities.models import Capability
from app.kernel.db import transaction
from app.kernel.markup import render
from app.practices.models import Practice, PracticeTag

THEN = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
PARTS = {
    "en": "## What\n\nWhat it is.\n\n## Why\n\nWhy one does it.\n\n## How\n\n1. How it is done.\n\n## Evidence\n\nHow one sees it.\n",
    "zh": "## 是什么\n\n这是什么。\n\n## 为什么\n\n为什么要做。\n\n## 怎么做\n\n1. 具体步骤。\n\n## 证据\n\n如何看到效果。\n",
}


def make_practice(
    slug: str = "short-branches",
    *,
    language: str = "en",
    title: str = "",
    body: str = "",
    tags: tuple[str, ...] = (),
    capability: Capability | None = None,
    level: int | None = None,
    **columns: Any,
) -> Practice:
    """A practice with a text of its own; `columns` are set as they are given."""
    source = body or PARTS[language]
    rendered = render(source)
    values = {
        "title": title or f"About {slug}",
        "summary": f"What {slug} is good for.",
        "origin": f"library:{slug}.{language}.md",
        "origin_hash": "0" * 64,
        "created_at": THEN,
        "updated_at": THEN,
        **columns,
    }
    with transaction() as session:
        practice = Practice(
            slug=slug,
            language=language,
            source=source,
            html=rendered.html,
            text=rendered.text,
            headings=[{"level": each.level, "anchor": each.anchor, "text": each.text} for each in rendered.headings],
            words=rendered.words,
            han=rendered.han,
            capability_id=capability.id if capability else None,
            level=level,
            tag_rows=[PracticeTag(tag=tag, position=number) for number, tag in enumerate(tags)],
            **values,
        )
        session.add(practice)
    return practice


def practice_fields(slug: str = "short-branches", language: str = "en", **changes: Any) -> dict[str, Any]:
    """The front matter of a file that lacks nothing; a field changed to None is left out."""
    fields = {
        "title": f"About {slug}",
        "slug": slug,
        "language": language,
        "summary": f"What {slug} is good for.",
        "capability": "version-control",
        "level": 3,
        "tags": ["git", "branching"],
        "reviewed": date(2026, 11, 2),
        **changes,
    }
    return {name: value for name, value in fields.items() if value is not None}


def write_practice(
    folder: Path, slug: str = "short-branches", language: str = "en", body: str | None = None, **changes: Any
) -> Path:
    """A practice's file in `folder`, called as it has to be."""
    folder.mkdir(parents=True, exist_ok=True)
    front = yaml.safe_dump(practice_fields(slug, language, **changes), allow_unicode=True, sort_keys=False)
    path = folder / f"{slug}.{language}.md"
    path.write_text(f"---\n{front}---\n\n{PARTS[language] if body is None else body}", encoding="utf-8")
    return path
