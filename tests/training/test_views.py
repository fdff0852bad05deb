"""The pages as browsers see them: finding a session, taking a seat."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import db, transaction
from app.training.seats.models import Enrolment
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_coach, make_training, sign_up
from tests.training.crowd import places_of

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


def get(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:500]
    return " ".join(answer.text.split())


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.execute(select(Enrolment.state).order_by(Enrolment.queue)).scalars())


def test_the_list_shows_what_is_coming_and_leads_to_it(client: FlaskClient) -> None:
    coach = make_coach()
    make_training(coach, slug="soon", title="Comes soon")
    make_training(coach, slug="draft", title="Still a draft", state="draft")
    make_training(coach, slug="gone", title="Long gone", starts_at=NOW - 5 * DAY)
    make_training(coach, slug="off", title="Called off", state="cancelled")
    page = get(client, "/training/")
    assert ["Comes soon" in page, "Still a draft" in page, "Long gone" in page, "Called off" in page] == [
        True, False, False, True,
    ]  # fmt: skip
    assert "20 of 20 seats left" in page
    assert "Log in to sign up" in page
    behind = get(client, "/training/?when=past")
    assert ["Comes soon" in behind, "Long gone" in behind, "Called off" in behind] == [False, True, False]
    assert "0 had a seat" in behind


def test_an_empty_list_leads_on(client: FlaskClient) -> None:
    assert "No session is planned yet" in get(client, "/training/")
    assert "No session fits" in get(client, "/training/?kind=workshop")
    assert "You have no place yet" not in get(client, "/training/?when=past")


def test_facets_count_what_each_choice_would_show(app: Flask, client: FlaskClient) -> None:
    make_framework()
    ids = {slug: capability_id for slug, capability_id in db.session.execute(select(Capability.slug, Capability.id))}
    coach = make_coach()
    make_training(coach, title="One", capability_id=ids["version-control"], level=2)
    make_training(coach, title="Two", capability_id=ids["version-control"], level=3, kind="sharing")
    make_training(coach, title="Three", capability_id=ids["test-automation"], level=3, language="zh", capacity=1)
    from_all = get(client, "/training/")
    for label, count in (("Workshop", 2), ("Sharing session", 1), ("Test automation", 1), ("中文", 1)):
        assert _facet(from_all, label) == count
    page = get(client, "/training/?area=configuration-management&level=3")
    assert ["One" in page, "Two" in page, "Three" in page] == [False, True, False]
    assert (_facet(page, "Test management"), _facet(page, "Sharing session")) == (1, 1)
    assert "Remove the filter" in page


def _facet(page: str, label: str) -> int:
    """The count beside a choice."""
    after = page.split(f'<span class="facet-label">{label}', 1)[1]
    return int(after.split('<span class="facet-count">', 1)[1].split("<", 1)[0])


def test_seats_are_a_facet(client: FlaskClient) -> None:
    coach = make_coach()
    sign_up(make_training(coach, title="Taken", capacity=1), make_user())
    make_training(coach, title="Open")
    assert "Taken" not in get(client, "/training/?seats=free")
    assert "Open" not in get(client, "/training/?seats=full").split("<main", 1)[1].split('class="cards')[1]


def test_the_one_button_that_is_right_for_this_person_now(log_in: LogIn) -> None:
    coach, person, other = make_coach(), make_user("Person"), make_user("Other")
    seated, queued = make_training(coach, slug="seated"), make_training(coach, slug="queued", capacity=1)
    sign_up(seated, person)
    sign_up(queued, other, person)
    full = make_training(coach, slug="full", capacity=1)
    sign_up(full, other)
    make_training(coach, slug="free")
    make_training(coach, slug="later", signup_opens_at=NOW + timedelta(hours=3))
    make_training(coach, slug="closed", signup_closes_at=NOW - timedelta(hours=1))
    actions = _actions(get(log_in(person), "/training/"))
    assert {slug: words for slug, words in actions.items()} == {
        "seated": "You have a seat",
        "queued": "Number 1 of 1 waiting",
        "full": "Join the waiting list",
        "free": "Sign up",
        "later": "Sign-up opens: Today, 13:00",
        "closed": "Sign-up is closed",
    }
    assert set(_actions(get(log_in(coach), "/training/")).values()) == {"Roster"}


def _actions(page: str) -> dict[str, str]:
    """What stands where the button is, by the slug of the session."""
    found = {}
    for card in page.split('<article class="card training-card"')[1:]:
        slug = card.split('href="/training/', 1)[1].split('"', 1)[0]
        action = card.split('<div class="card-actions">', 1)[1].split("</article>", 1)[0]
        text = "".join(part.split(">", 1)[-1] for part in action.split("<"))
        words = [w for w in ("You have a seat", "Number 1 of 1 waiting", "Join the waiting list", "Sign up",
                             "Sign-up opens: Today, 13:00", "Sign-up is closed", "Roster") if w in text]  # fmt: skip
        assert len(words) == 1, text
        found[slug] = words[0]
    return found


def test_taking_a_seat_and_giving_it_back(log_in: LogIn) -> None:
    make_training(slug="steps")
    browser = log_in(make_user())
    answer = browser.post("/training/steps/enrolment")
    assert (answer.status_code, answer.location) == (303, "/training/steps")
    page = get(browser, "/training/steps")
    assert "You have a seat." in page
    assert "https://meet.example.com/steps" in page
    answer = browser.post("/training/steps/enrolment/delete")
    assert (answer.status_code, answer.location, states()) == (303, "/training/steps", ["cancelled"])
    assert "https://meet.example.com/steps" not in get(browser, "/training/steps")


def test_the_waiting_list_says_the_position(log_in: LogIn) -> None:
    training = make_training(slug="steps", capacity=1)
    sign_up(training, make_user(), make_user())
    browser = log_in(make_user())
    browser.post("/training/steps/enrolment")
    page = get(browser, "/training/steps")
    assert "You are number 2 of 2 waiting" in page
    assert "Leave the waiting list" in page
    assert "https://meet.example.com/steps" not in page


def test_a_double_click_takes_one_seat(log_in: LogIn) -> None:
    make_training(slug="steps")
    browser = log_in(make_user())
    assert [browser.post("/training/steps/enrolment").status_code for _ in range(2)] == [303, 303]
    assert states() == ["confirmed"]


def test_what_cannot_be_done_answers_with_a_sentence_and_changes_nothing(log_in: LogIn) -> None:
    coach = make_coach()
    make_training(coach, slug="steps")
    make_training(coach, slug="off", state="cancelled")
    answer = log_in(coach).post("/training/steps/enrolment")
    assert (answer.status_code, "need no seat" in answer.text) == (409, True)
    answer = log_in(make_user()).post("/training/off/enrolment")
    assert (answer.status_code, "is cancelled" in answer.text) == (409, True)
    assert states() == []


def test_visitors_are_asked_to_log_in_and_strangers_get_no_draft(client: FlaskClient, log_in: LogIn) -> None:
    make_training(slug="steps")
    make_training(slug="draft", state="draft")
    answer = client.post("/training/steps/enrolment")
    assert (answer.status_code, answer.location.split("?")[0]) == (303, "/login")
    assert log_in(make_user()).post("/training/draft/enrolment").status_code == 404


def test_get_changes_nothing(log_in: LogIn) -> None:
    training = make_training(slug="steps")
    browser = log_in(make_user())
    assert browser.get("/training/steps/enrolment").status_code == 200
    assert places_of(training.id) == []
    assert browser.get("/training/steps/enrolment/delete").status_code == 405


def test_mine_shows_my_places_what_i_run_and_what_is_behind(log_in: LogIn) -> None:
    coach, person = make_coach(), make_user()
    for name in ("seat", "waiting", "left", "strange"):
        make_training(coach, slug=name, title=f"The {name} one", capacity=1)
    behind = make_training(coach, slug="behind", title="The past one", starts_at=NOW - 5 * DAY)
    sign_up(behind, person, now=NOW - 20 * DAY)
    browser = log_in(person)
    for slug in ("seat", "left"):
        browser.post(f"/training/{slug}/enrolment")
    browser.post("/training/left/enrolment/delete")
    page = get(browser, "/training/mine")
    shown = [name for name in ("seat", "waiting", "left", "strange", "past") if f"The {name} one" in page]
    assert shown == ["seat", "past"]
    make_training(coach, slug="draft", title="The draft one", state="draft")
    page = get(log_in(coach), "/training/mine")
    assert "The draft one" in page
    assert "You have no place yet" in get(log_in(make_user()), "/training/mine")


def test_a_page_kept_for_visitors_shows_a_seat_less_once_it_is_taken(client: FlaskClient) -> None:
    training = make_training(slug="steps", capacity=2)
    assert "2 of 2 seats left" in get(client, "/training/steps")
    sign_up(training, make_user())
    assert "1 of 2 seats left" in get(client, "/training/steps")
    assert "1 of 2 seats left" in get(client, "/training/")


def test_what_is_kept_for_all_holds_nothing_of_one_persons(log_in: LogIn, client: FlaskClient) -> None:
    coach, seated, waits = make_coach(), make_user(), make_user()
    sign_up(make_training(coach, slug="steps", capacity=1), seated, waits)
    link = "https://meet.example.com/steps"
    marks = (link, "You have a seat", "You are number 1 of 1 waiting", "Cancel the session", "Log in to join")
    readers = {
        "coach": (log_in(coach), [True, False, False, True, False]),
        "seated": (log_in(seated), [True, True, False, False, False]),
        "waits": (log_in(waits), [False, False, True, False, False]),
        "stranger": (log_in(make_user()), [False, False, False, False, False]),
        "visitor": (client, [False, False, False, False, True]),
    }
    # Twice round, so that everybody reads what was made for everybody else.
    for name, (browser, expected) in [*readers.items(), *readers.items()]:
        page = get(browser, "/training/steps")
        assert [mark in page for mark in marks] == expected, name
        assert "<!--p" not in page


def test_what_is_kept_for_all_is_kept_apart_by_time_zone(log_in: LogIn) -> None:
    make_training(slug="steps")
    here, there = make_user(), make_user()
    with transaction():
        there.time_zone = "Europe/Berlin"
    assert "14:00" in get(log_in(here), "/training/steps")
    page = get(log_in(there), "/training/steps")
    assert "07:00" in page
    assert "in Asia/Shanghai" in page


@pytest.mark.parametrize("path", ["/training/", "/training/?view=agenda", "/training/?view=month", "/training/mine"])
def test_a_long_list_costs_as_many_queries_as_a_short_one(
    path: str, log_in: LogIn, count_queries: list[str], app: Flask
) -> None:
    capability_id = make_framework().areas[0].capabilities[0].id
    person = make_user()

    def add(count: int) -> None:
        for number in range(count):
            coach = make_coach(f"Coach {number}")
            training = make_training(coach, capability_id=capability_id, title=f"Session {number}", capacity=2)
            sign_up(training, person, make_user(), make_user())

    def count() -> int:
        browser = log_in(person)
        browser.get(path)
        with transaction():
            person.name += "!"
        count_queries.clear()
        assert "Session 0" in browser.get(path).text
        return len(count_queries)

    add(1)
    few = count()
    add(20)
    assert count() == few


def test_a_page_that_is_kept_costs_few_queries(log_in: LogIn, count_queries: list[str], client: FlaskClient) -> None:
    make_training(slug="steps")
    browser = log_in(make_user())
    for path in ("/training/steps", "/training/"):
        browser.get(path)
        count_queries.clear()
        browser.get(path)
        assert len([each for each in count_queries if each.startswith("SELECT")]) <= 5, count_queries
        client.get(path)
        count_queries.clear()
        client.get(path)
        assert len([each for each in count_queries if each.startswith("SELECT")]) == 1


def test_a_sign_up_sends_no_statement_too_many(log_in: LogIn, count_queries: list[str]) -> None:
    make_training(slug="steps")
    browser = log_in(make_user())
    browser.get("/training/steps")
    count_queries.clear()
    assert browser.post("/training/steps/enrolment").status_code == 303
    assert [" ".join(each.split()[:3]) for each in count_queries if not each.startswith("SELECT")] == [
        "BEGIN DEFERRED",
        "BEGIN IMMEDIATE",
        "INSERT INTO enrolment",
        "INSERT INTO enrolment_event",
        "INSERT INTO notice",
        "INSERT INTO mail",
        "UPDATE revision SET",
    ]
    # Who it is, which session, the session's columns, its places.
    assert len([each for each in count_queries if each.startswith("SELECT")]) == 4
