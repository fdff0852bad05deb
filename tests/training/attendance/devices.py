"""What the processes of the race do: coaches' devices that tick the same people at the same moment."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from multiprocessing.synchronize import Barrier
from uuid import UUID

from sqlalchemy import select

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.training.attendance.rules import STATES
from app.training.attendance.service import Tap, let_in, record, record_all
from app.training.seats.presence import Means

# Every device has all of these taps, as if each answer had been lost and each tap sent again from everywhere.
TAPS = 40


def tick_all(config: Config, barrier: Barrier, share: tuple[int, int, list[int], int]) -> None:
    """Send all the taps in an order of this device's own, in batches as the script does."""
    meeting_id, actor_id, places, seed = share
    dice = random.Random(seed)
    app = create_app(config)
    with app.app_context():
        db.session.execute(select(User.id).limit(1))
        db.session.remove()
    began = utc_now()
    taps = [make_tap(number, places, began) for number in range(TAPS)]
    dice.shuffle(taps)
    barrier.wait(60)
    for start in range(0, TAPS, 8):
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, actor_id)
            refused = record_all(session, meeting_id, taps[start : start + 8], actor=actor, now=utc_now())
            assert refused == {}


def make_tap(number: int, places: list[int], now: datetime) -> Tap:
    """The tap with this number; the lower the number, the longer ago it was."""
    at = now - timedelta(minutes=TAPS - number)
    mark = str(UUID(int=number + 1))
    if number % 10 == 9:
        return Tap(mark, places, "present", at, Means.REST)
    return Tap(mark, [places[number % len(places)]], ("", *STATES)[number % 5], at)


def let_in_and_tick(config: Config, barrier: Barrier, share: tuple[int, int, list[int], int]) -> None:
    """Let the same people in, and tick somebody with a seat in between."""
    meeting_id, actor_id, people, place = share
    app = create_app(config)
    with app.app_context():
        db.session.execute(select(User.id).limit(1))
        db.session.remove()
    barrier.wait(60)
    for number, user_id in enumerate(people):
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, actor_id)
            mark = str(UUID(int=user_id))
            let_in(session, meeting_id, user_id, mark, reason="Came", actor=actor, now=utc_now())
        with app.app_context(), transaction() as session:
            actor = session.get_one(User, actor_id)
            tap = Tap(str(UUID(int=1000 + number)), [place], STATES[number % 4], utc_now())
            record(session, meeting_id, tap, actor=actor, now=utc_now())
