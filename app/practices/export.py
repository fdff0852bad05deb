"""A practice as the Markdown file that it could be read from again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from app.practices.models import Practice


def as_markdown(practice: Practice) -> str:
    """Front matter and text."""
    fields: dict[str, Any] = {
        "title": practice.title,
        "slug": practice.slug,
        "language": practice.language,
        "translation_of": practice.translation_of,
        "summary": practice.summary,
        "capability": practice.capability.slug if practice.capability else None,
        "level": practice.level,
        "tags": practice.tags,
        "time": practice.time,
        "difficulty": practice.difficulty,
        "participants": practice.participants,
        "owner": practice.owner.name if practice.owner else practice.owner_name,
        "reviewed": practice.reviewed_on,
        "review_by": practice.review_by,
    }
    return as_document(fields, practice.source)


def as_document(fields: Mapping[str, Any], body: str) -> str:
    """A file of the fields that say something, and the text."""
    given = {name: value for name, value in fields.items() if value}
    front = yaml.safe_dump(given, allow_unicode=True, sort_keys=False, width=120)
    return f"---\n{front}---\n\n{body}"
