"""Training sessions as what the community speaks of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l

from app.community.subjects import Kind, Subject
from app.kernel.db import db
from app.training.models import TrainingSession
from app.training.queries import CARD, visible_to
from app.web import dates


def _find(slugs: Collection[str], reader: Any, _language: str) -> Iterable[Subject]:
    query = visible_to(reader).where(TrainingSession.slug.in_(slugs)).options(*CARD)
    for training in db.session.execute(query).unique().scalars():
        capability = training.capability
        yield Subject(
            kind="training",
            slug=training.slug,
            title=training.title,
            url=url_for("training.show", slug=training.slug),
            language=training.language,
            note=dates.long_date(training.starts_at),
            hue=capability.area.hue if capability else None,
            level=training.level,
            owner_ids=training.coach_ids,
        )


KINDS = (Kind("training", _l("Training session"), _find),)
