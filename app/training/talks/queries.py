"""Reading programmes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import selectinload

from app.kernel.db import db
from app.kernel.errors import NotFoundError
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
