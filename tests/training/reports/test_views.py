"""Reports as browsers see them: who may, what the address says, sheets, and what is not told."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from io import BytesIO, StringIO
from xml.etree import ElementTree as ET
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from tests.factories.people import make_team, make_user
from tests.factories.training import make_coach, make_training, sign_up
from tests.training.reports.conftest import Autumn, on

LogIn = Callable[[User], FlaskClient]
PERIOD = "since=2026-09&until=2026-12"
PAGE = f"/training/reports?{PERIOD}"


def get(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:500]
    return " ".join(answer.text.split())


def table_of(page: str) -> list[list[str]]:
    """The cells of the table of numbers."""
    table = page.split('<table class="table report-table">')[1].split("</table>", maxsplit=1)[0]
    rows = re.findall(r"<tr>(.*?)</tr>", table)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in rows]
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in row] for row in cells]


def test_who_sees_what(autumn: Autumn, log_in: LogIn, client: FlaskClient) -> None:
    people = {
        "coach": autumn.coaches["Chen"],
        "editor": make_user("Edda", Role.EDITOR),
        "administrator": make_user("Ada", Role.ADMINISTRATOR),
        "lead": autumn.lead,
        "member of a team": autumn.people["Ann"],
        "outsider": make_user("Otto"),
    }
    paths = (PAGE, f"/training/reports.csv?{PERIOD}", f"/training/reports.xlsx?{PERIOD}")
    answers = {name: [log_in(person).get(path).status_code for path in paths] for name, person in people.items()}
    assert answers == {
        "coach": [200] * 3,
        "editor": [200] * 3,
        "administrator": [200] * 3,
        "lead": [200] * 3,
        "member of a team": [403] * 3,
        "outsider": [403] * 3,
    }
    assert all("/login" in client.get(path).headers["Location"] for path in paths)
    ways = {name: 'href="/training/reports"' in get(log_in(person), "/training/") for name, person in people.items()}
    assert [name for name, is_there in ways.items() if is_there] == ["coach", "editor", "administrator", "lead"]
    assert 'href="/training/reports"' not in get(client, "/training/")


def test_a_lead_sees_the_own_team_and_nothing_of_others(autumn: Autumn, log_in: LogIn) -> None:
    ledger = make_team("Ledger of six", *(make_user(f"Clerk {number}") for number in range(6)))
    sign_up(make_training(title="Clerks", starts_at=on(12, 9)), *(each.user for each in ledger.memberships))
    browser = log_in(autumn.lead)
    page = get(browser, f"{PAGE}&by=team")
    assert table_of(page)[1:] == [["Gateway", "5", "12", "3", "8", "2", "2", "0", "67%"]]
    assert "Ledger" not in page
    assert "Offered" not in page
    answer = browser.get(f"{PAGE}&by=team&team={ledger.slug}")
    assert answer.status_code == 422
    assert "Clerk" not in answer.text
    assert "Ledger of six" in get(log_in(autumn.coaches["Chen"]), f"{PAGE}&by=team")


@pytest.mark.usefixtures("autumn")
def test_the_page_shows_the_numbers_and_what_they_mean(log_in: LogIn) -> None:
    page = get(log_in(make_user("Edda", Role.EDITOR)), f"{PAGE}&by=capability")
    assert table_of(page) == [
        ["Capability", "Sessions", "Offered", "Filled", "Filled share", "Waited for", "Attended", "Excused", "Missed",
         "Not noted", "Attended share", "Feedback"],
        ["Version control", "2", "7", "7", "100%", "3", "3", "2", "2", "0", "43%", "–none"],
        ["Test automation", "1", "10", "6", "60%", "0", "6", "0", "0", "0", "100%", "–none"],
        ["On no capability", "1", "5", "1", "20%", "0", "0", "0", "0", "1", "–none", "–none"],
    ]  # fmt: skip
    assert "whoever is marked as not there, and nothing else" in page
    assert (
        'href="/training/reports?since=2026-09&amp;until=2026-12&amp;by=month&amp;capability=version-control"' in page
    )
    narrower = get(log_in(make_user("Ede", Role.EDITOR)), f"{PAGE}&by=month&capability=version-control")
    assert [row[0] for row in table_of(narrower)[1:]] == ["Sep 2026", "Oct 2026", "Nov 2026", "Dec 2026"]
    assert '<option selected value="version-control">' in narrower


@pytest.mark.usefixtures("autumn")
def test_charts_are_pictures_with_a_table_behind_each(log_in: LogIn) -> None:
    page = get(log_in(make_user("Edda", Role.EDITOR)), PAGE)
    pictures = re.findall(r'<svg class="chart-picture" role="img" aria-labelledby="([\w-]+) ([\w-]+)"', page)
    assert pictures == [("trend-title", "trend-desc"), ("bars-title", "bars-desc")]
    assert all(f'id="{name}"' in page for pair in pictures for name in pair)
    assert page.count('<details class="chart-table">') == 2
    assert "style=" not in page.split("<main")[1]


def test_a_report_without_sessions_says_what_to_do(log_in: LogIn, autumn: Autumn) -> None:
    browser = log_in(autumn.coaches["Chen"])
    assert "No session in this period" in get(browser, "/training/reports?since=2020-01&until=2020-02")
    assert "No session in this period" in get(browser, f"{PAGE}&level=5")
    ledger = get(browser, f"{PAGE}&by=team").split('<option value="team-')
    slug = next(option for option in ledger if ">Ledger<" in option).split('"')[0]
    assert "Too few people to tell" in get(browser, f"{PAGE}&team=team-{slug}")
    sheet = browser.get(f"/training/reports.csv?{PERIOD}&team=team-{slug}").get_data().decode("utf-8-sig")
    assert len(sheet.splitlines()) == 1


@pytest.mark.usefixtures("autumn")
def test_what_the_address_gets_wrong_is_said_at_its_field(log_in: LogIn) -> None:
    browser = log_in(make_user("Edda", Role.EDITOR))
    for address, field in (
        ("since=soon&until=2026-12", "since"),
        ("since=2026-12&until=2026-09", "until"),
        ("since=2010-01&until=2026-09", "since"),
        (f"{PERIOD}&by=shoe-size", "by"),
        (f"{PERIOD}&coach=99999", "coach"),
        (f"{PERIOD}&level=6", "level"),
        (f"{PERIOD}&team=nobody", "team"),
    ):
        page = get(browser, f"/training/reports?{address}", 422)
        assert f'id="{field}-error"' in page, address
        assert browser.get(f"/training/reports.csv?{address}").status_code == 422
    assert "Jan 2026" in get(browser, "/training/reports"), "without a period it is the last twelve months"


@pytest.mark.usefixtures("autumn")
def test_the_csv_opens_in_excel_and_computes_nothing(log_in: LogIn) -> None:
    evil = make_coach("=HYPERLINK(1)")
    make_training(evil, title="Evil", starts_at=on(12, 5), capacity=8)
    answer = log_in(evil).get(f"/training/reports.csv?{PERIOD}&by=coach")
    data = answer.get_data()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(data.decode("utf-8-sig"))))
    assert rows[0][:4] == ["Coach", "Sessions", "Offered", "Filled"]
    assert {row[0]: row[1:4] for row in rows[1:]} == {
        "Chen": ["3", "12", "8"], "Olga": ["2", "13", "9"], "'=HYPERLINK(1)": ["1", "8", "0"],
    }  # fmt: skip
    assert 'filename="training-2026-09-2026-12.csv"' in answer.headers["Content-Disposition"]


@pytest.mark.usefixtures("autumn")
def test_the_workbook_holds_the_same_as_numbers(log_in: LogIn) -> None:
    evil = make_coach("+evil")
    make_training(evil, title="Evil", starts_at=on(12, 5), capacity=8)
    answer = log_in(evil).get(f"/training/reports.xlsx?{PERIOD}&by=coach")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert read_sheet(answer.get_data()) == [
        ["Coach", "Sessions", "Offered", "Filled", "Filled share", "Waited for", "Attended", "Excused", "Missed",
         "Not noted", "Attended share", "Feedback"],
        ["'+evil", 1.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
        ["Chen", 3.0, 12.0, 8.0, pytest.approx(8 / 12), 3.0, 3.0, 2.0, 2.0, 1.0, pytest.approx(3 / 7)],
        ["Olga", 2.0, 13.0, 9.0, pytest.approx(9 / 13), 2.0, 7.0, 1.0, 1.0, 0.0, pytest.approx(7 / 9)],
    ]  # fmt: skip


def read_sheet(data: bytes) -> list[list[str | float]]:
    """The first sheet of a workbook, as a spreadsheet reads it."""
    space = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
    with ZipFile(BytesIO(data)) as book:
        strings = [
            "".join(text.text or "" for text in item.iterfind(".//x:t", space))
            for item in ET.fromstring(book.read("xl/sharedStrings.xml")).iterfind("x:si", space)
        ]
        sheet = ET.fromstring(book.read("xl/worksheets/sheet1.xml"))
    assert sheet.find(".//x:f", space) is None
    rows: list[list[str | float]] = []
    for row in sheet.iterfind(".//x:row", space):
        cells = [(cell.get("t"), cell.findtext("x:v", "", space)) for cell in row.iterfind("x:c", space)]
        rows.append([strings[int(value)] if kind == "s" else float(value) for kind, value in cells])
    return rows


@pytest.mark.slow
def test_the_number_of_queries_is_the_same_for_more(log_in: LogIn, autumn: Autumn, count_queries: list[str]) -> None:
    browser = log_in(autumn.coaches["Chen"])
    addresses = [f"{PAGE}&by={by}" for by in ("month", "capability", "level", "kind", "coach", "team")]

    def counted() -> list[int]:
        numbers = []
        for address in addresses:
            count_queries.clear()
            assert browser.get(address).status_code == 200
            numbers.append(len([each for each in count_queries if not each.startswith("BEGIN")]))
        return numbers

    before = counted()
    for number in range(8):
        people = [make_user(f"More {number} {each}") for each in range(3)]
        make_team(f"More {number}", *people)
        sign_up(make_training(make_coach(f"Coach {number}"), title=f"More {number}", starts_at=on(12, 10)), *people)
    assert counted() == before
    assert max(before) <= 14


def test_digits_of_another_script_are_no_month(autumn: Autumn, log_in: LogIn) -> None:
    browser, period = log_in(autumn.coaches["Chen"]), "since=20\uff12\uff16-09&until=20\uff12\uff16-12"
    answers = [browser.get(f"/training/reports{sheet}?{period}") for sheet in ("", ".csv", ".xlsx")]
    assert [answer.status_code for answer in answers] == [422, 422, 422]


def test_a_team_whose_row_stands_for_a_small_one_cannot_be_chosen(autumn: Autumn, log_in: LogIn) -> None:
    """Ledger has two people; all less Gateway would tell of them. Its lead sees nothing that could be subtracted."""
    page = get(log_in(autumn.coaches["Chen"]), f"{PAGE}&by=team")
    slug = re.findall(r'<option value="([^"]+)">Gateway<', page)[0]
    assert "Others, taken together" in page
    assert "Too few people to tell" in get(log_in(autumn.coaches["Chen"]), f"{PAGE}&team={slug}")
    assert "Too few people to tell" not in get(log_in(autumn.lead), f"{PAGE}&team={slug}")
