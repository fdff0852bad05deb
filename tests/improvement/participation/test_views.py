"""The participation page: who sees it, what it adds up, and that no number tells of few teams."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import select, update

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.models import Snapshot
from app.maturity.scoring import staged_level
from app.maturity.snapshots.queries import newest_ids
from app.practices.adoption.models import Adoption
from app.web.stored import MAX_BYTES, Store
from tests.factories.frameworks import make_framework, rename_area
from tests.factories.growth import bring_path, put
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.presence import note_presence
from tests.factories.training import make_training, sign_up

OCTOBER = datetime(2026, 10, 12, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


@pytest.fixture
def member(app: Flask) -> User:
    return make_user("Mia Member")


@pytest.fixture
def reader(member: User, log_in: Callable[[User], FlaskClient]) -> FlaskClient:
    return log_in(member)


def assess(framework: Framework, number: int, version_control: int, automation: int, at: datetime = OCTOBER) -> None:
    levels = {"version-control": version_control, "change-management": 3, "test-automation": automation}
    make_snapshot(make_team(f"Team {number}"), framework, levels, taken_at=at)


def words(client: FlaskClient, query: str = "") -> str:
    answer = client.get(f"/participation{query}")
    assert answer.status_code == 200
    page = answer.get_data(as_text=True).partition("<main")[2]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def lines(client: FlaskClient, query: str = "") -> dict[str, list[str]]:
    """The rows of the sheet by their first cell."""
    answer = client.get(f"/participation.csv{query}")
    assert answer.status_code == 200
    rows = csv.reader(StringIO(answer.get_data().decode("utf-8-sig")))
    return {row[0]: row[1:] for row in rows if row}


def test_visitors_are_asked_to_log_in(framework: Framework, client: FlaskClient) -> None:
    assert client.get("/participation").status_code == 303
    assert client.get("/participation.csv").status_code == 303


def test_before_anything_happens_the_page_says_so(framework: Framework, reader: FlaskClient) -> None:
    assert "Nothing to count yet" in words(reader)


def test_without_a_framework_there_is_a_page(reader: FlaskClient) -> None:
    assert "Nothing to count yet" in words(reader)


@pytest.mark.both_databases
def test_teams_count_by_the_level_reached_in_each_area(framework: Framework, reader: FlaskClient) -> None:
    for number in range(12):
        assess(framework, number, version_control=2 if number < 6 else 4, automation=1 if number < 5 else 2)
    rows = lines(reader)
    assert rows["All areas together"] == ["5", "7", "0", "0", "0", "12"]
    assert rows["Configuration management"] == ["0", "6", "6", "0", "0", "12"]
    assert rows["Test management"] == ["5", "7", "0", "0", "0", "12"]
    assert rows["Teams assessed"] == ["12", "12", "12"]
    assert "12 of 12 teams have been assessed. 12 of these in the last 12 months." in words(reader)


@pytest.mark.both_databases
def test_the_latest_assessment_counts(framework: Framework, reader: FlaskClient) -> None:
    teams = [make_team(f"Team {number}") for number in range(5)]
    for days, level in ((200, 1), (10, 3)):
        for team in teams:
            make_snapshot(team, framework, {"version-control": level}, taken_at=utc_now() - timedelta(days=days))
    rows = lines(reader)
    assert rows["All areas together"] == ["0", "0", "5", "0", "0", "5"]
    assert rows["Teams assessed"] == ["5", "5", "5"]
    assert rows["Assessments"] == ["10", "10", "10"]


def test_fewer_than_five_teams_are_nowhere(framework: Framework, reader: FlaskClient) -> None:
    for number in range(4):
        assess(framework, number, 3, 3)
    assert "Fewer than five teams have been assessed, so no number about them is shown." in words(reader)
    rows = lines(reader)
    hidden = ["not shown"] * 6
    assert rows["All areas together"] == hidden
    assert rows["Test management"] == hidden
    assert rows["Teams assessed"] == ["fewer than five", "0", "0"]
    assert rows["Oct 2026"][:2] == ["0", "0"]


def test_a_small_group_cannot_be_had_by_subtraction(framework: Framework, reader: FlaskClient) -> None:
    for number in range(20):
        assess(framework, number, version_control=3, automation=1 if number < 3 else 2 if number < 9 else 3)
    assert lines(reader)["Test management"] == ["not shown", "not shown", "11", "0", "0", "20"]


def test_an_area_that_is_called_otherwise_keeps_its_teams(framework: Framework, reader: FlaskClient) -> None:
    for number in range(6):
        assess(framework, number, 3, 2)
    rename_area(framework, "test-management", "testing")
    assert lines(reader)["Test management"] == ["0", "6", "0", "0", "0", "6"]


def test_how_few_said_that_an_area_does_not_apply_is_not_told(framework: Framework, reader: FlaskClient) -> None:
    for number in range(12):
        levels = {"version-control": 2, "test-automation": 3 if number < 10 else None}
        make_snapshot(make_team(f"Team {number}"), framework, levels, taken_at=OCTOBER)
    rows = lines(reader)
    assert rows["All areas together"] == ["0", "12", "0", "0", "0", "12"]
    assert rows["Test management"] == ["0", "0", "not shown", "0", "0", "not shown"]
    assert "10" not in words(reader).partition("Teams by level reached")[2].partition("Month by month")[0].split()


def test_the_own_team_and_benchmark_teams_do_not_count_towards_the_five(
    framework: Framework, reader: FlaskClient, log_in: Callable[[User], FlaskClient]
) -> None:
    for number in range(10):
        assess(framework, number, 3, 2 if number < 6 else 4)
    own = make_user("Olga Own")
    make_snapshot(make_team("Ours", own), framework, {"version-control": 3, "test-automation": 4}, taken_at=OCTOBER)
    assert lines(reader)["Test management"] == ["0", "6", "0", "5", "0", "11"]
    assert lines(log_in(own))["Test management"] == ["0", "not shown", "0", "not shown", "0", "11"]
    assert words(reader) != words(log_in(own))
    with transaction() as session:
        session.execute(update(Team).where(Team.name == "Ours").values(is_benchmark=True))
    assert lines(reader)["Test management"] == ["0", "not shown", "0", "not shown", "0", "11"]


def test_how_many_were_assessed_lately_is_hidden_where_few_were_not(framework: Framework, reader: FlaskClient) -> None:
    for number in range(8):
        assess(framework, number, 3, 3, at=OCTOBER if number < 6 else OCTOBER - timedelta(days=500))
    page = words(reader)
    assert "8 of 8 teams have been assessed." in page
    assert "in the last 12 months" not in page


def test_a_period_tells_of_no_few_teams(framework: Framework, reader: FlaskClient) -> None:
    for number in range(9):
        assess(framework, number, 3, 3, at=OCTOBER if number < 6 else OCTOBER + timedelta(days=25))
    assert lines(reader, "?since=2026-11&until=2026-11")["Teams assessed"] == ["9", "6", "0"]
    assert lines(reader, "?since=2026-10&until=2026-11")["Teams assessed"] == ["9", "6", "6"]


@pytest.mark.both_databases
def test_sessions_seats_people_and_practices_add_up(framework: Framework, reader: FlaskClient, member: User) -> None:
    coach, other = make_user("Chen Coach", Role.COACH), make_user("Otto Other")
    for slug, days in (("one", 40), ("two", 10), ("to-come", -10)):
        starts = utc_now() - timedelta(days=days)
        training = make_training(coach, slug=slug, starts_at=starts, ends_at=starts + timedelta(hours=2))
        sign_up(training, member, other, now=starts - timedelta(days=1))
        if days > 0:
            note_presence(training, member, "present")
    team_id = make_team("Payments").id
    with transaction() as session:
        for slug, stage in (("trunk", "using"), ("flags", "stopped"), ("toggles", "trying")):
            session.add(
                Adoption(
                    practice_slug=slug,
                    team_id=team_id,
                    stage=stage,
                    since=(utc_now() - timedelta(days=40)).date(),
                    confirmed_at=utc_now(),
                )
            )
    rows = lines(reader, "?since=2026-10&until=2026-11")
    assert rows["Sessions held"] == ["2", "2", "2"]
    assert rows["Seats taken"] == ["4", "4", "4"]
    assert rows["People reached"] == ["1", "1", "1"]
    assert rows["Practices adopted"] == ["1", "1", "1"]
    assert rows["Oct 2026"] == ["0", "0", "1", "2", "1", "0", "0", "1"]
    assert rows["Nov 2026"] == ["0", "0", "1", "2", "1", "0", "0", "0"]


def test_no_name_of_a_team_or_person_is_on_it(framework: Framework, reader: FlaskClient) -> None:
    for number in range(6):
        assess(framework, number, 3, 3)
    assert "Team " not in words(reader)


def test_nonsense_in_the_address_is_said_beside_the_field(framework: Framework, reader: FlaskClient) -> None:
    answer = reader.get("/participation?since=yesterday")
    assert answer.status_code == 422
    assert "Write year and month" in answer.get_data(as_text=True)
    assert reader.get("/participation.csv?since=yesterday").status_code == 422


def test_the_workbook_has_every_table(framework: Framework, reader: FlaskClient) -> None:
    for number in range(6):
        assess(framework, number, 3, 3)
    answer = reader.get("/participation.xlsx?since=2026-10&until=2026-11")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="participation-2026-10-2026-11.xlsx"'
    book = ZipFile(BytesIO(answer.get_data()))
    assert len([name for name in book.namelist() if name.startswith("xl/worksheets/")]) == 5


@pytest.mark.slow
@pytest.mark.parametrize(("language", "title"), [("en", "Participation"), ("zh", "参与情况")])
def test_the_paper_says_the_same(
    framework: Framework, log_in: Callable[[User], FlaskClient], language: str, title: str
) -> None:
    for number in range(6):
        assess(framework, number, 3, 3)
    answer = log_in(make_user("Pia Paper", language=language)).get("/participation.pdf")
    assert answer.mimetype == "application/pdf"
    pages = PdfReader(BytesIO(answer.get_data())).pages
    text = "".join(page.extract_text() for page in pages).replace("\x00", "")
    assert title in text


@pytest.mark.both_databases
def test_the_number_of_queries_is_the_same_for_many_teams(
    app: Flask, framework: Framework, reader: FlaskClient, count_queries: list[str]
) -> None:
    def queries() -> int:
        app.extensions["store"] = Store(MAX_BYTES)
        count_queries.clear()
        assert reader.get("/participation").status_code == 200
        return len(count_queries)

    for number in range(6):
        assess(framework, number, 3, 3)
    few = queries()
    for number in range(6, 30):
        assess(framework, number, 1 + number % 5, 3)
    assert queries() == few


def test_the_level_in_everything_is_the_staged_level(framework: Framework, reader: FlaskClient) -> None:
    for number in range(12):
        assess(framework, number, version_control=4 if number < 6 else 2, automation=3)
    newest = db.session.execute(
        select(Snapshot).where(Snapshot.id.in_(newest_ids(Snapshot.framework_id == framework.id)))
    ).scalars()
    staged = Counter(staged_level(snapshot.marks) for snapshot in newest)
    assert staged == {3: 6, 2: 6}
    assert lines(reader)["All areas together"] == ["0", "6", "6", "0", "0", "12"]


def test_months_are_the_same_for_everybody(framework: Framework, log_in: Callable[[User], FlaskClient]) -> None:
    edge = datetime(2026, 10, 31, 20, 0, tzinfo=UTC)
    for number in range(6):
        assess(framework, number, 3, 3, at=edge if number == 0 else OCTOBER)
    near, far = make_user("Near"), make_user("Far")
    with transaction() as session:
        session.get_one(User, far.id).time_zone = "UTC"
    assert lines(log_in(near)) == lines(log_in(far))


def test_how_many_are_candidates_is_told_to_nobody(framework: Framework, reader: FlaskClient) -> None:
    bring_path()
    put(make_user("Ann"), "candidate", date(2026, 11, 1))
    put(make_user("Cora", Role.COACH), "coach", date(2026, 11, 1))
    rows = lines(reader, "?since=2026-11&until=2026-11")
    assert rows["Coaches trained"] == ["1", "1", "1"]
    assert "Candidate" not in rows
    assert "Candidate" not in words(reader)
