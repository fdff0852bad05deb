"""What team and coach do with a request. Each function is one action; the caller opens the transaction.

All of them wait in one line (`load.lock_loads`), so that a coach's load is what was counted, and a request is with one coach.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.engagements.service import GoalDraft, begin, today_of
from app.coaching.load import lock_loads
from app.coaching.matching import Wanted, ensure_can_get
from app.coaching.models import CoachingRequest, Engagement
from app.coaching.policy import can_answer, can_oversee, can_withdraw, is_of_team
from app.coaching.requests import telling
from app.coaching.requests.offering import end_running, find_running, offer_again, offer_first, pass_on
from app.coaching.requests.steps import ASKED, lock, take_step, write_down
from app.coaching.rules import (
    MAX_GOAL_LINE,
    MAX_PENDING,
    PENDING,
    Ask,
    AskStep,
    OfferEnd,
    Origin,
    answer_by,
)
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What a team asks for. `coach_id` is the coach it wishes for, None for whoever matches."""

    team_id: int
    goal: str
    capability_id: int | None = None
    from_level: int | None = None
    to_level: int | None = None
    language: str = "en"
    wished_from: date | None = None
    wished_until: date | None = None
    coach_id: int | None = None


OVER = _l("This day is over already. Choose one that is still to come, or none.")


def ask(
    session: Session, asking: Asking, *, key: str, actor: User, now: datetime, is_sample: bool = False
) -> CoachingRequest:
    """Ask for a coach. A form that is sent twice, with the same `key`, asks once. Raises InvalidInputError for a coach who cannot
    be asked or a wish that is over already, ConflictError for a team that has asked for enough, ForbiddenError for whoever is not in it.
    """
    if asking.team_id not in actor.team_ids:
        raise ForbiddenError(_l("Whoever is in a team asks for it."))
    lock_loads(session)
    there = session.execute(
        select(CoachingRequest).where(CoachingRequest.team_id == asking.team_id, CoachingRequest.key == key)
    ).scalar_one_or_none()
    if there is not None:
        return there
    if asking.wished_until is not None and asking.wished_until < today_of(actor, now):
        raise InvalidInputError(OVER, field="wished_until")
    pending = select(func.count()).where(CoachingRequest.team_id == asking.team_id, CoachingRequest.state.in_(PENDING))
    if session.execute(pending).scalar_one() >= MAX_PENDING:
        raise ConflictError(
            _l(
                "Your team has %(number)s requests that wait already. Withdraw one, or wait until one is accepted.",
                number=MAX_PENDING,
            )
        )
    request = CoachingRequest(
        team_id=asking.team_id,
        asked_by_id=actor.id,
        capability_id=asking.capability_id,
        from_level=asking.from_level,
        to_level=asking.to_level,
        goal=asking.goal.strip(),
        language=asking.language,
        wished_from=asking.wished_from,
        wished_until=asking.wished_until,
        key=key,
        state=Ask.OPEN,
        state_since=now,
        created_at=now,
        is_sample=is_sample,
    )
    session.add(request)
    session.flush()
    write_down(session, request, ASKED, actor_id=actor.id, now=now)
    offer_first(session, request, wished_id=asking.coach_id, now=now)
    return request


def accept(session: Session, request_id: int, *, actor: User, now: datetime) -> Engagement:
    """The coach takes it: an engagement begins. Raises NotFoundError once it is with somebody else."""
    request = _lock_as_coach(session, request_id, actor)
    take_step(session, request, AskStep.ACCEPT, actor_id=actor.id, now=now)
    end_running(session, request, OfferEnd.ACCEPTED, now=now)
    request.coach_id = actor.id
    session.flush()
    capability = request.capability
    engagement = begin(
        session,
        team_id=request.team_id,
        coach_id=actor.id,
        # Not the team's words: a title may be seen by more people than these.
        title=capability.name.in_(request.language) if capability else _UNNAMED[request.language],
        goals=[
            GoalDraft(
                capability_id=request.capability_id,
                from_level=request.from_level,
                to_level=request.to_level,
                text=_in_a_line(request.goal),
            )
        ],
        request_id=request.id,
        now=now,
        is_sample=request.is_sample,
    )
    telling.tell_team(session, request, "coaching accepted", now=now, engagement=engagement.id)
    return engagement


_UNNAMED = {"en": "Coaching", "zh": "辅导"}


def _in_a_line(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= MAX_GOAL_LINE else words[: MAX_GOAL_LINE - 1] + "…"


def ask_back(session: Session, request_id: int, *, question: str, actor: User, now: datetime) -> None:
    """The coach asks the team something. The clock stops until it has answered."""
    request = _lock_as_coach(session, request_id, actor)
    _ensure_said(question, "question")
    take_step(session, request, AskStep.ASK_BACK, actor_id=actor.id, text=question, now=now)
    running = find_running(session, request)
    assert running is not None
    running.first_word_at = running.first_word_at or now
    request.due_at = None
    session.flush()
    telling.tell_team(session, request, "coaching question", now=now)


def reply(session: Session, request_id: int, *, answer: str, actor: User, now: datetime) -> None:
    """The team answers. The coach has two working days again, for there is something new to read."""
    request = _lock_as_team(session, request_id, actor)
    _ensure_said(answer, "answer")
    take_step(session, request, AskStep.REPLY, actor_id=actor.id, text=answer, now=now)
    coach = session.get(User, request.coach_id) if request.coach_id is not None else None
    # The offer keeps its own date: that this coach said something in time has been settled by the question.
    request.due_at = answer_by(now, coach.time_zone if coach is not None else "UTC")
    session.flush()
    telling.tell_coach(session, request, "coaching reply", now=now)


def decline(session: Session, request_id: int, *, reason: str, actor: User, now: datetime) -> None:
    """The coach cannot, and says why; the next one is asked."""
    request = _lock_as_coach(session, request_id, actor)
    _ensure_said(reason, "reason")
    pass_on(session, request, OfferEnd.DECLINED, reason=reason, actor_id=actor.id, now=now)


def hand_over(session: Session, request_id: int, *, to_id: int, words: str = "", actor: User, now: datetime) -> None:
    """The coach knows somebody who fits better. Raises InvalidInputError for a coach who cannot get it."""
    request = _lock_as_coach(session, request_id, actor)
    pass_on(session, request, OfferEnd.HANDED_OVER, reason=words, actor_id=actor.id, to_id=to_id, now=now)


def withdraw(session: Session, request_id: int, *, reason: str = "", actor: User, now: datetime) -> None:
    """The team needs it no longer."""
    request = _lock_as_team(session, request_id, actor)
    if not can_withdraw(actor, request):
        raise ConflictError(_l("This request is answered already. If you need no coach any more, tell yours."))
    coach_id = request.coach_id
    take_step(session, request, AskStep.WITHDRAW, actor_id=actor.id, text=reason, now=now)
    end_running(session, request, OfferEnd.WITHDRAWN, now=now)
    telling.tell_coach(session, request, "coaching withdrawn", coach_id=coach_id, now=now)


def give(session: Session, request_id: int, *, to_id: int, actor: User, now: datetime) -> None:
    """An administrator finds a coach for a request that is stranded, also one who had it before: it may be otherwise by now. Raises
    InvalidInputError for a coach who cannot get it.
    """
    if not can_oversee(actor):
        raise ForbiddenError(_l("Administrators give stranded requests to a coach."))
    request = lock(session, request_id)
    if request.state != Ask.STRANDED:
        raise ConflictError(_l("This request is with a coach by now, or needs none any more."))
    ensure_can_get(Wanted(team_id=request.team_id), to_id)
    offer_again(session, request, to_id, Origin.GIVEN, actor_id=actor.id, now=now)


def _lock_as_coach(session: Session, request_id: int, actor: User) -> CoachingRequest:
    """Raises NotFoundError for whom it is not with, or no longer."""
    request = lock(session, request_id)
    if not can_answer(actor, request):
        if request.coach_id == actor.id:
            raise ConflictError(
                _l("You cannot answer this request any more: it is settled, or you are of the team now.")
            )
        raise NotFoundError(_l("This request is not with you, or no longer. What is stands under Coaching."))
    return request


def _lock_as_team(session: Session, request_id: int, actor: User) -> CoachingRequest:
    request = lock(session, request_id)
    if not is_of_team(actor, request):
        raise NotFoundError(_l("There is no such request. Your team’s requests are under Coaching."))
    return request


def _ensure_said(text: str, field: str) -> None:
    if not text.strip():
        raise InvalidInputError(_l("Please say something here."), field=field)
