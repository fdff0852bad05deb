"""Reading practices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload, selectinload, undefer

from app.accounts.models import Team, User
from app.capabilities.models import Area, Capability, Framework
from app.kernel.db import db
from app.practices.adoption.models import Adoption
from app.practices.adoption.rules import Stage
from app.practices.models import Practice, PracticeTag

SORTS: dict[str, tuple[Any, ...]] = {
    # What hangs on no capability comes last on every database.
    "capability": (
        Framework.position.nulls_last(),
        Area.position,
        Capability.position,
        Practice.level.nulls_last(),
        Practice.title,
        Practice.id,
    ),
    "title": (Practice.title, Practice.id),
    "newest": (Practice.created_at.desc(), Practice.id.desc()),
    "used": (Practice.team_count.desc(), Practice.title, Practice.id),
}
LEVELS = ("1", "2", "3", "4", "5")
CARD = (
    joinedload(Practice.capability).joinedload(Capability.area),
    joinedload(Practice.capability).joinedload(Capability.framework),
    undefer(Practice.team_count),
)


def visible_to(user: User | None) -> Select[Practice]:  # noqa: ARG001  # see policy.can_read
    """Every practice that `user` may see, in every language."""
    return select(Practice)


def in_language(query: Select[Practice], language: str) -> Select[Practice]:
    """One row an article: in `language` where there is such a version, else in the one there is."""
    other = aliased(Practice)
    better = select(other.id).where(other.slug == Practice.slug, other.language == language).exists()
    return query.where(or_(Practice.language == language, ~better))


@dataclass(frozen=True)
class Choices:
    """What a reader chose on the list. Several values of one facet widen, several facets narrow."""

    area: Sequence[str] = ()
    capability: Sequence[str] = ()
    level: Sequence[str] = ()
    tag: Sequence[str] = ()
    team: Sequence[str] = ()
    language: Sequence[str] = ()

    def conditions(self, *, without: str = "") -> list[Any]:
        """SQL conditions of all facets but `without`."""
        found = {
            "area": Area.slug.in_(self.area),
            "capability": Capability.slug.in_(self.capability),
            "level": Practice.level.in_([int(level) for level in self.level if level in LEVELS]),
            "tag": Practice.tag_rows.any(PracticeTag.tag.in_(self.tag)),
            "team": Practice.slug.in_(_used_by(self.team)),
            "language": Practice.language.in_(self.language),
        }
        return [found[name] for name in found if name != without and getattr(self, name)]


def _used_by(teams: Sequence[str]) -> Select[str]:
    """The slugs of what one of these teams uses."""
    using = select(Adoption.practice_slug).where(Adoption.stage != Stage.STOPPED)
    return using.join(Team, Team.id == Adoption.team_id).where(Team.slug.in_(teams))


def chosen(user: User | None, choices: Choices, language: str, *, sort: str = "capability") -> Select[Practice]:
    """The list's rows, with what a card shows."""
    return _rows(visible_to(user), choices, language).options(*_JOINED).order_by(*SORTS[sort])


_JOINED = (
    contains_eager(Practice.capability).contains_eager(Capability.area),
    contains_eager(Practice.capability).contains_eager(Capability.framework),
    undefer(Practice.team_count),
)


def _rows(query: Select[Any], choices: Choices, language: str, *, without: str = "") -> Select[Any]:
    query = (
        query.outerjoin(Capability, Practice.capability_id == Capability.id)
        .outerjoin(Area, Capability.area_id == Area.id)
        .outerjoin(Framework, Capability.framework_id == Framework.id)
        .where(*choices.conditions(without=without))
    )
    # Whoever chose a language, or is about to, counts versions; everybody else counts articles.
    return query if choices.language or without == "language" else in_language(query, language)


def count_facets(choices: Choices, language: str) -> dict[str, Counter[str]]:
    """For each facet, how many articles each value would show, without the facet's own choice. Six queries."""
    columns: dict[str, Any] = {
        "area": Area.slug,
        "capability": Capability.slug,
        "level": Practice.level,
        "language": Practice.language,
        "tag": PracticeTag.tag,
        "team": Team.slug,
    }
    counts: dict[str, Counter[str]] = {}
    for name, column in columns.items():
        rows_of: Select[Any] = select(column, func.count(Practice.id)).select_from(Practice)
        query = _rows(rows_of, choices, language, without=name)
        if name == "tag":
            query = query.join(PracticeTag, PracticeTag.practice_id == Practice.id)
        if name == "team":
            is_used = and_(Adoption.practice_slug == Practice.slug, Adoption.stage != Stage.STOPPED)
            query = query.join(Adoption, is_used).join(Team, Team.id == Adoption.team_id)
        rows = db.session.execute(query.group_by(column))
        counts[name] = Counter({str(value): count for value, count in rows if value is not None})
    return counts


def versions_of(user: User | None, slug: str) -> list[Practice]:
    """The article in every language it has, with text; empty where there is no such article."""
    query = (
        visible_to(user)
        .where(Practice.slug == slug)
        .options(*CARD, undefer(Practice.html), joinedload(Practice.owner), selectinload(Practice.tag_rows))
        .order_by(Practice.language)
    )
    return list(db.session.execute(query).unique().scalars())


def find_in_language(slug: str, language: str) -> Practice | None:
    """The article in `language`, else in the one there is; without its text."""
    query = in_language(select(Practice), language).where(Practice.slug == slug).order_by(Practice.language).limit(1)
    return db.session.execute(query).scalars().first()


def list_related(practice: Practice, limit: int = 4) -> list[Practice]:
    """Others on the same capability or with a common tag, those with most in common first; not the next level, which
    the page shows by itself.
    """
    shared = (
        select(func.count())
        .select_from(PracticeTag)
        .where(PracticeTag.practice_id == Practice.id, PracticeTag.tag.in_(practice.tags))
        .scalar_subquery()
    )
    same = and_(Practice.capability_id == practice.capability_id, Practice.capability_id.is_not(None))
    query = (
        in_language(select(Practice), practice.language)
        .where(Practice.slug.not_in([practice.slug, *(each.slug for each in list_next_level(practice))]))
        .where(or_(same, shared > 0))
        .options(*CARD)
        .order_by(same.desc(), shared.desc(), Practice.title)
        .limit(limit)
    )
    return list(db.session.execute(query).scalars())


def list_next_level(practice: Practice) -> list[Practice]:
    """What leads on: the practices of the same capability at the next level that has any."""
    if practice.capability_id is None or practice.level is None:
        return []
    others = aliased(Practice)
    next_level = (
        select(func.min(others.level))
        .where(others.capability_id == practice.capability_id, others.level > practice.level)
        .scalar_subquery()
    )
    query = (
        in_language(select(Practice), practice.language)
        .where(Practice.capability_id == practice.capability_id, Practice.level == next_level)
        .options(*CARD)
        .order_by(Practice.title)
    )
    return list(db.session.execute(query).scalars())


def list_on_capability(capability_id: int, language: str) -> list[Practice]:
    """Every article on a capability, lowest level first."""
    query = (
        in_language(select(Practice), language)
        .where(Practice.capability_id == capability_id)
        .options(*CARD)
        .order_by(Practice.level.nulls_last(), Practice.title)
    )
    return list(db.session.execute(query).scalars())


def list_owned(user_id: int, language: str) -> list[Practice]:
    query = (
        in_language(select(Practice), language)
        .where(Practice.owner_id == user_id)
        .options(*CARD)
        .order_by(Practice.title)
    )
    return list(db.session.execute(query).scalars())


def list_newest(language: str, limit: int) -> list[Practice]:
    query = (
        in_language(select(Practice), language)
        .options(*CARD)
        .order_by(Practice.created_at.desc(), Practice.updated_at.desc(), Practice.title)
        .limit(limit)
    )
    return list(db.session.execute(query).scalars())


def team_names(slugs: Collection[str]) -> dict[str, str]:
    """{slug: name} of these teams, by name."""
    query = select(Team.slug, Team.name).where(Team.slug.in_(slugs)).order_by(Team.name)
    return dict(db.session.execute(query).all()) if slugs else {}


def count_by_capability() -> Mapping[int, int]:
    """{capability id: number of articles}, translations counted once."""
    rows = db.session.execute(
        select(Capability.id, func.count(Practice.slug.distinct()))
        .join(Practice, Practice.capability_id == Capability.id)
        .group_by(Capability.id)
    )
    return {capability_id: count for capability_id, count in rows}


def titles_of(slugs: Sequence[str], language: str) -> dict[str, str]:
    """{slug: title} of those that exist, for whoever refers to practices by slug."""
    query = in_language(select(Practice), language).where(Practice.slug.in_(slugs))
    return {practice.slug: practice.title for practice in db.session.execute(query).scalars()}


def list_titles(language: str) -> list[tuple[str, str]]:
    """(slug, title) of every article, by title: the choices of a form."""
    query = in_language(select(Practice), language).order_by(Practice.title)
    return [(practice.slug, practice.title) for practice in db.session.execute(query).scalars()]


def slug_exists(slug: str) -> bool:
    return db.session.execute(select(Practice.id).where(Practice.slug == slug).limit(1)).first() is not None
