"""Programmes for tests."""

from __future__ import annotations

from typing import Any

from app.kernel.db import transaction
from app.training.models import TrainingSession
from app.training.talks.models import Talk
from app.training.talks.service import TalkDetails, add_talk
from tests.factories.training import NOW, make_training


def make_talk_details(title: str = "Small steps at the gateway", **given: Any) -> TalkDetails:
    """Half an hour in English that nobody gives yet."""
    values: dict[str, Any] = {
        "title": title,
        "abstract": "",
        "language": "en",
        "minutes": 30,
        "break_before": 0,
        "story_slug": None,
        "speakers": (),
        **given,
    }
    return TalkDetails(**values)


def make_talk(training: TrainingSession, title: str = "Small steps at the gateway", **given: Any) -> Talk:
    """A talk at the end of the programme of `training`."""
    training_id = training.id
    with transaction() as session:
        return add_talk(session, training_id, make_talk_details(title, **given), now=NOW)


def make_sharing(*args: Any, **given: Any) -> TrainingSession:
    """A sharing session next Friday, 14:00 to 16:00 in Shanghai."""
    return make_training(*args, **{"kind": "sharing", "slug": "sharing", "title": "Sharing Friday", **given})
