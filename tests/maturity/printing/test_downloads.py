"""Standings and snapshots to take along: who gets what, that all of it is there, and that odd characters break nothing."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from app.config import Config
from app.kernel.db import transaction
from app.maturity.models import Snapshot
from app.maturity.printing.pack import safe_name
from app.media import store
from app.web.workbooks import Sheet, as_workbook
from tests.factories.assessed import LATELY, make_assessed
from tests.factories.frameworks import make_framework
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.slow]
SECRET = "Only the night shift can do it"


class House:
    """A team whose snapshot says something that is not for everybody."""

    def __init__(self, framework: Framework, media: Path) -> None:
        self.framework = framework
        self.lin, self.coach = make_user("Lin Yue"), make_user("Cora Coach", Role.COACH)
        self.team = make_team("Payments", self.lin)
        name = store.name_for(b"runbook,1\n", ".csv")
        store.write(media / store.GUARDED, name, b"runbook,1\n")
        evidence = [
            item("file", "The runbook", store.guarded_url(name, "运行手册 ../../etc.csv")),
            item("file", "Long gone", f"/media/guarded/{'0' * 32}/gone.pdf"),
            item("link", "A page", "https://example.com/?a=1&b=<2>"),
            item("metric", "Lead time", value=2.5, unit="days", window="Q3 2026"),
            item("practice", "Merge queue", "/practices/merge-queue", stage="standard"),
        ]
        said = {
            "author": "Cora Coach",
            "side": "coach",
            "verdict": "differ",
            "level": 3,
            "text": "I saw it work",
            "at": "2026-09-30",
        }
        note = f"{SECRET} \U0001f389 \u0007 夜班 \U0001f9ec"
        self.number = self.say(note=note, evidence=evidence, words=[said])

    def say(self, **told: Any) -> int:
        """A snapshot in which that is said of version control. Answers its number."""
        levels = {"version-control": 3, "change-management": 2, "test-automation": None}
        made = make_snapshot(
            self.team, self.framework, levels, taken_at=LATELY, verifier=self.coach, told={"version-control": told}
        )
        return made.id


def item(kind: str, title: str, link: str = "", **more: Any) -> dict[str, Any]:
    """Evidence as a snapshot keeps it."""
    return {"kind": kind, "title": title, "link": link, "value": None, "unit": "", "window": "", "stage": "", **more}


@pytest.fixture
def house(app: Flask) -> House:
    config: Config = app.config["GUILDHALL"]
    return House(make_framework(), config.media_dir)


def pdf_text(data: bytes) -> str:
    """Without the signs that the reader puts beside Chinese characters."""
    pages = [page.extract_text().replace("\x00", "") for page in PdfReader(BytesIO(data)).pages]
    return " ".join(" ".join(pages).split())


def book_text(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as book:
        return book.read("xl/sharedStrings.xml").decode()


def got(browser: FlaskClient, path: str) -> bytes:
    with browser.get(path) as answer:
        assert answer.status_code == 200, (path, answer.status)
        assert "no-store" in answer.headers["Cache-Control"]
        return answer.data


def test_the_pack_has_everything_and_its_sums_are_right(house: House, log_in: LogIn) -> None:
    with ZipFile(BytesIO(got(log_in(house.lin), f"/maturity/snapshots/{house.number}.zip"))) as pack:
        assert pack.testzip() is None
        names = pack.namelist()
        assert names == [
            "snapshot.pdf",
            "snapshot.xlsx",
            "snapshot.json",
            "evidence/001-运行手册-..-..-etc.csv",
            "README.txt",
            "SHA256SUMS",
        ]
        lines = [line.partition("  ") for line in pack.read("SHA256SUMS").decode().splitlines()]
        sums = {name: digest for digest, _spaces, name in lines}
        assert sums == {name: hashlib.sha256(pack.read(name)).hexdigest() for name in names[:-1]}
        with transaction() as session:
            snapshot = session.get_one(Snapshot, house.number)
            assert sums["snapshot.json"] == snapshot.digest
            assert json.loads(pack.read("snapshot.json")) == snapshot.content
        assert pack.read(names[3]) == b"runbook,1\n"
        readme = pack.read("README.txt").decode()
        assert "evidence/002-gone.pdf  Long gone  (version-control)" in readme.partition("Not in this pack")[2]
        assert SECRET in pdf_text(pack.read("snapshot.pdf"))
        book = book_text(pack.read("snapshot.xlsx"))
        assert all(
            words in book
            for words in (SECRET, "The runbook", "2.5 days · Q3 2026", "I saw it work", "Differs: level 3")
        )


def test_the_company_on_paper_says_and_hides_what_its_page_does(house: House, log_in: LogIn) -> None:
    for department, number, level in (("Retail", 8, 3), ("Risk", 6, 2), ("Data", 2, 5)):
        for place in range(number):
            make_assessed(house.framework, f"{department} {place} squad", *[level] * 3, department=department)
    reader = log_in(make_user("Mia Member"))
    assert 'href="/maturity/company.pdf?framework=continuous-delivery"' in reader.get("/maturity/company").text
    text = pdf_text(got(reader, "/maturity/company.pdf"))
    # The team of the house was assessed, too, and is in no department.
    assert "17 of 17 teams, assessed in the last 12 months against Continuous delivery." in text
    assert re.search(r"Data not shown – Retail 8 of 8 3\.0 Risk not shown – Without a department not shown –", text)
    # A middle of five would be that of the two teams of Data alone.
    assert "5.0" not in text
    assert "squad" not in text


def test_of_fewer_than_five_strangers_there_is_no_number_on_paper(house: House, log_in: LogIn) -> None:
    own = make_user("Olga Own")
    for place in range(4):
        make_assessed(house.framework, f"Squad {place}", 3, 3, 3, people=(own,) if place == 0 else ())
    assert "5 of 5 teams" in pdf_text(got(log_in(make_user("Mia Member")), "/maturity/company.pdf"))
    text = pdf_text(got(log_in(own), "/maturity/company.pdf"))
    assert "Numbers over fewer than five teams would tell of single ones" in text
    assert "of 5 teams" not in text
    assert not re.search(r"\b3\.0", text)


@pytest.mark.parametrize(
    ("who", "status"),
    [("lin", 200), ("coach", 200), ("administrator", 403), ("leader", 403), ("other coach", 403), ("member", 404)],
)
def test_who_may_have_the_pack(house: House, log_in: LogIn, who: str, status: int) -> None:
    people = {
        "lin": house.lin,
        "coach": house.coach,
        "administrator": make_user("Ada", Role.ADMINISTRATOR),
        "leader": make_user("Lea", Role.LEADER),
        "other coach": make_user("Otto", Role.COACH),
        "member": make_user("Mei"),
    }
    with log_in(people[who]).get(f"/maturity/snapshots/{house.number}.zip") as answer:
        assert answer.status_code == status


def test_whoever_only_sees_the_standing_gets_the_levels_without_the_words(house: House, log_in: LogIn) -> None:
    leader = log_in(make_user("Lea", Role.LEADER))
    paper = pdf_text(got(leader, f"/maturity/snapshots/{house.number}.pdf"))
    book = book_text(got(leader, f"/maturity/snapshots/{house.number}.xlsx"))
    for said in (SECRET, "I saw it work"):
        assert said not in paper
        assert said not in book
    # What shows it is on the page of everybody who sees where the team stands.
    for said in ("Version control", "The runbook", "Lead time"):
        assert said in paper
        assert said in book
    stranger = log_in(make_user("Mei"))
    for ending in ("pdf", "xlsx"):
        assert stranger.get(f"/maturity/snapshots/{house.number}.{ending}").status_code == 404


def test_of_a_benchmark_team_every_member_gets_the_levels_and_nobody_else_the_words(
    house: House, log_in: LogIn
) -> None:
    with transaction() as session:
        session.get_one(Team, house.team.id).is_benchmark = True
    member = log_in(make_user("Mei"))
    assert SECRET not in pdf_text(got(member, f"/maturity/snapshots/{house.number}.pdf"))
    assert member.get(f"/maturity/snapshots/{house.number}.zip").status_code == 403


def test_the_paper_of_a_standing_has_its_numbers_in_both_languages(house: House, log_in: LogIn) -> None:
    path = f"/maturity/teams/{house.team.slug}.pdf"
    english = log_in(house.lin).get(path)
    assert english.mimetype == "application/pdf"
    text = pdf_text(english.data)
    assert "Score 2.5, staged level 2" in text
    assert "Fewer than five other teams" in text
    assert SECRET not in text
    chinese = make_user("岳", Role.LEADER, language="zh")
    assert "配置管理" in pdf_text(log_in(chinese).get(path).data)


def test_nothing_of_it_is_kept_on_the_disk(house: House, log_in: LogIn, app: Flask) -> None:
    got(log_in(house.lin), f"/maturity/snapshots/{house.number}.pdf")
    config: Config = app.config["GUILDHALL"]
    papers = config.data_dir / "papers"
    assert not any(SECRET.encode() in path.read_bytes() for path in papers.glob("*"))


@pytest.mark.parametrize(
    "name",
    [
        "\u202egnp.exe",
        "CON",
        "..",
        "",
        "a" * 300 + ".pdf",
        "a/b\\c:d*?.png",
        "\x00\x1b[31m",
        ".bashrc",
        "报告 终稿.pdf",
    ],
)
def test_names_in_a_pack_are_only_names(name: str) -> None:
    found = safe_name(f"/media/guarded/{'0' * 32}/{name}")
    assert found
    assert len(found) <= 100
    assert not set(found) & set('\\/:*?"<>|\x00\x1b\u202e\n')
    assert not found.startswith((".", "-"))


def test_numbers_that_are_none_are_words_in_a_workbook() -> None:
    book = book_text(as_workbook([Sheet("One", [["head"], [math.nan], [math.inf]], (10,))]))
    assert "nan" in book
    assert "inf" in book


def test_what_no_font_and_no_spreadsheet_has_breaks_nothing(house: House, log_in: LogIn) -> None:
    odd = item("metric", "Odd", value=1e300, unit="%", stage="unheard-of")
    note = "\U0001f9d1\u200d\U0001f4bb \ue000 \U00020bb7 \u0627\u0644\u0639 \u202eabc"
    number = house.say(evidence=[odd], note=note)
    browser = log_in(house.lin)
    for ending in ("pdf", "xlsx", "zip"):
        got(browser, f"/maturity/snapshots/{number}.{ending}")
