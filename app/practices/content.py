"""A practice as plain values, as its versions hold it: fields as in a file's front matter, and the text.

`form` is "standard" for what has the parts of the standard form, and "free" for what was written elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.practices.service import Article

STANDARD = "standard"
FREE = "free"


def blank() -> dict[str, Any]:
    """The content of a practice in which nothing is written yet."""
    return {
        "title": "",
        "summary": "",
        "body": "",
        "capability": "",
        "level": None,
        "tags": [],
        "time": "",
        "difficulty": "",
        "participants": [],
        "owner": "",
        "reviewed": "",
        "review_by": "",
        "form": STANDARD,
    }


def content_of_article(article: Article, capability: str, *, form: str) -> dict[str, Any]:
    """The content of what was read from a file; `capability` is the slug of the article's."""
    return {
        "title": article.title,
        "summary": article.summary,
        "body": article.body.replace("\r\n", "\n").strip(),
        "capability": capability,
        "level": article.level,
        "tags": list(article.tags),
        "time": article.time,
        "difficulty": article.difficulty,
        "participants": list(article.participants),
        "owner": article.owner,
        "reviewed": article.reviewed_on.isoformat() if article.reviewed_on else "",
        "review_by": article.review_by.isoformat() if article.review_by else "",
        "form": form,
    }


def day_in(content: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(content[name]) if content.get(name) else None
