"""What a year of training costs: 500 sessions and 10,000 sign-ups, each page beside the bound of its weight.

Asked in this process, one request after the other: `first` after a change of anything shown, `then` with what is kept of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.accounts.rules import Role
from app.kernel.clock import utc_now
from app.kernel.db import db
from app.web.stored import MAX_BYTES, Store
from tests.bench import bound as the_bound
from tests.bench.people import log_in
from tests.bench.tables import Results
from tests.factories.people import make_user
from tests.factories.year import SESSIONS, add_sessions, make_cast

YEAR = "year"
COLUMNS = ("page", "bytes", "queries", "first ms", "then ms", "bound ms", "first ratio", "then ratio")
NOTE = """\
500 sessions with 10,000 sign-ups; the bound is bare Flask, SQLAlchemy and Jinja with a page of the same weight."""
TIMES = 7
ADDRESSES = {
    "home": "/",
    "list of sessions": "/training/",
    "sessions by day": "/training/?view=agenda",
    "month": "/training/?view=month",
    "session page with a programme": "/training/year-0",
    "my trainings": "/training/mine",
    "roster": "/training/year-0/roster",
    "reports by month": "/training/reports",
    "reports by capability": "/training/reports?by=capability",
    "reports by coach": "/training/reports?by=coach",
    "reports by team": "/training/reports?by=team",
    "reports as CSV": "/training/reports.csv",
    "reports as XLSX": "/training/reports.xlsx",
    "coach's page": "/coaches/year-coach-0",
}


def measure_year(results: Results, app: Flask, folder: Path) -> None:
    """Print a row for each page, as somebody with every right gets it. Leaves the year in the database."""
    began = time.perf_counter()
    with app.app_context():
        now = utc_now().replace(second=0, microsecond=0)
        add_sessions(make_cast(now), range(SESSIONS), now=now)
        engine, reader = db.engine, make_user("Yearly Reader", *Role, email="yearly@bench.example").get_id()
        db.session.remove()
    results.begin(YEAR, COLUMNS, f"{NOTE} Made in {time.perf_counter() - began:.1f} s.")
    person = log_in(app, reader)
    bare = the_bound.create_app(str(folder / "year-bound.sqlite3"))
    the_bound.prepare(bare, 1)
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement))
    browser = app.test_client(use_cookies=False)
    for name, path in ADDRESSES.items():
        results.add(YEAR, _row(name, path, app, browser, person.cookie, bare, statements))


def _row(
    name: str, path: str, app: Flask, browser: FlaskClient, cookie: str, bare: Flask, statements: list[str]
) -> dict[str, float | str]:
    answer = browser.get(path, headers={"Cookie": cookie})
    assert answer.status_code == 200, f"{path}: {answer.status}"
    weight = max(the_bound.LIGHTEST, len(answer.data))
    the_bound.store(bare, answer.get_data().decode("utf-8", "replace"), weight)

    def forget() -> None:
        app.extensions["store"] = Store(MAX_BYTES)
        statements.clear()

    first = milliseconds(browser, path, cookie, forget)
    queries = len([each for each in statements if not each.startswith("BEGIN")])
    then = milliseconds(browser, path, cookie, lambda: None)
    bound = milliseconds(bare.test_client(), f"/page/{weight}", "", lambda: None)
    return {
        "page": name,
        "bytes": len(answer.data),
        "queries": queries,
        "first ms": first,
        "then ms": then,
        "bound ms": bound,
        "first ratio": bound / first,
        "then ratio": bound / then,
    }


def milliseconds(browser: FlaskClient, path: str, cookie: str, before: Callable[[], None]) -> float:
    """The median of several times, without the first."""
    times = []
    for _time in range(TIMES + 1):
        before()
        began = time.perf_counter()
        browser.get(path, headers={"Cookie": cookie} if cookie else {})
        times.append((time.perf_counter() - began) * 1000)
    return median(times[1:])
