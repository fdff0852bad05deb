"""Pages of a list, and addresses with other parameters."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from app.accounts.models import User
from app.web.facets import build_facet, chosen_values
from app.web.paging import MAX_PAGE, Page, paginate, requested_page, with_params
from tests.factories.people import make_user


@pytest.mark.parametrize(
    ("asked", "number"),
    [
        ("", 1),
        ("?page=", 1),
        ("?page=1", 1),
        ("?page=7", 7),
        ("?page=0", 1),
        ("?page=-3", 1),
        ("?page=abc", 1),
        ("?page=2.5", 1),
        ("?page=٣", 1),
        ("?page=²", 1),
        ("?page=1e5", 1),
        ("?page=9999999", MAX_PAGE),
        ("?page=99999999999999999999999", 1),
        ("?page=2&page=3", 2),
    ],
)
def test_the_page_asked_for_is_a_sensible_number(app: Flask, asked: str, number: int) -> None:
    with app.test_request_context(f"/people/{asked}"):
        assert requested_page() == number


@given(total=st.integers(0, 500), number=st.integers(1, 40))
def test_every_item_is_on_one_page_and_neighbours_exist(total: int, number: int) -> None:
    page: Page[int] = Page([], number, 24, total)

    assert (page.count - 1) * 24 < max(total, 1) <= page.count * 24


def test_pages_follow_each_other_and_keep_the_filters(app: Flask) -> None:
    with app.test_request_context("/people/?q=a+b&role=coach&role=editor&page=2"):
        page: Page[int] = Page([], 2, 10, 35)
        assert page.previous_url == "/people/?q=a+b&role=coach&role=editor"
        assert page.next_url == "/people/?q=a+b&role=coach&role=editor&page=3"
        assert Page([], 4, 10, 35).next_url is None
        assert Page([], 3, 10, 35).previous_url == "/people/?q=a+b&role=coach&role=editor&page=2"
        assert Page([], 1, 10, 35).previous_url is None


def test_beyond_the_end_one_gets_back_to_the_last_page(app: Flask) -> None:
    with app.test_request_context("/people/?page=99"):
        assert Page([], 99, 10, 35).previous_url == "/people/?page=4"
        assert Page([], 99, 10, 35).next_url is None
        assert Page([], 99, 10, 0).previous_url == "/people/"


def test_a_list_takes_two_queries_and_shows_each_once(app: Flask, count_queries: list[str]) -> None:
    names = [make_user(f"Person {number:02}").name for number in range(30)]
    query = select(User).order_by(User.name)
    count_queries.clear()

    first, second, third = (paginate(query, number=number, size=12) for number in (1, 2, 3))

    assert sum(statement.startswith("SELECT") for statement in count_queries) == 6
    assert [person.name for page in (first, second, third) for person in page.items] == names
    assert (first.total, first.count, len(third.items)) == (30, 3, 6)
    assert list(paginate(query, number=9, size=12).items) == []


def test_parameters_are_set_and_taken_out(app: Flask) -> None:
    with app.test_request_context("/search?q=流水线&kind=practice&page=3"):
        assert with_params(page=None) == "/search?q=%E6%B5%81%E6%B0%B4%E7%BA%BF&kind=practice"
        assert with_params(kind=["practice", "coach"], page=None).endswith("&kind=practice&kind=coach")
        assert with_params(kind=[], page=None, q=None) == "/search"


@pytest.mark.parametrize("name", ["_scheme", "_external", "_anchor", "_method", "endpoint", "slug", "self", "values"])
def test_no_name_of_a_parameter_means_anything_but_itself(app: Flask, name: str) -> None:
    with app.test_request_context(f"/teams/payments?{name}=javascript&page=2"):
        assert with_params(page=3) == f"/teams/payments?{name}=javascript&page=3"


@pytest.mark.parametrize("path", ["/", "/practices/", "/coaches/", "/training/", "/case-studies/", "/search"])
@pytest.mark.parametrize(
    "query",
    [
        "_scheme=javascript&_external=1",
        "endpoint=x",
        "page=99999999",
        "level=9&capability=%F0%9F%98%80&tag=<script>",
        "q=%ff%fe",
        "lang=&level=&sort=nonsense",
        "level=1&" * 60,
    ],
)
def test_a_wild_address_of_a_list_is_a_page(client: FlaskClient, path: str, query: str) -> None:
    answer = client.get(f"{path}?{query}")

    # Without an index, a search says that the index is being made.
    assert answer.status_code in ({200, 503} if path == "/search" else {200})
    assert "<script>" not in answer.text
    assert 'href="javascript' not in answer.text


@pytest.mark.parametrize("path", ["/coaches/?level=%00", "/search?q=a%00b", "/coaches/%00"])
def test_a_character_that_no_database_takes_is_refused(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code in {400, 404}
    assert 'action="/search"' in answer.text


def test_a_facet_keeps_order_leaves_out_the_empty_and_toggles(app: Flask) -> None:
    labels = [("a", "Anna"), ("b", "Bea"), ("c", "Cara")]
    with app.test_request_context("/coaches/?letter=b&letter=c&page=4"):
        facet = build_facet("letter", "Letter", {"a": 2, "b": 1}, labels, {"a": "hue"})

    assert [(choice.value, choice.count, choice.chosen) for choice in facet.choices] == [
        ("a", 2, False),
        ("b", 1, True),
        ("c", 0, True),
    ]
    assert [choice.url for choice in facet.choices] == [
        "/coaches/?letter=b&letter=c&letter=a",
        "/coaches/?letter=c",
        "/coaches/?letter=b",
    ]
    assert [choice.label for choice in facet.chosen] == ["Bea", "Cara"]
    assert facet.choices[0].area == "hue"


def test_what_is_chosen_is_bounded(app: Flask) -> None:
    many = "&".join(f"tag=t{number}" for number in range(100))
    with app.test_request_context(f"/coaches/?tag=a&tag=a&tag=&tag={'x' * 81}&{many}"):
        chosen = chosen_values("tag")

    assert chosen == ["a", *(f"t{number}" for number in range(16))]
