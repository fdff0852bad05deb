"""A year of training at the size of a company: it asks the database no more often than a few sessions do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db
from app.training.models import TrainingSession
from app.training.reports.queries import Scope, count_by_session
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.rules import Seat
from app.web.stored import MAX_BYTES, Store
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW
from tests.factories.year import SESSIONS, SIGN_UPS, Cast, add_sessions, make_cast

# Ten seconds: not in the fast part of the tests.
pytestmark = [pytest.mark.race, pytest.mark.usefixtures("clock")]
# So few that every section of every page has something to say, which it asks for: sessions to come, on the same
# capability, and behind us.
FEW = (0, 20, 21, 22, 24, 40, 60, 200, 220, 300)
PAGES = (
    "/",
    "/training/",
    "/training/?view=agenda",
    "/training/?view=month",
    "/training/?when=past",
    "/training/mine",
    "/training/year-0",
    "/training/year-0/roster",
    "/training/year-0/programme",
    "/training/reports",
    "/training/reports?by=capability",
    "/training/reports?by=level",
    "/training/reports?by=kind",
    "/training/reports?by=coach",
    "/training/reports?by=team",
    "/training/reports.csv",
    "/training/reports.xlsx",
    "/coaches/year-coach-0",
)


@pytest.fixture
def cast(app: Flask) -> Cast:
    make_framework()
    return make_cast(NOW)


def counts_of(app: Flask, browser: FlaskClient, statements: list[str]) -> dict[str, int]:
    """How many statements each page takes when nothing of it is kept."""
    counts = {}
    for path in PAGES:
        app.extensions["store"] = Store(MAX_BYTES)
        statements.clear()
        assert browser.get(path).status_code == 200, path
        counts[path] = len([each for each in statements if not each.startswith("BEGIN")])
    return counts


def test_pages_ask_as_often_for_five_hundred_sessions_as_for_a_few(
    app: Flask, cast: Cast, log_in: Callable[[User], FlaskClient], count_queries: list[str]
) -> None:
    browser = log_in(make_user("Ada Administrator", *Role))
    coach = log_in(db.session.get_one(User, cast.coaches[0]))
    add_sessions(cast, FEW, now=NOW)
    with_few = [counts_of(app, each, count_queries) for each in (browser, coach)]
    add_sessions(cast, [number for number in range(SESSIONS) if number not in FEW], now=NOW)
    with_all = [counts_of(app, each, count_queries) for each in (browser, coach)]
    differing = [
        {path: (few[path], many[path]) for path in PAGES if few[path] != many[path]}
        for few, many in zip(with_few, with_all, strict=True)
    ]
    assert differing == [{}, {}]


def test_the_year_is_what_the_services_would_leave(cast: Cast) -> None:
    add_sessions(cast, range(SESSIONS), now=NOW)
    holds = Enrolment.state.in_([Seat.CONFIRMED, Seat.OFFERED])
    full = (
        select(TrainingSession.id)
        .join(Enrolment, (Enrolment.training_id == TrainingSession.id) & holds)
        .group_by(TrainingSession.id)
        .having(func.count() > TrainingSession.capacity)
    )
    assert db.session.execute(full).all() == []
    last = select(func.max(EnrolmentEvent.id)).group_by(EnrolmentEvent.enrolment_id)
    ends = select(EnrolmentEvent.enrolment_id, EnrolmentEvent.state).where(EnrolmentEvent.id.in_(last))
    states = select(Enrolment.id, Enrolment.state)
    assert dict(db.session.execute(ends).all()) == dict(db.session.execute(states).all())
    counted = count_by_session(Scope(start=NOW - 400 * DAY, end=NOW + 100 * DAY))
    assert len(counted) == SESSIONS
    number = db.session.execute(select(func.count()).select_from(Enrolment)).scalar_one()
    assert SIGN_UPS <= number < SIGN_UPS + 100
    assert all(each.tally.unknown == 0 for each in counted if each.starts_at < NOW)
