"""Where people are on the path, and what is known of them that its conditions ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import RoleGrant, User
from app.accounts.rules import Permission, Role
from app.coaching.growth.models import Application, Observation, PathStage, Standing
from app.coaching.growth.path import Condition
from app.coaching.growth.rules import Asked, Evidence, Progress, is_lead, measure, months_since, next_stage, stage_of
from app.coaching.load import IS_COACH
from app.coaching.models import Engagement
from app.coaching.office_hours.models import Booking, OfficeHours, Ticket
from app.coaching.office_hours.rules import InLine
from app.coaching.office_hours.rules import State as BookingState
from app.coaching.rules import Phase
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.feedback.queries import averages_of_coach
from app.training.models import TrainingCoach, TrainingSession
from app.training.queries import has_free_seat
from app.training.rules import State
from app.training.seats.attended import was_there
from app.training.seats.models import Enrolment

NO_SUCH_PERSON = _l("Nobody of that name is on the path.")
RECENT = timedelta(days=90)


@dataclass(frozen=True)
class Place:
    """Where somebody is: the stages, the one that was reached, since when that is known, and the one that comes next."""

    stages: Sequence[PathStage]
    stage: PathStage | None
    standing: Standing | None
    following: PathStage | None

    @property
    def slugs(self) -> list[str]:
        return [stage.slug for stage in self.stages]

    @property
    def is_lead(self) -> bool:
        return is_lead(self.slugs, self.stage.slug if self.stage else None)


def list_stages() -> list[PathStage]:
    return list(db.session.execute(select(PathStage).order_by(PathStage.position)).scalars())


def find_place(user: User) -> Place:
    """Two queries."""
    stages = list_stages()
    standing = db.session.get(Standing, user.id, populate_existing=True)
    slugs = [stage.slug for stage in stages]
    slug = stage_of(slugs, standing.stage if standing else None, is_coach=Role.COACH in user.roles)
    after = next_stage(slugs, slug)
    by_slug = {stage.slug: stage for stage in stages}
    return Place(stages, by_slug.get(slug or ""), standing, by_slug.get(after or ""))


def are_there_leads() -> bool:
    """Is there anybody who can decide: somebody who has come to the stage, is a coach still, and has an open account?"""
    slugs = [stage.slug for stage in list_stages()]
    rows = db.session.execute(_coaches_with_standing().with_only_columns(Standing.stage)).scalars()
    return any(is_lead(slugs, stage) for stage in rows if stage in slugs)


def list_deciders() -> list[User]:
    """Who is told of an application: lead coaches, or administrators as long as there is none."""
    slugs = [stage.slug for stage in list_stages()]
    found = db.session.execute(_coaches_with_standing().options(joinedload(Standing.user))).unique().scalars()
    leads = [each.user for each in found if each.stage in slugs and is_lead(slugs, each.stage)]
    if leads:
        return leads
    is_administrator = User.grants.any(RoleGrant.role == Role.ADMINISTRATOR)
    people = db.session.execute(select(User).where(is_administrator, User.disabled_at.is_(None))).unique().scalars()
    return [person for person in people if person.may(Permission.MANAGE_PEOPLE)]


def _coaches_with_standing() -> Select[Standing]:
    return select(Standing).join(Standing.user).where(User.disabled_at.is_(None), IS_COACH).order_by(Standing.user_id)


def progress_of(user: User, place: Place, now: datetime) -> list[Progress]:
    """How far the conditions of the next stage are met; none at the end of the path."""
    if place.following is None:
        return []
    evidence = find_evidence(user.id, place, now)
    return [measure(Condition.of(row), evidence) for row in place.following.conditions]


def find_evidence(user_id: int, place: Place, now: datetime) -> Evidence:
    """What is known of the person. The same number of queries for anybody."""
    averages = averages_of_coach(user_id)
    seen = list(db.session.execute(select(Observation.is_ready).where(Observation.user_id == user_id)).scalars())
    return Evidence(
        attended=_count_attended(user_id, now),
        co_led=_count(_ran(user_id, now)),
        observed=len(seen),
        ready=sum(seen),
        mark=round(averages.overall, 2) if averages else None,
        answers=averages.number if averages else 0,
        engagements_ended=_count(
            select(Engagement.id).where(Engagement.coach_id == user_id, Engagement.state == Phase.ENDED)
        ),
        office_hours_held=_count(
            select(Booking.id).where(Booking.coach_id == user_id, Booking.state == BookingState.HELD)
        )
        + _count(_helped_in_line(user_id)),
        observations_given=_count(select(Observation.id).where(Observation.observer_id == user_id)),
        months=months_since(place.standing.since if place.standing else None, now.date()),
    )


def _count_attended(user_id: int, now: datetime) -> dict[str, int]:
    rows = db.session.execute(
        select(TrainingSession.kind)
        .join(Enrolment, Enrolment.training_id == TrainingSession.id)
        .where(Enrolment.user_id == user_id, was_there())
        .where(TrainingSession.state == State.PUBLISHED, TrainingSession.ends_at <= now)
    )
    return dict(Counter(rows.scalars()))


def _ran(user_id: int, now: datetime) -> Select[int]:
    """Sessions that took place, and that the person ran."""
    return (
        select(TrainingSession.id)
        .join(TrainingCoach, TrainingCoach.training_id == TrainingSession.id)
        .where(TrainingCoach.user_id == user_id)
        .where(TrainingSession.state == State.PUBLISHED, TrainingSession.ends_at <= now)
    )


def _helped_in_line(user_id: int) -> Select[int]:
    """Everybody whom the person has helped without a booking; whoever came twice on one day counts once."""
    return (
        select(func.min(Ticket.id))
        .join(OfficeHours, OfficeHours.id == Ticket.hours_id)
        .where(OfficeHours.coach_id == user_id, Ticket.state == InLine.SERVED)
        .group_by(Ticket.hours_id, Ticket.day, Ticket.user_id)
    )


def _count(query: Select[int]) -> int:
    return db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()


def find_next_session(kind: str, now: datetime) -> TrainingSession | None:
    """The next session of that kind in which a seat can be taken."""
    closes = func.coalesce(TrainingSession.signup_closes_at, TrainingSession.starts_at)
    query = (
        select(TrainingSession)
        .where(TrainingSession.kind == kind, TrainingSession.state == State.PUBLISHED)
        .where(TrainingSession.starts_at > now, closes > now, has_free_seat())
        .order_by(TrainingSession.starts_at, TrainingSession.id)
    )
    return db.session.execute(query.limit(1)).unique().scalar_one_or_none()


def list_observations(user_id: int) -> list[tuple[Observation, str | None]]:
    """What others saw, the newest first, each with the title of the session where it is there still."""
    query = (
        select(Observation, TrainingSession.title)
        .outerjoin(TrainingSession, TrainingSession.slug == Observation.training_slug)
        .where(Observation.user_id == user_id)
        .options(joinedload(Observation.observer))
        .order_by(Observation.at.desc(), Observation.id.desc())
    )
    return [(observation, title) for observation, title in db.session.execute(query)]


def list_written(observer_id: int) -> list[tuple[Observation, str, str | None]]:
    """What somebody has said of others, the newest first: with the person's name and the title of the session."""
    query = (
        select(Observation, User.name, TrainingSession.title)
        .join(User, User.id == Observation.user_id)
        .outerjoin(TrainingSession, TrainingSession.slug == Observation.training_slug)
        .where(Observation.observer_id == observer_id)
        .order_by(Observation.at.desc(), Observation.id.desc())
        .limit(50)
    )
    return [(observation, name, title) for observation, name, title in db.session.execute(query)]


def list_observable(observer_id: int, now: datetime) -> list[tuple[str, str, datetime, int, str]]:
    """(slug, title, when, person's id, name) of everybody who ran a session of the last months together with whom one could say how
    it went: any coach of it but the observer.
    """
    query = (
        select(TrainingSession.slug, TrainingSession.title, TrainingSession.starts_at, User.id, User.name)
        .join(TrainingCoach, TrainingCoach.training_id == TrainingSession.id)
        .join(User, User.id == TrainingCoach.user_id)
        .where(TrainingSession.state == State.PUBLISHED, User.disabled_at.is_(None), User.id != observer_id)
        .where(TrainingSession.starts_at <= now, TrainingSession.starts_at > now - RECENT)
        .order_by(TrainingSession.starts_at.desc(), User.name)
        .limit(100)
    )
    return [(slug, title, at, person_id, name) for slug, title, at, person_id, name in db.session.execute(query)]


def list_own_coming(user_id: int, now: datetime) -> list[TrainingSession]:
    """Sessions to come that the person runs: somebody can be taken along."""
    query = (
        select(TrainingSession)
        .join(TrainingCoach, TrainingCoach.training_id == TrainingSession.id)
        .where(TrainingCoach.user_id == user_id, TrainingSession.starts_at > now)
        .where(TrainingSession.state != State.CANCELLED)
        .order_by(TrainingSession.starts_at)
        .limit(50)
    )
    return list(db.session.execute(query).unique().scalars())


def list_applications(*, only_open: bool) -> list[Application]:
    """The oldest open one first; otherwise the latest decisions."""
    query = select(Application).options(joinedload(Application.user), joinedload(Application.decided_by))
    if only_open:
        query = query.where(Application.state == Asked.OPEN).order_by(Application.asked_at, Application.id)
    else:
        decided = Application.state.in_([Asked.APPROVED, Asked.DECLINED])
        query = query.where(decided).order_by(Application.decided_at.desc(), Application.id.desc()).limit(20)
    return list(db.session.execute(query).unique().scalars())


def count_open_applications(*, without: int) -> int:
    return _count(select(Application.id).where(Application.state == Asked.OPEN, Application.user_id != without))


def list_own_applications(user_id: int) -> list[Application]:
    """The newest first."""
    query = (
        select(Application)
        .where(Application.user_id == user_id)
        .options(joinedload(Application.decided_by))
        .order_by(Application.asked_at.desc(), Application.id.desc())
        .limit(20)
    )
    return list(db.session.execute(query).unique().scalars())


def list_people() -> list[tuple[User, Standing | None]]:
    """Everybody on the path, coaches who were there before it among them, by name."""
    query = (
        select(User, Standing)
        .outerjoin(Standing, Standing.user_id == User.id)
        .where(User.disabled_at.is_(None))
        .where(or_(Standing.user_id.isnot(None), IS_COACH))
        .options(joinedload(User.grants))
        .order_by(User.name, User.id)
    )
    return [(person, standing) for person, standing in db.session.execute(query).unique()]


def get_person(user_id: int) -> User:
    """Somebody on the path. Raises NotFoundError."""
    person = db.session.get(User, user_id)
    if person is None or not person.is_active or find_place(person).stage is None:
        raise NotFoundError(NO_SUCH_PERSON)
    return person
