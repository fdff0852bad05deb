"""Reading case studies: which a person may see, the list with its counts, the queue of those who review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased, joinedload, selectinload, undefer_group
from sqlalchemy.orm.interfaces import ORMOption

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.rules import Permission, Role, permits
from app.capabilities.models import Area, Capability
from app.case_studies.models import (
    STORY,
    CaseStudy,
    CaseStudyEvent,
    CreditedCoach,
    CreditedPractice,
)
from app.case_studies.policy import can_review
from app.case_studies.rules import REVIEWED, State
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.kernel.types import LANGUAGES

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


def visible_to(user: User | None) -> Select[CaseStudy]:
    """Every case study that `user` (None for visitors) may see: the same as `policy.can_read`."""
    allowed: list[ColumnElement[bool]] = [CaseStudy.state == State.PUBLISHED]
    if user is not None:
        allowed.append(CaseStudy.team_id.in_(user.team_ids))
        if can_review(user):
            allowed.append(CaseStudy.state.in_(REVIEWED))
    return select(CaseStudy).where(or_(*allowed))


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


def get_version(slug: str, language: str | None, reader: User) -> CaseStudy:
    """The one version that somebody is about to act on; without a language the only one there is.

    Raises NotFoundError, also where several could be meant.
    """
    versions = [version for version in get_versions(slug, reader) if language in {None, version.language}]
    if len(versions) != 1:
        raise NotFoundError(NO_SUCH)
    return versions[0]


def load_whole(case_study: CaseStudy) -> CaseStudy:
    """The same case study with everything that readers see of it."""
    query = select(CaseStudy).where(CaseStudy.id == case_study.id).options(*WHOLE)
    return db.session.execute(query.execution_options(populate_existing=True)).unique().scalar_one()


def list_events(case_study: CaseStudy) -> list[CaseStudyEvent]:
    """The history with its people, latest first."""
    query = (
        select(CaseStudyEvent)
        .where(CaseStudyEvent.case_study_id == case_study.id)
        .options(joinedload(CaseStudyEvent.actor).lazyload(User.grants))
        .order_by(CaseStudyEvent.id.desc())
    )
    return list(db.session.execute(query).scalars())


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
    """Published, without the versions of which there is one in a better language."""
    other = aliased(CaseStudy)
    better = exists().where(
        other.slug == CaseStudy.slug,
        other.state == State.PUBLISHED,
        _rank(other.language, preferred) < _rank(CaseStudy.language, preferred),
        *([other.language.in_(languages)] if languages else []),
    )
    return select(CaseStudy).where(CaseStudy.state == State.PUBLISHED, ~better)


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
    languages = select(CaseStudy.language, func.count()).where(CaseStudy.state == State.PUBLISHED, *everywhere)
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


def count_on_capabilities() -> dict[int, int]:
    """How many published stories there are on each capability, by its id."""
    query = (
        select(CaseStudy.capability_id, func.count(func.distinct(CaseStudy.slug)))
        .where(CaseStudy.state == State.PUBLISHED, CaseStudy.capability_id.is_not(None))
        .group_by(CaseStudy.capability_id)
    )
    return {capability_id: number for capability_id, number in db.session.execute(query) if capability_id}


def of_teams(user: User) -> Select[CaseStudy]:
    """What the teams of `user` have written: first what waits for them, then what waits for others, then the rest."""
    order = [State.CHANGES_REQUESTED, State.DRAFT, State.SUBMITTED, State.PUBLISHED, State.REJECTED, State.WITHDRAWN]
    rank = case({state.value: number for number, state in enumerate(order)}, value=CaseStudy.state)
    return (
        select(CaseStudy)
        .where(CaseStudy.team_id.in_(user.team_ids))
        .options(*CARD)
        .order_by(rank, CaseStudy.updated_at.desc(), CaseStudy.id.desc())
    )


def still_open(query: Select[CaseStudy]) -> Select[CaseStudy]:
    """Of `query`, what somebody still has to do something about."""
    return query.where(CaseStudy.state.in_([State.DRAFT, State.CHANGES_REQUESTED, State.SUBMITTED]))


def queue_of(user: User) -> Select[CaseStudy]:
    """What waits for this reviewer, who never reviews the own team: what waits longest comes first."""
    waiting = and_(CaseStudy.state == State.SUBMITTED, CaseStudy.team_id.not_in(user.team_ids))
    return select(CaseStudy).where(waiting).options(*CARD).order_by(CaseStudy.state_since, CaseStudy.id)


def list_reviewers(team_id: int) -> list[User]:
    """Whoever may review what this team submits."""
    roles = [role for role in Role if permits([role], Permission.REVIEW)]
    return _people(User.grants.any(RoleGrant.role.in_(roles)), ~User.memberships.any(Membership.team_id == team_id))


def list_members(team_id: int) -> list[User]:
    """The people of the team."""
    return _people(User.memberships.any(Membership.team_id == team_id))


def _people(*conditions: ColumnElement[bool]) -> list[User]:
    query = select(User).where(User.disabled_at.is_(None), *conditions).order_by(User.name, User.id)
    return list(db.session.execute(query).unique().scalars())
