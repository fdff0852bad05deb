"""Sessions as `[[links]]` name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_

from app.kernel.db import db
from app.training.models import TrainingSession
from app.training.queries import visible_to
from app.web.references import Candidate, Linkable


def _lookup(names: Sequence[str]) -> Iterable[Candidate]:
    """Of several sessions with one title the latest is meant."""
    query = (
        visible_to(None)
        .where(
            or_(
                TrainingSession.slug.in_(names), func.lower(TrainingSession.title).in_([name.lower() for name in names])
            )
        )
        .with_only_columns(TrainingSession.slug, TrainingSession.title)
        .order_by(TrainingSession.starts_at.desc(), TrainingSession.id)
        .limit(1000)
    )
    for slug, title in db.session.execute(query):
        yield Candidate(slug, title, f"/training/{slug}")


LINKABLE = Linkable("training", ("training", "session", "培训"), _lookup)
