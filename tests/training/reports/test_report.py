"""The numbers of the small autumn of `conftest`, worked by hand, on both databases."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import Team, User
from app.kernel.db import db, transaction
from app.training.feedback.models import FeedbackAnswer
from app.training.models import TrainingSession
from app.training.reports.forms import Choice
from app.training.reports.report import Report, make_report
from app.training.reports.rules import By, Period, Tally
from tests.factories.people import make_team, make_user
from tests.factories.training import make_training, sign_up
from tests.training.reports.conftest import Autumn, on

pytestmark = pytest.mark.both_databases
PERIOD = Period(date(2026, 9, 1), date(2026, 12, 1))
# sessions, offered, filled, waited, attended, excused, missed
ALL = Tally(4, 22, 14, 3, 9, 2, 2)
SEPTEMBER = Tally(1, 4, 4, 1, 2, 1, 1)
OCTOBER = Tally(2, 13, 9, 2, 7, 1, 1)
DECEMBER = Tally(1, 5, 1, 0, 0, 0, 0)
TRUNK = Tally(2, 7, 7, 3, 3, 2, 2)
ROBOTS = Tally(1, 10, 6, 0, 6, 0, 0)
WORKSHOPS = Tally(3, 12, 8, 3, 3, 2, 2)


def report_of(app: Flask, by: str, teams: list[str] | None = None, period: Period = PERIOD, **filters: Any) -> Report:
    given = {name: str(filters.get(name, "")) for name in ("kind", "capability", "level", "coach", "team")}
    team_ids = None
    if teams is not None:
        team_ids = frozenset(db.session.execute(select(Team.id).where(Team.name.in_(teams))).scalars())
    with app.test_request_context():
        return make_report(Choice(period, By(by), **given), team_ids=team_ids, zone_name="Asia/Shanghai")


def rows_of(app: Flask, by: str, teams: list[str] | None = None, **filters: Any) -> dict[str, Tally]:
    return {row.label: row.tally for row in report_of(app, by, teams, **filters).rows}


def numbers(tally: Tally) -> tuple[int, ...]:
    """filled, waited, attended, excused, missed, not noted, people."""
    assert tally.people is not None
    return (tally.filled, tally.waited, tally.attended, tally.excused, tally.missed, tally.unknown, len(tally.people))


@pytest.mark.usefixtures("autumn")
def test_everything_together(app: Flask) -> None:
    total = report_of(app, "month").total
    assert (total, total.unknown) == (ALL, 1)


@pytest.mark.usefixtures("autumn")
def test_by_month(app: Flask) -> None:
    report = report_of(app, "month")
    assert {row.label: row.tally for row in report.rows} == {
        "Sep 2026": SEPTEMBER, "Oct 2026": OCTOBER, "Nov 2026": Tally(), "Dec 2026": DECEMBER,
    }  # fmt: skip
    assert [row.tally for row in report.trend] == [SEPTEMBER, OCTOBER, Tally(), DECEMBER]


@pytest.mark.usefixtures("autumn")
def test_by_capability_level_and_kind(app: Flask) -> None:
    assert rows_of(app, "capability") == {
        "Version control": TRUNK, "Test automation": ROBOTS, "On no capability": DECEMBER,
    }  # fmt: skip
    assert rows_of(app, "level") == {"Level 2": TRUNK, "Level 3": ROBOTS, "No level": DECEMBER}
    assert rows_of(app, "kind") == {"Workshop": WORKSHOPS, "Sharing session": ROBOTS}


@pytest.mark.usefixtures("autumn")
def test_by_coach_a_session_of_two_counts_for_both(app: Flask) -> None:
    assert rows_of(app, "coach") == {"Chen": WORKSHOPS, "Olga": OCTOBER}


def test_filters_narrow(app: Flask, autumn: Autumn) -> None:
    assert report_of(app, "month", kind="sharing").total == ROBOTS
    assert report_of(app, "month", capability="version-control").total == TRUNK
    assert report_of(app, "month", level=3).total == ROBOTS
    assert report_of(app, "month", coach=autumn.coaches["Olga"].id).total == OCTOBER
    assert report_of(app, "month", coach=autumn.coaches["Olga"].id, kind="workshop").total == Tally(1, 3, 3, 2, 1, 1, 1)
    october = Period(date(2026, 10, 1), date(2026, 10, 1))
    assert report_of(app, "kind", period=october).total == OCTOBER


@pytest.mark.usefixtures("autumn")
def test_the_month_is_that_of_the_readers_zone(app: Flask) -> None:
    """At ten past midnight in Shanghai it is still the day before in UTC."""
    make_training(title="Early", starts_at=on(11, 1).replace(month=10, day=31, hour=16, minute=10), capacity=9)
    assert rows_of(app, "month")["Nov 2026"] == Tally(1, 9)


@pytest.mark.usefixtures("autumn")
def test_the_people_of_one_team(app: Flask) -> None:
    assert numbers(report_of(app, "month", ["Gateway"]).total) == (12, 3, 8, 2, 2, 0, 5)
    by_month = rows_of(app, "month", ["Gateway"])
    assert {label: numbers(tally) for label, tally in by_month.items()} == {
        "Sep 2026": (4, 1, 2, 1, 1, 0, 5),
        "Oct 2026": (8, 2, 6, 1, 1, 0, 5),
    }
    by_level = rows_of(app, "level", ["Gateway"])
    assert {label: numbers(tally) for label, tally in by_level.items()} == {
        "Level 2": (7, 3, 3, 2, 2, 0, 5),
        "Level 3": (5, 0, 5, 0, 0, 0, 5),
    }
    assert report_of(app, "month", ["Gateway"]).trend == ()


@pytest.mark.usefixtures("autumn")
def test_two_people_are_too_few_to_tell(app: Flask) -> None:
    hidden = report_of(app, "month", ["Ledger"])
    assert (hidden.is_hidden, list(hidden.rows), list(hidden.trend)) == (True, [], [])


@pytest.mark.usefixtures("autumn")
def test_a_filter_does_not_tell_what_the_rows_do_not(app: Flask) -> None:
    """Two people of the team are alone in an exhibition, so the smallest other row stands for both; chosen by itself, it would
    tell by subtraction who of the two was there.
    """
    exhibition = make_training(title="Posters", kind="exhibition", starts_at=on(11, 3))
    sign_up(
        exhibition,
        *db.session.execute(select(User).where(User.name.in_(["Ann", "Ben"]))).unique().scalars(),
        now=on(11, 1),
    )

    by_kind = report_of(app, "kind", ["Gateway"])
    chosen = {kind: report_of(app, "month", ["Gateway"], kind=kind) for kind in ("workshop", "sharing", "exhibition")}
    level = report_of(app, "month", ["Gateway"], level=2)

    shown = {row.label for row in by_kind.rows}
    assert "Others, taken together" in shown
    assert {kind: report.is_hidden for kind, report in chosen.items()} == {
        "workshop": "Workshop" not in shown,
        "sharing": "Sharing session" not in shown,
        "exhibition": True,
    }
    assert sum(report.is_hidden for report in chosen.values()) == 2
    assert not report_of(app, "kind", kind="exhibition").is_hidden
    assert level.is_hidden


def test_by_team_small_ones_are_taken_together(app: Flask, autumn: Autumn) -> None:
    alone = report_of(app, "team")
    assert [(row.label, *numbers(row.tally)) for row in alone.rows] == [
        ("Others, taken together", 17, 3, 12, 2, 2, 1, 6)
    ]
    assert (alone.total, alone.merged) == (ALL, 2)
    make_team("Core", *(autumn.people[name] for name in ("Ann", "Ben", "Cem", "Dora", "Emil")))
    rows = report_of(app, "team").rows
    assert [(row.label, *numbers(row.tally)) for row in rows] == [
        ("Gateway", 12, 3, 8, 2, 2, 0, 5),
        ("Others, taken together", 17, 3, 12, 2, 2, 1, 6),
    ]


@pytest.mark.usefixtures("autumn")
def test_people_in_no_team_are_a_row_of_their_own(app: Flask) -> None:
    loners = [make_user(f"Loner {number}") for number in range(5)]
    sign_up(make_training(title="Loners", starts_at=on(12, 9)), *loners)
    assert numbers(rows_of(app, "team")["In no team"]) == (5, 0, 0, 0, 0, 5, 5)


@pytest.mark.usefixtures("autumn")
def test_who_waits_now_has_waited(app: Flask) -> None:
    small: list[User] = [make_user(f"Queue {number}") for number in range(3)]
    sign_up(make_training(title="Small", starts_at=on(12, 10), capacity=1), *small)
    assert rows_of(app, "month")["Dec 2026"] == Tally(2, 6, 2, 2)


@pytest.mark.usefixtures("autumn")
def test_feedback_counts_from_five_answers_on(app: Flask) -> None:
    """Robots: five answers with 4, 4, 5 and one more of 1, 1, 1 make (5 * 13/3 + 1) / 6 = 3.8; Trunk has four, which is too few."""
    ids = {row.title: row.id for row in db.session.execute(select(TrainingSession)).scalars()}
    given = [("Robots", (4, 4, 5))] * 5 + [("Robots", (1, 1, 1))] + [("Trunk", (1, 1, 1))] * 4
    with transaction() as session:
        for number, (title, (content, trainer, usefulness)) in enumerate(given):
            session.add(
                FeedbackAnswer(
                    seal=str(number), training_id=ids[title], content=content, trainer=trainer, usefulness=usefulness
                )
            )
    rows = rows_of(app, "capability")
    assert {label: (tally.answers, tally.rating) for label, tally in rows.items()} == {
        "Version control": (0, None), "Test automation": (6, 3.8), "On no capability": (0, None),
    }  # fmt: skip
    assert report_of(app, "month").total.rating == 3.8
    assert report_of(app, "month", ["Gateway"]).total.rating is None
