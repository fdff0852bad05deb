"""Rendering a version before a transaction begins, so that nobody waits for it under the lock."""

from __future__ import annotations

from sqlalchemy import select

from app.kernel.db import db
from app.writing.kinds import Kind
from app.writing.models import Manuscript, ManuscriptEvent
from app.writing.queries import content_of
from app.writing.rules import Step
from app.writing.service import Prepared


def prepare(kind: Kind, manuscript: Manuscript, number: int) -> Prepared:
    """One version, ready to be published. Raises NotFoundError, and InvalidInputError for what cannot be rendered."""
    content = content_of(manuscript, number)
    return Prepared(number, content, kind.render(content))


def retired_number(manuscript: Manuscript) -> int | None:
    """The version that readers saw last before the text was retired."""
    query = (
        select(ManuscriptEvent.number)
        .where(ManuscriptEvent.manuscript_id == manuscript.id, ManuscriptEvent.step == Step.RETIRE)
        .order_by(ManuscriptEvent.id.desc())
    )
    return db.session.execute(query.limit(1)).scalar_one_or_none()
