"""What was retired leads to what replaced it; what moved leads there for ever; what was retired can come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.writing.keeping import service
from app.writing.keeping.models import FormerAddress
from app.writing.keeping.queries import find_former, list_live
from app.writing.keeping.service import Replacement
from app.writing.models import Manuscript
from app.writing.preparing import prepare, retired_number
from app.writing.rules import State, Step
from app.writing.service import begin, save, take_step
from tests.factories.people import make_user
from tests.factories.writing import Letters

pytestmark = pytest.mark.usefixtures("clock")
NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def kind(app: Flask) -> Iterator[Letters]:
    """A kind whose texts every member may change, and the only one that there is."""
    letters = Letters(is_open=True)
    known = app.extensions["writing_kinds"]
    app.extensions["writing_kinds"] = {"letter": letters, "practice": letters}
    yield letters
    app.extensions["writing_kinds"] = known


@pytest.fixture
def owner(app: Flask) -> User:
    return make_user("Owner")


@pytest.fixture
def editor(app: Flask) -> User:
    return make_user("Editor", Role.EDITOR)


def published(kind: Letters, slug: str, owner: User, editor: User, *, name: str = "letter") -> Manuscript:
    kind.name = name
    content = {"title": slug.title(), "body": f"About {slug}."}
    with transaction() as session:
        manuscript = begin(session, kind, content, slug=slug, language="en", actor=owner, now=NOW)
        take_step(session, kind, manuscript, Step.SUBMIT, actor=owner, now=NOW)
        ready = prepare(kind, manuscript, 1)
        take_step(session, kind, manuscript, Step.ACCEPT, actor=editor, now=NOW, prepared=ready)
    return manuscript


def retire(kind: Letters, slug: str, actor: User, to: str | None = None, note: str = "Out of date.") -> None:
    replacement = Replacement(kind.name, to) if to else None
    with transaction() as session:
        service.retire(session, kind, slug, note=note, replacement=replacement, actor=actor, now=NOW)


def move(kind: Letters, old: str, new: str, actor: User) -> None:
    with transaction() as session:
        service.move(session, kind, old, new, actor=actor, now=NOW)


def leads_to(kind: Letters, slug: str) -> str | None:
    former = find_former(kind.name, slug)
    return former.to_slug if former else "nothing was there"


def test_what_is_retired_is_out_of_sight_and_stays_as_a_draft(kind: Letters, owner: User, editor: User) -> None:
    manuscript = published(kind, "old", owner, editor)
    retire(kind, "old", editor)
    assert kind.published == {}
    assert (manuscript.state, manuscript.published_number, manuscript.latest_number) == (State.DRAFT, None, 1)
    with pytest.raises(ConflictError):
        retire(kind, "old", editor)


def test_only_editors_retire_what_is_open_to_all(kind: Letters, owner: User, editor: User) -> None:
    published(kind, "old", owner, editor)
    with pytest.raises(ForbiddenError):
        retire(kind, "old", owner)
    with pytest.raises(ForbiddenError):
        move(kind, "old", "new", owner)


def test_a_reason_is_needed_and_what_replaces_it_has_to_be_there(kind: Letters, owner: User, editor: User) -> None:
    published(kind, "old", owner, editor)
    for wrong in ({"note": " "}, {"to": "nowhere"}, {"to": "old"}):
        with pytest.raises(InvalidInputError):
            retire(kind, "old", editor, **wrong)
    assert "old" in kind.published


def test_old_addresses_lead_where_the_text_is_now_however_often_it_moves(
    kind: Letters, owner: User, editor: User
) -> None:
    published(kind, "one", owner, editor)
    published(kind, "other", owner, editor)
    move(kind, "one", "two", editor)
    move(kind, "two", "three", editor)
    assert [leads_to(kind, slug) for slug in ("one", "two", "three")] == ["three", "three", "nothing was there"]
    retire(kind, "three", editor, to="other")
    assert [leads_to(kind, slug) for slug in ("one", "two", "three")] == ["other"] * 3


def test_back_to_the_first_address_is_no_circle(kind: Letters, owner: User, editor: User) -> None:
    published(kind, "one", owner, editor)
    move(kind, "one", "two", editor)
    move(kind, "two", "one", editor)
    assert [leads_to(kind, slug) for slug in ("one", "two")] == ["nothing was there", "one"]


@pytest.mark.parametrize("slug", ["Not a slug", "new", "taken", ""])
def test_an_address_that_cannot_be_is_refused(kind: Letters, owner: User, editor: User, slug: str) -> None:
    published(kind, "old", owner, editor)
    published(kind, "taken", owner, editor)
    with pytest.raises(InvalidInputError):
        move(kind, "old", slug, editor)


def test_what_comes_back_is_what_readers_saw(kind: Letters, owner: User, editor: User) -> None:
    manuscript = published(kind, "old", owner, editor)
    seen = dict(kind.published)
    retire(kind, "old", editor)
    with transaction() as session:
        save(session, kind, manuscript, {"title": "Old", "body": "Not yet accepted."}, base=1, actor=owner, now=NOW)
    number = retired_number(manuscript)
    assert number == 1
    ready = {manuscript.id: prepare(kind, manuscript, number)}
    with transaction() as session:
        service.bring_back(session, kind, "old", ready, actor=editor, now=NOW)
    assert kind.published == seen
    assert (manuscript.published_number, manuscript.latest_number, manuscript.state) == (1, 2, State.DRAFT)
    assert find_former("letter", "old") is None


def test_readers_are_led_on_or_told_why(kind: Letters, owner: User, editor: User, client: FlaskClient) -> None:
    for slug in ("moved", "replaced", "ended", "other"):
        published(kind, slug, owner, editor, name="practice")
    move(kind, "moved", "new-place", editor)
    retire(kind, "replaced", editor, to="other")
    retire(kind, "ended", editor, note="We stopped doing <b>this</b>.")
    answer = client.get("/practices/moved?lang=en")
    assert (answer.status_code, answer.location) == (301, "/practices/new-place?lang=en")
    assert client.get("/practices/moved.md").location == "/practices/new-place.md"
    answer = client.get("/practices/replaced")
    assert (answer.status_code, answer.location) == (302, "/practices/other?from=practice:replaced")
    answer = client.get("/practices/ended")
    assert answer.status_code == 410
    assert "We stopped doing &lt;b&gt;this&lt;/b&gt;." in answer.text
    assert client.get("/practices/never-was").status_code == 404


def test_the_list_of_what_is_retired_is_for_editors(kind: Letters, owner: User, editor: User, log_in: LogIn) -> None:
    published(kind, "old", owner, editor)
    assert "Nothing is retired" in log_in(editor).get("/writing/retired").text
    retire(kind, "old", editor)
    assert "Out of date." in log_in(editor).get("/writing/retired").text
    assert log_in(owner).get("/writing/retired").status_code == 403
    assert log_in(owner).post("/writing/retired/letter/old/return").status_code == 403
    assert log_in(editor).post("/writing/retired/letter/old/return").status_code == 303
    assert "old" in kind.published


def test_the_forms_keep_what_was_typed(kind: Letters, owner: User, editor: User, log_in: LogIn) -> None:
    manuscript = published(kind, "old", owner, editor)
    browser = log_in(editor)
    answer = browser.post(f"/writing/{manuscript.id}/address", data={"slug": "Not A Slug"})
    assert (answer.status_code, "Not A Slug" in answer.text) == (422, True)
    answer = browser.post(f"/writing/{manuscript.id}/retirement", data={"note": ""})
    assert (answer.status_code, "Say why" in answer.text) == (422, True)
    assert browser.post(f"/writing/{manuscript.id}/address", data={"slug": "new-one"}).status_code == 303
    assert browser.post(f"/writing/{manuscript.id}/retirement", data={"note": "Old."}).status_code == 303
    assert log_in(owner).get(f"/writing/{manuscript.id}/retirement").status_code == 403


def test_old_addresses_of_the_paper_lead_on_too(client: FlaskClient) -> None:
    with transaction() as session:
        session.add(
            FormerAddress(
                kind="case-study",
                slug="old",
                title="Old",
                is_retired=False,
                to_kind="case-study",
                to_slug="new-one",
                left_at=NOW,
            )
        )
    assert client.get("/case-studies/old.pdf?lang=zh").location == "/case-studies/new-one.pdf?lang=zh"
    assert client.get("/case-studies/old.md").location == "/case-studies/new-one.md"


def test_the_choice_of_what_replaces_it_knows_no_draft(kind: Letters, owner: User, editor: User) -> None:
    manuscript = published(kind, "old", owner, editor)
    with transaction() as session:
        save(session, kind, manuscript, {"title": "Secret", "body": "Draft."}, base=1, actor=owner, now=NOW)
    assert (list_live("letter"), manuscript.title) == ([("old", "Old")], "Secret")


def test_readers_are_told_the_name_that_they_knew(kind: Letters, owner: User, editor: User) -> None:
    manuscript = published(kind, "old", owner, editor)
    with transaction() as session:
        save(session, kind, manuscript, {"title": "Secret", "body": "x"}, base=1, actor=owner, now=NOW)
    move(kind, "old", "newer", editor)
    retire(kind, "newer", editor)
    assert [former.title for slug in ("old", "newer") if (former := find_former(kind.name, slug))] == ["Old", "Old"]
