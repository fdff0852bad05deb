"""Queries are counted, each once, and nobody can be told from the counts."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text

from app.accounts.models import User
from app.config import Config
from app.kernel.db import Base, db
from app.search.asked import noting
from app.search.asked.models import SearchQuery, SearchQueryAsker, SearchSalt
from app.search.asked.noting import asker_of, folder, note_click, note_search
from app.search.asked.personal import looks_personal
from app.search.asked.queries import Asked, list_asked
from app.search.asked.tally import KEEP_UNSHARED, MARKS, MIN_ASKERS, forget_counts, tally
from tests.factories.people import make_user
from tests.search.processes import environment_of

EVER = date(2000, 1, 1)
TABLES = ("search_query", "search_query_day", "search_query_asker", "search_salt", "search_tallied")


def ask(words: str, *askers: str, total: int = 3) -> None:
    for asker in askers:
        note_search(words, total=total, asker=asker)


def count(clock: time_machine.Traveller) -> int:
    """Let the time of the files pass, and count them."""
    clock.shift(60)
    return tally()


def asked(view: str = "frequent", since: date = EVER) -> list[Asked]:
    return list(list_asked(view, since).items)


def everything_kept() -> str:
    """All that stands in the tables, as one text."""
    rows = [row for name in TABLES for row in db.session.execute(text(f"SELECT * FROM {name}"))]
    return "\n".join(str(tuple(row)) for row in rows)


@pytest.fixture(autouse=True)
def _no_shared_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    """In one of 85 runs two of three people would have the same mark, and count as one."""
    monkeypatch.setattr("app.search.asked.tally.MARKS", 2**30)


@pytest.fixture(autouse=True)
def _no_old_notes(app: Flask) -> None:
    for path in folder().glob("*"):
        path.unlink()


@pytest.mark.both_databases
def test_three_people_make_a_query_known(app: Flask, clock: time_machine.Traveller) -> None:
    ask("Trunk  Based", "person 1", "person 2")
    ask("trunk based", "person 1", "person 1")
    count(clock)
    assert asked() == []
    ask("TRUNK BASED", "visitor 10.0.0.9", total=0)
    note_click("trunk based")
    count(clock)
    # Person 1 has asked three times, within the time of one file.
    assert asked() == [Asked("trunk based", asked=3, empty=1, clicked=1)]


@pytest.mark.both_databases
def test_one_person_stays_one_on_every_day_of_a_month(app: Flask, clock: time_machine.Traveller) -> None:
    for _day in range(29):
        ask("tell nobody", "person 7", "visitor 10.0.0.7")
        clock.shift(86_400)
        tally()
        forget_counts()
    assert asked() == []
    ask("tell nobody", "person 8")
    count(clock)
    assert [row.asked for row in asked()] == [59]


@pytest.mark.both_databases
def test_under_three_askers_not_even_the_words_are_kept(app: Flask, clock: time_machine.Traveller) -> None:
    ask("secret project aurora", "person 1", "person 2")
    assert "person" not in "".join(path.read_text() for path in folder().glob("*"))
    count(clock)
    assert list(folder().glob("*")) == []
    kept = everything_kept()
    assert [word for word in ("secret", "aurora", "person") if word in kept] == []
    assert db.session.execute(select(SearchQuery.text)).scalars().all() == [None]


@pytest.mark.both_databases
def test_no_row_says_who_it_was(app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither numbers of accounts nor addresses, and marks that are shared by one in 256 people."""
    monkeypatch.setattr("app.search.asked.tally.MARKS", MARKS)
    users = [make_user() for _number in range(4)]
    for user in users:
        ask("canary", asker_of(user, "203.0.113.77"))
    ask("canary", asker_of(None, "203.0.113.77"), asker_of(None, "2001:db8:aa:bb::1"))
    ask("blue", asker_of(users[0], None))
    notes = "".join(path.read_text() for path in folder().glob("*"))
    count(clock)
    assert [word for word in ("203.0.113", "2001:db8", "example.com") if word in notes + everything_kept()] == []
    (mark,) = db.session.execute(select(SearchQueryAsker.mark)).scalars()
    assert 0 <= mark < 256
    columns = {column.name for name in TABLES for column in Base.metadata.tables[name].columns}
    assert columns == {
        "id", "key", "text", "query_id", "day", "asked", "empty", "clicked", "mark", "value", "made_at", "name", "at"
    }  # fmt: skip


def test_the_marks_of_one_person_differ_from_query_to_query(app: Flask, clock: time_machine.Traveller) -> None:
    for number in range(40):
        ask(f"query {number}", "person 1")
        if number % 20 == 19:
            count(clock)
    marks = db.session.execute(select(SearchQueryAsker.mark)).scalars().all()
    assert (len(marks), len(set(marks)) > 20) == (40, True)


def test_one_asker_does_not_fill_the_room_of_all(app: Flask, clock: time_machine.Traveller) -> None:
    for number in range(30):
        ask(f"query {number}", "person 1")
    ask("query 29", "person 2")
    count(clock)
    assert len(db.session.execute(select(SearchQueryAsker.mark)).scalars().all()) == 21


def test_whoever_asks_is_the_same_behind_one_network() -> None:
    assert asker_of(None, "2001:db8:1:2:3::4") == asker_of(None, "2001:db8:1:2:ffff::1")
    assert asker_of(None, "2001:db8:1:3::4") != asker_of(None, "2001:db8:1:2::4")
    assert asker_of(None, None) == asker_of(None, "nonsense")
    assert asker_of(None, "10.0.0.1") != asker_of(None, "10.0.0.2")


PERSONAL = [
    "lin.yue@example.com",
    "mail lin @ example",
    "13800138000",
    "138 0013 8000",
    "+86 (10) 8888-9999",
    "１３８００１３８０００",
    "一三八零零一三八零零零",
    "11010519491231002X",
    "4111 1111 1111 1111",
    "1990-03-12",
    "staff w0123456",
    "10.0.0.12",
    "fe80::1ff:fe23:4567",
    "00:1b:44:11:3a:b7",
    "password=hunter2",
    "my password is hunter2",
    "密码是abc123",
    "https://intra.example/x?token=1",
    "ghp_16C7e42F292c6912E7",
    "eyJhbGciOiJIUzI1NiIs",
    "AKIAIOSFODNN7EXAMPLE",
    "a94a8fe5ccb19ba61c4c0873d391e987982fbbd3",
    "550e8400-e29b-41d4-a716-446655440000",
    "Zx9kLq2mVb7nTr4w",
]
ORDINARY = [
    "持续集成",
    "trunk-based development",
    "log4shell cve-2021-44228",
    "k8s 1.28.3",
    "c++17 utf-8 ipv6",
    "how do i stop passwords from ending up in git",
    "rotate the token",
    "test-driven-development-with-java17",
    "AbstractSingletonProxyFactoryBean",
    "internationalization-and-localization",
    "iso 26262",
    "level:3..5 before:2026-11",
    "spring @Transactional",
]


@pytest.mark.parametrize("words", PERSONAL)
def test_what_looks_like_a_person_is_not_even_noted(app: Flask, clock: time_machine.Traveller, words: str) -> None:
    assert looks_personal(words)
    ask(words, "person 1", "person 2", "person 3")
    note_click(words)
    assert list(folder().glob("*")) == []


@pytest.mark.parametrize("words", ORDINARY)
def test_what_engineers_look_for_is_counted(app: Flask, clock: time_machine.Traveller, words: str) -> None:
    ask(words, "person 1", "person 2", "person 3")
    count(clock)
    assert [row.asked for row in asked()] == [3]


@pytest.mark.parametrize("words", ["", " ", "x", "x" * 81, "a\x00b", "a\u202eb", "\ud800bc"])
def test_nothing_and_nonsense_are_not_noted(app: Flask, clock: time_machine.Traveller, words: str) -> None:
    ask(words, "person 1", "person 2", "person 3")
    assert list(folder().glob("*")) == []


def test_a_click_without_a_query_is_an_invention(app: Flask, clock: time_machine.Traveller) -> None:
    note_click("never asked")
    count(clock)
    assert db.session.execute(select(SearchQuery)).all() == []


@pytest.mark.both_databases
def test_a_crash_between_counting_and_deleting_counts_once(
    app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("canary", "person 1", "person 2", "person 3")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", killed)
        with pytest.raises(KeyboardInterrupt):
            count(clock)
    assert len(list(folder().glob("*"))) == 1
    assert count(clock) == 1
    assert list(folder().glob("*")) == []
    assert asked() == [Asked("canary", 3, 0, 0)]


def test_a_crash_before_the_commit_counts_the_next_time(
    app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("canary", "person 1", "person 2", "person 3")

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("app.search.asked.tally._add_askers", killed)
        with pytest.raises(KeyboardInterrupt):
            count(clock)
    assert asked() == []
    count(clock)
    assert asked() == [Asked("canary", 3, 0, 0)]


def test_a_line_that_was_cut_off_and_lines_of_nobody_do_no_harm(app: Flask, clock: time_machine.Traveller) -> None:
    ask("canary", "person 1", "person 2", "person 3")
    (path,) = folder().glob("*")
    day = "2026-11-16"
    odd: list[Any] = [
        [], 3, {"q": 3}, {"q": "canary"}, {"q": "canary", "day": "never", "asker": "0"},
        {"q": "x" * 5000, "day": day, "asker": "00"}, {"q": "me@example.com", "day": day, "asker": "00"},
    ]  # fmt: skip
    with path.open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in odd)
        file.write('\xff\n{"q": "canary", "da')
    count(clock)
    assert asked() == [Asked("canary", 3, 0, 0)]


def test_a_flood_is_let_go(app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(noting.SPOOL, "max_file_bytes", 2_000)
    for number in range(200):
        ask(f"flood {number}", "person 1")
    (path,) = folder().glob("*")
    assert path.stat().st_size < 2_500
    monkeypatch.setattr(noting.SPOOL, "max_files", 3)
    for _number in range(10):
        clock.shift(60)
        ask("canary", "person 1")
    assert len(list(folder().glob("*"))) == 3
    monkeypatch.setattr("app.search.asked.tally.MAX_UNSHARED", 2)
    count(clock)
    assert len(db.session.execute(select(SearchQuery)).all()) == 2


def test_a_disk_that_is_full_disturbs_no_search(
    app: Flask, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "open", full)
    ask("canary", "person 1")


@pytest.mark.both_databases
def test_after_a_month_unshared_queries_and_their_key_are_thrown_away(
    app: Flask, clock: time_machine.Traveller
) -> None:
    ask("rare", "person 1", "person 2")
    ask("canary", "person 1", "person 2", "person 3")
    count(clock)
    (salt,) = db.session.execute(select(SearchSalt.value)).scalars()
    clock.shift(KEEP_UNSHARED - timedelta(hours=1))
    forget_counts()
    assert len(db.session.execute(select(SearchQuery)).all()) == 2
    clock.shift(timedelta(hours=2))
    forget_counts()
    assert db.session.execute(select(SearchQuery.text)).scalars().all() == ["canary"]
    assert salt not in everything_kept()
    ask("rare", "person 3")
    count(clock)
    assert [row.text for row in asked()] == ["canary"]


def test_after_three_months_nothing_is_left(app: Flask, clock: time_machine.Traveller) -> None:
    ask("canary", "person 1", "person 2", "person 3")
    count(clock)
    clock.shift(timedelta(days=93))
    forget_counts()
    assert everything_kept() == ""


def test_views_and_periods(app: Flask, clock: time_machine.Traveller) -> None:
    people = ["person 1", "person 2", "person 3", "person 4"]
    ask("empty", *people, total=0)
    clock.shift(86_400 * 10)
    ask("opened", *people)
    note_click("opened")
    ask("unopened", *people[:3])
    count(clock)
    assert [row.text for row in asked()] == ["empty", "opened", "unopened"]
    assert [row.text for row in asked("nothing")] == ["empty"]
    assert [row.text for row in asked("unopened")] == ["unopened"]
    assert [row.text for row in asked(since=date(2026, 11, 20))] == ["opened", "unopened"]


def test_fewer_than_three_searches_in_the_period_are_not_shown(app: Flask, clock: time_machine.Traveller) -> None:
    ask("canary", "person 1", "person 2", "person 3")
    clock.shift(86_400 * 10)
    ask("canary", "person 1")
    count(clock)
    assert [row.asked for row in asked()] == [4]
    assert asked(since=date(2026, 11, 20)) == []


def _note_many(config: Config, number: int) -> None:
    """In a process of its own: notes searches, as a web process does."""
    script = f"""
from app.config import Config
from app.factory import create_app
from app.search.asked.noting import note_search
with create_app(Config.from_env()).app_context():
    for each in range(300):
        note_search("canary", total=1, asker="person %d" % ({number} * 300 + each))
"""
    _run(config, script)


def _tally(config: Config) -> None:
    script = """
import time
from app.config import Config
from app.factory import create_app
from app.kernel import spool
from app.search.asked import tally
spool.SLOTS_TO_WAIT = -1000
real = tally._parse
def slowly(lines):
    found = real(lines)
    time.sleep(0.2)
    return found
tally._parse = slowly
with create_app(Config.from_env()).app_context():
    tally.tally()
"""
    _run(config, script)


def _run(config: Config, script: str) -> None:
    subprocess.run([sys.executable, "-c", script], env=environment_of(config), check=True, timeout=120)


@pytest.mark.race
@pytest.mark.both_databases
def test_two_processes_note_and_two_count_each_search_once(app: Flask, config: Config) -> None:
    context = multiprocessing.get_context("spawn")
    for target, arguments in ((_note_many, [(config, 0), (config, 1)]), (_tally, [(config,), (config,)])):
        processes = [context.Process(target=target, args=each) for each in arguments]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
        assert [process.exitcode for process in processes] == [0, 0]
    assert asked() == [Asked("canary", 600, 0, 0)]
    assert list(folder().glob("*")) == []


def test_the_signal_of_an_opened_result(app: Flask, client: FlaskClient, clock: time_machine.Traveller) -> None:
    answer = client.post("/search/clicked", data={"q": "canary"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.data, answer.headers.get("Set-Cookie")) == (204, b"", None)
    assert len(list(folder().glob("*"))) == 1
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert client.post("/search/clicked", data={"q": "canary"}, headers=headers).status_code == 403


def test_to_search_writes_nothing_to_the_database(
    app: Flask, log_in: Callable[[User], FlaskClient], count_queries: list[str], clock: time_machine.Traveller
) -> None:
    browsers = [log_in(make_user()) for _number in range(MIN_ASKERS)]
    from_before = len(count_queries)
    for browser in browsers:
        browser.get("/search?q=canary+release")
    written = [each for each in count_queries[from_before:] if re.match("INSERT|UPDATE|DELETE", each)]
    assert written == []


def test_files_are_for_nobody_else(app: Flask, clock: time_machine.Traveller) -> None:
    ask("canary", "person 1")
    (path,) = folder().glob("*")
    assert (path.stat().st_mode & 0o077, path.parent.stat().st_mode & 0o077) == (0, 0)
    assert datetime.fromtimestamp(path.stat().st_mtime, UTC).year >= 2026
