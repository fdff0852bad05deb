"""Offering a request to a coach, and passing it on to the next one. Whoever calls this has locked the request (`steps.lock`)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.matching import ensure_can_get, find_next, is_anybody_left, wanted_by
from app.coaching.models import CoachingRequest, Offer
from app.coaching.requests import telling
from app.coaching.requests.steps import take_step
from app.coaching.rules import AskStep, OfferEnd, Origin, answer_by

# What a coach has said something for. Who lets the clock run out says nothing, and a team that withdraws may be quicker.
_WORDS = {OfferEnd.ACCEPTED, OfferEnd.DECLINED, OfferEnd.HANDED_OVER}


def find_running(session: Session, request: CoachingRequest) -> Offer | None:
    """The offer whose clock runs, or which waits for the team."""
    query = select(Offer).where(Offer.request_id == request.id, Offer.ending.is_(None))
    return session.execute(query).scalar_one_or_none()


def end_running(
    session: Session, request: CoachingRequest, ending: OfferEnd, *, reason: str = "", now: datetime
) -> None:
    """However it ends, the coach's clock stops, and the coach's load has one less."""
    offer = find_running(session, request)
    if offer is not None:
        offer.ending, offer.ended_at, offer.reason = ending, now, reason.strip()
        if ending in _WORDS:
            offer.first_word_at = offer.first_word_at or now
    request.coach_id = request.due_at = None
    session.flush()


def offer(session: Session, request: CoachingRequest, coach_id: int, origin: Origin, *, now: datetime) -> Offer:
    """The clock of this coach begins to run."""
    coach = session.get_one(User, coach_id)
    made = Offer(
        request_id=request.id,
        coach_id=coach_id,
        origin=origin,
        offered_at=now,
        due_at=answer_by(now, coach.time_zone),
    )
    session.add(made)
    request.coach_id, request.due_at = coach_id, made.due_at
    session.flush()
    telling.tell_coach(session, request, "coaching offered", now=now)
    return made


def offer_first(session: Session, request: CoachingRequest, *, wished_id: int | None, now: datetime) -> None:
    """To whom a new request goes. Raises InvalidInputError if the coach that the team wishes for cannot get it."""
    wanted = wanted_by(request)
    if wished_id is not None:
        ensure_can_get(wanted, wished_id)
        offer(session, request, wished_id, Origin.WISHED, now=now)
        return
    candidate = find_next(wanted, now)
    if candidate is None:
        strand(session, request, now=now)
    else:
        offer(session, request, candidate.user_id, Origin.MATCHED, now=now)


def pass_on(
    session: Session,
    request: CoachingRequest,
    ending: OfferEnd,
    *,
    reason: str = "",
    actor_id: int | None = None,
    to_id: int | None = None,
    now: datetime,
) -> None:
    """From the coach who has it to `to_id`, else to the next who matches; where there is none it is stranded. Everybody hears
    of it. Raises InvalidInputError if `to_id` cannot get it.
    """
    wanted = wanted_by(request)
    if to_id is not None:
        ensure_can_get(wanted, to_id)
    end_running(session, request, ending, reason=reason, now=now)
    candidate = None if to_id is not None else find_next(wanted, now)
    next_id = to_id if candidate is None else candidate.user_id
    if next_id is None:
        strand(session, request, ending=ending, actor_id=actor_id, text=reason, now=now)
        return
    take_step(session, request, AskStep.PASS_ON, actor_id=actor_id, text=reason, now=now)
    offer(session, request, next_id, Origin.MATCHED if to_id is None else Origin.HANDED_OVER, now=now)
    telling.tell_team(session, request, "coaching passed on", now=now, ending=ending.value)


def strand(
    session: Session,
    request: CoachingRequest,
    *,
    ending: OfferEnd | None = None,
    actor_id: int | None = None,
    text: str = "",
    now: datetime,
) -> None:
    """Nobody is left who matches and has room: the team and the administrators hear of it, and whether it will find somebody by
    itself.
    """
    take_step(session, request, AskStep.STRAND, actor_id=actor_id, text=text, now=now)
    is_left = is_anybody_left(wanted_by(request))
    ended = ending.value if ending else ""
    telling.tell_team(session, request, "coaching stranded", now=now, ending=ended, is_left=is_left)
    telling.tell_administrators(session, request, now=now, is_left=is_left)


def offer_again(
    session: Session,
    request: CoachingRequest,
    coach_id: int,
    origin: Origin,
    *,
    actor_id: int | None = None,
    now: datetime,
) -> None:
    """A stranded request has found a coach."""
    take_step(session, request, AskStep.OFFER, actor_id=actor_id, now=now)
    offer(session, request, coach_id, origin, now=now)
    telling.tell_team(session, request, "coaching passed on", now=now, ending="")
