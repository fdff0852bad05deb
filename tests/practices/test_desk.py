"""Practices are written at the desk: new ones, better ones, translations; and what files keep is followed until it is adopted."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.media.pictures import pictures_without_text
from app.practices.kind import PracticeKind, lacks_parts
from app.practices.models import Practice
from app.writing.history.queries import find_source
from app.writing.models import Manuscript, Version
from app.writing.preparing import prepare
from app.writing.queries import content_of
from app.writing.rules import State, Step
from app.writing.service import take_step
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import PARTS, make_practice

LogIn = Callable[[User], FlaskClient]
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
KIND = PracticeKind()


@pytest.fixture
def author(app: Flask) -> User:
    make_framework()
    return make_user("Ada Author")


def typed(**changes: Any) -> dict[str, Any]:
    """What a browser sends for a practice that lacks nothing."""
    return {
        "title": "Short-lived branches",
        "summary": "Merge each day.",
        "body": PARTS["en"].replace("\n", "\r\n"),
        "capability": "version-control",
        "level": "3",
        "tags": "git, branching",
        "time": "An hour",
        "difficulty": "easy",
        "participants": "Developers\r\nTesters",
        "language": "en",
        "slug": "",
        "key": "k" * 20,
        **changes,
    }


def manuscripts() -> list[Manuscript]:
    return list(db.session.execute(select(Manuscript).order_by(Manuscript.id)).unique().scalars())


def versions() -> int:
    return db.session.execute(select(func.count()).select_from(Version)).scalar_one()


def begun(browser: FlaskClient, **changes: Any) -> Manuscript:
    answer = browser.post("/practices/new", data=typed(**changes))
    assert answer.status_code == 303
    return manuscripts()[-1]


def publish(manuscript: Manuscript) -> None:
    """An editor accepts the latest version."""
    editor = make_user("Edda Editor", Role.EDITOR)
    ready = prepare(KIND, manuscript, manuscript.latest_number)
    author = manuscript.authors[0].user
    with transaction() as session:
        take_step(session, KIND, manuscript, Step.SUBMIT, actor=author, now=NOW)
        take_step(session, KIND, manuscript, Step.ACCEPT, actor=editor, now=NOW, prepared=ready)


def test_visitors_are_led_to_log_in(client: FlaskClient, author: User) -> None:
    answer = client.get("/practices/new")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login?next=/practices/new")


def test_the_form_is_empty_and_offers_what_to_start_from(log_in: LogIn, author: User) -> None:
    page = log_in(author).get("/practices/new").text
    assert "Write a practice" in page
    assert "/practices/new?start=how-to" in page


def test_a_start_is_written_in_the_language_that_is_chosen(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    assert "## Evidence" in browser.get("/practices/new?start=pattern").text
    assert "## 证据" in browser.get("/practices/new?start=pattern&lang=zh").text


def test_a_new_practice_is_a_draft_under_the_slug_of_its_title(log_in: LogIn, author: User) -> None:
    manuscript = begun(log_in(author))
    assert (manuscript.slug, manuscript.state, manuscript.language) == ("short-lived-branches", State.DRAFT, "en")
    assert content_of(manuscript) == {
        "title": "Short-lived branches",
        "summary": "Merge each day.",
        "body": PARTS["en"].strip(),
        "capability": "version-control",
        "level": 3,
        "tags": ["git", "branching"],
        "time": "An hour",
        "difficulty": "easy",
        "participants": ["Developers", "Testers"],
        "form": "standard",
    }


def test_a_chinese_title_is_spelled_in_pinyin(log_in: LogIn, author: User) -> None:
    assert begun(log_in(author), title="短分支", language="zh").slug == "duan-fenzhi"


def test_a_title_that_is_there_already_gets_a_number(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    assert [begun(browser, key="a" * 20).slug, begun(browser, key="b" * 20).slug] == [
        "short-lived-branches",
        "short-lived-branches-2",
    ]


def test_an_address_that_is_taken_is_said_beside_the_field(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    begun(browser)
    for slug in ("short-lived-branches", "new", "No Slug"):
        answer = browser.post("/practices/new", data=typed(key="b" * 20, slug=slug, title="Mine own words"))
        assert answer.status_code == 422
        assert 'id="slug-error"' in answer.text
        assert "Mine own words" in answer.text
    assert len(manuscripts()) == 1


def test_without_a_title_nothing_is_saved_and_nothing_is_lost(log_in: LogIn, author: User) -> None:
    answer = log_in(author).post("/practices/new", data=typed(title=" ", summary="My summary."))
    assert answer.status_code == 422
    assert "My summary." in answer.text
    assert manuscripts() == []


def test_a_form_that_is_sent_twice_makes_one_practice(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    first, second = (browser.post("/practices/new", data=typed()) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert (len(manuscripts()), versions()) == (1, 1)


def test_a_form_that_is_sent_again_with_other_words_saves_them(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    begun(browser)
    manuscript = begun(browser, summary="Merge each hour.")
    assert (len(manuscripts()), content_of(manuscript)["summary"]) == (1, "Merge each hour.")


def test_the_preview_is_the_page_and_saves_nothing(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    data = typed(action="preview", title="", body="## What\n\nIt is *so*.")
    page = browser.post("/practices/new", data=data)
    assert (page.status_code, "<em>so</em>" in page.text) == (200, True)
    answer = browser.post("/practices/new", data=data, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert "<em>so</em>" in answer.json["html"]
    assert 'href="#h-what"' in answer.json["contents"]
    assert answer.json["length"] == "4 words · 1 min read"
    assert manuscripts() == []


def test_names_that_lead_nowhere_are_listed_while_one_writes(log_in: LogIn, author: User) -> None:
    data = typed(action="preview", body="See [[nothing-at-all]].")
    answer = log_in(author).post("/practices/new", data=data, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert answer.json["trouble"] == "These names lead nowhere: nothing-at-all"


def test_hostile_markdown_is_harmless_in_the_preview(log_in: LogIn, author: User) -> None:
    data = typed(action="preview", body="<script>alert(1)</script> <img src=x onerror=alert(1)>")
    answer = log_in(author).post("/practices/new", data=data, headers={"Accept": "application/json"})
    assert answer.json is not None
    assert "<script" not in answer.json["html"]
    assert "onerror" not in answer.json["html"]


def test_a_text_too_long_to_be_shown_is_said_by_the_preview(log_in: LogIn, author: User) -> None:
    data = typed(action="preview", body="word " * 100_000)
    answer = log_in(author).post("/practices/new", data=data, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert answer.json is not None
    assert "500,000" in answer.json["error"] or "499,999" in answer.json["error"]


def test_ten_megabytes_are_refused_with_a_sentence(log_in: LogIn, author: User) -> None:
    answer = log_in(author).post("/practices/new", data=typed(body="x" * 10_000_000))
    assert answer.status_code == 413
    assert "That was too large to be taken." in answer.text


def test_saving_and_submitting_is_one_press(log_in: LogIn, author: User) -> None:
    manuscript = begun(log_in(author), action="submit")
    assert manuscript.state == State.SUBMITTED


def test_what_lacks_something_is_saved_and_not_submitted(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    manuscript = begun(browser, action="submit", body="## What\n\nOnly this.", capability="")
    assert manuscript.state == State.DRAFT
    page = browser.get(f"/writing/{manuscript.id}").text
    for name in ("Capability", "Why", "How", "Evidence"):
        assert f"<li>{name}</li>" in page


def test_what_is_accepted_is_what_readers_see(log_in: LogIn, author: User, client: FlaskClient) -> None:
    publish(begun(log_in(author)))
    practice = db.session.execute(select(Practice)).scalar_one()
    assert (practice.origin, practice.title, practice.level) == (
        "web:short-lived-branches.en",
        "Short-lived branches",
        3,
    )
    assert (practice.tags, practice.participants) == (["git", "branching"], ["Developers", "Testers"])
    assert (practice.owner_id, practice.reviewed_on, practice.review_by) == (
        author.id,
        date(2026, 11, 16),
        date(2027, 11, 16),
    )
    page = client.get("/practices/short-lived-branches").text
    assert "What it is." in page
    assert 'href="/practices/short-lived-branches/edit?lang=en"' in page


def test_every_member_can_improve_what_is_published(log_in: LogIn, author: User, client: FlaskClient) -> None:
    publish(begun(log_in(author)))
    reader = make_user("Rita Reader")
    browser = log_in(reader)
    assert "Improve “Short-lived branches”" in browser.get("/practices/short-lived-branches/edit?lang=en").text
    data = typed(base="1", body=PARTS["en"].replace("What it is.", "What it is, and is not."), action="submit")
    assert browser.post("/practices/short-lived-branches/edit?lang=en", data=data).status_code == 303
    manuscript = manuscripts()[0]
    assert (manuscript.state, manuscript.published_number, manuscript.latest_number) == (State.SUBMITTED, 1, 2)
    assert manuscript.author_ids == {author.id, reader.id}
    assert "and is not" not in client.get("/practices/short-lived-branches").text


def test_others_do_not_reach_a_draft(log_in: LogIn, author: User, client: FlaskClient) -> None:
    begun(log_in(author))
    path = "/practices/short-lived-branches/edit?lang=en"
    assert client.get(path).status_code == 303
    for person in (make_user("Outsider"), make_user("Editor", Role.EDITOR), make_user("Root", Role.ADMINISTRATOR)):
        assert log_in(person).get(path).status_code == 404
        assert log_in(person).post(path, data=typed(base="1")).status_code == 404


def test_what_is_in_review_is_not_opened_for_writing(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    manuscript = begun(browser, action="submit")
    answer = browser.get("/practices/short-lived-branches/edit?lang=en")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/writing/{manuscript.id}")
    answer = browser.post("/practices/short-lived-branches/edit?lang=en", data=typed(base="1", summary="Late words."))
    assert answer.status_code == 409
    assert "Late words." in answer.text


def test_two_who_write_at_once_are_put_together(log_in: LogIn, author: User) -> None:
    publish(begun(log_in(author)))
    path = "/practices/short-lived-branches/edit?lang=en"
    other = make_user("Otto")
    log_in(author).post(path, data=typed(base="1", summary="Merge each hour."))
    answer = log_in(other).post(path, data=typed(base="1", title="Branches that live short"))
    assert answer.status_code == 303
    content = content_of(manuscripts()[0])
    assert (content["summary"], content["title"]) == ("Merge each hour.", "Branches that live short")


def test_two_who_change_the_same_see_both(log_in: LogIn, author: User) -> None:
    publish(begun(log_in(author)))
    path = "/practices/short-lived-branches/edit?lang=en"
    browser = log_in(make_user("Otto"))
    log_in(author).post(path, data=typed(base="1", summary="Merge each hour."))
    answer = browser.post(path, data=typed(base="1", summary="Merge each minute.", note="Quicker"))
    assert answer.status_code == 409
    assert "Merge each hour." in answer.text
    assert "Merge each minute." in answer.text
    assert 'name="base" type="hidden" value="2"' in answer.text
    assert 'value="Quicker"' in answer.text
    assert browser.post(path, data=typed(base="2", summary="Merge each minute.")).status_code == 303
    assert content_of(manuscripts()[0])["summary"] == "Merge each minute."


def test_a_nonsense_base_loses_nothing(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    begun(browser)
    path = "/practices/short-lived-branches/edit?lang=en"
    browser.post(path, data=typed(base="1", summary="Second."))
    answer = browser.post(path, data=typed(base="99999999999999", summary="Third."))
    assert answer.status_code == 409
    assert "Third." in answer.text


def test_the_address_can_be_changed_until_it_is_published(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    manuscript = begun(browser)
    path = "/practices/short-lived-branches/edit?lang=en"
    browser.post(path, data=typed(base="1", slug="branches"))
    assert manuscripts()[0].slug == "branches"
    publish(manuscript)
    browser.post("/practices/branches/edit?lang=en", data=typed(base="1", slug="elsewhere", summary="Other."))
    assert manuscripts()[0].slug == "branches"


def test_a_translation_begins_with_the_original_and_names_it(log_in: LogIn, author: User) -> None:
    publish(begun(log_in(author)))
    browser = log_in(make_user("Translator"))
    path = "/practices/short-lived-branches/translate?lang=zh"
    assert "What it is." in browser.get(path).text
    assert browser.post(path, data=typed(title="短分支", body=PARTS["zh"], language="zh")).status_code == 303
    translation = manuscripts()[-1]
    assert (translation.slug, translation.language, translation.translation_of, translation.source_number) == (
        "short-lived-branches",
        "zh",
        "en",
        1,
    )
    assert browser.get(path).headers["Location"] == "/practices/short-lived-branches/edit?lang=zh"
    assert log_in(author).get(path).status_code == 409
    assert find_source(translation, 1) == 1
    publish(translation)
    assert "什么" in browser.get("/practices/short-lived-branches?lang=zh").text


def test_only_what_is_published_is_translated(log_in: LogIn, author: User) -> None:
    browser = log_in(author)
    begun(browser)
    for path in ("translate?lang=zh", "translate?lang=en", "translate?lang=xx", "translate"):
        assert browser.get(f"/practices/short-lived-branches/{path}").status_code == 404


def test_a_version_is_exported_as_a_file_that_says_the_same(log_in: LogIn, author: User) -> None:
    manuscript = begun(log_in(author))
    publish(manuscript)
    text = KIND.export(manuscript, content_of(manuscript))
    assert text.startswith("---\ntitle: Short-lived branches\nslug: short-lived-branches\nlanguage: en\n")
    assert f"owner: {author.email}\nreviewed: 2026-11-16\nreview_by: 2027-11-16\n" in text
    assert text.endswith(PARTS["en"].strip())


def test_a_picture_without_words_is_named_before_a_text_is_submitted(app: Flask) -> None:
    content = {
        "title": "T",
        "summary": "S",
        "capability": "c",
        "body": f"{PARTS['en']}\n![](/media/a.png) ![Words](/media/b.png)\n",
    }

    assert [str(each) for each in KIND.missing(content)] == ["What the picture /media/a.png shows, in words"]


def test_names_in_a_text_are_looked_up_when_it_is_shown(author: User, log_in: LogIn, client: FlaskClient) -> None:
    make_practice("trunk", title="Work on the trunk")
    manuscript = begun(log_in(author), body=f"{PARTS['en']}\nSee [[trunk]], [[gone]] and @{author.handle}.\n")
    publish(manuscript)

    page = client.get(f"/practices/{manuscript.slug}").text
    assert 'See <a href="/practices/trunk" rel="noopener">Work on the trunk</a>' in page
    assert 'class="lost-link"' in page
    assert f'<span class="mention">@{author.name}</span>' in page

    reader = make_user("Rita Reader")
    other = begun(log_in(author), key="o" * 20, title="Another one", body=f"{PARTS['en']}\nAsk @{reader.handle}.\n")
    publish(other)
    told = log_in(reader).get("/notices").text
    assert "mentions you in “Another one”" in told
    opened = log_in(reader).post(re.findall(r'action="(/notices/\d+/read)"', told)[0])
    assert opened.location.endswith(f"/practices/{other.slug}?lang=en")


@pytest.mark.parametrize("heading", ["a" + " " * 100_000 + "b", "# " * 50_000 + "b", "a" + " #" * 50_000 + "b"])
def test_a_heading_takes_no_longer_than_it_is(heading: str) -> None:
    began = time.process_time()
    assert len(lacks_parts(f"## {heading}\n\n## Why ##\n\nx")) == 3
    assert pictures_without_text("<img " * 50_000) == []
    assert time.process_time() - began < 5
