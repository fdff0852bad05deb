"""Forgetting whose answer is whose, once nobody can change it any more.

As long as a person may change an answer, its seal can be computed by whoever holds the site's secret key. After that it is
replaced by a random number, and nobody at all can find out.
"""

from __future__ import annotations

from sqlalchemy import select, update

from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.training.feedback.models import FeedbackAnswer
from app.training.feedback.rules import WINDOW, forgotten_seal
from app.training.models import TrainingSession

BATCH = 200


def forget_whose() -> int:
    """Give random names to some of the answers whose time is over. Returns how many they were."""
    with transaction() as session:
        over = select(TrainingSession.id).where(TrainingSession.ends_at <= utc_now() - WINDOW)
        query = (
            select(FeedbackAnswer.seal)
            .where(FeedbackAnswer.training_id.in_(over), FeedbackAnswer.seal.not_like("-%"))
            .limit(BATCH)
        )
        seals = list(session.execute(query).scalars())
        for seal in seals:
            session.execute(
                update(FeedbackAnswer)
                .where(FeedbackAnswer.seal == seal)
                .values(seal=forgotten_seal())
                .execution_options(synchronize_session=False)
            )
        return len(seals)
