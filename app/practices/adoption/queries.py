"""Reading which teams use what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, case, select
from sqlalchemy.orm import joinedload, lazyload, selectinload

from app.accounts.models import Membership, Team, User
from app.kernel.db import db
from app.practices.adoption.models import Adoption, AdoptionEvent
from app.practices.adoption.rules import IN_USE, STALE_AFTER, Stage
from app.practices.models import Practice
from app.practices.queries import in_language

_FIRMEST_FIRST = case({stage.value: number for number, stage in enumerate(IN_USE)}, value=Adoption.stage, else_=9)
_WITH_PEOPLE = (
    joinedload(Adoption.team),
    # For the name alone.
    joinedload(Adoption.confirmed_by).options(lazyload(User.grants), lazyload(User.memberships)),
)


def list_using(slug: str) -> list[Adoption]:
    """The teams that use a practice, the firmest stage first, then those who began first."""
    query = (
        select(Adoption)
        .where(Adoption.practice_slug == slug, Adoption.stage != Stage.STOPPED)
        .options(*_WITH_PEOPLE)
        .order_by(_FIRMEST_FIRST, Adoption.since, Adoption.id)
    )
    return list(db.session.execute(query).unique().scalars())


def list_histories(slug: str) -> list[Adoption]:
    """Every team that ever used it, those who stopped last, with all that was said."""
    query = (
        select(Adoption)
        .where(Adoption.practice_slug == slug)
        .options(*_WITH_PEOPLE, selectinload(Adoption.events).joinedload(AdoptionEvent.actor))
        .order_by(_FIRMEST_FIRST, Adoption.since, Adoption.id)
    )
    return list(db.session.execute(query).unique().scalars())


@dataclass(frozen=True)
class Stand:
    """How one of a reader's teams stands to a practice; `adoption` is None as long as it said nothing."""

    team_id: int
    team_name: str
    team_slug: str
    adoption: Adoption | None


def list_stands(user_id: int, slugs: Collection[str]) -> dict[str, list[Stand]]:
    """For each practice, every team of the person. One query for the teams, one for what they said."""
    teams = db.session.execute(
        select(Team.id, Team.name, Team.slug).join(Membership).where(Membership.user_id == user_id).order_by(Team.name)
    ).all()
    query = select(Adoption).where(
        Adoption.practice_slug.in_(slugs), Adoption.team_id.in_([team_id for team_id, _name, _slug in teams])
    )
    said = {(row.practice_slug, row.team_id): row for row in db.session.execute(query).scalars()} if teams else {}
    return {
        slug: [Stand(team_id, name, team_slug, said.get((slug, team_id))) for team_id, name, team_slug in teams]
        for slug in slugs
    }


@dataclass(frozen=True)
class Use:
    """A practice that a team uses, as a list shows it; `practice` is None for one that is gone."""

    adoption: Adoption
    practice: Practice | None


def list_of_team(team_id: int, language: str) -> list[Use]:
    """What a team uses, the firmest first, in the language or the one there is. Two queries."""
    query = (
        select(Adoption)
        .where(Adoption.team_id == team_id, Adoption.stage != Stage.STOPPED)
        .options(*_WITH_PEOPLE)
        .order_by(_FIRMEST_FIRST, Adoption.since, Adoption.id)
    )
    return _with_practices(query, language)


def stale(now: datetime) -> ColumnElement[bool]:
    """Equal to `rules.is_stale`."""
    return and_(Adoption.stage != Stage.STOPPED, Adoption.confirmed_at <= now - STALE_AFTER)


def list_stale_of(user: User, language: str, *, now: datetime) -> list[Use]:
    """What the person's teams have not looked at for a year and is still in the library, the oldest first."""
    query = (
        select(Adoption)
        .where(Adoption.team_id.in_(user.team_ids), stale(now))
        .options(*_WITH_PEOPLE)
        .order_by(Adoption.confirmed_at, Adoption.id)
    )
    return [use for use in _with_practices(query, language) if use.practice is not None]


def _with_practices(query: Select[Adoption], language: str) -> list[Use]:
    adoptions = list(db.session.execute(query).unique().scalars())
    slugs = {adoption.practice_slug for adoption in adoptions}
    rows = db.session.execute(in_language(select(Practice), language).where(Practice.slug.in_(slugs))).scalars()
    practices = {practice.slug: practice for practice in rows} if slugs else {}
    return [Use(adoption, practices.get(adoption.practice_slug)) for adoption in adoptions]
