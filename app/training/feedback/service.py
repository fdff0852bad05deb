"""Saying what one thought of a session. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete
from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.training.feedback.models import FeedbackAnswer, ThanksOff
from app.training.feedback.rules import MAX_TEXT, QUESTIONS, SCALE, Answer, is_window_open
from app.training.models import TrainingSession
from app.training.seats.attended import has_been_there
from app.training.seats.ledger import lock


def give(session: Session, training_id: int, answer: Answer, *, user_id: int, seal: str, now: datetime) -> None:
    """Say what one thought, or something else than before. What is kept holds the seal and not the person.

    Raises ForbiddenError for whoever was not there, ConflictError outside of the time for it, InvalidInputError.
    """
    for question in QUESTIONS:
        if getattr(answer, question) not in SCALE:
            raise InvalidInputError(_l("Choose a number from 1 to 5."), field=question)
    if len(answer.text) > MAX_TEXT:
        raise InvalidInputError(_l("Use at most 2,000 characters."), field="text")
    training = lock(session, training_id)
    check_may_answer(session, training, user_id, now)
    row = session.get(FeedbackAnswer, seal, populate_existing=True) or FeedbackAnswer(
        seal=seal, training_id=training_id
    )
    for question in QUESTIONS:
        setattr(row, question, getattr(answer, question))
    row.text = answer.text
    session.add(row)
    session.flush()


def take_back(session: Session, training_id: int, *, user_id: int, seal: str, now: datetime) -> None:
    """Unsay it. Nothing happens where nothing was said. Raises as `give` does."""
    training = lock(session, training_id)
    check_may_answer(session, training, user_id, now)
    session.execute(delete(FeedbackAnswer).where(FeedbackAnswer.seal == seal))


def check_may_answer(session: Session, training: TrainingSession, user_id: int, now: datetime) -> None:
    """Raises ForbiddenError or ConflictError for whoever cannot say anything about the session now."""
    if not has_been_there(session, training.id, user_id):
        raise ForbiddenError(_l("Only those who were there can say how it was."))
    if now < training.ends_at:
        raise ConflictError(_l("The session is not over yet. Come back when it is."))
    if not is_window_open(training.state, training.ends_at, now):
        raise ConflictError(_l("The time for feedback on this session is over. Tell the coach in person."))


def switch_thanks(session: Session, training_id: int, *, is_on: bool) -> None:
    """Thank the people of this session when it is over, or do not."""
    lock(session, training_id)
    row = session.get(ThanksOff, training_id)
    if is_on and row is not None:
        session.delete(row)
    elif not is_on and row is None:
        session.add(ThanksOff(training_id=training_id))
    session.flush()
