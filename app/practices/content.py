"""A practice as plain values, as its versions hold it: fields as in a file's front matter, and the text.

Who looks after it and when it was looked at is no part of what is written: it changes without a word of the text (`upkeep`).
`form` is "standard" for what has the parts of the standard form, and "free" for what was written elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
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
        "form": STANDARD,
    }


def content_of_fields(fields: Mapping[str, Any], body: str, *, form: str) -> dict[str, Any]:
    """The content of a file that this site has written: front matter and text, to the letter."""
    return {
        "title": fields["title"],
        "summary": fields.get("summary", ""),
        "body": body,
        "capability": fields.get("capability", ""),
        "level": fields.get("level"),
        "tags": fields.get("tags", []),
        "time": fields.get("time", ""),
        "difficulty": fields.get("difficulty", ""),
        "participants": fields.get("participants", []),
        "form": form,
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
        "form": form,
    }
