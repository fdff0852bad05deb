"""Coaches as search finds them: by name, headline, what they teach and what they say of themselves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaches.queries import FULL, visible_to
from app.kernel.db import db
from app.kernel.markup import plain_text
from app.search.sources import Document, Found


class CoachSource:
    kind = "coach"
    label = _l("Coaches")

    def watched(self, obj: object) -> Iterable[str]:
        """Keyed by the account, because a change of a person's name does not touch the profile."""
        if isinstance(obj, User):
            return [str(obj.id)]
        return [str(obj.user_id)] if isinstance(obj, Coach) else []

    def load(self, session: Session, key: str) -> Document | None:
        coach = session.execute(_query().where(Coach.user_id == int(key))).unique().scalar_one_or_none()
        return _document(coach) if coach and coach.user.is_active else None

    def load_all(self, session: Session) -> Iterator[Document]:
        coaches = session.execute(_query()).unique().scalars()
        return (_document(coach) for coach in coaches if coach.user.is_active)

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        query = visible_to(reader).where(Coach.user_id.in_(map(int, keys)))
        return {str(coach.user_id): _found(coach) for coach in db.session.execute(query).unique().scalars()}


def _query() -> Select[Coach]:
    return select(Coach).options(joinedload(Coach.user), *FULL)


def _document(coach: Coach) -> Document:
    taught = [name for skill in coach.skills for name in skill.capability.name.texts.values()]
    return Document(
        kind=CoachSource.kind,
        key=str(coach.user_id),
        title=coach.user.name,
        summary=coach.headline,
        body=plain_text(coach.bio_html),
        tags=[*taught, coach.site],
        languages=coach.languages,
        capabilities=[skill.capability.slug for skill in coach.skills],
        levels=sorted({skill.level for skill in coach.skills}),
    )


def _found(coach: Coach) -> Found:
    return Found(title=coach.user.name, url=url_for("coaches.show", slug=coach.slug), note=coach.headline)
