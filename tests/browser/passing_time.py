"""The site runs in processes of its own, with the real clock. So time passes the other way round: the session comes nearer."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment
from tests.site import Site

MOMENTS = ("starts_at", "ends_at", "signup_opens_at", "signup_closes_at", "head_start_at", "decide_at", "created_at")


def let_pass(site: Site, slug: str, time: timedelta) -> None:
    """So much time passes for a session: all its moments, and those of its places, lie so much earlier."""

    def move() -> None:
        with transaction() as session:
            training = (
                session.execute(select(TrainingSession).where(TrainingSession.slug == slug)).unique().scalar_one()
            )
            _move(training, MOMENTS, time)
            for meeting in training.meetings:
                _move(meeting, ("starts_at", "ends_at"), time)
            places = select(Enrolment).where(Enrolment.training_id == training.id)
            for place in session.execute(places).unique().scalars():
                _move(place, ("enrolled_at", "changed_at", "offer_until"), time)
                for step in place.events:
                    _move(step, ("at",), time)

    site.do(move)


def go_to(site: Site, slug: str, *, meeting: int = 1, minutes_after_start: int = 10) -> None:
    """It is so many minutes after the start of that meeting."""

    def start() -> datetime:
        query = select(TrainingSession).where(TrainingSession.slug == slug)
        training = db.session.execute(query).unique().scalar_one()
        return training.meetings[meeting - 1].starts_at

    let_pass(site, slug, site.do(start) + timedelta(minutes=minutes_after_start) - utc_now())


def _move(row: object, names: tuple[str, ...], time: timedelta) -> None:
    for name in names:
        moment = getattr(row, name)
        if moment is not None:
            setattr(row, name, moment - time)
