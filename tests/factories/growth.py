"""The path of coaches and people on it, for tests."""

from __future__ import annotations

from datetime import date

from app.accounts.models import User
from app.coaching.growth import service
from app.coaching.growth.models import Application, Standing
from app.coaching.growth.service import Seen
from app.coaching.growth.sync import sync_path
from app.config import ROOT
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.report import Report


def bring_path() -> None:
    """The path that comes with the product."""
    report = Report()
    with transaction() as session:
        sync_path(session, ROOT / "content", report)
    assert not report.refused


def put(person: User, stage: str, since: date = date(2026, 1, 1)) -> User:
    """Somebody stands on that stage."""
    person_id = person.id
    with transaction() as session:
        session.merge(Standing(user_id=person_id, stage=stage, since=since))
    return person


def apply(person: User, words: str = "It is time") -> Application:
    person_id = person.id
    with transaction() as session:
        return service.apply(session, session.get_one(User, person_id), words, now=utc_now())


def observe(
    observer: User, person: User, slug: str, *, is_ready: bool = True, strengths: str = "Clear", advice: str = ""
) -> None:
    observer_id, person_id = observer.id, person.id
    with transaction() as session:
        seen = Seen(is_ready=is_ready, strengths=strengths, advice=advice)
        service.observe(session, slug, person_id, seen, observer=session.get_one(User, observer_id), now=utc_now())
