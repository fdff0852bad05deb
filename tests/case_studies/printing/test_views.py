"""Who gets the PDF of a case study, and when it is printed again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from shutil import rmtree

import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS
from app.config import Config
from app.kernel.db import transaction
from app.writing.rules import State
from tests.case_studies.conftest import House
from tests.factories.case_studies import LEAD_TIME, change, make_case_study, make_manuscript

pytestmark = pytest.mark.slow

LogIn = Callable[[User], FlaskClient]


def publish(house: House, **changes: object) -> CaseStudy:
    return make_case_study(house.owner, house.story(**changes), house.editor)


def papers(app: Flask) -> list[Path]:
    return sorted(folder_of(app).glob("*"))


def folder_of(app: Flask) -> Path:
    config: Config = app.config["GUILDHALL"]
    return config.data_dir / "papers"


@pytest.fixture(autouse=True)
def _nothing_printed_yet(app: Flask) -> None:
    rmtree(folder_of(app), ignore_errors=True)


def text_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)
    # Of a character of two bytes this reader makes a NUL and the character.
    return " ".join(text.replace("\x00", "").split())


def test_whoever_reads_the_page_gets_the_paper(app: Flask, house: House, client: FlaskClient) -> None:
    study = publish(house)
    answer = client.get(f"/case-studies/{study.slug}.pdf")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'inline; filename="{study.slug}.en.pdf"'
    text = text_of(answer.get_data())
    for words in (
        "From six weeks to one",
        "Change lead time",
        "21 days → 5 days",
        "4.2 times as fast",
        "Lessons",
        study.slug,
    ):
        assert words in text
    assert f'href="/case-studies/{study.slug}.pdf?lang=en"' in client.get(f"/case-studies/{study.slug}").get_data(
        as_text=True
    )


def test_a_draft_is_printed_for_those_who_read_it(app: Flask, house: House, client: FlaskClient, log_in: LogIn) -> None:
    draft = make_manuscript(house.owner, house.story())
    path = f"/case-studies/{draft.slug}.pdf"
    assert client.get(path).status_code == 404
    assert log_in(house.outsider).get(path).status_code == 404
    assert "Draft" in text_of(log_in(house.colleague).get(path).get_data())


def test_whoever_reviews_gets_the_paper_of_what_was_submitted(app: Flask, house: House, log_in: LogIn) -> None:
    draft = make_manuscript(house.owner, house.story(), State.CHANGES_REQUESTED, house.editor)
    doubted = replace(LEAD_TIME, after=50, remark="Not said yet.")
    change(draft, house.story(title="Hidden title", metrics=(doubted,)), house.owner)
    paths = (f"/case-studies/{draft.slug}.pdf", f"/writing/{draft.id}")
    paper, page = (log_in(house.editor).get(path) for path in paths)
    assert "Hidden" not in text_of(paper.get_data())
    assert "Hidden" not in page.text
    assert "Not said yet." not in page.text
    own = log_in(house.colleague)
    assert "Hidden title" in text_of(own.get(paths[0]).get_data())
    assert "Not said yet." in own.get(paths[1]).text


def test_it_is_printed_once_and_again_when_the_story_has_changed(app: Flask, house: House, client: FlaskClient) -> None:
    study = publish(house)
    path = f"/case-studies/{study.slug}.pdf"
    first = client.get(path).get_data()
    assert client.get(path).get_data() == first
    assert len(papers(app)) == 1
    with transaction():
        study.title = "From six weeks to none"
    assert "From six weeks to none" in text_of(client.get(path).get_data())
    assert len(papers(app)) == 2


def test_each_language_has_its_paper(app: Flask, house: House, client: FlaskClient) -> None:
    english = publish(house)
    chinese = publish(house, title="中文版", language="zh", parts=dict.fromkeys(PARTS, "中文。"))
    with transaction():
        chinese.slug, chinese.translation_of = english.slug, "en"
    answer = client.get(f"/case-studies/{english.slug}.pdf?lang=zh")
    assert "中文版" in text_of(answer.get_data())
    assert answer.headers["Content-Disposition"].endswith('.zh.pdf"')


def test_characters_that_no_font_has_are_explained(app: Flask, house: House, client: FlaskClient) -> None:
    study = publish(house, summary="བོད་ཡིག")
    for _again in range(2):
        answer = client.get(f"/case-studies/{study.slug}.pdf")
        assert answer.status_code == 409
        assert "None of our fonts has these characters: བོད" in answer.get_data(as_text=True)
    assert len(papers(app)) == 1


@pytest.mark.parametrize(
    "program", ["import sys; sys.exit(1)", "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"]
)
def test_a_press_that_breaks_breaks_nothing_else(
    app: Flask, house: House, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, program: str
) -> None:
    study = publish(house)
    monkeypatch.setattr("app.case_studies.printing.papers.PROGRAM", (sys.executable, "-c", program))
    answer = client.get(f"/case-studies/{study.slug}.pdf")
    assert (answer.status_code, "Printing failed" in answer.get_data(as_text=True)) == (409, True)
    assert client.get(f"/case-studies/{study.slug}").status_code == 200


def test_a_press_that_hangs_is_ended(
    app: Flask, house: House, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = publish(house)
    monkeypatch.setattr("app.case_studies.printing.papers.SECONDS", 0.2)
    monkeypatch.setattr(
        "app.case_studies.printing.papers.PROGRAM", (sys.executable, "-c", "import time; time.sleep(60)")
    )
    assert client.get(f"/case-studies/{study.slug}.pdf").status_code == 409


def test_the_folder_of_papers_is_bounded(
    app: Flask, house: House, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.case_studies.printing.papers.MOST_KEPT", 2)
    monkeypatch.setattr("app.case_studies.printing.papers.PROGRAM", (sys.executable, "-c", 'print(\'[{"pdf": ""}]\')'))
    study = publish(house)
    for number in range(4):
        with transaction():
            study.title = f"Title {number}"
        assert client.get(f"/case-studies/{study.slug}.pdf").status_code == 200
    assert len(papers(app)) == 2


def test_numbers_beyond_all_measure_are_printed(app: Flask, house: House, client: FlaskClient) -> None:
    study = publish(house, metrics=(LEAD_TIME, replace(LEAD_TIME, before=0, after=0)))
    with transaction():
        study.metrics[0].before, study.metrics[0].after = 1e308, -1e-308
    assert client.get(f"/case-studies/{study.slug}.pdf").status_code == 200
