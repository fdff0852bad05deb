"""The PDF: the name as it is written, the code that leads to the verifying page, and a refusal in words where no font helps."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pypdf
import pytest
import segno
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.config import ROOT
from app.kernel.db import db
from app.press.texts import lacking
from app.training.certificates.jobs import issue_due
from app.training.certificates.models import Certificate, CertificatePaper
from app.training.certificates.press import sheet as press
from app.training.certificates.printing import print_due
from app.training.seats.presence import Presence
from tests.factories.afterwards import count_rows, make_past, mark
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_coach
from tests.training.test_kill import killed_at

pytestmark = pytest.mark.slow

LogIn = Callable[[User], FlaskClient]
URL = "https://guildhall.example.com/certificates/7KQ2-M0XC-ABCD-EFGH-JKMN"
HAN = "陈喆祎珺玥𬭎"
SHEET = {
    "language": "en",
    "site": "Guildhall",
    "heading": "Certificate of attendance",
    "name": "Ada",
    "did": "took part in",
    "title": "Small steps",
    "facts": "20 November 2026 · Workshop · 2 of 2 meetings attended",
    "led_by": "Led by Chen Coach",
    "issued": "Issued on 21 November 2026",
    "verify": "Whether it is valid can be seen at",
    "url": URL,
    "code": "Number 7KQ2-M0XC-ABCD-EFGH-JKMN",
    "qr_alt": "QR code",
    "issued_at": "2026-11-21T10:00:00+00:00",
}


def pdf_of(**given: str) -> pypdf.PdfReader:
    answer = press.answer({**SHEET, **given})
    assert set(answer) == {"pdf"}
    return pypdf.PdfReader(io.BytesIO(base64.b64decode(answer["pdf"])))


def text_of(reader: pypdf.PdfReader) -> str:
    (page,) = reader.pages
    # Of a character of two bytes this reader makes a NUL and the character.
    return str(page.extract_text()).replace("\x00", "")


@pytest.mark.parametrize(
    "name",
    [
        HAN,
        "欧阳龘",
        "山田あゆみ",
        "Jürgen Žižka-Őrszem",
        "Nguyễn Thị Ánh",
        "Иван Ђорђевић",
        "Ωμέγα",
        "İpek Şahın",
        "Łukasz O’Brien",
        "<b>Ada</b> & %(x)s **bold**",
        "Chen 陈 Иван",
    ],
)
def test_the_text_of_the_paper_is_the_name(name: str) -> None:
    assert name in text_of(pdf_of(name=name))


def test_a_name_of_any_length_stays_on_its_one_page() -> None:
    for name in ("x" * 200, "Wolfeschlegelsteinhausenbergerdorff " * 5, "龘" * 200):
        reader = pdf_of(name=name.strip(), title="Long " * 40, led_by=f"Led by {'Somebody Else, ' * 12}")
        assert len(reader.pages) == 1
        lowest = min(y for y in heights(reader) if y > 0)
        assert lowest > 80
        assert text_of(reader).replace("\n", "").replace(" ", "").count(name.strip().replace(" ", "")) == 1


def heights(reader: pypdf.PdfReader) -> list[float]:
    """How high above the lower edge each text stands, in points."""
    found: list[float] = []
    reader.pages[0].extract_text(visitor_text=lambda text, _cm, tm, *_: found.append(tm[5]) if text.strip() else None)
    return found


@pytest.mark.parametrize(
    ("name", "characters"),
    [
        ("བསྟན་འཛིན", "བསྟན་འཛི"),
        ("Ada ᏣᎳᎩ", "ᏣᎳᎩ"),
        ("\U0010ffff", "\U0010ffff"),
        # Each of the two is in a font, and both together are in none.
        ("林\u064e", "林\u064e"),
    ],
)
def test_what_no_font_has_is_refused_and_never_a_box(name: str, characters: str) -> None:
    assert press.answer({**SHEET, "name": name}) == {"lacking": characters}


def test_emoji_are_left_out_of_a_title() -> None:
    text = text_of(pdf_of(title="Ship it 🚀 daily ❤️"))
    assert "Ship it daily" in text


def test_the_fonts_hold_rare_characters_of_names() -> None:
    assert lacking(["喆祎珺玥𬭎镕煊﨑龘", "éőñĐłşảßıİ", "ЖіўЂ", "Ωή", "あア々〇"]) == ""


def test_the_code_leads_to_the_page_that_verifies() -> None:
    """The dark squares on the paper are those of the code of its address."""
    content = pdf_of().pages[0].get_contents()
    assert content is not None
    drawn = list(squares(content.get_data().decode("latin-1")))
    matrix = segno.make_qr(URL, error="m").matrix
    side = press.QR_SIZE / len(matrix) * 72 / 25.4
    left, top = min(x for x, _y in drawn), max(y for _x, y in drawn)
    cells = {(round((top - y) / side), round((x - left) / side)) for x, y in drawn}
    assert cells == {(row, column) for row, line in enumerate(matrix) for column, dark in enumerate(line) if dark}


def squares(content: str) -> Iterator[tuple[float, float]]:
    """Where the squares are that were filled."""
    for line in content.splitlines():
        parts = line.split()
        if (len(parts) == 5 and parts[4:] == ["re"]) or parts[4:] == ["re", "f"]:
            x, y, width, height = map(float, parts[:4])
            if abs(width - abs(height)) < 0.01:
                yield x, y


def test_the_paper_says_what_it_is() -> None:
    reader = pdf_of(name=HAN, language="zh")
    meta = reader.metadata
    assert meta is not None
    assert (meta.title, meta.subject, meta.author) == (f"Certificate of attendance: {HAN}", "Small steps", "Guildhall")
    root: Any = reader.trailer["/Root"]
    assert root["/Lang"] == "zh-Hans"
    kinds = [kid.get_object()["/S"] for kid in root["/StructTreeRoot"]["/K"][0].get_object()["/K"]]
    assert kinds == ["/P", "/H1", *["/P"] * 9, "/Figure"]
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)


def test_the_press_is_a_program_that_knows_neither_site_nor_database() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "app.training.certificates.press"],
        input=json.dumps([SHEET, {**SHEET, "name": "བསྟན"}]).encode(),
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
        timeout=60,
    )
    answers = json.loads(done.stdout)
    assert [list(answer) for answer in answers] == [["pdf"], ["lacking"]]


def test_no_web_process_loads_what_printing_needs() -> None:
    """The code of squares is not among it: the codes on the wall of a session are drawn by the web process."""
    code = "import sys, wsgi; print(sorted({'fpdf', 'fontTools', 'uharfbuzz', 'manimgx_fonts'} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True, text=True, timeout=60
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"


@pytest.fixture
def ada(app: Flask, clock: object) -> User:
    """Of a session that ended two days ago, with her certificate."""
    return certified("Ada")


def certified(*names: str) -> User:
    people = [make_user(name) for name in names]
    training = make_past(make_coach("Chen Coach"), *people, slug="steps", ended=NOW - 2 * DAY)
    for person in people:
        mark(training, person, Presence.PRESENT)
    assert issue_due() == len(people)
    return people[0]


def path_of(name: str) -> str:
    db.session.rollback()
    code = db.session.execute(select(Certificate.code).where(Certificate.name == name)).scalar_one()
    return f"/certificates/{code}.pdf"


def test_it_is_made_by_the_worker_and_then_downloaded(ada: User, log_in: LogIn) -> None:
    browser = log_in(ada)
    waiting = browser.get(path_of("Ada"))
    assert (waiting.status_code, waiting.headers["Refresh"]) == (202, "2")
    assert (print_due(), print_due()) == (1, 0)
    answer = browser.get(path_of("Ada"))
    assert (answer.status_code, answer.mimetype, answer.data[:5]) == (200, "application/pdf", b"%PDF-")
    text = text_of(pypdf.PdfReader(io.BytesIO(answer.data)))
    for words in ("Ada", "Small steps", "November 14, 2026", "1 of 1 meeting attended", "Led by Chen Coach"):
        assert words in text
    assert path_of("Ada").removesuffix(".pdf") in text


def test_who_has_the_paper(ada: User, log_in: LogIn, client: FlaskClient) -> None:
    print_due()
    path = path_of("Ada")
    coach = db.session.execute(select(User).where(User.name == "Chen Coach")).unique().scalar_one()
    browsers = {"Ada": log_in(ada), "Chen": log_in(coach), "Olga": log_in(make_user("Olga")), "visitor": client}
    assert {name: browser.get(path).status_code for name, browser in browsers.items()} == {
        "Ada": 200,
        "Chen": 200,
        "Olga": 403,
        "visitor": 303,
    }


def test_a_revoked_one_has_no_paper(ada: User, log_in: LogIn) -> None:
    print_due()
    coach = db.session.execute(select(User).where(User.name == "Chen Coach")).unique().scalar_one()
    certificate = db.session.execute(select(Certificate.id)).scalar_one()
    log_in(coach).post(f"/training/steps/certificates/{certificate}/revocation", data={"reason": "x"})
    assert log_in(ada).get(path_of("Ada")).status_code == 409


def test_a_name_that_cannot_be_printed_is_explained(app: Flask, clock: object, log_in: LogIn) -> None:
    person = certified("བསྟན", "陈喆祎")
    assert print_due() == 2
    answer = log_in(person).get(path_of("བསྟན"))
    assert answer.status_code == 409
    assert "None of our fonts has these characters: བསྟན." in answer.text
    assert "The certificate itself is valid" in answer.text
    coach = db.session.execute(select(User).where(User.name == "Chen Coach")).unique().scalar_one()
    page = log_in(coach).get("/training/steps/certificates").text
    assert "No PDF: no font has བསྟན" in page
    papers = list(db.session.execute(select(CertificatePaper).order_by(CertificatePaper.certificate_id)).scalars())
    assert sorted(paper.has_pdf for paper in papers) == [False, True]


def test_one_that_breaks_the_press_does_not_keep_the_others_from_being_printed(
    app: Flask, clock: object, log_in: LogIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = certified("Ada", "Bo")
    row = db.session.execute(select(Certificate).where(Certificate.name == "Ada")).unique().scalar_one()
    # A person's name that ends the program: as a crash in a font would.
    broken = (
        sys.executable,
        "-c",
        "import sys, json; d = sys.stdin.read(); sys.exit(1) if 'Ada' in d else print(json.dumps([{'pdf': ''}]))",
    )
    monkeypatch.setattr("app.training.certificates.printing._PRESS", broken)
    assert (print_due(), print_due()) == (2, 0)
    papers = {paper.certificate_id: paper.has_pdf for paper in db.session.execute(select(CertificatePaper)).scalars()}
    assert papers[row.id] is False
    assert sorted(papers.values()) == [False, True]
    answer = log_in(person).get(path_of("Ada"))
    assert (answer.status_code, "Printing failed." in answer.text) == (409, True)


def test_a_press_that_is_killed_for_lack_of_memory_leaves_the_papers_due(
    app: Flask, clock: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    certified("Ada", "Bo")
    with monkeypatch.context() as patch:
        killed = (sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
        patch.setattr("app.training.certificates.printing._PRESS", killed)
        with pytest.raises(subprocess.CalledProcessError):
            print_due()
    assert count_rows(CertificatePaper) == 0
    assert print_due() == 2
    assert all(db.session.execute(select(CertificatePaper.has_pdf)).scalars())


@pytest.mark.race
@pytest.mark.both_databases
def test_a_worker_that_is_killed_prints_once_in_the_end(app: Flask, clock: time_machine.Coordinates) -> None:
    certified("Ada")
    for number in (1, 3, 5):
        db.session.remove()
        db.engine.dispose()
        child = os.fork()
        if child == 0:
            try:
                with killed_at(number):
                    print_due()
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        assert count_rows(CertificatePaper) == 0, f"killed at statement {number}"
    assert (print_due(), print_due()) == (1, 0)
    assert count_rows(CertificatePaper) == 1
