"""Every view says who may call it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web.access import Access, access_of, check_marks

# Whoever adds to this list lets the whole world in, whatever VISITORS says.
PUBLIC = {
    "accounts.accept",
    "accounts.first_administrator",
    "accounts.forgot",
    "accounts.join",
    "accounts.login",
    "accounts.reset",
    "feeds.own",
    "exchange_feeds.own",
    "feeds.own_sessions",
    "certificates.verify",
    "health.healthz",
    "health.readyz",
    # A signed link in a mail is the way out of such mail.
    "notice_choices.way_out",
    "search.opensearch",
    # A signed link in a mail is the key to one place.
    "signup.place",
    "web.components",
    "web.favicon",
    "web.language",
    "web.theme",
}

# What readers may send without being logged in: nothing of it changes what anybody sees.
READERS_SEND = {"search_desk.clicked"}


def test_every_view_has_a_mark(app: Flask) -> None:
    marks = {endpoint: access_of(app, endpoint).name for endpoint in app.view_functions}
    assert set(marks.values()) == {"public", "readers", "member", "requires"}


def test_what_is_open_to_the_world_is_named_here(app: Flask) -> None:
    assert {endpoint for endpoint in app.view_functions if access_of(app, endpoint).name == "public"} == PUBLIC


def test_every_unsafe_method_needs_a_person_or_is_named_above(app: Flask) -> None:
    open_posts = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}
        and access_of(app, rule.endpoint).name in {"public", "readers"}
    }
    assert open_posts <= PUBLIC | READERS_SEND


def test_a_view_without_a_mark_stops_the_start() -> None:
    bare = Flask("bare")
    bare.add_url_rule("/", "unmarked", lambda: "")
    bare.view_functions.pop("static", None)
    with pytest.raises(RuntimeError, match="unmarked has no access mark"):
        check_marks(bare)


def test_a_mark_knows_its_policy(app: Flask) -> None:
    assert access_of(app, "people.index") != Access("requires")
    assert access_of(app, "people.index").policy is not None
