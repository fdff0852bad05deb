"""`flask search …`"""

from __future__ import annotations

import json

import pytest
from click.testing import Result
from flask import Flask

from app.search.outbox import drain, the_index
from tests.factories.coaches import make_coach
from tests.factories.practices import make_practice


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["search", *words])


@pytest.fixture
def library(app: Flask) -> None:
    make_practice("canary", title="Canary release")
    make_practice("canary", language="zh", title="灰度发布", summary="先给少数人用。")
    make_coach("Amara Osei", headline="Canary release step by step")
    drain()


@pytest.mark.usefixtures("library")
def test_query_prints_a_line_a_hit(app: Flask) -> None:
    result = run(app, "query", "canary release")
    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[0] == "2 found"
    assert lines[1].split(maxsplit=2)[1:] == ["practice", "Canary release  /practices/canary?lang=en"]
    assert run(app, "query", "canary lighthouse").output.startswith("2 found with some words missing")
    assert run(app, "query", "nothing").output == "0 found\n"
    assert run(app, "query", "").output == "0 found\n"


@pytest.mark.usefixtures("library")
def test_query_prints_json(app: Flask) -> None:
    answer = json.loads(run(app, "query", "灰度", "--json").output)
    assert (answer["query"], answer["total"]) == ("灰度", 1)
    (hit,) = answer["hits"]
    assert (hit["kind"], hit["title"], hit["url"]) == ("practice", "灰度发布", "/practices/canary?lang=zh")
    assert hit["score"] > 0
    assert "<" not in hit["passage"]


@pytest.mark.usefixtures("library")
def test_query_can_be_narrowed(app: Flask) -> None:
    assert "Canary release " not in run(app, "query", "canary", "--kind", "coach").output
    assert len(run(app, "query", "canary", "--limit", "1").output.splitlines()) == 2
    assert run(app, "query", "canary", "--kind", "coach", "--kind", "practice").output.startswith("2 found")
    wrong = run(app, "query", "canary", "--kind", "unicorn")
    assert (wrong.exit_code, "No kind is called unicorn. Kinds: practice, coach" in wrong.output) == (1, True)
    assert run(app, "query", "canary", "--limit", "0").exit_code == 2


def test_without_an_index_the_commands_say_what_to_do(app: Flask) -> None:
    for words in (("query", "canary"), ("status",)):
        result = run(app, *words)
        assert result.exit_code == 1
        assert "Run `flask search rebuild`." in result.output


def test_sync_rebuild_status(app: Flask) -> None:
    assert run(app, "rebuild").output.endswith("The index was made anew: 0 documents.\n")
    make_practice(title="Canary release")
    assert "to do             1" in run(app, "status").output
    assert run(app, "sync").output == "1 documents brought up to date.\n"
    assert run(app, "sync").output == "0 documents brought up to date.\n"
    status = run(app, "status")
    assert status.exit_code == 0
    assert "practice          1" in status.output
    assert "to do             0" in status.output
    assert run(app, "rebuild").output.endswith("The index was made anew: 1 documents.\n")


def test_a_rebuild_that_is_in_the_way_says_so(app: Flask) -> None:
    with the_index().writing():
        result = run(app, "rebuild")
    assert (result.exit_code, "Another process is writing the index." in result.output) == (1, True)


@pytest.mark.usefixtures("library")
def test_query_says_what_was_probably_meant(app: Flask) -> None:
    assert run(app, "query", "canayr").output == "0 found\nDid you mean: canary\n"
