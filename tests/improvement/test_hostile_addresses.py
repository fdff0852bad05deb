"""Whatever somebody writes into an address of maturity, coaching, improvement or a framework, the site answers that there is no such
page, or leaves it aside; it never fails.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from app.accounts.models import User
from app.accounts.rules import Role
from app.accounts.service import give_role
from app.kernel.db import transaction
from tests.factories.assessments import submitted
from tests.factories.coaches import make_coach
from tests.factories.coaching import make_engagement, make_request
from tests.factories.growth import bring_path
from tests.factories.loop import Loop, make_loop
from tests.factories.office_hours import book, make_hours
from tests.factories.people import make_team

pytestmark = pytest.mark.slow

LogIn = Callable[[User], FlaskClient]

OURS = ("/maturity", "/coaching", "/coaches/<slug>/office-hours", "/teams/<slug>/", "/participation", "/capabilities")
# Every parameter that a page of ours reads.
PARAMETERS = (
    "a", "after", "at", "b", "before", "by", "capability", "coach", "department", "down", "framework", "from", "from_level", "language",
    "order", "page", "practice", "since", "sort", "team", "to", "to_level", "until",
)  # fmt: skip
HOSTILE = (
    "", "0", "-1", "1", "99", "9" * 30, "²", "1e9", "text", "九", "nowhere", "9999-12-31", "9999-12", "0001-01-01", "0001-01", "2026-13-45",
    "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59", "a" * 300, "' or 1=1 --", "<b>", "../..", "%",
)  # fmt: skip

IN_THE_PATH = ("0", "-1", "2147483647", "9" * 30, "nowhere", "九", "a" * 300, "' or 1=1 --", "%25")
# Printing takes long and knows no parameters.
PRINTED = (".pdf", ".zip")


@pytest.fixture
def loop(app: Flask, clock: object) -> Loop:
    """One of each, all with somebody who may do everything, so that a page gets as far as to its parameters."""
    made = make_loop()
    bring_path()
    with transaction() as session:
        person = session.get_one(User, made.lead.id)
        for role in Role:
            give_role(session, person, role)
    make_coach("Lea", user=made.lead, skills={made.framework.areas[0].capabilities[0].id: 5})
    book(make_hours(made.coach), made.lead)
    make_hours(made.coach, weekday=0, is_drop_in=True)
    make_request(made.team, made.lead, coach=made.coach)
    make_engagement(make_team("Others", made.mate), made.lead)
    submitted(made.team, made.framework, made.lead)
    return made


@pytest.fixture
def browser(loop: Loop, log_in: LogIn) -> FlaskClient:
    return log_in(loop.lead)


def _rules(app: Flask) -> Iterator[Rule]:
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.rule.startswith(OURS):
            yield rule


def _real(rule: Rule, slug: str) -> str:
    """The address of what is there, as far as there is something."""
    known = {
        "area": "configuration-management", "capability": "version-control", "framework": "continuous-delivery",
        "first": "continuous-delivery", "second": "continuous-delivery", "slug": slug,
    }  # fmt: skip
    built = rule.build({name: known.get(name, 1) for name in rule.arguments})
    assert built is not None
    return str(built[1])


def _status(browser: FlaskClient, address: str) -> int:
    with browser.get(address) as answer:
        return answer.status_code


def test_no_number_and_no_name_in_an_address_breaks_a_page(app: Flask, browser: FlaskClient) -> None:
    broken = {}
    for rule in _rules(app):
        for value in IN_THE_PATH if rule.arguments else ():
            address = rule.rule
            for name in rule.arguments:
                address = address.replace(f"<id:{name}>", value).replace(f"<{name}>", value)
            status = _status(browser, address)
            if status not in {400, 404}:
                broken[address] = status

    assert broken == {}


def test_no_parameter_of_an_address_breaks_a_page(app: Flask, loop: Loop, browser: FlaskClient) -> None:
    opened, broken = set(), {}
    slugs = (loop.team.slug, "chen-coach-of-payments", "version-control")
    for rule in _rules(app):
        for slug in slugs if "slug" in rule.arguments else ("",):
            address = _real(rule, slug)
            if _status(browser, address) != 200:
                continue
            opened.add(rule.rule)
            for value in HOSTILE if not address.endswith(PRINTED) else HOSTILE[:1]:
                query = urlencode(dict.fromkeys(PARAMETERS, value))
                status = _status(browser, f"{address}?{query}")
                if status >= 500:
                    broken[f"{address} {value}"] = status

    assert opened >= {
        "/maturity/compare",
        "/coaching/week",
        "/teams/<slug>/plan",
        "/participation.csv",
        "/maturity/teams/<slug>",
    }
    assert broken == {}
