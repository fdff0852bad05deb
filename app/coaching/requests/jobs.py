"""What the worker does about requests: pass on what nobody answered, offer again what is stranded, remind teams of a question.

Each request is one transaction of its own, which looks again under the lock: two workers, or one that was killed and began
anew, do nothing twice.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import Membership, User
from app.coaching.load import IS_COACH, lock_loads
from app.coaching.matching import find_next, wanted_by
from app.coaching.models import CoachingRequest, RequestWord
from app.coaching.requests import telling
from app.coaching.requests.offering import offer_again, pass_on
from app.coaching.requests.steps import REMINDED, lock, write_down
from app.coaching.rules import DAYS_TO_REMIND, OFFERED, Ask, OfferEnd, Origin, answer_by
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction

# In one round; the rest comes with the next one.
BATCH = 50


def move_clocks() -> int:
    """Pass on what nobody answered in time, or whose coach is gone. Returns how many there were."""
    now = utc_now()
    return _each(_run_out(now), lambda session, request_id: _pass_on(session, request_id, now))


def find_coaches() -> int:
    """Offer what is stranded as soon as somebody has room, the oldest first. Returns how many found a coach."""
    now = utc_now()
    query = select(CoachingRequest.id).where(CoachingRequest.state == Ask.STRANDED).order_by(CoachingRequest.created_at)
    ids = list(db.session.execute(query.order_by(CoachingRequest.id)).scalars())
    # To look costs nothing: whoever has nobody takes no lock.
    found = [each for each in ids if _has_candidate(each, now)]
    db.session.rollback()
    return _each(found, lambda session, request_id: _offer_again(session, request_id, now))


def remind_teams() -> int:
    """A team that was asked something and says nothing is reminded once of each question. Returns how many were."""
    now = utc_now()
    return _each(_unanswered(now), lambda session, request_id: _remind(session, request_id, now))


def _each(ids: list[int], act: Callable[[Session, int], bool]) -> int:
    done = 0
    for request_id in ids[:BATCH]:
        with transaction() as session:
            lock_loads(session)
            done += act(session, request_id)
    return done


def _run_out(now: datetime) -> list[int]:
    # Who has asked the team something has answered in time; only who is gone leaves such a request alone: also who has come to the
    # team, for nobody coaches a team of their own.
    of_team = select(Membership.user_id).where(
        Membership.team_id == CoachingRequest.team_id, Membership.user_id == CoachingRequest.coach_id
    )
    is_gone = or_(CoachingRequest.coach_id.is_(None), User.disabled_at.is_not(None), ~IS_COACH, of_team.exists())
    is_over = and_(CoachingRequest.state == Ask.OPEN, CoachingRequest.due_at <= now)
    query = (
        select(CoachingRequest.id)
        .outerjoin(User, User.id == CoachingRequest.coach_id)
        .where(CoachingRequest.state.in_(OFFERED), or_(is_over, is_gone))
        .order_by(CoachingRequest.due_at, CoachingRequest.id)
    )
    return _ids(query)


def _pass_on(session: Session, request_id: int, now: datetime) -> bool:
    if request_id not in _run_out(now):
        return False
    request = lock(session, request_id)
    coach_id, is_over = request.coach_id, request.due_at is not None and request.due_at <= now
    pass_on(session, request, OfferEnd.RAN_OUT if is_over else OfferEnd.GONE, now=now)
    if coach_id is not None:
        kind = "coaching ran out" if is_over else "coaching gone"
        telling.tell_coach(session, request, kind, coach_id=coach_id, now=now)
    return True


def _has_candidate(request_id: int, now: datetime) -> bool:
    request = db.session.get(CoachingRequest, request_id)
    return request is not None and request.state == Ask.STRANDED and find_next(wanted_by(request), now) is not None


def _offer_again(session: Session, request_id: int, now: datetime) -> bool:
    request = lock(session, request_id)
    candidate = find_next(wanted_by(request), now) if request.state == Ask.STRANDED else None
    if candidate is not None:
        offer_again(session, request, candidate.user_id, Origin.MATCHED, now=now)
    return candidate is not None


def _unanswered(now: datetime) -> list[int]:
    """Questions so old that nobody can have had the working days since, then by their own clock."""
    reminded = select(RequestWord.id).where(
        RequestWord.request_id == CoachingRequest.id,
        RequestWord.step == REMINDED,
        RequestWord.at >= CoachingRequest.state_since,
    )
    query = (
        select(CoachingRequest.id, CoachingRequest.state_since, User.time_zone)
        .outerjoin(User, User.id == CoachingRequest.asked_by_id)
        .where(CoachingRequest.state == Ask.ASKED, ~reminded.exists())
        .where(CoachingRequest.state_since <= now - timedelta(days=DAYS_TO_REMIND))
        .order_by(CoachingRequest.state_since, CoachingRequest.id)
    )
    found = db.session.execute(query).all()
    return [row.id for row in found if answer_by(row.state_since, row.time_zone or "UTC", DAYS_TO_REMIND) <= now]


def _remind(session: Session, request_id: int, now: datetime) -> bool:
    if request_id not in _unanswered(now):
        return False
    request = lock(session, request_id)
    write_down(session, request, REMINDED, actor_id=None, now=now)
    telling.tell_team(session, request, "coaching reminder", now=now)
    return True


def _ids(query: object) -> list[int]:
    return list(db.session.execute(query).scalars())  # type: ignore[call-overload]


JOBS = (
    Job("coaching clocks", 30.0, move_clocks),
    Job("coaches for stranded requests", 60.0, find_coaches),
    Job("coaching reminders", 600.0, remind_teams),
)
