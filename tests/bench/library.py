"""What a library of ten thousand articles costs: the queries of each page beside those of a small one, and its time beside the
bound of its weight. Asked in this process; `first` after a change of anything shown, `then` with what is kept of it.
"""

from __future__ import annotations

import time
from pathlib import Path

from flask import Flask
from sqlalchemy import event

from app.accounts.rules import Role
from app.kernel.clock import utc_now
from app.kernel.db import db
from app.web.stored import MAX_BYTES, Store
from tests.bench import bound as the_bound
from tests.bench.people import log_in
from tests.bench.tables import Results
from tests.bench.year import milliseconds
from tests.factories.library import ARTICLES, add_articles, make_shelves, slug_of
from tests.factories.people import make_user

LIBRARY = "library"
FEW = 30
COLUMNS = ("page", "bytes", "queries of 30", "queries", "first ms", "then ms", "bound ms", "first ratio", "then ratio")
ADDRESSES = {
    "home": "/",
    "list of practices": "/practices/",
    "a late page of the list": "/practices/?page=2",
    "practice page": f"/practices/{slug_of(7)}",
    "teams that use it": f"/practices/{slug_of(7)}/teams",
    "what I write": "/writing/",
    "queue of the reviewers": "/writing/review",
    "upkeep": "/practices/upkeep",
    "history of readers": f"/writing/history/practice/{slug_of(7)}?lang=en",
}


def measure_library(results: Results, app: Flask, folder: Path) -> None:
    """Print a row for each page, as somebody with every right gets it. Leaves the articles in the database."""
    began = time.perf_counter()
    with app.app_context():
        shelves = make_shelves(utc_now().replace(microsecond=0))
        engine, reader = db.engine, make_user("Library Reader", *Role, email="library@bench.example").get_id()
        add_articles(shelves, range(FEW))
        db.session.remove()
    statements: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: statements.append(statement))
    browser, headers = app.test_client(use_cookies=False), {"Cookie": log_in(app, reader).cookie}

    def forget() -> None:
        app.extensions["store"] = Store(MAX_BYTES)
        statements.clear()

    def asked(path: str) -> int:
        browser.get(path, headers=headers)
        forget()
        answer = browser.get(path, headers=headers)
        assert answer.status_code == 200, f"{path}: {answer.status}"
        return len([each for each in statements if not each.startswith("BEGIN")])

    of_few = {path: asked(path) for path in ADDRESSES.values()}
    with app.app_context():
        add_articles(shelves, range(FEW, ARTICLES))
        db.session.remove()
    made = time.perf_counter() - began
    results.begin(LIBRARY, COLUMNS, f"{ARTICLES:,} articles beside {FEW}. Made in {made:.1f} s.")
    bare = the_bound.create_app(str(folder / "library-bound.sqlite3"))
    the_bound.prepare(bare, 1)
    for name, path in ADDRESSES.items():
        queries, page = asked(path), browser.get(path, headers=headers)
        weight = max(the_bound.LIGHTEST, len(page.data))
        the_bound.store(bare, page.get_data().decode("utf-8", "replace"), weight)
        first = milliseconds(browser, path, headers["Cookie"], forget)
        then = milliseconds(browser, path, headers["Cookie"], lambda: None)
        bound = milliseconds(bare.test_client(), f"/page/{weight}", "", lambda: None)
        row: dict[str, float | str] = {"page": name, "bytes": len(page.data)}
        row |= {"queries of 30": of_few[path], "queries": queries, "first ms": first, "then ms": then}
        results.add(LIBRARY, row | {"bound ms": bound, "first ratio": bound / first, "then ratio": bound / then})
