"""Reading the directory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.accounts.models import User
from app.accounts.rules import Permission
from app.capabilities.models import Capability
from app.coaches.models import Coach, CoachLanguage, CoachSkill
from app.kernel.db import db
from app.kernel.errors import NotFoundError

FULL = (
    selectinload(Coach.skills)
    .joinedload(CoachSkill.capability)
    .options(joinedload(Capability.area), joinedload(Capability.framework)),
    selectinload(Coach.language_rows),
)


def visible_to(user: User | None) -> Select[Coach]:
    """The profiles that `user` may see; equal to `policy.can_read`."""
    query = select(Coach).join(Coach.user).options(contains_eager(Coach.user))
    if user is not None and user.may(Permission.MANAGE_PEOPLE):
        return query
    return query.where(User.disabled_at.is_(None))


@dataclass(frozen=True)
class Choices:
    """What a reader chose on the list; `name` is a part of a coach's name or headline."""

    capability: Sequence[str] = ()
    language: Sequence[str] = ()
    site: Sequence[str] = ()
    requests: Sequence[str] = ()
    name: str = ""

    def apply(self, query: Select[Any], *, without: str = "") -> Select[Any]:
        """`query` with the conditions of all facets but `without`."""
        conditions = {
            "capability": Coach.skills.any(CoachSkill.capability.has(Capability.slug.in_(self.capability))),
            "language": Coach.language_rows.any(CoachLanguage.language.in_(self.language)),
            "site": Coach.site.in_(self.site),
            "requests": Coach.is_taking_requests.is_(True),
        }
        query = query.where(*(conditions[name] for name in conditions if name != without and getattr(self, name)))
        if self.name:
            query = query.where(
                or_(
                    User.name.icontains(self.name, autoescape=True),
                    Coach.headline.icontains(self.name, autoescape=True),
                )
            )
        return query


def chosen(user: User | None, choices: Choices) -> Select[Coach]:
    """The directory by name, those who take requests first."""
    query = choices.apply(visible_to(user)).options(*FULL)
    return query.order_by(Coach.is_taking_requests.desc(), User.name, Coach.id)


def count_facets(user: User | None, choices: Choices) -> dict[str, Counter[str]]:
    """For each facet, how many coaches each value would show, without the facet's own choice."""

    def count(name: str, column: Any, *joins: Any) -> Counter[str]:
        rows = choices.apply(visible_to(user), without=name).order_by(None).with_only_columns(Coach.id).subquery()
        query: Select[Any] = select(column, func.count(Coach.id.distinct())).select_from(Coach)
        for join in joins:
            query = query.join(join)
        found = db.session.execute(query.where(Coach.id.in_(select(rows.c.id))).group_by(column))
        return Counter({str(value): number for value, number in found if value not in {None, ""}})

    requests = count("requests", Coach.is_taking_requests)
    return {
        "capability": count("capability", Capability.slug, Coach.skills, CoachSkill.capability),
        "language": count("language", CoachLanguage.language, Coach.language_rows),
        "site": count("site", Coach.site),
        "requests": Counter({"yes": requests["True"]}),
    }


def get_coach(user: User | None, slug: str) -> Coach:
    """The profile with everything on it. Raises NotFoundError for what is not there, or not to be seen."""
    coach = db.session.execute(visible_to(user).where(Coach.slug == slug).options(*FULL)).unique().scalar_one_or_none()
    if coach is None:
        raise NotFoundError(_l("There is no such coach. Look through the directory."))
    return coach


def find_profile(user_id: int) -> Coach | None:
    """The person's own profile."""
    query = select(Coach).where(Coach.user_id == user_id).options(joinedload(Coach.user), *FULL)
    return db.session.execute(query).unique().scalar_one_or_none()


def list_on_capability(capability_id: int) -> list[Coach]:
    """Who teaches a capability, those who take requests first, then by level."""
    query = (
        visible_to(None)
        .join(CoachSkill, CoachSkill.coach_id == Coach.id)
        .where(CoachSkill.capability_id == capability_id)
        .options(*FULL)
        .order_by(Coach.is_taking_requests.desc(), CoachSkill.level.desc(), User.name)
    )
    return list(db.session.execute(query).unique().scalars())


def list_taking_requests(limit: int) -> list[Coach]:
    query = (
        visible_to(None)
        .where(Coach.is_taking_requests)
        .options(*FULL)
        .order_by(Coach.updated_at.desc(), User.name)
        .limit(limit)
    )
    return list(db.session.execute(query).unique().scalars())


def count_coaches() -> int:
    return db.session.execute(select(func.count()).select_from(visible_to(None).order_by(None).subquery())).scalar_one()


def count_by_capability() -> Mapping[int, int]:
    """{capability id: number of coaches who teach it}."""
    rows = db.session.execute(
        select(CoachSkill.capability_id, func.count())
        .join(Coach, Coach.id == CoachSkill.coach_id)
        .join(User, User.id == Coach.user_id)
        .where(User.disabled_at.is_(None))
        .group_by(CoachSkill.capability_id)
    )
    return {capability_id: count for capability_id, count in rows}
