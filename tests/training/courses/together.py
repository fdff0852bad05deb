"""What the processes of the race do: the same form at once, and two editors of one series at once."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier

from app.accounts.models import User
from app.config import Config
from app.kernel.db import transaction
from app.kernel.errors import ConflictError
from app.training.courses.rules import Pattern, Scope
from app.training.courses.series import change_series, create_series
from app.training.models import TrainingSession
from tests.factories.training import NOW, make_details
from tests.training.courses.test_series import FRIDAYS
from tests.training.crowd import wake


def announce(config: Config, barrier: Barrier, coach_id: int) -> None:
    """Send the form of a series with the same token as everybody else."""
    app = wake(config, barrier)
    with app.app_context(), transaction() as session:
        coach = session.get_one(User, coach_id)
        create_series(
            session, make_details(coach), FRIDAYS, pattern=Pattern.WEEKLY, token="the same", actor=coach, now=NOW
        )


def move(config: Config, barrier: Barrier, share: tuple[int, int, dict[int, int], str]) -> None:
    """Move the whole series to a room of this process's own, having seen what all others saw."""
    coach_id, training_id, seen, place = share
    app = wake(config, barrier)
    try:
        with app.app_context(), transaction() as session:
            coach = session.get_one(User, coach_id)
            starts_at = session.get_one(TrainingSession, training_id).starts_at
            details = make_details(coach, starts_at=starts_at, place=place)
            change_series(session, training_id, details, scope=Scope.ALL, seen=seen, actor=coach, now=NOW)
    except ConflictError:
        return
