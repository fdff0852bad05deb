"""The session that the reader runs: where every page for those who run sessions begins."""

from __future__ import annotations

from app.accounts.login import me
from app.training.models import TrainingSession
from app.training.policy import can_edit
from app.training.queries import get_training
from app.web.access import ensure


def get_own_session(slug: str) -> TrainingSession:
    """The session, for those who may change it. Raises NotFoundError where it is not visible, ForbiddenError for everybody
    else.
    """
    training = get_training(me(), slug)
    ensure(can_edit(me(), training))
    return training
