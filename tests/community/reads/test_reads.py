"""Reads are counted of people, once in half an hour, without a write in any GET and without saying who."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.community.reads import noting
from app.community.reads.models import ReadDay, ReadSeen, ReadTallied
from app.community.reads.queries import by_week
from app.community.reads.rules import Salt, is_human, mark_of
from app.community.reads.tally import forget_readers, tally
from app.kernel.db import current_revision, db, transaction
from app.kernel.spool import Spool
from app.web.stored import MAX_BYTES, Store
from tests.factories.case_studies import make_case_study, make_manuscript, make_story
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.forking import all_at_once, killed_at

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"


@pytest.fixture(autouse=True)
def empty_folder(app: Flask) -> Iterator[None]:
    yield
    with app.app_context():
        shutil.rmtree(noting.folder(), ignore_errors=True)


@pytest.fixture
def practice(app: Flask, clock: time_machine.Traveller) -> str:
    make_practice("short-branches", created_at=datetime(2026, 6, 1, tzinfo=UTC))
    make_practice("short-branches", language="zh", title="短分支")
    return "/practices/short-branches"


def read(client: FlaskClient, address: str, agent: str = FIREFOX, ip: str = "10.0.0.7", **headers: str) -> int:
    given = {"User-Agent": agent, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return client.get(address, headers=given, environ_overrides={"REMOTE_ADDR": ip}).status_code


def counts(clock: time_machine.Traveller) -> dict[tuple[str, str], int]:
    """What was counted when the time of the notes is over."""
    clock.shift(40)
    tally()
    db.session.rollback()
    rows = db.session.scalars(select(ReadDay)).all()
    return {(row.slug, row.language): row.count for row in rows}


# Who counts.


@pytest.mark.parametrize(
    ("headers", "human"),
    [
        ({"User-Agent": FIREFOX}, True),
        ({"User-Agent": CHROME}, True),
        ({"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0"}, True),
        ({"User-Agent": "Mozilla/5.0 (Linux; Android 14; CUBOT X50) Chrome/140.0"}, True),
        ({}, False),
        ({"User-Agent": ""}, False),
        ({"User-Agent": "curl/8.5.0"}, False),
        ({"User-Agent": "python-requests/2.32"}, False),
        ({"User-Agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"}, False),
        ({"User-Agent": "Mozilla/5.0 (compatible; Baiduspider/2.0)"}, False),
        ({"User-Agent": "Mozilla/5.0 HeadlessChrome/140.0"}, False),
        ({"User-Agent": FIREFOX, "Sec-Purpose": "prefetch;prerender"}, False),
        ({"User-Agent": FIREFOX, "Purpose": "prefetch"}, False),
        ({"User-Agent": FIREFOX, "X-Moz": "prefetch"}, False),
    ],
)
def test_machines_and_browsers_that_look_ahead_do_not_count(headers: dict[str, str], human: bool) -> None:
    assert is_human(headers) is human


def test_a_salt_is_the_same_in_all_processes_and_leads_nowhere_back() -> None:
    first, other = Salt(date(2026, 11, 16)), Salt(date(2026, 11, 16))
    other.value = first.value
    today = first.value
    tomorrow = first.at(date(2026, 11, 17))
    assert tomorrow == other.at(date(2026, 11, 17))
    assert (tomorrow != today, first.at(date(2026, 11, 16)) == tomorrow) == (True, True)
    assert today.hex() not in repr(first)
    assert mark_of(today, "10.0.0.7", FIREFOX) != mark_of(tomorrow, "10.0.0.7", FIREFOX)
    assert mark_of(today, "10.0.0.7", FIREFOX) != mark_of(today, "10.0.0.8", FIREFOX)


def test_a_reader_counts_once_in_half_an_hour_and_then_again(
    practice: str, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    for _time in range(3):
        read(client, practice)
    assert counts(clock) == {("short-branches", "en"): 1}
    clock.shift(timedelta(minutes=20))
    read(client, practice)
    assert counts(clock) == {("short-branches", "en"): 1}
    clock.shift(timedelta(minutes=10))
    read(client, practice)
    read(client, practice, agent=CHROME)
    read(client, practice, ip="10.0.0.8")
    assert counts(clock) == {("short-branches", "en"): 4}


def test_each_language_is_counted_by_itself_and_one_that_is_not_there_as_what_was_shown(
    practice: str, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    make_practice("only-english")
    read(client, f"{practice}?lang=zh")
    read(client, practice, ip="10.0.0.8", Accept_Language="zh-CN")
    read(client, practice, ip="10.0.0.9")
    read(client, "/practices/only-english", Accept_Language="zh-CN")
    assert counts(clock) == {("short-branches", "zh"): 2, ("short-branches", "en"): 1, ("only-english", "en"): 1}


def test_what_is_not_a_page_that_was_seen_does_not_count(
    practice: str, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    client.head(practice, headers={"User-Agent": FIREFOX})
    read(client, practice, agent="curl/8.5.0")
    read(client, practice, Sec_Purpose="prefetch")
    read(client, "/practices/none")
    read(client, "/practices/")
    read(client, f"{practice}.md")
    assert counts(clock) == {}
    assert db.session.scalars(select(ReadTallied)).all() == []


def test_a_page_that_the_browser_has_already_counts_too(
    practice: str, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    etag = client.get(practice, headers={"User-Agent": "curl/8"}).headers["ETag"]
    assert read(client, practice, If_None_Match=etag) == 304
    assert counts(clock) == {("short-branches", "en"): 1}


def test_a_case_study_counts_when_it_is_published(
    app: Flask, client: FlaskClient, clock: time_machine.Traveller, log_in: Callable[[User], FlaskClient]
) -> None:
    ada = make_user("Ada")
    team = make_team("Payments", ada)
    draft = make_manuscript(ada, make_story(team, None, title="A draft"))
    capability = make_framework().areas[0].capabilities[0]
    story = make_case_study(ada, make_story(team, capability))
    assert read(log_in(ada), f"/case-studies/{draft.slug}") == 404
    read(client, f"/case-studies/{story.slug}", ip="10.0.0.8")
    assert counts(clock) == {(story.slug, "en"): 1}


# What it costs, and what it leaves.


def test_pages_stay_stored_and_ask_the_database_nothing_more(
    practice: str, client: FlaskClient, clock: time_machine.Traveller, count_queries: list[str]
) -> None:
    def queries(agent: str, ip: str) -> list[str]:
        count_queries.clear()
        read(client, practice, agent=agent, ip=ip)
        return [line for line in count_queries if not line.startswith("BEGIN")]

    queries("curl/8", "10.0.0.1")
    before = current_revision()
    by_machine, by_person = queries("curl/8", "10.0.0.1"), queries(FIREFOX, "10.0.0.1")
    assert (by_person, len(by_person)) == (by_machine, 1)
    assert [line for line in by_person if not line.startswith("SELECT")] == []
    counts(clock)
    assert current_revision() == before
    assert queries(FIREFOX, "10.0.0.9") == by_person


def test_notes_and_rows_say_nothing_of_who_read(
    practice: str, client: FlaskClient, clock: time_machine.Traveller, log_in: Callable[[User], FlaskClient]
) -> None:
    yue = make_user("Lin Yue", email="yue@example.com")
    browser = log_in(yue)
    read(browser, practice, ip="203.0.113.77")
    (path,) = noting.folder().iterdir()
    said = path.read_text()
    for secret in ("203.0.113.77", "Firefox", "Lin Yue", "yue@", '"user'):
        assert secret not in said
    assert set(re.findall(r'"(\w+)":', said)) == {"kind", "slug", "language", "at", "mark"}
    counts(clock)
    assert (len(db.session.scalars(select(ReadSeen)).all()), path.exists()) == (1, False)
    clock.shift(timedelta(minutes=36))
    forget_readers()
    db.session.rollback()
    assert db.session.scalars(select(ReadSeen)).all() == []
    assert "Set-Cookie" not in client.get(practice, headers={"User-Agent": FIREFOX}).headers


def test_old_counts_are_forgotten(practice: str, clock: time_machine.Traveller, client: FlaskClient) -> None:
    read(client, practice)
    assert counts(clock) != {}
    clock.shift(timedelta(days=819))
    forget_readers()
    assert counts(clock) != {}
    clock.shift(timedelta(days=3))
    forget_readers()
    assert counts(clock) == {}


def test_a_file_that_was_cut_off_or_is_none_of_ours_stops_nothing(
    practice: str, clock: time_machine.Traveller, client: FlaskClient
) -> None:
    read(client, practice)
    (path,) = noting.folder().iterdir()
    with path.open("ab") as file:
        file.write(
            b'{"kind": "practice", "slug": "short-bran\n[]\n{"kind": 1, "slug": [], "language": 2, "at": 1e99, "mark": 3}\n\xff\n'
        )
    assert counts(clock) == {("short-branches", "en"): 1}


def test_a_disk_that_is_full_stops_no_reader(
    practice: str, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Spool, "append", full)
    assert read(client, practice) == 200


@pytest.mark.race
@pytest.mark.both_databases
def test_a_worker_killed_at_any_statement_counts_every_file_once(
    practice: str, client: FlaskClient, clock: time_machine.Traveller
) -> None:
    number, ended = 0, -1
    while ended:
        number += 2
        read(client, practice, ip=f"10.0.1.{number}")
        clock.shift(40)
        ended = killed_at(number, tally)
        assert counts(clock) == {("short-branches", "en"): number // 2}, f"killed at statement {number}"
    assert number > 4


@pytest.mark.race
@pytest.mark.both_databases
def test_two_workers_count_every_file_once(practice: str, client: FlaskClient, clock: time_machine.Traveller) -> None:
    for number in range(6):
        read(client, practice, ip=f"10.0.1.{number}")
        clock.shift(10)
    clock.shift(40)
    assert all_at_once(3, tally) == [0, 0, 0]
    assert counts(clock) == {("short-branches", "en"): 6}


# Who sees it.


def put(slug: str, day: date, count: int, *, kind: str = "practice", language: str = "en") -> None:
    with transaction() as session:
        session.add(ReadDay(kind=kind, slug=slug, language=language, day=day, count=count))


def test_owner_and_editors_see_it_on_the_article_and_nobody_else(
    app: Flask, clock: time_machine.Traveller, log_in: Callable[[User], FlaskClient], client: FlaskClient
) -> None:
    olga, edda, rita = make_user("Olga Owner"), make_user("Edda Editor", Role.EDITOR), make_user("Rita Reader")
    make_practice("short-branches", owner_id=olga.id)
    put("short-branches", date(2026, 11, 10), 34)
    put("short-branches", date(2026, 9, 10), 500)
    for person, sees in ((olga, True), (edda, True), (rita, False)):
        page = log_in(person).get("/practices/short-branches").text
        assert ("Read 34 times in 30 days" in page) is sees
        assert log_in(person).get("/reads/practice/short-branches").status_code == (200 if sees else 403)
    assert "times in 30 days" not in client.get("/practices/short-branches").text
    assert log_in(olga).get("/reads/practice/none").status_code == 404
    assert log_in(olga).get("/reads/weather/rain").status_code == 404
    assert client.get("/reads").location.startswith("/login")


def test_other_readers_pay_no_query_for_it(
    app: Flask, clock: time_machine.Traveller, log_in: Callable[[User], FlaskClient], count_queries: list[str]
) -> None:
    make_practice("short-branches")
    rita = log_in(make_user("Rita Reader"))
    rita.get("/practices/short-branches")
    count_queries.clear()
    rita.get("/practices/short-branches")
    assert [line for line in count_queries if re.search("read_day|required_|acknowledgement|nudge", line)] == []


def test_editors_see_what_is_read_and_what_is_not(
    app: Flask, clock: time_machine.Traveller, log_in: Callable[[User], FlaskClient]
) -> None:
    olga = make_user("Olga Owner")
    for slug in ("often", "seldom", "never", "long-ago"):
        made_by = olga.id if slug in {"seldom", "never"} else None
        make_practice(slug, created_at=datetime(2026, 1, 1, tzinfo=UTC), owner_id=made_by)
    make_practice("brand-new", created_at=datetime(2026, 11, 10, tzinfo=UTC))
    put("often", date(2026, 11, 10), 50)
    put("often", date(2026, 11, 12), 25, language="zh")
    put("seldom", date(2026, 11, 1), 2)
    put("long-ago", date(2026, 3, 1), 90)
    put("gone", date(2026, 11, 1), 9)

    def rows(person: User, query: str = "") -> list[tuple[str, str]]:
        page = log_in(person).get(f"/reads{query}").text
        body = page.partition('reads-table">')[2].partition("</table>")[0]
        return [
            (re.sub(r"<[^>]+>|no longer there", "", title).split("\n")[-1].strip() or title, reads)
            for title, reads in re.findall(
                r'<th scope="row">\s*(.*?)\s*</th>\s*(?:<td class="num">(\d+)</td>)?', body, re.DOTALL
            )
        ]

    edda = make_user("Edda Editor", Role.EDITOR)
    assert rows(edda) == [("About often", "75"), ("gone", "9"), ("About seldom", "2")]
    assert rows(edda, "?days=365")[0] == ("About long-ago", "90")
    assert [title for title, _reads in rows(edda, "?view=unread")] == ["About long-ago", "About never"]
    assert rows(olga) == [("About seldom", "2")]
    assert rows(edda, "?of=mine") == []
    assert [title for title, _reads in rows(olga, "?view=unread")] == ["About never"]
    assert rows(make_user("Rita Reader")) == []


def test_weeks_begin_on_mondays_and_hold_every_day_once(app: Flask) -> None:
    put("a", date(2026, 11, 15), 3)
    put("a", date(2026, 11, 16), 5)
    put("b", date(2026, 11, 17), 7, language="zh")
    put("a", date(2026, 5, 24), 100)
    put("a", date(2026, 5, 25), 1)
    mondays, of = by_week(None, date(2026, 11, 18))
    assert (mondays[0], mondays[-1], len(mondays)) == (date(2026, 5, 25), date(2026, 11, 16), 26)
    assert (of["en"][0], of["en"][-2:], of["zh"][-1]) == (1, [3, 5], 7)
    assert sum(of["en"]) == 9


def test_the_page_asks_as_often_for_many(
    app: Flask, clock: time_machine.Traveller, log_in: Callable[[User], FlaskClient], count_queries: list[str]
) -> None:
    edda = make_user("Edda Editor", Role.EDITOR)

    def queries(numbers: range) -> int:
        for number in numbers:
            make_practice(f"p-{number}")
            put(f"p-{number}", date(2026, 11, 10), number + 1)
        app.extensions["store"] = Store(MAX_BYTES)
        browser = log_in(edda)
        count_queries.clear()
        assert browser.get("/reads").status_code == 200
        return len(count_queries)

    assert queries(range(3)) == queries(range(3, 40))
