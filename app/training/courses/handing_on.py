"""Sign-up as in another session: approval, waiting list, least number of people, questions. The caller opens the transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import InvalidInputError
from app.training.courses.rules import Reading, first_day, naming
from app.training.courses.series import lock_series, refuse_unless_runs, to_change
from app.training.models import TrainingSession
from app.training.rules import Waiting
from app.training.seats.questions import Form, Question, list_questions, write_questions
from app.training.seats.settings import Settings, change_settings


def spread(session: Session, series_id: int, training_id: int, *, actor: User, now: datetime) -> int:
    """Let sign-up in all sessions of a series that are still to come be as in one of them. Returns in how many more it is.

    Raises InvalidInputError for a session of another series, or a number of people that one of them has no seats for;
    ForbiddenError if the actor does not run all of them.
    """
    _series, trainings = lock_series(session, series_id)
    source = next((training for training in trainings if training.id == training_id), None)
    if source is None:
        raise InvalidInputError(_l("Choose one of the sessions."), field="training")
    targets = [training for training in to_change(trainings, now) if training.id != source.id]
    refuse_unless_runs(actor, [source, *targets])
    hand_on(session, source, targets, actor=actor, now=now)
    return len(targets)


def hand_on(
    session: Session, source: TrainingSession, targets: Iterable[TrainingSession], *, actor: User, now: datetime
) -> None:
    """Let sign-up in `targets` be as in `source`, each decided as many days before it begins. Where that lies behind, no number
    of people is asked for. Raises InvalidInputError for a number that one of them has no seats for.
    """
    questions = list_questions(session, source.id)
    for target in targets:
        with naming(first_day(target.starts_at, target.time_zone)):
            settings = _settings(source, target, now)
            change_settings(session, target.id, settings, revision=target.revision, actor=actor, now=now)
        asked = {(question.kind, question.label): question.id for question in list_questions(session, target.id)}
        write_questions(
            session,
            target.id,
            [
                Question(
                    form=Form(question.kind),
                    label=question.label,
                    options=tuple(question.options),
                    is_required=question.is_required,
                    id=asked.get((question.kind, question.label)),
                )
                for question in questions
            ],
        )


def _settings(source: TrainingSession, target: TrainingSession, now: datetime) -> Settings:
    decide_at = None
    if source.decide_at is not None:
        reading = Reading.of(source.decide_at, first_day(source.starts_at, source.time_zone), source.time_zone)
        decide_at = reading.on(first_day(target.starts_at, target.time_zone), target.time_zone)
    is_decided = decide_at is not None and decide_at > now
    return Settings(
        needs_approval=source.needs_approval,
        waiting=Waiting(source.waiting),
        offer_hours=source.offer_hours,
        absentees_last=source.absentees_last,
        minimum=source.minimum if is_decided else None,
        decide_at=decide_at if is_decided else None,
    )
