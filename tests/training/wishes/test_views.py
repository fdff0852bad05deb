"""The pages of wishes, as people use them."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.search.outbox import drain
from app.training.models import TrainingSession
from app.training.seats.models import HeadStart
from app.training.service import cancel, publish
from app.training.wishes import service
from app.training.wishes.models import Wish, WishVote
from app.training.wishes.queries import count_votes
from app.web.stored import MAX_BYTES, Store
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.training import NOW, make_coach
from tests.factories.wishes import make_wish, plan

pytestmark = pytest.mark.usefixtures("clock")
LogIn = Callable[[User], FlaskClient]
BOARD = "/training/wishes/"


def send(browser: FlaskClient, address: str, **fields: str) -> tuple[int, str]:
    """Status, and what the person then reads: the page itself, or after a redirect the page it leads to."""
    answer = browser.post(address, data=fields)
    after = browser.get(answer.location.partition("#")[0]) if answer.status_code == 303 else answer
    return answer.status_code, html.unescape(after.text)


def titles(text: str) -> list[str]:
    return re.findall(r'<a href="/training/wishes/\d+">(.*?)</a></h3>', text)


@pytest.fixture
def wang(app: Flask) -> User:
    return make_user("Wang Wisher")


def test_from_an_empty_search_to_a_draft_with_a_head_start(app: Flask, wang: User, log_in: LogIn) -> None:
    drain()
    browser = log_in(wang)
    text = browser.get("/search?q=chaos+engineering").text
    (address,) = re.findall(r'href="(/training/wishes/new[^"]*)"[^>]*><svg.*?</svg> I want this training', text)
    form = browser.get(html.unescape(address)).text
    assert 'value="chaos engineering"' in form
    status, text = send(
        browser, f"{BOARD}new", title="Chaos engineering", why="Ours only fails at night", language="en"
    )
    assert (status, "Your wish is on the board." in text, "1 person wants this" in text) == (303, True, True)
    li, coach = make_user("Li"), make_coach()
    assert send(log_in(li), f"{BOARD}1/vote")[0] == 303
    desk = log_in(coach)
    assert "Make a session of it" in desk.get(BOARD).text
    assert 'value="48"' in desk.get(f"{BOARD}1/session").text
    answer = desk.post(f"{BOARD}1/session", data={"hours": "24"})
    training = db.session.execute(select(TrainingSession)).unique().scalar_one()
    assert (answer.status_code, answer.location) == (303, f"/training/{training.slug}/edit")
    assert desk.get(answer.location).status_code == 200
    assert desk.post(f"{BOARD}1/session", data={"hours": "24"}).location == answer.location
    training = db.session.execute(select(TrainingSession)).unique().scalar_one()
    assert (training.state, training.title, training.head_start_hours) == ("draft", "Chaos engineering", 24)
    assert (training.capacity, training.place, training.coach_ids) == (20, "To be announced", frozenset({coach.id}))
    assert training.starts_at.isoformat() == "2026-12-14T06:00:00+00:00"
    assert training.description == "> Ours only fails at night\n\nWished for by 2 people."
    assert set(db.session.execute(select(HeadStart.user_id)).scalars()) == {wang.id, li.id}
    page = browser.get(f"{BOARD}1").text
    assert ("A coach is preparing a session." in page, training.slug in page) == (True, False)
    with transaction() as session:
        publish(session, training.id, now=NOW)
    assert f'href="/training/{training.slug}"' in browser.get(f"{BOARD}1").text
    enrolment = f"/training/{training.slug}/enrolment"
    assert [browser.post(enrolment).status_code, log_in(make_user("Late")).post(enrolment).status_code] == [303, 409]
    with transaction() as session:
        cancel(session, training.id, reason="Ill", actor=coach, now=NOW)
    assert "was cancelled, so the wish is open again" in browser.get(f"{BOARD}1").text


def test_the_draft_speaks_the_language_of_the_wish(app: Flask, log_in: LogIn) -> None:
    make_wish("混沌工程", language="zh")
    log_in(make_coach()).post(f"{BOARD}1/session", data={"hours": "0"})
    training = db.session.execute(select(TrainingSession)).unique().scalar_one()
    assert (training.language, training.place, training.description) == ("zh", "待定", "1 人想学。")


ROLES = {
    "visitor": None,
    "member": (),
    "coach": (Role.COACH,),
    "editor": (Role.EDITOR,),
    "administrator": (Role.ADMINISTRATOR,),
}


@pytest.mark.parametrize("name", ROLES)
def test_who_may_do_what(app: Flask, wang: User, client: FlaskClient, log_in: LogIn, name: str) -> None:
    roles, li = ROLES[name], make_user("Li Voter")
    make_team("Payments", wang, li)
    wish = make_wish("Contract tests", li, by=wang)
    browser = client if roles is None else log_in(make_user(name, *roles))
    looks_after = bool(roles)
    closed_to = 303 if roles is None else 403
    answers = {
        BOARD: 200,
        f"{BOARD}1": 200,
        f"{BOARD}999": 404,
        f"{BOARD}new": 303 if roles is None else 200,
        f"{BOARD}mine": 303 if roles is None else 200,
        f"{BOARD}1/session": 200 if looks_after else closed_to,
        f"{BOARD}1/closing": 200 if looks_after else closed_to,
    }
    assert {path: browser.get(path).status_code for path in answers} == answers
    text = browser.get(f"{BOARD}1").text
    assert ("2 people want this" in text, "Payments 2" in text) == (True, True)
    assert ("Wang Wisher" in text, "Li Voter" in text) == (looks_after, looks_after)
    assert "Wang Wisher" not in browser.get(BOARD).text
    posts = {
        f"{BOARD}1/reopening": 409 if looks_after else closed_to,
        f"{BOARD}1/delete": 303 if roles is None else 403,
        f"{BOARD}1/vote": 303,
        f"{BOARD}999/vote": 303 if roles is None else 404,
        f"{BOARD}1/closing": 422 if looks_after else closed_to,
        f"{BOARD}1/session": 422 if looks_after else closed_to,
    }
    assert {path: browser.post(path).status_code for path in posts} == posts
    assert count_votes([wish.id]) == {wish.id: 2 if roles is None else 3}


def test_a_visitor_is_led_to_the_log_in_and_back(client: FlaskClient) -> None:
    answer = client.get(f"{BOARD}new?practice=short-branches")
    assert (answer.status_code, unquote(answer.location)) == (
        303, f"/login?next={BOARD}new?practice=short-branches",
    )  # fmt: skip


def test_a_wish_that_is_like_another_is_shown_that_one_first(app: Flask, wang: User, log_in: LogIn) -> None:
    make_wish("Contract tests with Pact")
    browser = log_in(wang)
    fields = {"title": "Contract tests", "language": "en"}
    status, text = send(browser, f"{BOARD}new", **fields)
    assert (status, "Is it one of these?" in text, titles(text)) == (422, True, ["Contract tests with Pact"])
    assert db.session.execute(select(func.count()).select_from(Wish)).scalar_one() == 1
    (seen,) = re.findall(r'name="seen"[^>]*value="([^"]*)"', text)
    for _ in range(2):
        assert send(browser, f"{BOARD}new", **fields, seen=seen)[0] == 303
    assert db.session.execute(select(func.count()).select_from(Wish)).scalar_one() == 2
    assert count_votes([2]) == {2: 1}


def test_the_form_is_filled_in_from_where_one_comes(app: Flask, wang: User, log_in: LogIn) -> None:
    capability = make_framework().areas[0].capabilities[0]
    make_practice("short-branches", title="Short branches", capability=capability, level=2)
    browser = log_in(wang)

    def filled(address: str) -> tuple[list[str], list[str]]:
        text = html.unescape(browser.get(address).text)
        return re.findall(r'name="title"[^>]*value="([^"]*)"', text), re.findall(
            r'<option selected value="([^"]*)"', text
        )

    key = str(capability.id)
    assert filled(f"{BOARD}new?practice=short-branches") == (["Short branches"], [key, "2", "en"])
    assert filled(f"{BOARD}new?capability=version-control") == (["Version control"], [key, "", "en"])
    assert filled(f"{BOARD}new?q=a++b") == (["a b"], ["", "", "en"])
    assert filled(f"{BOARD}new?practice=nothing&capability=nothing") == ([""], ["", "", "en"])
    for page in ("/practices/short-branches", "/capabilities/continuous-delivery/version-control"):
        assert "I want this training" in browser.get(page).text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"title": "x"}, "Say what you want to learn in 2 to 120 characters."),
        ({"title": "a\u202eb"}, "Say what you want to learn in 2 to 120 characters."),
        ({"title": "x" * 121}, "Use at most 120 characters."),
        ({"title": "Pipelines", "why": "x" * 301}, "Use at most 300 characters."),
        ({"title": "Pipelines", "language": "xx"}, "Not a valid choice."),
        ({"title": "Pipelines", "capability": "999"}, "Not a valid choice."),
        ({"title": "Pipelines", "level": "6"}, "Not a valid choice."),
    ],
)
def test_what_cannot_be_wished_is_refused_at_its_field(
    app: Flask, wang: User, log_in: LogIn, fields: dict[str, str], sentence: str
) -> None:
    status, text = send(log_in(wang), f"{BOARD}new", **{"language": "en", **fields})
    assert (status, sentence in text) == (422, True)
    assert db.session.execute(select(Wish.id)).first() is None


def test_a_member_cannot_keep_the_vote_out(app: Flask, wang: User, log_in: LogIn) -> None:
    send(log_in(wang), f"{BOARD}new", title="Pipelines", language="en", votes="")
    assert count_votes([1]) == {1: 1}


@pytest.mark.parametrize(
    ("back", "leads_to"),
    [
        ("/training/wishes/?sort=new", "/training/wishes/?sort=new#wish-1"),
        ("", "/training/wishes/1#wish-1"),
        ("https://evil.example/", "/training/wishes/1#wish-1"),
        ("//evil.example/", "/training/wishes/1#wish-1"),
    ],
)
def test_a_vote_leads_back_to_where_the_button_was(
    app: Flask, wang: User, log_in: LogIn, back: str, leads_to: str
) -> None:
    make_wish()
    browser = log_in(wang)
    for path in (f"{BOARD}1/vote", f"{BOARD}1/vote", f"{BOARD}1/vote/delete"):
        assert browser.post(path, data={"back": back}).location == leads_to
    assert db.session.execute(select(WishVote.user_id).where(WishVote.user_id == wang.id)).first() is None


def test_the_board_shows_what_is_alive_the_most_wanted_first(app: Flask, client: FlaskClient) -> None:
    control, change = make_framework().areas[0].capabilities[:2]
    coach, people = make_coach(), [make_user(f"Person {number}") for number in range(3)]
    make_wish("Two votes", people[0], capability_id=control.id)
    make_wish("Four votes", *people, capability_id=change.id)
    make_wish("一票", language="zh")
    closed = make_wish("Closed one", *people)
    with transaction() as session:
        service.close(session, closed.id, reason="No", actor=coach, now=NOW)
    plan(make_wish("Planned one"), coach)
    assert titles(client.get(BOARD).text) == ["Four votes", "Two votes", "Planned one", "一票"]
    assert titles(client.get(f"{BOARD}?sort=new").text) == ["Planned one", "一票", "Four votes", "Two votes"]
    assert titles(client.get(f"{BOARD}?capability=version-control").text) == ["Two votes"]
    assert titles(client.get(f"{BOARD}?area=configuration-management&language=en").text) == ["Four votes", "Two votes"]
    assert titles(client.get(f"{BOARD}?language=zh").text) == ["一票"]
    assert titles(client.get(f"{BOARD}?state=closed&state=planned").text) == ["Closed one", "Planned one"]
    counts = re.findall(r'id="facet-state-(\w+)".*?facet-count">(\d+)', client.get(BOARD).text, re.DOTALL)
    assert dict(counts) == {"open": "3", "planned": "1", "closed": "1"}
    assert "No wish fits" in client.get(f"{BOARD}?state=fulfilled").text


def test_an_empty_board_teaches_the_first_step(app: Flask, client: FlaskClient, wang: User, log_in: LogIn) -> None:
    assert "Say in one line what you want to learn." in client.get(BOARD).text
    assert "You have not wished for anything yet" in log_in(wang).get(f"{BOARD}mine").text


def test_my_wishes_are_those_i_made_or_voted_for(app: Flask, wang: User, log_in: LogIn) -> None:
    make_wish("Another's")
    make_wish("Voted for", wang)
    make_wish("Made", by=wang)
    assert titles(log_in(wang).get(f"{BOARD}mine").text) == ["Made", "Voted for"]


def test_coaches_see_at_home_what_is_wanted_most(app: Flask, wang: User, log_in: LogIn) -> None:
    make_wish("Contract tests")
    make_wish("Noted for others", by=make_user("Edda", Role.EDITOR), votes=False)
    assert titles(log_in(make_coach()).get("/").text) == ["Contract tests"]
    assert titles(log_in(wang).get("/").text) == []


def test_closing_and_opening_again(app: Flask, wang: User, log_in: LogIn) -> None:
    make_wish(by=wang)
    desk = log_in(make_coach())
    status, text = send(desk, f"{BOARD}1/closing", reason="There is an article.")
    assert (status, "There is an article." in text, "Open again" in text) == (303, True, True)
    assert "Wish closed: Contract tests with Pact" in log_in(wang).get("/notices").text
    assert desk.post(f"{BOARD}1/closing", data={"reason": "Again"}).status_code == 409
    assert desk.post(f"{BOARD}1/vote").status_code == 409
    assert desk.post(f"{BOARD}1/session", data={"hours": "1"}).status_code == 409
    assert send(desk, f"{BOARD}1/reopening")[0] == 303
    assert desk.post(f"{BOARD}1/vote").status_code == 303


def test_an_own_wish_that_nobody_else_wants_can_go(app: Flask, wang: User, log_in: LogIn) -> None:
    make_wish(by=wang)
    browser = log_in(wang)
    assert "Delete my wish" in browser.get(f"{BOARD}1").text
    log_in(make_user("Li")).post(f"{BOARD}1/vote")
    assert "Delete my wish" not in browser.get(f"{BOARD}1").text
    assert browser.post(f"{BOARD}1/delete").status_code == 409
    log_in(make_user("Other")).post(f"{BOARD}1/delete")
    with transaction() as session:
        session.execute(delete(WishVote).where(WishVote.user_id != wang.id))
    assert send(browser, f"{BOARD}1/delete")[0] == 303
    assert browser.get(f"{BOARD}1").status_code == 404


@pytest.mark.slow
def test_a_page_takes_as_many_queries_for_thirty_wishes_as_for_one(
    app: Flask, log_in: LogIn, count_queries: list[str]
) -> None:
    capability = make_framework().areas[0].capabilities[0]
    coach = make_coach()
    make_practice("short-branches", capability=capability)
    browser = log_in(coach)
    pages = (
        BOARD, f"{BOARD}mine", f"{BOARD}1", "/", "/practices/short-branches",
        "/capabilities/continuous-delivery/version-control", f"{BOARD}new?capability=version-control",
    )  # fmt: skip

    def fill(number: int) -> None:
        people = [make_user(f"Person {number} {each}") for each in range(2)]
        make_team(f"Team {number}", *people)
        make_wish(f"Topic {number}", coach, people[0], by=people[1], capability_id=capability.id, level=2)

    def queries() -> dict[str, int]:
        counts = {}
        for path in pages:
            app.extensions["store"] = Store(MAX_BYTES)
            count_queries.clear()
            assert browser.get(path).status_code == 200
            counts[path] = len(count_queries)
        return counts

    fill(0)
    fill(1)
    few = queries()
    for number in range(2, 30):
        fill(number)
    assert queries() == few
    print(few)  # noqa: T201  # a measurement
