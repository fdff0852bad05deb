"""Reading what could help: practices, sessions, wishes, coaches, stories, teams that got there. Each asks once for all capabilities."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from app.accounts.models import Membership, Team, User
from app.capabilities.files import STRENGTHS
from app.capabilities.models import Capability, Crosswalk
from app.case_studies.models import CaseStudy
from app.coaches.models import Coach, CoachLanguage, CoachSkill
from app.coaching.models import Engagement, Goal
from app.coaching.office_hours.timetables import find_timetables
from app.coaching.rules import UNDER_WAY
from app.kernel.db import db
from app.kernel.types import LANGUAGES
from app.maturity.models import Snapshot, SnapshotMark
from app.maturity.standing.queries import renamed_since
from app.practices.adoption.models import Adoption
from app.practices.models import Practice
from app.practices.queries import in_language
from app.training.models import TrainingSession
from app.training.queries import SEATS
from app.training.rules import State
from app.training.seats.ledger import held_for
from app.training.seats.models import Enrolment, SeatHold
from app.training.seats.rules import Seat, Seats
from app.training.wishes.models import Wish, WishVote
from app.training.wishes.queries import state_column
from app.training.wishes.rules import State as WishState


def counterparts(capability_ids: Collection[int]) -> dict[int, list[int]]:
    """Each capability's own id, and those of the capabilities of other frameworks that correspond to it, the closest first. What only
    supports it is left out: help with something else is no help.
    """
    query = select(Crosswalk.from_id, Crosswalk.to_id, Crosswalk.strength).where(
        or_(Crosswalk.from_id.in_(capability_ids), Crosswalk.to_id.in_(capability_ids)),
        Crosswalk.strength != "supports",
    )
    found: dict[int, list[tuple[int, int]]] = {each: [] for each in capability_ids}
    for one, other, strength in db.session.execute(query):
        for here, there in ((one, other), (other, one)):
            if here in found:
                found[here].append((STRENGTHS.index(strength), there))
    return {each: [each, *(there for _rank, there in sorted(rows))] for each, rows in found.items()}


@dataclass(frozen=True)
class PracticeRow:
    slug: str
    title: str
    summary: str
    level: int
    capability_id: int


def list_practices(capability_ids: Collection[int], language: str) -> list[PracticeRow]:
    """Those with a level, each once: in the language, or in the one there is."""
    query = (
        in_language(select(Practice), language)
        .where(Practice.capability_id.in_(capability_ids), Practice.level.is_not(None))
        .with_only_columns(
            Practice.slug, Practice.title, Practice.summary, Practice.level, Practice.capability_id, Practice.language
        )
        .order_by(Practice.level, Practice.title, Practice.slug, Practice.language != language)
    )
    found: Sequence[Any] = db.session.execute(query).all()
    rows = {row.slug: PracticeRow(*row[:5]) for row in reversed(found)}
    return list(reversed(rows.values()))


def stages_of(team_id: int) -> dict[str, str]:
    """{slug of a practice: how the team stands to it}."""
    query = select(Adoption.practice_slug, Adoption.stage).where(Adoption.team_id == team_id)
    return dict(db.session.execute(query).all())


@dataclass(frozen=True)
class SessionRow:
    """A session to come for which one can sign up. `held` are seats that are kept for the team, and still to be taken by it."""

    seats: Seats
    held: int
    own: str | None
    id: int
    slug: str
    title: str
    level: int | None
    language: str
    capability_id: int
    starts_at: datetime
    ends_at: datetime
    time_zone: str

    @property
    def free(self) -> int:
        """Seats that somebody of the team can take at once."""
        return self.seats.free + self.held


def list_sessions(capability_ids: Collection[int], *, team_id: int, user_id: int, now: datetime) -> list[SessionRow]:
    """By time. `own` is the state of the reader's place. One query."""
    held = (
        select(held_for())
        .where(SeatHold.training_id == TrainingSession.id, SeatHold.team_id == team_id)
        .correlate(TrainingSession)
        .scalar_subquery()
    )
    own = (
        select(Enrolment.state)
        .where(Enrolment.training_id == TrainingSession.id, Enrolment.user_id == user_id)
        .where(Enrolment.state != Seat.CANCELLED)
        .correlate(TrainingSession)
        .scalar_subquery()
    )
    given = TrainingSession
    query = (
        select(given.id, given.slug, given.title, given.level, given.language, given.capability_id)
        .add_columns(given.starts_at, given.ends_at, given.time_zone, given.capacity, *SEATS, held, own)
        .where(
            given.capability_id.in_(capability_ids),
            given.state == State.PUBLISHED,
            given.starts_at > now,
            or_(given.signup_opens_at.is_(None), given.signup_opens_at <= now),
            or_(given.signup_closes_at.is_(None), given.signup_closes_at > now),
        )
        .order_by(given.starts_at, given.id)
    )
    found: Sequence[Any] = db.session.execute(query).all()
    return [SessionRow(Seats(*row[9:14]), max(row[14] or 0, 0), row[15], *row[:9]) for row in found]


@dataclass(frozen=True)
class WishRow:
    id: int
    title: str
    capability_id: int
    votes: int


def list_wishes(capability_ids: Collection[int], *, now: datetime) -> list[WishRow]:
    """Open wishes, those that most people have first."""
    votes = (
        select(func.count()).select_from(WishVote).where(WishVote.wish_id == Wish.id).correlate(Wish).scalar_subquery()
    )
    query = (
        select(Wish.id, Wish.title, Wish.capability_id, votes)
        .outerjoin(TrainingSession, Wish.training_id == TrainingSession.id)
        .where(Wish.capability_id.in_(capability_ids), state_column(now) == WishState.OPEN)
        .order_by(votes.desc(), Wish.id.desc())
    )
    return [WishRow(*row) for row in db.session.execute(query)]


@dataclass(frozen=True)
class Teacher:
    """A coach, and up to which level the capability is taught."""

    languages: frozenset[str]
    user_id: int
    slug: str
    name: str
    headline: str
    is_taking_requests: bool
    capability_id: int
    level: int


def list_teachers(capability_ids: Collection[int], *, without_team: int) -> list[Teacher]:
    """Everybody with a profile who teaches one of them and is not of the team, by name. Two queries."""
    of_team = select(Membership.user_id).where(Membership.team_id == without_team)
    query = (
        select(Coach.id, Coach.user_id, Coach.slug, User.name, Coach.headline, Coach.is_taking_requests)
        .add_columns(CoachSkill.capability_id, CoachSkill.level)
        .join(User, User.id == Coach.user_id)
        .join(CoachSkill, CoachSkill.coach_id == Coach.id)
        .where(User.disabled_at.is_(None), CoachSkill.capability_id.in_(capability_ids), User.id.not_in(of_team))
        .order_by(User.name, Coach.id)
    )
    rows: Sequence[Any] = db.session.execute(query).all()
    spoken: dict[int, set[str]] = {}
    languages = select(CoachLanguage.coach_id, CoachLanguage.language)
    for coach_id, language in db.session.execute(languages.where(CoachLanguage.coach_id.in_({row[0] for row in rows}))):
        spoken.setdefault(coach_id, set()).add(language)
    return [Teacher(frozenset(spoken.get(row[0], ())), *row[1:]) for row in rows]


def list_free_hours(user_ids: Collection[int], *, now: datetime) -> dict[int, datetime]:
    """When each of these people is free next in office hours that anybody can book; without those who are not. Four queries."""
    free = {user_id: table.free(now) for user_id, table in find_timetables(now, coach_ids=user_ids).items()}
    return {user_id: slots[0].starts_at for user_id, slots in free.items() if slots}


@dataclass(frozen=True)
class StoryRow:
    slug: str
    title: str
    capability_id: int
    team_name: str
    is_benchmark: bool


def list_stories(capability_ids: Collection[int], language: str, *, without_team: int) -> list[StoryRow]:
    """What other teams tell, the newest first, each story once."""
    query = (
        select(
            CaseStudy.slug, CaseStudy.title, CaseStudy.capability_id, Team.name, Team.is_benchmark, CaseStudy.language
        )
        .join(Team, Team.id == CaseStudy.team_id)
        .where(CaseStudy.capability_id.in_(capability_ids), CaseStudy.team_id != without_team)
        .order_by(CaseStudy.published_on.desc(), CaseStudy.id.desc())
    )
    order = sorted(LANGUAGES, key=lambda each: each != language)
    found_rows: Sequence[Any] = db.session.execute(query).all()
    rows = sorted(found_rows, key=lambda row: order.index(row.language))
    found: dict[str, StoryRow] = {}
    for row in rows:
        found.setdefault(row.slug, StoryRow(*row[:5]))
    return list(found.values())


@dataclass(frozen=True)
class History:
    """What the snapshots of a benchmark team said of one capability, the oldest first."""

    team_slug: str
    team_name: str
    marks: tuple[tuple[int, datetime], ...]


def list_histories(framework_id: int, capabilities: Collection[str], *, without_team: int) -> dict[str, list[History]]:
    """By capability as it is called today, those of benchmark teams, whose standing every member may see. By name of the team. Two
    queries.
    """
    _areas, renamed = renamed_since(framework_id)
    former = [slug for slug, today in renamed.items() if today in capabilities]
    query = (
        select(Team.slug, Team.name, SnapshotMark.capability, SnapshotMark.level, Snapshot.taken_at)
        .join(Snapshot, Snapshot.team_id == Team.id)
        .join(SnapshotMark, SnapshotMark.snapshot_id == Snapshot.id)
        .where(Team.is_benchmark, Team.id != without_team, Snapshot.framework_id == framework_id)
        .where(SnapshotMark.capability.in_([*capabilities, *former]))
        .order_by(Team.name, Team.slug, Snapshot.taken_at, Snapshot.id)
    )
    series: dict[tuple[str, str, str], list[tuple[int, datetime]]] = {}
    for slug, name, capability, level, at in db.session.execute(query):
        if level is not None:
            series.setdefault((renamed.get(capability, capability), slug, name), []).append((level, at))
    found: dict[str, list[History]] = {}
    for (capability, slug, name), marks in series.items():
        found.setdefault(capability, []).append(History(slug, name, tuple(marks)))
    return found


def list_coached(team_id: int, framework_id: int) -> set[str]:
    """The capabilities that the team works on with a coach now. For the people of the team alone."""
    query = (
        select(Capability.slug)
        .join(Goal, Goal.capability_id == Capability.id)
        .join(Engagement, Engagement.id == Goal.engagement_id)
        .where(Engagement.team_id == team_id, Engagement.state.in_(UNDER_WAY), Goal.reached_on.is_(None))
        .where(Capability.framework_id == framework_id)
    )
    return set(db.session.execute(query).scalars())
