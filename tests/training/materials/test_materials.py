"""Links of a session: who puts them there, who sees which, who hears of them."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.jobs.messages import reading_as, word
from app.kernel.db import db
from app.kernel.errors import InvalidInputError
from app.notifications.models import Notice
from app.training.materials.models import Material
from app.training.materials.rules import QUIET, check_url
from app.training.materials.telling import tell
from app.training.seats.presence import Presence
from tests.factories.afterwards import HOUR, make_past, mark
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_training, sign_up
from tests.training.test_kill import killed_at

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.both_databases]
LogIn = Callable[[User], FlaskClient]
PAGE = "/training/steps/materials"
KIND = "training materials"


def link(title: str = "Slides", audience: str = "all", url: str = "") -> dict[str, str]:
    return {"title": title, "url": url or f"https://files.example.com/{title}", "audience": audience}


def present() -> list[tuple[str, str, str]]:
    """(title, host and path, audience) in their order."""
    db.session.rollback()
    rows = db.session.execute(select(Material).order_by(Material.position)).scalars()
    return [(row.title, row.url, row.audience) for row in rows]


@pytest.fixture
def people(app: object) -> dict[str, User]:
    """Of a session tomorrow: Ada has a seat, Dai waits; Chen runs it."""
    coach = make_coach("Chen Coach")
    found = {name: make_user(name) for name in ("Ada", "Dai", "Olga")}
    training = make_training(coach, slug="steps", starts_at=NOW + 24 * HOUR, capacity=1)
    sign_up(training, found["Ada"], found["Dai"])
    return {**found, "Chen": coach, "Admin": make_user("Admin", Role.ADMINISTRATOR)}


def test_those_who_run_it_put_links_there_and_nobody_else(
    people: dict[str, User], log_in: LogIn, client: FlaskClient
) -> None:
    for name, person in people.items():
        browser, runs = log_in(person), name in {"Chen", "Admin"}
        assert browser.get(PAGE).status_code == (200 if runs else 403), name
        assert browser.post(PAGE, data=link(name)).status_code == (303 if runs else 403), name
    assert client.post(PAGE, data=link()).status_code == 303
    assert [title for title, _url, _audience in present()] == ["Chen", "Admin"]
    ids = list(db.session.execute(select(Material.id)).scalars())
    for path in (f"{PAGE}/{ids[0]}", f"{PAGE}/{ids[0]}/up", f"{PAGE}/{ids[0]}/delete"):
        assert log_in(people["Ada"]).post(path, data=link("Ada")).status_code == 403


def test_links_of_another_session_are_not_there(people: dict[str, User], log_in: LogIn) -> None:
    """Chen runs both; the address of one does not reach into the other."""
    make_training(people["Chen"], slug="other")
    browser = log_in(people["Chen"])
    browser.post(PAGE, data=link())
    (material_id,) = db.session.execute(select(Material.id)).scalars()
    for end in ("", "/up", "/delete"):
        answer = browser.post(f"/training/other/materials/{material_id}{end}", data=link("Taken"))
        assert answer.status_code == 404
    assert present() == [("Slides", "https://files.example.com/Slides", "all")]


def test_who_sees_which(people: dict[str, User], log_in: LogIn, client: FlaskClient) -> None:
    browser = log_in(people["Chen"])
    browser.post(PAGE, data=link("Slides"))
    browser.post(PAGE, data=link("Recording", "there"))

    def sees(browser: FlaskClient) -> tuple[bool, bool]:
        page = browser.get("/training/steps").text
        return ">Slides</a>" in page, ">Recording</a>" in page

    assert sees(client) == (True, False)
    seen = {name: sees(log_in(person)) for name, person in people.items()}
    assert seen == {name: (True, name in {"Ada", "Chen", "Admin"}) for name in people}


def test_afterwards_whoever_was_absent_no_longer_sees_the_recording(app: object, log_in: LogIn) -> None:
    ada, bo, coach = make_user("Ada"), make_user("Bo"), make_coach()
    training = make_past(coach, ada, bo, slug="steps")
    log_in(coach).post(PAGE, data=link("Recording", "there"))
    assert [">Recording</a>" in log_in(person).get("/training/steps").text for person in (ada, bo)] == [True, True]
    mark(training, ada, Presence.PRESENT)
    mark(training, bo, Presence.ABSENT)
    with time_machine.travel(NOW + HOUR):
        assert [">Recording</a>" in log_in(person).get("/training/steps").text for person in (ada, bo)] == [True, False]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://x",
        "data:text/html,x",
        "ftp://example.com/x",
        "//example.com/x",
        "/training/",
        "https://",
        "https:///x",
        "https://exa mple.com",
        "https://example.com/\u202egpj.exe",
        "https://[::1",
        "https://example.com:port/",
        "mailto:x@example.com",
        "slides",
    ],
)
def test_what_is_no_address_is_refused(people: dict[str, User], log_in: LogIn, url: str) -> None:
    answer = log_in(people["Chen"]).post(PAGE, data=link(url=url))
    assert answer.status_code == 422
    assert "Give a whole address that begins with https://." in answer.text
    assert present() == []


def test_a_password_has_no_place_in_an_address() -> None:
    with pytest.raises(InvalidInputError, match="Leave the user name and password out"):
        check_url("https://me:secret@example.com/")
    assert check_url("https://例子.example/文件?q=一#x") == "https://例子.example/文件?q=一#x"


def test_markup_in_a_title_is_text(people: dict[str, User], log_in: LogIn, client: FlaskClient) -> None:
    log_in(people["Chen"]).post(PAGE, data=link("<b>x</b>", url='https://example.com/?"><script>alert(1)</script>'))
    page = client.get("/training/steps").text
    assert "&lt;b&gt;x&lt;/b&gt;" in page
    assert "<script>alert(1)" not in page


def test_sent_twice_is_there_once_and_links_can_be_ordered_changed_and_taken_away(
    people: dict[str, User], log_in: LogIn
) -> None:
    browser = log_in(people["Chen"])
    for title in ("One", "Two", "Three", "Three"):
        assert browser.post(PAGE, data=link(title)).status_code == 303
    ids = {row.title: row.id for row in db.session.execute(select(Material)).scalars()}
    for _ in range(3):
        browser.post(f"{PAGE}/{ids['Three']}/up")
    browser.post(f"{PAGE}/{ids['One']}", data=link("Uno", "there"))
    browser.post(f"{PAGE}/{ids['Two']}/delete")
    assert browser.post(f"{PAGE}/{ids['Two']}/delete").status_code == 404
    assert [(title, audience) for title, _url, audience in present()] == [("Three", "all"), ("Uno", "there")]


def test_there_is_room_for_fifty(people: dict[str, User], log_in: LogIn) -> None:
    browser = log_in(people["Chen"])
    statuses = {browser.post(PAGE, data=link(str(number))).status_code for number in range(50)}
    assert statuses == {303}
    answer = browser.post(PAGE, data=link("One more"))
    assert (answer.status_code, "A session has room for 50 links." in answer.text) == (409, True)


def told() -> list[tuple[str, int]]:
    """(name, number of links) of everybody who was told, as often as they were."""
    db.session.rollback()
    query = select(User.name, Notice.params).join(User, User.id == Notice.user_id).where(Notice.kind == KIND)
    return sorted((name, params["number"]) for name, params in db.session.execute(query))


def test_people_hear_once_of_all_that_came_together(
    people: dict[str, User], log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    browser = log_in(people["Chen"])
    browser.post(PAGE, data=link("One"))
    clock.shift(QUIET / 2)
    browser.post(PAGE, data=link("Two"))
    clock.shift(QUIET / 2)
    assert tell() == 0
    clock.shift(QUIET / 2)
    assert (tell(), tell()) == (1, 0)
    assert told() == [("Ada", 2)]
    browser.post(PAGE, data=link("Three"))
    clock.shift(QUIET)
    tell()
    assert told() == [("Ada", 1), ("Ada", 2)]


def test_nobody_hears_of_a_link_that_was_taken_away_or_of_a_draft(
    people: dict[str, User], log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    browser = log_in(people["Chen"])
    make_training(people["Chen"], slug="draft", state="draft")
    browser.post("/training/draft/materials", data=link())
    browser.post(PAGE, data=link("Gone"))
    material = db.session.execute(select(Material).where(Material.title == "Gone")).scalar_one()
    browser.post(f"{PAGE}/{material.id}/delete")
    clock.shift(QUIET)
    assert (tell(), told()) == (0, [])


def test_the_message_says_how_many(app: Flask) -> None:
    with reading_as("en", "UTC"):
        bodies = [word(KIND, {"slug": "steps", "title": "Steps", "number": number}).body for number in (1, 3)]
    assert bodies == [
        "There is a new link on the page of the session.",
        "There are 3 new links on the page of the session.",
    ]


@pytest.mark.race
def test_a_worker_that_is_killed_tells_nobody_twice(
    people: dict[str, User], log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    log_in(people["Chen"]).post(PAGE, data=link())
    clock.shift(QUIET)
    number = 1
    while _die_at(number):
        assert told() == [], f"killed at statement {number}"
        number += 1
    assert number > 4
    assert (tell(), told()) == (0, [("Ada", 1)])


def _die_at(number: int) -> bool:
    """Run the job in a process of its own that is killed at that statement. False where it came to its end."""
    db.session.remove()
    db.engine.dispose()
    child = os.fork()
    if child == 0:
        try:
            with killed_at(number):
                tell()
        finally:
            os._exit(0)
    _pid, ended = os.waitpid(child, 0)
    return os.WIFSIGNALED(ended)
