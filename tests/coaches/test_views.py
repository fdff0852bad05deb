"""The directory, a profile, and keeping one's own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.coaches.models import Coach
from app.kernel.db import db, transaction
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import make_practice

LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def skill(app: Flask) -> int:
    make_framework()
    return db.session.execute(select(Capability.id).where(Capability.slug == "version-control")).scalar_one()


def text(client: FlaskClient, address: str, status: int = 200, language: str = "en") -> str:
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def names(page: str) -> list[str]:
    return re.findall(r'<h3 class="card-title"><a href="/coaches/[^"]+">([^<]+)</a>', page)


def facet(page: str, name: str) -> dict[str, str]:
    return dict(re.findall(rf'id="facet-{name}-([^"]+)".*?class="facet-count">(\d+)<', page, re.DOTALL))


def form(skill: int, **changes: object) -> dict[str, object]:
    return {
        "headline": "Small batches",
        "bio": "I help.",
        "site": "Ningbo",
        "languages": ["zh", "en"],
        "is_taking_requests": "y",
        f"skill_{skill}": "4",
        **changes,
    }


def test_the_directory_has_facets_and_a_search_by_name(client: FlaskClient, skill: int) -> None:
    make_coach("Amara Osei", skills={skill: 4})
    make_coach("林岳", languages=["zh"], site="Ningbo", is_taking_requests=False)
    page = text(client, "/coaches/")
    assert names(page) == ["Amara Osei", "林岳"]
    assert facet(page, "capability") == {"version-control": "1"}
    assert facet(page, "language") == {"en": "1", "zh": "1"}
    assert facet(page, "site") == {"Ningbo": "1", "Shanghai": "1"}
    assert facet(page, "requests") == {"yes": "1"}
    assert names(text(client, "/coaches/?capability=version-control")) == ["Amara Osei"]
    assert names(text(client, "/coaches/?language=zh&site=Ningbo")) == ["林岳"]
    assert names(text(client, "/coaches/?requests=yes")) == ["Amara Osei"]
    found = text(client, "/coaches/?q=%E6%9E%97&language=zh")
    assert names(found) == ["林岳"]
    # The name stays when a filter is toggled, and a filter when a name is searched for.
    assert re.search(r'href="[^"]*q=%E6%9E%97[^"]*"[^>]*id="facet-|id="facet-site-Ningbo"', found)
    assert '<input type="hidden" name="language" value="zh">' in found
    assert "No coach fits" in text(client, "/coaches/?q=nobody")


def test_lists_take_as_many_queries_for_thirty_as_for_one(
    client: FlaskClient, skill: int, count_queries: list[str]
) -> None:
    make_coach("First", skills={skill: 1})
    text(client, "/coaches/")
    count_queries.clear()
    text(client, "/coaches/?language=en")
    one = len(count_queries)
    for number in range(23):
        make_coach(f"Coach {number}", skills={skill: number % 5 + 1}, languages=["en", "zh"])
    count_queries.clear()
    assert len(names(text(client, "/coaches/?language=en"))) == 24
    assert (len(count_queries), one <= 14) == (one, True)


def test_a_profile_shows_who_it_is_and_what_hangs_on_it(client: FlaskClient, skill: int) -> None:
    user = make_user("Amara <Osei>", Role.COACH)
    coach = make_coach(user=user, bio="I have *done* it.", skills={skill: 4}, languages=["en", "zh"])
    make_practice("owned", title="An owned article", owner_id=user.id)
    page = text(client, f"/coaches/{coach.slug}")
    for said in (
        "<h1>Amara &lt;Osei&gt;</h1>",
        coach.headline,
        "I have <em>done</em> it.",
        "Version control",
        "Level 4 of 5",
        "Taking requests",
        "Shanghai",
        "中文",
        "Asia/Shanghai",
        "An owned article",
    ):
        assert said in page, said
    assert "/edit" not in page


def test_a_closed_account_has_no_profile(client: FlaskClient, log_in: LogIn, skill: int) -> None:
    coach = make_coach("Former")
    with transaction():
        coach.user.disabled_at = datetime(2026, 11, 1, tzinfo=UTC)
    assert names(text(client, "/coaches/")) == []
    text(client, f"/coaches/{coach.slug}", 404)
    text(client, "/coaches/nobody", 404)
    administrator = log_in(make_user("Root", Role.ADMINISTRATOR))
    assert names(text(administrator, "/coaches/")) == ["Former"]
    text(administrator, f"/coaches/{coach.slug}")


def test_a_coach_makes_and_changes_the_own_profile(log_in: LogIn, skill: int) -> None:
    client = log_in(make_user("Lin Yue", Role.COACH, language="zh"))
    assert 'name="headline"' in text(client, "/coaches/me/edit")
    answer = client.post("/coaches/me/edit", data=form(skill))
    coach = db.session.execute(select(Coach)).scalar_one()
    assert (answer.status_code, answer.location) == (303, f"/coaches/{coach.slug}")
    assert (coach.headline, coach.languages, coach.is_taking_requests) == ("Small batches", ["en", "zh"], True)
    assert [(each.capability_id, each.level) for each in coach.skills] == [(skill, 4)]
    page = text(client, "/coaches/me/edit")
    assert 'value="Small batches"' in page
    assert re.search(r'<option selected value="4"', page)
    changed = {**form(skill, headline="Even smaller"), f"skill_{skill}": ""}
    del changed["is_taking_requests"]
    assert client.post(f"/coaches/{coach.slug}/edit", data=changed).status_code == 303
    db.session.expire_all()
    assert (coach.headline, coach.is_taking_requests, coach.skills) == ("Even smaller", False, [])


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"headline": " "}, "Say in one line what you help with."),
        ({"headline": "x" * 161}, "Use at most 160 characters."),
        ({"languages": []}, "Choose at least one language."),
        ({"languages": ["fr"]}, "alid choice"),
        ({"bio": "x" * 20_001}, "Use at most 20,000 characters."),
        ({"site": "x" * 81}, "Use at most 80 characters."),
    ],
)
def test_what_cannot_be_kept_is_said_beside_the_field(
    log_in: LogIn, skill: int, changes: dict[str, object], said: str
) -> None:
    client = log_in(make_user("Lin Yue", Role.COACH))
    answer = client.post("/coaches/me/edit", data=form(skill, **changes))
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)
    assert db.session.execute(select(Coach)).first() is None


def test_who_may_edit(client: FlaskClient, log_in: LogIn, skill: int) -> None:
    owner = make_user("Owner", Role.COACH)
    address = f"/coaches/{make_coach(user=owner).slug}/edit"
    people = {
        "owner": log_in(owner),
        "colleague": log_in(make_user("Colleague", Role.COACH)),
        "administrator": log_in(make_user("Root", Role.ADMINISTRATOR)),
        "member": log_in(make_user("Member")),
        "visitor": client,
    }
    assert {name: browser.get(address).status_code for name, browser in people.items()} == {
        "owner": 200,
        "colleague": 403,
        "administrator": 200,
        "member": 403,
        "visitor": 303,
    }
    posted = {name: browser.post(address, data=form(skill)).status_code for name, browser in people.items()}
    assert posted == {"owner": 303, "colleague": 403, "administrator": 303, "member": 403, "visitor": 303}
    own = {name: browser.get("/coaches/me/edit").status_code for name, browser in people.items()}
    assert own == {"owner": 200, "colleague": 200, "administrator": 403, "member": 403, "visitor": 303}
