"""Reading published case studies: which there are, the list with its counts, what is credited."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, case, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload, undefer_group
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import Team, User
from app.capabilities.models import Area, Capability, Framework
from app.case_studies.models import STORY, CaseStudy, CreditedCoach, CreditedPractice, CreditedSession
from app.case_studies.rules import CASE_STUDY
from app.coaches.models import Coach
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.kernel.types import LANGUAGES
from app.writing.models import Author, Manuscript
from app.writing.queries import visible_to as manuscripts_visible_to
from app.writing.queries import written_by

# What a card shows.
CARD: tuple[ORMOption, ...] = (
    joinedload(CaseStudy.team),
    joinedload(CaseStudy.capability).joinedload(Capability.area),
    joinedload(CaseStudy.capability).joinedload(Capability.framework),
    selectinload(CaseStudy.metrics),
)
WHOLE: tuple[ORMOption, ...] = (
    *CARD,
    undefer_group(STORY),
    selectinload(CaseStudy.practices),
    selectinload(CaseStudy.coaches).joinedload(CreditedCoach.user),
    selectinload(CaseStudy.sessions),
)


def visible_to(user: User | None) -> Select[CaseStudy]:  # noqa: ARG001  # see policy.can_read
    """Every case study that `user` (None for visitors) may see."""
    return select(CaseStudy)


def get_versions(slug: str, reader: User | None) -> list[CaseStudy]:
    """The versions of a case study that the reader may see, in the order of languages. Raises NotFoundError."""
    versions = list(db.session.execute(visible_to(reader).where(CaseStudy.slug == slug)).scalars())
    if not versions:
        raise NotFoundError(NO_SUCH)
    return sorted(versions, key=lambda version: LANGUAGES.index(version.language))


def pick_version(versions: Sequence[CaseStudy], wanted: str | None, preferred: str) -> CaseStudy:
    """The version in the language `wanted`, else in `preferred`, else the original."""
    by_language = {version.language: version for version in versions}
    original = next((version for version in versions if version.translation_of is None), versions[0])
    return by_language.get(wanted or "") or by_language.get(preferred) or original


def load_whole(case_study: CaseStudy) -> CaseStudy:
    """The same case study with everything that readers see of it."""
    query = select(CaseStudy).where(CaseStudy.id == case_study.id).options(*WHOLE)
    return db.session.execute(query.execution_options(populate_existing=True)).unique().scalar_one()


NO_SUCH = _l("There is no such case study, or it is not published yet.")


@dataclass(frozen=True)
class Filters:
    """What a reader chose: slugs of areas, capabilities and teams, and languages. Empty: all."""

    area: tuple[str, ...] = ()
    capability: tuple[str, ...] = ()
    team: tuple[str, ...] = ()
    language: tuple[str, ...] = ()


SORTS = ("newest", "title")
NEWEST: Sequence[ColumnElement[Any]] = (CaseStudy.published_on.desc(), CaseStudy.id.desc())


def listing(filters: Filters, preferred: str, sort: str = "newest") -> Select[CaseStudy]:
    """What is published and fits, each story once: in the preferred language where there is a version in it."""
    return _once(preferred, filters.language).where(*_fits(filters)).options(*CARD).order_by(*_order(sort))


def _order(sort: str) -> Sequence[ColumnElement[Any]]:
    return (func.lower(CaseStudy.title), CaseStudy.id.asc()) if sort == "title" else NEWEST


def _once(preferred: str, languages: Sequence[str] = ()) -> Select[CaseStudy]:
    """Every story, without the versions of which there is one in a better language."""
    other = aliased(CaseStudy)
    better = exists().where(
        other.slug == CaseStudy.slug,
        _rank(other.language, preferred) < _rank(CaseStudy.language, preferred),
        *([other.language.in_(languages)] if languages else []),
    )
    return select(CaseStudy).where(~better)


def _rank(language: InstrumentedAttribute[str], preferred: str) -> ColumnElement[int]:
    order = sorted(LANGUAGES, key=lambda each: each != preferred)
    return case({each: number for number, each in enumerate(order)}, value=language)


def _fits(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if filters.area:
        conditions.append(CaseStudy.capability.has(Capability.area.has(Area.slug.in_(filters.area))))
    if filters.capability:
        conditions.append(CaseStudy.capability.has(Capability.slug.in_(filters.capability)))
    if filters.team:
        conditions.append(CaseStudy.team.has(Team.slug.in_(filters.team)))
    if filters.language:
        conditions.append(CaseStudy.language.in_(filters.language))
    return conditions


@dataclass(frozen=True)
class Counts:
    """How many stories each choice would show; each facet is counted without its own choices."""

    area: dict[str, int]
    capability: dict[str, int]
    team: dict[str, int]
    language: dict[str, int]
    team_names: list[tuple[str, str]]


def count_choices(filters: Filters, preferred: str) -> Counts:
    """The counts beside the list, in four queries."""

    def counted(
        column: ColumnElement[str] | InstrumentedAttribute[str], **without: tuple[str, ...]
    ) -> Select[str, int]:
        others = replace(filters, **without)
        chosen = _once(preferred, others.language).where(*_fits(others)).subquery()
        return (
            select(column, func.count(func.distinct(chosen.c.slug)))
            .select_from(chosen)
            .join(Team, Team.id == chosen.c.team_id)
            .outerjoin(Capability, Capability.id == chosen.c.capability_id)
            .outerjoin(Area, Area.id == Capability.area_id)
            .where(column.is_not(None))
            .group_by(column)
        )

    teams = counted(Team.slug, team=()).add_columns(Team.name).group_by(Team.name).order_by(Team.name)
    team_rows = [(slug, number, name) for slug, number, name in db.session.execute(teams)]
    everywhere = _fits(replace(filters, language=()))
    languages = select(CaseStudy.language, func.count()).where(*everywhere)
    return Counts(
        area=_pairs(counted(Area.slug, area=())),
        capability=_pairs(counted(Capability.slug, capability=())),
        team={slug: number for slug, number, _name in team_rows},
        language=_pairs(languages.group_by(CaseStudy.language)),
        team_names=[(slug, name) for slug, _number, name in team_rows],
    )


def _pairs(query: Select[str, int]) -> dict[str, int]:
    return dict(db.session.execute(query).all())


def newest(preferred: str, limit: int, *conditions: ColumnElement[bool]) -> tuple[list[CaseStudy], int]:
    """The newest stories under `conditions`, each once, and how many there are in all."""
    return first_of(_once(preferred).where(*conditions).options(*CARD).order_by(*NEWEST), limit)


def first_of(query: Select[CaseStudy], limit: int) -> tuple[list[CaseStudy], int]:
    """The first rows of `query`, and how many it has in all."""
    rows = list(db.session.execute(query.limit(limit)).unique().scalars())
    if len(rows) < limit:
        return rows, len(rows)
    return rows, db.session.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()


def about_capability(capability_id: int) -> ColumnElement[bool]:
    return CaseStudy.capability_id == capability_id


def by_team(team_id: int) -> ColumnElement[bool]:
    return CaseStudy.team_id == team_id


def crediting_practice(slug: str) -> ColumnElement[bool]:
    return CaseStudy.practices.any(CreditedPractice.practice_slug == slug)


def crediting_coach(user_id: int) -> ColumnElement[bool]:
    return CaseStudy.coaches.any(CreditedCoach.user_id == user_id)


def crediting_session(slug: str) -> ColumnElement[bool]:
    return CaseStudy.sessions.any(CreditedSession.training_slug == slug)


def count_on_capabilities() -> dict[int, int]:
    """How many published stories there are on each capability, by its id."""
    query = (
        select(CaseStudy.capability_id, func.count(func.distinct(CaseStudy.slug)))
        .where(CaseStudy.capability_id.is_not(None))
        .group_by(CaseStudy.capability_id)
    )
    return {capability_id: number for capability_id, number in db.session.execute(query) if capability_id}


def get_own_manuscript(slug: str, language: str | None, reader: User) -> Manuscript:
    """The manuscript that somebody is about to act on; without a language the only one there is.

    Raises NotFoundError, also where several could be meant.
    """
    query = manuscripts_visible_to(reader).where(Manuscript.kind == CASE_STUDY, Manuscript.slug == slug)
    if language is not None:
        query = query.where(Manuscript.language == language)
    found = list(db.session.execute(query).unique().scalars())
    if len(found) != 1:
        raise NotFoundError(NO_SUCH)
    return found[0]


def manuscripts_of(writer: User, keys: Sequence[str]) -> list[Manuscript]:
    """Of the manuscripts named by slug and language (`slug.en`), those that `writer` or the writer's teams write."""
    slugs = {key.rpartition(".")[0] for key in keys}
    query = written_by(writer).where(Manuscript.kind == CASE_STUDY, Manuscript.slug.in_(slugs))
    return list(db.session.execute(query).unique().scalars())


def authors_of(slugs: Collection[str]) -> dict[str, frozenset[int]]:
    """Who wrote each of these stories, in whichever language."""
    query = select(Manuscript.slug, Author.user_id).join(Author).where(Manuscript.kind == CASE_STUDY)
    found: dict[str, set[int]] = {}
    for slug, user_id in db.session.execute(query.where(Manuscript.slug.in_(slugs))):
        found.setdefault(slug, set()).add(user_id)
    return {slug: frozenset(people) for slug, people in found.items()}


def slugs_written_by(user_id: int) -> Select[str]:
    return select(Manuscript.slug).join(Author).where(Manuscript.kind == CASE_STUDY, Author.user_id == user_id)


def find_published(slug: str, language: str) -> CaseStudy | None:
    """The row that readers see, whole."""
    query = select(CaseStudy).where(CaseStudy.slug == slug, CaseStudy.language == language).options(*WHOLE)
    return db.session.execute(query).unique().scalar_one_or_none()


def find_team(slug: str) -> Team | None:
    return db.session.execute(select(Team).where(Team.slug == slug)).scalar_one_or_none()


def find_capability(slug: str) -> Capability | None:
    """The capability of the main framework with this slug."""
    query = select(Capability).join(Capability.framework).where(Framework.position == 0, Capability.slug == slug)
    return db.session.execute(query.options(joinedload(Capability.area))).scalar_one_or_none()


def coaches_by_slug(slugs: Sequence[str]) -> dict[str, int]:
    """The account behind each profile that there is."""
    rows = db.session.execute(select(Coach.slug, Coach.user_id).where(Coach.slug.in_(slugs))) if slugs else ()
    return {slug: user_id for slug, user_id in rows}
