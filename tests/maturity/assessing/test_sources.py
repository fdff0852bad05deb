"""A number that is measured can say where it was read, and it stands wherever the number does."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from app.accounts.models import User
from app.kernel.db import db, transaction
from app.maturity.assessing.service import submit
from app.maturity.models import Snapshot
from app.maturity.queries import get_assessment
from tests.factories.assessments import NOW, say_all
from tests.factories.verifying import agree_to_rest, confirm, take_on

LogIn = Callable[[User], FlaskClient]
NUMBER = {
    "kind": "metric",
    "title": "Lead time",
    "value": "12.5",
    "unit": "hours",
    "window": "October 2026",
    "link": "",
}
BOARD = "https://board.example/lead-time"


def test_a_number_says_where_it_was_read(running: int, lin: User, cora: User, log_in: LogIn) -> None:
    browser, page = log_in(lin), f"/maturity/assessments/{running}"
    send = f"{page}/answers/version-control/evidence"
    assert 'id="version-control-metric-link"' in browser.get(f"{page}/areas/configuration-management").text
    wrong = browser.post(send, data={**NUMBER, "link": "the board"})
    assert (wrong.status_code, 'value="the board"' in wrong.text) == (422, True)
    browser.post(send, data=NUMBER)
    browser.post(send, data={**NUMBER, "title": "Failures", "link": BOARD})
    assert [each.link for each in get_assessment(running).answers[0].evidence] == ["", BOARD]
    assert f'href="{BOARD}"' in browser.get(f"{page}/areas/configuration-management").text
    say_all(running, lin)
    with transaction() as session:
        submit(session, running, actor=lin, now=NOW)
    take_on(running, cora)
    assert f'href="{BOARD}"' in log_in(cora).get(f"{page}/verification").text
    agree_to_rest(running, cora)
    snapshot_id = confirm(running, cora)
    kept = db.session.get_one(Snapshot, snapshot_id).content["capabilities"][0]["evidence"]
    assert [each["link"] for each in kept] == ["", BOARD]
    assert f'href="{BOARD}"' in browser.get(f"/maturity/snapshots/{snapshot_id}").text
