"""What people do with wishes. Each function is one action; the caller opens the transaction.

Whoever acts on a wish locks its row first, so that its votes and its session stay what they were when they were read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.service import notify
from app.training.models import TrainingSession
from app.training.rules import MAX_REASON
from app.training.rules import State as SessionState
from app.training.seats.ledger import lock as lock_session
from app.training.seats.models import HeadStart
from app.training.service import Details, create
from app.training.wishes.models import Wish, WishVote
from app.training.wishes.policy import can_delete
from app.training.wishes.queries import NO_SUCH_WISH, count_open_of, find_same
from app.training.wishes.rules import MAX_HEAD_START, MAX_OPEN, State, plain_title, state_of


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What somebody wants to learn."""

    title: str
    why: str
    capability_id: int | None
    level: int | None
    language: str


def make_wish(
    session: Session, asked: Asked, *, actor: User, votes: bool = True, now: datetime, is_sample: bool = False
) -> tuple[Wish, bool]:
    """Put a wish on the board, and a vote with it unless somebody notes it for others. Where the same wish is alive, the
    vote goes to that one as long as votes count. Returns the wish, and whether it is new. Raises InvalidInputError for
    too many.
    """
    take_turns(session, "wishes")
    same = find_same(asked.title, now=now)
    if same is not None:
        if votes and _why_not(same, now) is None:
            vote(session, same.id, actor=actor, now=now)
        return same, False
    if count_open_of(actor.id, now=now) >= MAX_OPEN:
        raise InvalidInputError(
            _l(
                "You have %(number)s open wishes already. Take one back, or vote for somebody else's.",
                number=MAX_OPEN,
            )
        )
    wish = Wish(
        title=asked.title,
        normal=plain_title(asked.title),
        why=asked.why,
        capability_id=asked.capability_id,
        level=asked.level,
        language=asked.language,
        made_by_id=actor.id,
        made_at=now,
        is_sample=is_sample,
        votes=[WishVote(user_id=actor.id, at=now)] if votes else [],
    )
    session.add(wish)
    session.flush()
    return wish, True


def vote(session: Session, wish_id: int, *, actor: User, now: datetime) -> None:
    """Want it too. Whoever does already still does. While its session is a draft, the vote brings the head start as well.

    Raises ConflictError for a wish that nobody can want any more.
    """
    wish = _lock(session, wish_id)
    _ensure_votable(wish, now)
    if session.get(WishVote, (wish_id, actor.id)) is None:
        session.add(WishVote(wish_id=wish_id, user_id=actor.id, at=now))
    training = _draft_of(session, wish, now)
    if training is not None and session.get(HeadStart, (training.id, actor.id)) is None:
        session.add(HeadStart(training_id=training.id, user_id=actor.id))
    session.flush()


def take_back(session: Session, wish_id: int, *, actor: User, now: datetime) -> None:
    """Want it no longer. Raises ConflictError where the votes have had their effect."""
    wish = _lock(session, wish_id)
    _ensure_votable(wish, now)
    session.execute(delete(WishVote).where(WishVote.wish_id == wish_id, WishVote.user_id == actor.id))
    training = _draft_of(session, wish, now)
    if training is not None:
        session.execute(delete(HeadStart).where(HeadStart.training_id == training.id, HeadStart.user_id == actor.id))
    session.flush()


def plan_session(
    session: Session, wish_id: int, details: Details, *, head_start_hours: int, actor: User, now: datetime
) -> TrainingSession:
    """Make a draft of it. Everybody who wants it may sign up so many hours before the others. Whoever asks twice gets
    the draft that is there. Raises ConflictError for a wish that is not open, InvalidInputError for the hours.
    """
    if not 0 <= head_start_hours <= MAX_HEAD_START:
        raise InvalidInputError(_l("Choose between 0 and 168 hours."), field="hours")
    wish = _lock(session, wish_id)
    state = state_of(wish.closed_at, wish.training, now)
    if state is State.PLANNED and wish.training is not None and wish.training.created_by_id == actor.id:
        return wish.training
    if state is not State.OPEN:
        raise ConflictError(_NO_SESSION[state])
    training = create(session, details, actor=actor, now=now)
    training.head_start_hours = head_start_hours
    wish.training_id = training.id
    for user in _voters(session, wish_id):
        session.add(HeadStart(training_id=training.id, user_id=user.id))
    session.flush()
    return training


def close(session: Session, wish_id: int, *, reason: str, actor: User, now: datetime) -> None:
    """Say why there will be no session, and tell everybody who wants it. Raises InvalidInputError without a reason,
    ConflictError for a wish that is not open.
    """
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise InvalidInputError(
            _l("Say why in at most 500 characters; everybody who wants it will read it."), field="reason"
        )
    wish = _lock(session, wish_id)
    state = state_of(wish.closed_at, wish.training, now)
    if state is not State.OPEN:
        raise ConflictError(_NOT_TO_CLOSE[state])
    wish.closed_at, wish.closed_by_id, wish.closed_reason = now, actor.id, reason
    params = {"wish": wish.id, "title": wish.title, "reason": reason}
    for user in _voters(session, wish_id):
        if user.id != actor.id:
            notify(session, user, "wish closed", params, now=now)
    session.flush()


def reopen(session: Session, wish_id: int, *, now: datetime) -> None:
    """Put a closed wish on the board again, with its votes. Raises ConflictError where the same stands there by now."""
    take_turns(session, "wishes")
    wish = _lock(session, wish_id)
    if wish.closed_at is None:
        raise ConflictError(_l("This wish is not closed."))
    if find_same(wish.title, now=now) is not None:
        raise ConflictError(_l("The same wish is on the board by now. Vote for that one."))
    wish.closed_at, wish.closed_by_id, wish.closed_reason = None, None, ""
    session.flush()


def delete_wish(session: Session, wish_id: int, *, actor: User, now: datetime) -> None:
    """Take an own wish off the board. Raises ForbiddenError for another's, ConflictError once others want it too."""
    wish = _lock(session, wish_id)
    if wish.made_by_id != actor.id:
        raise ForbiddenError(_l("Only whoever made a wish can delete it. Coaches and editors can close it."))
    others = select(func.count()).where(WishVote.wish_id == wish_id, WishVote.user_id != actor.id)
    if not can_delete(actor, made_by_id=wish.made_by_id, votes_of_others=session.execute(others).scalar_one()):
        raise ConflictError(_l("Others want this too, so it stays. You can take your own vote back."))
    if state_of(wish.closed_at, wish.training, now) is not State.OPEN:
        raise ConflictError(_l("This wish is not open any more, so it stays."))
    session.delete(wish)
    session.flush()


def _lock(session: Session, wish_id: int) -> Wish:
    """The wish as it is, and as it stays until this transaction ends. Raises NotFoundError."""
    if session.execute(select(Wish.id).where(Wish.id == wish_id).with_for_update()).first() is None:
        raise NotFoundError(NO_SUCH_WISH)
    return session.get_one(Wish, wish_id, populate_existing=True, options=[joinedload(Wish.training)])


def _ensure_votable(wish: Wish, now: datetime) -> None:
    refusal = _why_not(wish, now)
    if refusal is not None:
        raise ConflictError(refusal)


def _why_not(wish: Wish, now: datetime) -> object | None:
    """Why votes for the wish count no longer; None while they do: while it is open, and while its session is a draft."""
    state = state_of(wish.closed_at, wish.training, now)
    if state is State.PLANNED and wish.training is not None and wish.training.state == SessionState.DRAFT:
        return None
    return _NOT_VOTABLE.get(state)


def _draft_of(session: Session, wish: Wish, now: datetime) -> TrainingSession | None:
    """The session that is being prepared for the wish, locked: it cannot be published between two votes."""
    if wish.training is None or state_of(wish.closed_at, wish.training, now) is not State.PLANNED:
        return None
    training = lock_session(session, wish.training.id)
    _ensure_votable(wish, now)
    return training


def _voters(session: Session, wish_id: int) -> list[User]:
    """Those of open accounts who want it, in the order in which they said so."""
    query = (
        select(User)
        .join(WishVote, WishVote.user_id == User.id)
        .where(WishVote.wish_id == wish_id, User.disabled_at.is_(None))
        .order_by(WishVote.at, User.id)
    )
    return list(session.execute(query).unique().scalars())


_NOT_VOTABLE: dict[State, object] = {
    State.PLANNED: _l("The session for this wish is announced. Sign up for it on its page."),
    State.FULFILLED: _l("There has been a session for this wish. If you want another one, wish for it."),
    State.CLOSED: _l("This wish is closed. Its page says why."),
}
_NO_SESSION = {
    State.PLANNED: _l("Another coach is preparing a session for this wish already."),
    State.FULFILLED: _l("There has been a session for this wish already. Announce the next one as usual."),
    State.CLOSED: _l("This wish is closed. Open it again before you make a session of it."),
}
_NOT_TO_CLOSE = {
    State.PLANNED: _l("A session is planned for this wish. Cancel the session first, or let it take place."),
    State.FULFILLED: _l("There has been a session for this wish, so it needs no closing."),
    State.CLOSED: _l("This wish is closed already."),
}
