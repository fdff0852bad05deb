"""Reading what people thought. Nothing here can say who."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select

from app.kernel.db import db
from app.training.feedback.models import FeedbackAnswer, ThanksOff
from app.training.feedback.rules import MIN_PUBLIC, QUESTIONS, Answer, Averages
from app.training.models import TrainingCoach, TrainingSession
from app.training.rules import State


def find_answer(seal: str) -> Answer | None:
    """What the one person said whose seal this is."""
    row = db.session.get(FeedbackAnswer, seal)
    if row is None:
        return None
    return Answer(content=row.content, trainer=row.trainer, usefulness=row.usefulness, text=row.text)


@dataclass(frozen=True)
class Summary:
    """What those who run a session see. `texts` stand in the order of their seals, which is chance; `counts` are, for each
    question, how often each number of the scale was given.
    """

    averages: Averages
    counts: Mapping[str, Mapping[int, int]]
    texts: list[str]


def find_summary(training_id: int) -> Summary | None:
    """Everything that was said of a session, None as long as nothing was."""
    query = select(FeedbackAnswer).where(FeedbackAnswer.training_id == training_id).order_by(FeedbackAnswer.seal)
    rows = list(db.session.execute(query).scalars())
    if not rows:
        return None
    counts = {question: Counter(getattr(row, question) for row in rows) for question in QUESTIONS}
    means = [sum(counts[question].elements()) / len(rows) for question in QUESTIONS]
    return Summary(Averages(len(rows), *means), counts, [row.text for row in rows if row.text])


def list_averages(training_ids: Iterable[int]) -> dict[int, Averages]:
    """{session id: averages} of those sessions that at least MIN_PUBLIC people have spoken about. One query."""
    query = (
        select(FeedbackAnswer.training_id, *_MEANS)
        .where(FeedbackAnswer.training_id.in_(list(training_ids)))
        .group_by(FeedbackAnswer.training_id)
        .having(func.count() >= MIN_PUBLIC)
    )
    return {training_id: _averages(row) for training_id, *row in db.session.execute(query)}


def averages_of_coach(user_id: int) -> Averages | None:
    """What was said of everything that a person ran, None where there is nothing public.

    Sessions with fewer than MIN_PUBLIC answers do not count: else the difference that one of them makes would show what
    its few people said.
    """
    run = (
        select(TrainingCoach.training_id)
        .join(TrainingSession, TrainingSession.id == TrainingCoach.training_id)
        .where(TrainingCoach.user_id == user_id, TrainingSession.state == State.PUBLISHED)
    )
    public = (
        select(FeedbackAnswer.training_id)
        .where(FeedbackAnswer.training_id.in_(run))
        .group_by(FeedbackAnswer.training_id)
        .having(func.count() >= MIN_PUBLIC)
    )
    row = db.session.execute(select(*_MEANS).where(FeedbackAnswer.training_id.in_(public))).one()
    return _averages(list(row)) if row[0] else None


_MEANS = (func.count(), *(func.avg(getattr(FeedbackAnswer, question)) for question in QUESTIONS))


def _averages(row: list[float]) -> Averages:
    number, *means = row
    return Averages(int(number), *(float(mean) for mean in means))


def is_thanks_off(training_id: int) -> bool:
    return db.session.get(ThanksOff, training_id) is not None
