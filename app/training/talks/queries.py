"""Reading programmes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.accounts.models import User
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.models import TrainingCoach, TrainingSession
from app.training.queries import NO_SUCH_SESSION, visible_to
from app.training.talks.models import Speaker, Talk

NO_SUCH_TALK = _l("There is no such talk on this programme. Somebody may have taken it off.")


def programme_of(training_id: int) -> Select[Talk]:
    """The talks of a session in their order, with those who give them."""
    return (
        select(Talk)
        .where(Talk.training_id == training_id)
        .options(selectinload(Talk.speakers).joinedload(Speaker.user))
        .order_by(Talk.position, Talk.id)
    )


def list_talks(training_id: int) -> list[Talk]:
    return list(db.session.execute(programme_of(training_id)).unique().scalars())


def get_talk(training_id: int, talk_id: int) -> Talk:
    """Raises NotFoundError, also for a talk of another session."""
    talk = db.session.execute(programme_of(training_id).where(Talk.id == talk_id)).unique().scalar_one_or_none()
    if talk is None:
        raise NotFoundError(NO_SUCH_TALK)
    return talk


def get_with_meetings(user: User, slug: str) -> TrainingSession:
    """The session with its coaches and meetings. Raises NotFoundError where `user` may not see it."""
    query = (
        visible_to(user)
        .where(TrainingSession.slug == slug)
        .options(
            selectinload(TrainingSession.meetings),
            selectinload(TrainingSession.coach_rows).joinedload(TrainingCoach.user),
        )
    )
    training = db.session.execute(query).unique().scalar_one_or_none()
    if training is None:
        raise NotFoundError(NO_SUCH_SESSION)
    return training
