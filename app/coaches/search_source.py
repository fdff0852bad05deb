"""Coaches as search finds them: by name, headline, what they teach and what they say of themselves."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.coaches.models import Coach, CoachLanguage, CoachSkill
from app.coaches.queries import FULL, visible_to
from app.kernel.db import db
from app.kernel.sanitising import plain_text
from app.search.sources import Document, Found, Lookup, has_changed, is_new, knows_nothing, usefulness_of


class CoachSource:
    """Keyed by the account, because a change of a person's name does not touch the profile. `stories` tells how many
    published stories credit an account; a coach is useful by that number.
    """

    kind = "coach"
    label = _l("Coaches")
    name = _l("Coach")

    def __init__(self, stories: Lookup[int, int] | None = None) -> None:
        self._stories = stories or knows_nothing()

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, User):
            return [str(obj.id)] if has_changed(obj, "name", "disabled_at") else []
        if isinstance(obj, Coach):
            return [str(obj.user_id)]
        if isinstance(obj, CoachSkill | CoachLanguage):
            return _keys_of(select(Coach.user_id).where(Coach.id == obj.coach_id))
        touched = list(self._stories.touched(obj))
        return _keys_of(select(Coach.user_id).where(Coach.user_id.in_(touched))) if touched else []

    def load(self, session: Session, key: str) -> Document | None:
        coach = session.execute(_query().where(Coach.user_id == int(key))).unique().scalar_one_or_none()
        if coach is None or not coach.user.is_active:
            return None
        return _document(coach, self._stories.of(session, [coach.user_id]))

    def load_all(self, session: Session) -> Iterator[Document]:
        credits_of = self._stories.of(session, None)
        coaches = session.execute(_query()).unique().scalars()
        return (_document(coach, credits_of) for coach in coaches if coach.user.is_active)

    def count(self, session: Session) -> int:
        return session.execute(
            select(func.count()).select_from(Coach).join(Coach.user).where(User.disabled_at.is_(None))
        ).scalar_one()

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        query = visible_to(reader).where(Coach.user_id.in_(map(int, keys)))
        return {str(coach.user_id): _found(coach) for coach in db.session.execute(query).unique().scalars()}


def facet_coaches(values: Collection[str]) -> list[tuple[str, str]]:
    """(slug, name) of the profiles with these slugs that every reader may see, by name."""
    query = visible_to(None).where(Coach.slug.in_(values)).order_by(User.name, Coach.id)
    rows = db.session.execute(query.with_only_columns(Coach.slug, User.name)) if values else ()
    return [(slug, name) for slug, name in rows]


def _slugs(session: Session, user_ids: Collection[int] | None) -> dict[int, str]:
    query = visible_to(None).with_only_columns(Coach.user_id, Coach.slug)
    if user_ids is not None:
        query = query.where(Coach.user_id.in_(user_ids))
    return {user_id: slug for user_id, slug in session.execute(query)}


def _profiles_touched(obj: object) -> Iterable[int]:
    if isinstance(obj, Coach):
        return [obj.user_id] if has_changed(obj, "slug", "user_id") else []
    return [obj.id] if isinstance(obj, User) and has_changed(obj, "disabled_at") else []


# {id of an account: slug of its profile}, as far as every reader may see the profile.
PROFILES = Lookup(of=_slugs, touched=_profiles_touched)


def _keys_of(query: Select[int]) -> list[str]:
    return [str(user_id) for user_id in db.session.execute(query).scalars()]


def _query() -> Select[Coach]:
    return select(Coach).options(joinedload(Coach.user), *FULL)


def _document(coach: Coach, credits_of: Mapping[int, int]) -> Document:
    taught = [name for skill in coach.skills for name in skill.capability.name.texts.values()]
    return Document(
        kind=CoachSource.kind,
        key=str(coach.user_id),
        title=coach.user.name,
        summary=coach.headline,
        body=plain_text(coach.bio_html),
        keywords=[*taught, *([coach.site] if coach.site else [])],
        languages=coach.languages,
        capabilities=[skill.capability.slug for skill in coach.skills],
        levels=sorted({skill.level for skill in coach.skills}),
        coaches=[coach.slug],
        usefulness=usefulness_of(credits_of.get(coach.user_id, 0)),
    )


def _found(coach: Coach) -> Found:
    return Found(title=coach.user.name, url=url_for("coaches.show", slug=coach.slug), note=coach.headline)


def people_touched(row: object) -> set[int]:
    """Of whom whatever names them says something else from now on: another name, or another profile."""
    people = set(PROFILES.touched(row))
    if isinstance(row, User) and has_changed(row, "name") and not is_new(row):
        people.add(row.id)
    return people
