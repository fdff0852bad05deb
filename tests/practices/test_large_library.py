"""A library of ten thousand articles costs each page as many questions to the database as one of thirty."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.clock import utc_now
from app.web.stored import MAX_BYTES, Store
from tests.bench.library import ADDRESSES, FEW
from tests.factories.frameworks import make_framework
from tests.factories.library import ARTICLES, add_articles, make_shelves
from tests.factories.people import make_user

LogIn = Callable[[User], FlaskClient]


@pytest.mark.slow
def test_ten_thousand_articles_cost_as_many_queries_as_thirty(
    app: Flask, log_in: LogIn, count_queries: list[str]
) -> None:
    make_framework()
    shelves, browser = make_shelves(utc_now()), log_in(make_user("Reader", *Role))
    add_articles(shelves, range(FEW))
    of_few = queries_of(app, browser, count_queries)
    add_articles(shelves, range(FEW, ARTICLES))

    assert queries_of(app, browser, count_queries) == of_few


def queries_of(app: Flask, browser: FlaskClient, statements: list[str]) -> dict[str, int]:
    """How often each page asks, made anew."""
    found = {}
    for path in ADDRESSES.values():
        assert browser.get(path).status_code == 200, path
        app.extensions["store"] = Store(MAX_BYTES)
        statements.clear()
        browser.get(path)
        found[path] = len(statements)
    return found
