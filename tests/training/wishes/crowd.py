"""What several processes do with wishes at once. They know the application by its configuration alone."""

from __future__ import annotations

from multiprocessing.synchronize import Barrier

from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.config import Config
from app.factory import create_app
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError
from app.training.wishes import service
from tests.factories.training import make_details
from tests.factories.wishes import make_asked


def _wake(config: Config, barrier: Barrier) -> Flask:
    """An application of this process's own, with its connection made, once every other process has one too."""
    app = create_app(config)
    with app.app_context():
        db.session.execute(select(User.id).limit(1))
        db.session.remove()
    barrier.wait(60)
    return app


def vote_each(config: Config, barrier: Barrier, share: tuple[int, list[int]]) -> None:
    """These people vote, one after the other."""
    wish_id, user_ids = share
    app = _wake(config, barrier)
    for user_id in user_ids:
        with app.app_context(), transaction() as session:
            service.vote(session, wish_id, actor=session.get_one(User, user_id), now=utc_now())


def wish_each(config: Config, barrier: Barrier, share: tuple[int, list[str]]) -> None:
    """This person wishes for all of that."""
    user_id, titles = share
    app = _wake(config, barrier)
    for title in titles:
        with app.app_context(), transaction() as session:
            service.make_wish(session, make_asked(title), actor=session.get_one(User, user_id), now=utc_now())


def plan_each(config: Config, barrier: Barrier, share: tuple[int, int]) -> None:
    """This coach makes a session of the wish, if no other was faster."""
    wish_id, coach_id = share
    app = _wake(config, barrier)
    with app.app_context():
        try:
            with transaction() as session:
                coach = session.get_one(User, coach_id)
                details = make_details(coach, starts_at=utc_now().replace(year=2126))
                service.plan_session(session, wish_id, details, head_start_hours=48, actor=coach, now=utc_now())
        except ConflictError:
            pass
