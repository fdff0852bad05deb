"""Reading what has to be read, by whom, and who has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session, aliased

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Contact
from app.community.acknowledgements.models import Acknowledgement, ReadingNudge, RequiredReading, RequiredTeam
from app.community.subjects import Ref
from app.kernel.db import db
from app.kernel.errors import NotFoundError


@dataclass(frozen=True)
class Asked:
    """What pages keep in memory of a required reading."""

    id: int
    ref: Ref
    round: int
    due_on: date
    reason: str
    for_everybody: bool
    team_ids: frozenset[int]


def list_asked() -> list[Asked]:
    """Everything that is required, what is due first on top."""
    query = select(RequiredReading).order_by(RequiredReading.due_on, RequiredReading.id)
    return [
        Asked(
            id=row.id,
            ref=Ref(row.kind, row.slug),
            round=row.round,
            due_on=row.due_on,
            reason=row.reason,
            for_everybody=row.for_everybody,
            team_ids=row.team_ids,
        )
        for row in db.session.execute(query).scalars()
    ]


def get_reading(reading_id: int) -> RequiredReading:
    """Raises NotFoundError."""
    reading = db.session.get(RequiredReading, reading_id)
    if reading is None:
        raise NotFoundError(NO_SUCH)
    return reading


NO_SUCH = _l("There is no such reading any more.")


def find_reading(ref: Ref) -> RequiredReading | None:
    query = select(RequiredReading).where(RequiredReading.kind == ref.kind, RequiredReading.slug == ref.slug)
    return db.session.execute(query).scalar_one_or_none()


def confirmed_by(user_id: int) -> dict[tuple[int, int], Acknowledgement]:
    """What the person has confirmed, by reading and round."""
    query = select(Acknowledgement).where(Acknowledgement.user_id == user_id)
    return {(row.reading_id, row.round): row for row in db.session.execute(query).scalars()}


@dataclass(frozen=True)
class Person:
    """Somebody who is asked, in one of the teams (None: in no team), and when the text was confirmed."""

    id: int
    name: str
    team_id: int | None
    team: str
    confirmed_at: datetime | None
    text_hash: str | None


def list_people(reading: RequiredReading, team_ids: Collection[int] | None) -> list[Person]:
    """Everybody who is asked now, by team and name; whoever is in two teams stands in both. `team_ids`: of these teams alone."""
    query = (
        select(User.id, User.name, Team.id, Team.name, Acknowledgement.at, Acknowledgement.text_hash)
        .select_from(User)
        .outerjoin(Membership, Membership.user_id == User.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .outerjoin(
            Acknowledgement,
            and_(
                Acknowledgement.user_id == User.id,
                Acknowledgement.reading_id == reading.id,
                Acknowledgement.round == reading.round,
            ),
        )
        .where(User.disabled_at.is_(None))
        .order_by(Team.name.nulls_last(), User.name, User.id)
    )
    if not reading.for_everybody:
        query = query.where(Team.id.in_(reading.team_ids))
    if team_ids is not None:
        query = query.where(Team.id.in_(team_ids))
    return [Person(*row[:3], row[3] or "", *row[4:]) for row in db.session.execute(query)]


def count_progress(readings: Sequence[RequiredReading]) -> dict[int, tuple[int, int]]:
    """(confirmed, asked) people of each reading: one question for those of teams, one for those of everybody."""
    done = and_(
        Acknowledgement.user_id == User.id,
        Acknowledgement.reading_id == RequiredReading.id,
        Acknowledgement.round == RequiredReading.round,
    )
    query = (
        select(RequiredReading.id, func.count(Acknowledgement.id.distinct()), func.count(User.id.distinct()))
        .select_from(RequiredReading)
        .join(User, _is_asked())
        .outerjoin(Acknowledgement, done)
        .where(RequiredReading.id.in_([reading.id for reading in readings]))
        .group_by(RequiredReading.id)
    )
    counts = {id_: (confirmed, asked) for id_, confirmed, asked in db.session.execute(query)}
    return {reading.id: counts.get(reading.id, (0, 0)) for reading in readings}


def list_waiting(
    session: Session, reading: RequiredReading, told_enough: Collection[str]
) -> list[tuple[Contact, dict[str, datetime]]]:
    """People who are asked and have not confirmed, with what each was told of this round and when; without those who were told one
    of `told_enough`.
    """
    nudge, enough = ReadingNudge, aliased(ReadingNudge)
    of_round, told = (
        and_(each.reading_id == reading.id, each.user_id == User.id, each.round == reading.round)
        for each in (nudge, enough)
    )
    confirmed = exists().where(
        Acknowledgement.reading_id == reading.id,
        Acknowledgement.user_id == User.id,
        Acknowledgement.round == reading.round,
    )
    query = (
        select(User.id, User.email, User.language, User.time_zone, nudge.lead, nudge.at)
        .select_from(User)
        .join(RequiredReading, RequiredReading.id == reading.id)
        .outerjoin(nudge, of_round)
        .where(_is_asked(), ~confirmed)
        .where(~exists().where(told, enough.lead.in_(told_enough)))
        .order_by(User.id)
    )
    found: dict[int, tuple[Contact, dict[str, datetime]]] = {}
    for user_id, email, language, time_zone, lead, at in session.execute(query):
        _person, heard = found.setdefault(user_id, (Contact(user_id, email, language, time_zone), {}))
        if lead is not None:
            heard[lead] = at
    return list(found.values())


def _is_asked() -> ColumnElement[bool]:
    """Of a reading and a person beside each other: has this person to read it, as the teams are now?"""
    in_team = exists().where(
        RequiredTeam.reading_id == RequiredReading.id,
        RequiredTeam.team_id == Membership.team_id,
        Membership.user_id == User.id,
    )
    return and_(User.disabled_at.is_(None), RequiredReading.for_everybody.is_(True) | in_team)


def still_has_to_read(user_id: int, reading_id: int, round_: int) -> bool:
    """Does this person still have to confirm this round of it?"""
    confirmed = exists().where(
        Acknowledgement.reading_id == reading_id,
        Acknowledgement.user_id == user_id,
        Acknowledgement.round == round_,
    )
    query = (
        select(User.id)
        .join(RequiredReading, RequiredReading.id == reading_id)
        .where(User.id == user_id, RequiredReading.round == round_, _is_asked(), ~confirmed)
    )
    return db.session.execute(query).first() is not None
