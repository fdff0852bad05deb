"""Telling whoever a text mentions, when readers get to see it; a draft tells nobody."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.mentions import tell_mentioned
from app.kernel.references import new_mentions
from app.writing.kinds import Kind
from app.writing.models import Manuscript
from app.writing.queries import content_of

MENTIONED = "mention in a text"


def tell_published(
    session: Session,
    kind: Kind,
    manuscript: Manuscript,
    content: Mapping[str, Any],
    before: int | None,
    *,
    now: datetime,
) -> None:
    """Tell those whom `content` mentions and the version `before`, which readers saw until now, did not."""
    old, new = _prose(kind, content_of(manuscript, before)) if before else "", _prose(kind, content)
    if not manuscript.authors or not new_mentions(old, new):
        return
    tell_mentioned(
        session,
        old_text=old,
        new_text=new,
        actor=manuscript.authors[0].user,
        about={"title": manuscript.title, "kind": kind.name, "slug": manuscript.slug, "language": manuscript.language},
        message=MENTIONED,
        now=now,
    )


def _prose(kind: Kind, content: Mapping[str, Any]) -> str:
    return "\n\n".join(str(field.value or "") for field in kind.fields(content) if field.is_prose)
