"""Where those who run a session can go from its page: what is needed now first."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from tests.factories.training import DAY, NOW, make_coach, make_training

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def coach(app: object) -> User:
    return make_coach()


def desk(browser: FlaskClient, slug: str) -> str:
    page = browser.get(f"/training/{slug}").text
    return page.split('class="managing"', 1)[1].split("</section>", 1)[0]


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def first_button(html: str) -> str:
    found = re.search(r'class="button [^>]*>(.*?)</(?:a|button)>', html, re.DOTALL)
    assert found
    return words(found[1])


@pytest.mark.parametrize(
    ("start", "state", "button", "open_group", "groups"),
    [
        (NOW + 9 * DAY, "draft", "Publish", "Before", ["Before", "Afterwards"]),
        (NOW + 9 * DAY, "published", "Seats and sign-up", "Before", ["Before", "On the day", "Afterwards"]),
        (NOW + timedelta(hours=11), "published", "Attendance", "On the day", ["On the day", "Before", "Afterwards"]),
        (NOW - timedelta(hours=1), "published", "Attendance", "On the day", ["On the day", "Before", "Afterwards"]),
        (NOW - 3 * DAY, "published", "Feedback", "Afterwards", ["Afterwards", "Before", "On the day"]),
    ],
)
def test_what_is_needed_now_comes_first(
    coach: User, log_in: LogIn, start: object, state: str, button: str, open_group: str, groups: list[str]
) -> None:
    make_training(coach, slug="steps", starts_at=start, state=state)
    html = desk(log_in(coach), "steps")
    assert first_button(html) == button
    assert [words(each) for each in re.findall(r"<summary>(.*?)</summary>", html, re.DOTALL)] == groups
    opened = re.search(r"<details class=\"desk-ways\" open>\s*<summary>(.*?)</summary>", html, re.DOTALL)
    assert opened
    assert words(opened[1]) == open_group


def test_of_a_cancelled_session_the_roster_and_a_copy_remain(coach: User, log_in: LogIn) -> None:
    make_training(coach, slug="off", state="cancelled")
    page = desk(log_in(coach), "off")
    assert [word in page for word in ("Roster", "Copy", "Edit", "Attendance", "Cancel the session")] == [
        True, True, False, False, False,
    ]  # fmt: skip
