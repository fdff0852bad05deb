"""The pages of those who look after search: what people look for, the glossary, redirects."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Permission, Role
from app.kernel.db import db
from app.search.asked.noting import folder, note_click, note_search
from app.search.asked.tally import tally
from app.search.desk.models import SearchRedirect
from app.search.desk.redirects import list_redirects, pinned_for
from app.search.editing.changes import list_changes
from app.search.editing.policy import EDIT_LIBRARY
from app.search.glossary import current_glossary, init_app
from app.search.glossary.models import GlossaryEntry
from app.search.outbox import drain
from tests.factories.case_studies import make_manuscript, make_story
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.search.glossary.test_glossary import SMALL

LogIn = Callable[[User], FlaskClient]
EVIL = "<script>alert(1)</script>"
WISHED = '<span class="badge" data-tone="accent">Wish</span>'
# Wishes that are like the new one and were looked at.
SEEN = ",".join(map(str, range(9)))
PAGES = (
    "/search/asked",
    "/search/glossary/",
    "/search/glossary/new",
    "/search/glossary/entry?key=file:branch",
    "/search/redirects/new",
)
FORMS = (
    "/search/glossary/new",
    "/search/glossary/entry?key=file:branch",
    "/search/glossary/switch",
    "/search/glossary/delete",
    "/search/redirects/new",
    "/search/redirects/1/delete",
)


@pytest.fixture(autouse=True)
def file(app: Flask, tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "glossary.yaml"
    path.write_text(SMALL, encoding="utf-8")
    init_app(app, path)
    for note in folder().glob("*"):
        note.unlink()
    yield path
    init_app(app)


@pytest.fixture
def edda(app: Flask) -> User:
    return make_user("Edda Editor", Role.EDITOR)


@pytest.fixture
def browser(clock: object, edda: User, log_in: LogIn) -> FlaskClient:
    return log_in(edda)


def page(browser: FlaskClient, address: str, status: int = 200) -> str:
    answer = browser.get(address)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def send(browser: FlaskClient, address: str, **fields: str) -> tuple[int, str]:
    """Status, and what the person then reads: the page itself, or after a redirect the page it leads to."""
    answer = browser.post(address, data=fields)
    after = browser.get(answer.location) if answer.status_code == 303 else answer
    return answer.status_code, html.unescape(after.get_data(as_text=True))


def people_ask(clock: time_machine.Traveller, *queries: str, total: int = 2) -> None:
    for words in queries:
        for number in range(4):
            note_search(words, total=total, asker=f"person {number}")
    clock.shift(60)
    tally()


def pinned_title(app: Flask, words: str, reader: User | None) -> str | None:
    """What stands first for this query and reader."""
    with app.test_request_context("/search"):
        pinned = pinned_for(words, reader)
    return pinned.found.title if pinned else None


def queries_on(text: str) -> list[str]:
    return re.findall(r'<th scope="row">\s*<a href="/search\?q=[^"]*">(.*?)</a>', text)


def test_the_permission_is_the_one_that_accounts_know() -> None:
    assert Permission.EDIT_LIBRARY.value == EDIT_LIBRARY


@pytest.mark.parametrize("address", PAGES)
def test_the_pages_are_for_editors(client: FlaskClient, log_in: LogIn, browser: FlaskClient, address: str) -> None:
    page(browser, address)
    for role in (Role.COACH, Role.ADMINISTRATOR):
        page(log_in(make_user("Other", role)), address, 403)
    page(log_in(make_user()), address, 403)
    page(client, address, 303)


@pytest.mark.parametrize("address", FORMS)
def test_the_forms_are_for_editors(client: FlaskClient, log_in: LogIn, address: str) -> None:
    member = log_in(make_user())
    assert member.post(address, data={"en": "toil", "zh": "苦活", "text": "toil"}).status_code == 403
    assert client.post(address).status_code == 303
    assert db.session.execute(select(GlossaryEntry)).all() == []


def test_the_menu_leads_editors_there(browser: FlaskClient, log_in: LogIn) -> None:
    assert 'href="/library"' in page(browser, "/teams/")
    assert 'href="/search/asked"' in page(browser, "/library")
    assert 'href="/library"' not in page(log_in(make_user()), "/teams/")


# The glossary


def test_an_entry_is_added_and_found(browser: FlaskClient) -> None:
    status, text = send(browser, "/search/glossary/new", en="toil\nmanual  work", zh="苦活", note="for SRE")
    assert (status, "“toil = 苦活” is in the glossary" in text) == (303, True)
    assert current_glossary().lookup("苦活") == ("toil", "manual work")
    assert "toil" in page(browser, "/search/glossary/?show=site")
    assert "branch" not in page(browser, "/search/glossary/?show=site")
    found = page(browser, "/search/glossary/?q=" + quote("苦活"))
    assert ("1 entry" in found, "branch" in found) == (True, False)
    assert "No such entry" in page(browser, "/search/glossary/?q=nothing")


def test_a_long_glossary_has_pages(browser: FlaskClient, file: Path) -> None:
    file.write_text("".join(f"- {{en: [term {n:03}], zh: [词条{n:03}]}}\n" for n in range(120)), encoding="utf-8")
    first, third = page(browser, "/search/glossary/"), page(browser, "/search/glossary/?page=3")
    assert ("term 000" in first, "term 050" in first, "term 119" in third) == (True, False, True)
    assert "120 entries" in first
    assert "No such entry" in page(browser, "/search/glossary/?page=9")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"en": "", "zh": "苦活"}, "Please fill this in."),
        ({"en": "toil", "zh": "   "}, "Please fill this in."),
        ({"en": "toil\nDevOps", "zh": "devops"}, "“devops” stands on both sides."),
        ({"en": "pr", "zh": "苦活"}, "“pr” stands in the entry “merge request = 合并请求” already."),
        ({"en": "toil", "zh": "苦活", "note": "x" * 301}, "Use at most 300 characters."),
        ({"en": "toil " * 1000, "zh": "苦活"}, "That is too much."),
    ],
)
def test_what_cannot_be_is_refused_and_what_was_typed_stays(
    browser: FlaskClient, fields: dict[str, str], message: str
) -> None:
    status, text = send(browser, "/search/glossary/new", **fields)
    assert (status, message in text) == (422, True)
    assert fields["zh"].strip() in text
    assert len(current_glossary()) == 13


def test_an_entry_of_the_file_is_changed_and_its_history_shown(browser: FlaskClient) -> None:
    address = "/search/glossary/entry?key=file:branch"
    assert "Nobody has changed it" in page(browser, address)
    send(browser, address, version="0", en="branch\nline", zh="分支", note="")
    assert current_glossary().lookup("分支") == ("branch", "line")
    text = page(browser, address)
    assert ("Edda Editor" in text, "branch, line = 分支" in text, "Changed here" in text) == (True, True, True)
    status, text = send(browser, "/search/glossary/switch", key="file:branch", version="1", active="0")
    assert (status, "The entry is switched off." in text, "Switch on" in text) == (303, True, True)
    assert current_glossary().lookup("分支") == ()
    assert "分支" in page(browser, "/search/glossary/?show=off")
    send(browser, "/search/glossary/switch", key="file:branch", version="2", active="1")
    assert current_glossary().lookup("分支") == ("branch", "line")
    status, text = send(browser, "/search/glossary/delete", key="file:branch", version="3")
    assert "says again what the file says" in text
    assert current_glossary().lookup("分支") == ("branch",)


def test_whoever_comes_second_keeps_what_was_typed_and_sees_what_is_there(browser: FlaskClient) -> None:
    address = "/search/glossary/entry?key=file:branch"
    send(browser, address, version="0", en="branch\nfirst", zh="分支")
    status, text = send(browser, address, version="0", en="branch\nsecond", zh="分支")
    assert (status, "Somebody has changed this entry meanwhile." in text) == (422, True)
    assert ("It says now: branch, first = 分支" in text, "branch\nsecond" in text) == (True, True)
    assert current_glossary().lookup("分支") == ("branch", "first")
    version = re.search(r'name="version"[^>]*value="(\d+)"', text)
    assert version is not None
    assert send(browser, address, version=version[1], en="branch\nsecond", zh="分支")[0] == 303
    assert current_glossary().lookup("分支") == ("branch", "second")
    for form in ("switch", "delete"):
        for stale in ("0", "", "x", "9" * 30):
            text = send(browser, f"/search/glossary/{form}", key="file:branch", version=stale, active="0")[1]
            assert "Somebody has changed this entry meanwhile." in text
    assert current_glossary().lookup("分支") == ("branch", "second")


def test_an_entry_that_is_not_there_is_not_found(browser: FlaskClient) -> None:
    page(browser, "/search/glossary/entry?key=file:nothing", 404)
    page(browser, "/search/glossary/entry", 404)
    assert browser.post("/search/glossary/delete", data={"key": "site:x", "version": "1"}).status_code == 404


# What people look for


def test_what_people_look_for(browser: FlaskClient, clock: time_machine.Traveller) -> None:
    people_ask(clock, "blue-green", "流水线")
    people_ask(clock, "grün", total=0)
    note_click("blue-green")
    note_search("only one", total=0, asker="person 1")
    people_ask(clock)
    assert sorted(queries_on(page(browser, "/search/asked"))) == ["blue-green", "grun", "流水线"]
    assert queries_on(page(browser, "/search/asked?view=nothing")) == ["grun"]
    assert queries_on(page(browser, "/search/asked?view=unopened&days=7")) == ["流水线"]
    assert "only one" not in page(browser, "/search/asked?days=90")
    clock.shift(86_400 * 20)
    assert queries_on(page(browser, "/search/asked?days=7")) == []
    assert len(queries_on(page(browser, "/search/asked?days=30&view=nonsense&page=x"))) == 3
    text = page(browser, "/search/asked")
    assert f'href="/search/glossary/new?zh={quote("流水线")}"' in text
    assert 'href="/search/glossary/new?en=blue-green"' in text


def test_a_query_that_is_script_is_shown_as_text(browser: FlaskClient, clock: time_machine.Traveller) -> None:
    people_ask(clock, EVIL)
    text = page(browser, "/search/asked")
    assert (EVIL in text, html.escape(EVIL) in text) == (False, True)
    for address in ("/training/wishes/new?q=", "/search/redirects/new?text=", "/search/glossary/new?en="):
        assert EVIL not in page(browser, address + quote(EVIL))
    send(browser, "/training/wishes/new", title=EVIL, why=EVIL, language="en")
    assert EVIL not in page(browser, "/training/wishes/1")
    send(browser, "/search/glossary/new", en=EVIL, zh="脚本", note=EVIL)
    assert EVIL not in page(browser, "/search/asked")
    assert EVIL not in page(browser, "/search/glossary/")
    assert EVIL not in page(browser, "/search/glossary/entry?key=" + _own_key())


def _own_key() -> str:
    return db.session.execute(select(GlossaryEntry.key)).scalar_one()


def test_a_query_becomes_an_entry(browser: FlaskClient) -> None:
    assert re.search(
        r'<textarea[^>]*name="zh"[^>]*>\s*蓝绿部署</textarea>', page(browser, "/search/glossary/new?zh=蓝绿部署")
    )


def test_a_query_leads_to_an_article(app: Flask, browser: FlaskClient, client: FlaskClient) -> None:
    practice = make_practice("canary", title="Canary release")
    drain()
    offered = page(browser, "/search/redirects/new?text=Golden+Yellow&find=canary")
    assert ("Canary release" in offered, f'value="practice:{practice.id}"' in offered) == (True, True)
    status, text = send(
        browser, "/search/redirects/new?find=canary", text="Golden  Yellow", target=f"practice:{practice.id}"
    )
    assert (status, "Whoever looks for “golden yellow” now sees it first." in text) == (303, True)
    assert "Edda Editor" in text
    assert pinned_title(app, "GOLDEN yellow", None) == "Canary release"
    assert pinned_title(app, "golden", None) is None
    assert "Canary release" in client.get("/search?q=golden+yellow").get_data(as_text=True)
    redirect_id = db.session.execute(select(SearchRedirect.id)).scalar_one()
    assert send(browser, f"/search/redirects/{redirect_id}/delete")[0] == 303
    assert pinned_title(app, "golden yellow", None) is None
    assert [change.action for change in list_changes("redirect", "golden yellow")] == ["deleted", "added"]
    assert browser.post(f"/search/redirects/{redirect_id}/delete").status_code == 404


def test_a_redirect_shows_nobody_what_may_not_be_seen(
    app: Flask, edda: User, browser: FlaskClient, log_in: LogIn
) -> None:
    author = make_user("Author")
    draft = make_manuscript(author, make_story(make_team("Payments", author, edda), None, title="Secret gateway"))
    drain()
    send(browser, "/search/redirects/new?find=secret", text="gateway", target=f"manuscript:{draft.id}")
    assert pinned_title(app, "gateway", edda) == "Secret gateway"
    assert pinned_title(app, "gateway", None) is None
    assert pinned_title(app, "gateway", make_user("Outsider")) is None
    other = log_in(make_user("Other Editor", Role.EDITOR))
    text = page(other, "/search/asked")
    assert ("Secret gateway" in text, "No longer there" in text) == (False, True)


@pytest.mark.parametrize("target", ["", "practice:", "practice:999", "unicorn:1", "nonsense"])
def test_a_redirect_to_nothing_is_refused(browser: FlaskClient, target: str) -> None:
    make_practice("canary", title="Canary release")
    drain()
    status, text = send(browser, "/search/redirects/new?find=canary", text="yellow", target=target)
    assert (status, "Choose the article that it should lead to." in text) == (422, True)
    assert list_redirects(None) == []


def test_a_query_becomes_a_wish_on_the_board_of_all(
    browser: FlaskClient, clock: time_machine.Traveller, client: FlaskClient
) -> None:
    people_ask(clock, "Chaos Engineering")
    text = page(browser, "/search/asked")
    address = "/training/wishes/new?q=chaos+engineering&amp;note=1"
    assert (f'href="{address}"' in text, WISHED in text) == (True, False)
    form = page(browser, html.unescape(address))
    assert 'value="chaos engineering"' in form
    assert re.search(r'<input(?! checked)[^>]*name="votes"[^>]*>', form)
    status, text = send(browser, "/training/wishes/new", title="chaos engineering", language="en")
    assert (status, "Nobody has voted yet" in text) == (303, True)
    assert WISHED in page(browser, "/search/asked")
    assert "chaos engineering" in page(client, "/training/wishes/")


def test_whoever_leaves_leaves_the_history_readable(browser: FlaskClient, log_in: LogIn) -> None:
    gone = make_user("Gone Editor", Role.EDITOR)
    practice = make_practice("canary", title="Canary release")
    drain()
    send(log_in(gone), "/search/redirects/new?find=canary", text="yellow", target=f"practice:{practice.id}")
    send(log_in(gone), "/search/glossary/entry?key=file:branch", version="0", en="branch\nline", zh="分支")
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f'DELETE FROM "user" WHERE id = {gone.id}')
    assert "somebody who has left" in page(browser, "/search/asked")
    assert "somebody who has left" in page(browser, "/search/glossary/entry?key=file:branch")


def test_a_page_takes_as_many_queries_for_many_rows_as_for_one(
    browser: FlaskClient, clock: time_machine.Traveller, count_queries: list[str]
) -> None:
    practice = make_practice("canary", title="Canary release")
    drain()

    def fill(number: int) -> int:
        people_ask(clock, f"query {number}")
        send(browser, "/search/redirects/new?find=canary", text=f"query {number}", target=f"practice:{practice.id}")
        send(browser, "/training/wishes/new", title=f"query {number}", language="en", seen=SEEN)
        count_queries.clear()
        page(browser, "/search/asked")
        return len(count_queries)

    one = fill(0)
    assert [fill(number) for number in range(1, 4)] == [one] * 3
