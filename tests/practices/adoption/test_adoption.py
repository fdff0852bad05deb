"""My team uses this: who says it, what others see, what stays of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.practices.adoption import service
from app.practices.adoption.models import Adoption, AdoptionEvent
from app.practices.adoption.policy import speaks_for
from app.practices.adoption.queries import stale
from app.practices.adoption.rules import STALE_AFTER, Stage, is_stale
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
TODAY = date(2026, 11, 16)
PAGE = "/practices/short-branches"
SAY = f"{PAGE}/adoption"
USING = service.Said(stage=Stage.USING, since=date(2026, 3, 1), link="https://ci.example/main", note="Every day.")
LogIn = Callable[[User], FlaskClient]


@dataclass(frozen=True)
class House:
    member: User
    colleague: User
    outsider: User
    editor: User
    team: Team


@pytest.fixture
def house(app: Flask) -> House:
    member, colleague = make_user("Mo Member"), make_user("Cora Colleague")
    make_practice("short-branches")
    return House(
        member=member,
        colleague=colleague,
        outsider=make_user("Uma Outsider"),
        editor=make_user("Edda Editor", *Role),
        team=make_team("Payments", member, colleague),
    )


def say(
    team: Team, actor: User, said: service.Said = USING, *, slug: str = "short-branches", now: datetime = NOW
) -> Adoption:
    team_id, actor_id = team.id, actor.id
    with transaction() as session:
        user = session.get_one(User, actor_id)
        return service.say(session, slug, team_id, said, actor=user, today=TODAY, now=now)


def sent(team: Team, **changes: str) -> dict[str, str]:
    return {"team": team.slug, "stage": "trying", "since": "2026-11-02", "link": "", "note": "", **changes}


def events() -> list[tuple[str, str, str]]:
    rows = db.session.execute(select(AdoptionEvent).order_by(AdoptionEvent.id)).scalars()
    return [(row.what, row.stage, row.note) for row in rows]


def test_only_members_speak_for_a_team(house: House) -> None:
    people = (house.member, house.colleague, house.outsider, house.editor)
    assert [speaks_for(user, house.team.id) for user in people] == [True, True, False, False]


def test_one_form_says_it_and_everybody_reads_it(
    house: House, log_in: LogIn, client: FlaskClient, clock: time_machine.Coordinates
) -> None:
    assert "No team has said so yet" in client.get(PAGE).text
    browser = log_in(house.member)
    page = browser.get(PAGE).text
    assert "My team uses this" in page
    # With one team there is nothing to choose, and the day is there already: one press is enough.
    assert f'<input type="hidden" name="team" value="{house.team.slug}">' in page
    assert 'value="2026-11-16"' in page
    answer = browser.post(SAY, data=sent(house.team, stage="using", link="https://ci.example/main", note="Every day."))
    assert answer.location == f"{PAGE}#teams"
    page = client.get(PAGE).text
    assert "1 team uses this" in page
    assert "Every day." in page
    assert 'href="https://ci.example/main" rel="noopener nofollow"' in page
    assert "said by Mo Member on November 16, 2026" in page
    assert "Payments: Using it" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", log_in(house.colleague).get(PAGE).text))


def test_others_cannot_speak_for_it(house: House, log_in: LogIn, client: FlaskClient) -> None:
    own = make_team("Others", house.outsider)
    assert client.post(SAY, data=sent(house.team)).location.startswith("/login")
    assert log_in(house.editor).post(SAY, data=sent(house.team)).status_code == 403
    assert log_in(house.outsider).post(SAY, data=sent(house.team)).status_code == 422
    say(house.team, house.member)
    for address in (f"{SAY}/confirmation", f"{SAY}/stop"):
        data = {"team": house.team.slug, "reason": "No"}
        assert log_in(house.editor).post(address, data=data).status_code == 403
        assert log_in(house.outsider).post(address, data=data).status_code == 404
    assert log_in(house.outsider).post(SAY, data=sent(own)).status_code == 303
    rows = db.session.execute(select(Adoption.team_id, Adoption.stage).order_by(Adoption.id)).all()
    assert [tuple(row) for row in rows] == [(house.team.id, "using"), (own.id, "trying")]


def test_who_is_in_no_team_is_told_how_to_get_into_one(house: House, log_in: LogIn, client: FlaskClient) -> None:
    assert "You are in no team here yet." in log_in(house.outsider).get(PAGE).text
    assert "/login?next=" in client.get(PAGE).text


def test_a_form_that_cannot_be_taken_comes_back_with_what_was_typed(house: House, log_in: LogIn) -> None:
    browser = log_in(house.member)
    for wrong in (
        {"stage": ""},
        {"stage": "stopped"},
        {"stage": "loving"},
        {"since": "2099-01-01"},
        {"since": "1066-10-14"},
        {"since": "soon"},
        {"link": "javascript:alert(1)"},
        {"link": "https://a b"},
        {"note": "x" * 501},
    ):
        answer = browser.post(SAY, data={**sent(house.team, note="kept words"), **wrong})
        assert answer.status_code == 422, wrong
        assert ("kept words" in answer.text) == ("note" not in wrong), wrong
    assert db.session.execute(select(Adoption)).scalars().all() == []
    assert browser.post("/practices/none/adoption", data=sent(house.team)).status_code == 404


def test_everything_that_was_said_stays_in_the_history(house: House, client: FlaskClient) -> None:
    say(house.team, house.member, replace(USING, stage=Stage.TRYING, note="One squad."))
    say(house.team, house.colleague)
    say(house.team, house.member)
    with transaction() as session:
        service.stop(
            session,
            "short-branches",
            house.team.id,
            reason="The regulator wants release branches.",
            today=TODAY,
            actor=session.get_one(User, house.member.id),
            now=NOW,
        )
    assert events() == [
        ("said", "trying", "One squad."),
        ("said", "using", "Every day."),
        ("confirmed", "using", "Every day."),
        ("stopped", "stopped", "The regulator wants release branches."),
    ]
    assert "No team has said so yet" in client.get(PAGE).text
    page = client.get(f"{PAGE}/teams").text
    order = [page.index(words) for words in ("The regulator wants", "Still so", "Every day.", "One squad.")]
    assert order == sorted(order)


def test_stopping_takes_a_reason_and_something_to_stop(house: House, log_in: LogIn) -> None:
    browser = log_in(house.member)
    assert browser.post(f"{SAY}/stop", data={"team": house.team.slug, "reason": "x"}).status_code == 409
    say(house.team, house.member)
    assert browser.post(f"{SAY}/stop", data={"team": house.team.slug, "reason": " "}).status_code == 422
    assert browser.get(f"{SAY}/stop?team={house.team.slug}").status_code == 200
    assert browser.post(f"{SAY}/stop", data={"team": house.team.slug, "reason": "Why not"}).status_code == 303
    assert "My team uses this" in browser.get(PAGE).text
    with pytest.raises(InvalidInputError):
        say(house.team, house.member, replace(USING, stage=Stage.STOPPED))
    with pytest.raises(ConflictError), transaction() as session:
        service.confirm(session, "short-branches", house.team.id, actor=house.member, now=NOW)


@pytest.mark.both_databases
def test_what_nobody_confirmed_for_a_year_is_stale_in_sql_as_in_python(house: House) -> None:
    for number, (age, stage) in enumerate(
        [
            (STALE_AFTER, Stage.USING),
            (STALE_AFTER - timedelta(seconds=1), Stage.USING),
            (STALE_AFTER + timedelta(days=9), Stage.STOPPED),
        ]
    ):
        adoption_id = say(house.team, house.member, slug=f"practice-{number}", now=NOW - age).id
        with transaction() as session:
            session.get_one(Adoption, adoption_id).stage = stage
    rows = db.session.execute(select(Adoption).order_by(Adoption.id)).scalars().all()
    in_sql = set(db.session.execute(select(Adoption.id).where(stale(NOW))).scalars())
    assert [is_stale(row.stage, row.confirmed_at, NOW) for row in rows] == [row.id in in_sql for row in rows]
    assert len(in_sql) == 1


def test_one_click_says_that_it_is_still_so(
    house: House, log_in: LogIn, clock: time_machine.Coordinates, client: FlaskClient
) -> None:
    say(house.team, house.member, now=NOW - STALE_AFTER)
    browser = log_in(house.colleague)
    team_page = f"/teams/{house.team.slug}"
    for address in ("/", PAGE, team_page):
        assert "Still so" in browser.get(address).text, address
        assert "Still so" not in log_in(house.outsider).get(address).text, address
        assert "Still so" not in client.get(address).text, address
    answer = browser.post(f"{SAY}/confirmation", data={"team": house.team.slug, "back": team_page})
    assert answer.location == team_page
    assert "Still so" not in browser.get(PAGE).text
    assert events()[-1] == ("confirmed", "using", "Every day.")
    assert "said by Cora Colleague" in client.get(PAGE).text


def test_lists_count_sort_and_narrow_by_teams(house: House, client: FlaskClient) -> None:
    capability = make_framework().areas[0].capabilities[0]
    make_practice("b", capability=capability)
    make_practice("b", language="zh", capability=capability)
    make_practice("c", capability=capability)
    others = make_team("Others", house.outsider)
    say(house.team, house.member, slug="b")
    say(others, house.outsider, slug="b")
    say(others, house.outsider, slug="c")
    say(house.team, house.member)
    with transaction() as session:
        actor = session.get_one(User, house.member.id)
        service.stop(session, "short-branches", house.team.id, reason="No", today=TODAY, actor=actor, now=NOW)
    page = client.get("/practices/?sort=used").text
    titles = re.findall(r'<h3 class="card-title"[^>]*>\s*<a [^>]*>([^<]+)</a>', page)
    assert titles == ["About b", "About c", "About short-branches"]
    assert re.findall(r"(\d) teams?<", page) == ["2", "1"]
    narrowed = client.get(f"/practices/?team={others.slug}").text
    assert re.findall(r'<h3 class="card-title"[^>]*>\s*<a [^>]*>([^<]+)</a>', narrowed) == ["About b", "About c"]
    counts = dict(re.findall(r'id="facet-team-([\w-]+)".*?facet-count">(\d+)', page, re.DOTALL))
    assert counts == {house.team.slug: "1", others.slug: "2"}


def test_a_teams_page_shows_what_it_uses_even_what_is_gone(house: House, client: FlaskClient) -> None:
    say(house.team, house.member)
    say(house.team, house.member, replace(USING, stage=Stage.STANDARDISED), slug="gone")
    page = client.get(f"/teams/{house.team.slug}").text
    assert "2 practices in use" in page
    assert page.index("no longer in the library") < page.index("About short-branches")
    assert "Mo Member" in page
    assert "People in the team" not in page


def test_two_teams_of_one_person_are_told_apart(house: House, log_in: LogIn) -> None:
    second = make_team("Second", house.member)
    browser = log_in(house.member)
    page = browser.get(PAGE).text
    assert re.findall(r'<option (?:selected )?value="([^"]+)"', page)[:2] == [house.team.slug, second.slug]
    browser.post(SAY, data=sent(second))
    page = browser.get(PAGE).text
    assert "Another of my teams uses this" in page
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert sorted(each for each in set(ids) if ids.count(each) > 1) == []
    assert 'value="standardised" checked' not in browser.get(f"{SAY}?team={second.slug}").text


@pytest.mark.slow
def test_pages_ask_as_often_for_many_teams_as_for_two(house: House, log_in: LogIn, count_queries: list[str]) -> None:
    browser = log_in(house.member)
    pages = (PAGE, f"{PAGE}/teams", "/practices/", f"/teams/{house.team.slug}")

    def queries() -> list[int]:
        found = []
        for address in pages:
            count_queries.clear()
            assert browser.get(address).status_code == 200
            found.append(len(count_queries))
        return found

    for number in range(2):
        say(make_team(f"Team {number}", house.outsider), house.outsider)
    say(house.team, house.member)
    few = queries()
    for number in range(2, 14):
        person = make_user(f"Person {number}")
        say(make_team(f"Team {number}", person), person)
        make_practice(f"practice-{number}")
        say(house.team, house.member, slug=f"practice-{number}")
    assert queries() == few


@pytest.mark.both_databases
def test_the_database_allows_one_adoption_a_team_and_practice(house: House) -> None:
    say(house.team, house.member)
    team_id = house.team.id
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(
            Adoption(practice_slug="short-branches", team_id=team_id, stage="using", since=TODAY, confirmed_at=NOW)
        )
