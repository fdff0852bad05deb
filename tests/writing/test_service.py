"""Saving, merging, submitting and deciding, for a kind of text that stands for all."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.notifications.models import Notice
from app.writing.models import Manuscript, ManuscriptEvent, Version
from app.writing.policy import can_read, is_reviewer
from app.writing.queries import content_of, queue_of, visible_to
from app.writing.rules import State, Step
from app.writing.service import MergeConflictError, Prepared, Saved, begin, save, take_step
from tests.factories.people import make_team, make_user
from tests.factories.writing import Letters

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
FIRST = {"title": "On branches", "body": "Keep them short. Merge each day. Delete them.", "team": "Payments"}


@pytest.fixture
def kind() -> Letters:
    return Letters()


@pytest.fixture
def owner(app: Flask) -> User:
    return make_user("Owner")


@pytest.fixture
def editor(app: Flask) -> User:
    return make_user("Editor", Role.EDITOR)


@pytest.fixture
def manuscript(owner: User, kind: Letters) -> Manuscript:
    make_team("Payments", make_user("Colleague"), lead=owner)
    with transaction() as session:
        return begin(session, kind, FIRST, slug="on-branches", language="en", actor=owner, now=NOW)


def saved(manuscript: Manuscript, actor: User, base: int, kind: Letters | None = None, **changes: Any) -> Saved:
    with transaction() as session:
        return save(session, kind or Letters(), manuscript, {**FIRST, **changes}, base=base, actor=actor, now=NOW)


def step(manuscript: Manuscript, step: Step, actor: User, kind: Letters, **more: Any) -> None:
    with transaction() as session:
        take_step(session, kind, manuscript, step, actor=actor, now=NOW, **more)


def prepared(manuscript: Manuscript, kind: Letters) -> Prepared:
    number = manuscript.submitted_number or 0
    content = content_of(manuscript, number)
    return Prepared(number, content, kind.render(content))


def count(model: type[Any]) -> int:
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_every_save_is_a_version_and_the_first_is_the_beginning(manuscript: Manuscript, owner: User) -> None:
    saved(manuscript, owner, 1, body="Keep them short.")
    assert [content_of(manuscript, number)["body"] for number in (1, 2)] == [FIRST["body"], "Keep them short."]


def test_saving_what_is_there_makes_no_version(manuscript: Manuscript, owner: User) -> None:
    assert saved(manuscript, owner, 1) == Saved(None)
    assert count(Version) == 1


def test_two_who_change_different_sentences_both_win(manuscript: Manuscript, owner: User) -> None:
    colleague = db.session.execute(select(User).where(User.name == "Colleague")).unique().scalar_one()
    saved(manuscript, owner, 1, body="Keep them very short. Merge each day. Delete them.")
    result = saved(manuscript, colleague, 1, body="Keep them short. Merge each day. Delete them at once.")
    assert result.merged
    assert content_of(manuscript)["body"] == "Keep them very short. Merge each day. Delete them at once."
    assert manuscript.author_ids == {owner.id, colleague.id}


def test_two_who_change_the_same_sentence_lose_nothing(manuscript: Manuscript, owner: User) -> None:
    saved(manuscript, owner, 1, body="Keep them very short. Merge each day. Delete them.")
    with pytest.raises(MergeConflictError) as caught:
        saved(manuscript, owner, 1, body="Keep them tiny. Merge each day. Delete them.")
    assert [(each.mine, each.theirs) for each in caught.value.conflicts] == [
        ("Keep them tiny.", "Keep them very short.")
    ]
    assert content_of(manuscript)["body"].startswith("Keep them very short.")
    saved(manuscript, owner, caught.value.latest, body=caught.value.content["body"])
    assert content_of(manuscript)["body"].startswith("Keep them tiny.")


def test_nothing_is_published_that_was_not_accepted(
    manuscript: Manuscript, owner: User, editor: User, kind: Letters
) -> None:
    step(manuscript, Step.SUBMIT, owner, kind)
    assert kind.published == {}
    step(manuscript, Step.ACCEPT, editor, kind, prepared=prepared(manuscript, kind))
    assert kind.published == {"on-branches": "On branches Keep them short. Merge each day. Delete them. 2026"}
    saved(manuscript, owner, 1, body="Something else entirely.")
    assert (manuscript.state, manuscript.published_number, manuscript.latest_number) == (State.DRAFT, 1, 2)
    assert "entirely" not in kind.published["on-branches"]


def test_whoever_is_mentioned_is_told_when_readers_see_it_and_once(
    manuscript: Manuscript, owner: User, editor: User, kind: Letters
) -> None:
    anna, bert = make_user("Anna"), make_user("Bert")

    def publish(body: str) -> None:
        saved(manuscript, owner, manuscript.latest_number, body=body)
        step(manuscript, Step.SUBMIT, owner, kind)
        assert told() == before
        step(manuscript, Step.ACCEPT, editor, kind, prepared=prepared(manuscript, kind))

    def told() -> list[tuple[int, dict[str, Any]]]:
        rows = db.session.execute(
            select(Notice.user_id, Notice.params).where(Notice.kind == "mention in a text").order_by(Notice.id)
        )
        return [(user_id, params) for user_id, params in rows]

    params = {"by": owner.name, "title": manuscript.title, "kind": "letter", "slug": "on-branches", "language": "en"}
    before: list[tuple[int, dict[str, Any]]] = []
    publish("Ask @anna.")
    before = [(anna.id, params)]
    assert told() == before
    publish("Ask @anna or @bert.")
    assert told() == [*before, (bert.id, params)]


def test_a_text_in_review_stands_still(manuscript: Manuscript, owner: User, kind: Letters) -> None:
    step(manuscript, Step.SUBMIT, owner, kind)
    with pytest.raises(ConflictError):
        saved(manuscript, owner, 1, body="Other words.")
    step(manuscript, Step.TAKE_BACK, owner, kind)
    assert saved(manuscript, owner, 1, body="Other words.").version is not None


def test_what_was_read_is_what_is_accepted(manuscript: Manuscript, owner: User, editor: User, kind: Letters) -> None:
    step(manuscript, Step.SUBMIT, owner, kind)
    old = prepared(manuscript, kind)
    step(manuscript, Step.TAKE_BACK, owner, kind)
    saved(manuscript, owner, 1, body="Other words.")
    step(manuscript, Step.SUBMIT, owner, kind)
    with pytest.raises(ConflictError):
        step(manuscript, Step.ACCEPT, editor, kind, prepared=old)
    assert kind.published == {}


@pytest.mark.parametrize("decision", [Step.ACCEPT, Step.REJECT, Step.REQUEST_CHANGES])
def test_nobody_decides_on_what_a_colleague_wrote(
    manuscript: Manuscript, owner: User, kind: Letters, decision: Step
) -> None:
    near = make_user("Near Editor", Role.EDITOR)
    make_team("Guild of testers", near, lead=owner)
    step(manuscript, Step.SUBMIT, owner, kind)
    with pytest.raises(ForbiddenError):
        step(manuscript, decision, near, kind, comment="Fine.", prepared=prepared(manuscript, kind))
    assert list(db.session.execute(queue_of(near)).unique().scalars()) == []


def test_asking_for_changes_and_rejecting_need_a_reason(
    manuscript: Manuscript, owner: User, editor: User, kind: Letters
) -> None:
    step(manuscript, Step.SUBMIT, owner, kind)
    for decision in (Step.REQUEST_CHANGES, Step.REJECT):
        with pytest.raises(InvalidInputError):
            step(manuscript, decision, editor, kind, comment=" ")
    assert manuscript.state == State.SUBMITTED


def test_nobody_writes_in_the_name_of_another_team(manuscript: Manuscript, owner: User) -> None:
    make_team("Ledger", make_user("Stranger"))
    with pytest.raises(ForbiddenError):
        saved(manuscript, owner, 1, team="Ledger")


def test_the_history_names_each_step_with_its_version(
    manuscript: Manuscript, owner: User, editor: User, kind: Letters
) -> None:
    step(manuscript, Step.SUBMIT, owner, kind)
    step(manuscript, Step.REQUEST_CHANGES, editor, kind, comment="Say how long.")
    saved(manuscript, owner, 1, body="Keep them under a day.")
    step(manuscript, Step.SUBMIT, owner, kind)
    rows = db.session.execute(select(ManuscriptEvent).order_by(ManuscriptEvent.id)).scalars()
    assert [(row.step, row.number, row.comment) for row in rows] == [
        ("submit", 1, ""),
        ("request_changes", 1, "Say how long."),
        ("submit", 2, ""),
    ]


def test_sql_and_python_say_the_same_of_who_may_see_and_who_may_decide(
    manuscript: Manuscript, owner: User, editor: User, kind: Letters
) -> None:
    people = [owner, editor, make_user("Outsider"), db.session.get_one(User, owner.id)]
    for taken in (None, Step.SUBMIT):
        if taken:
            step(manuscript, taken, owner, kind)
        for person in people:
            seen = db.session.execute(visible_to(person)).unique().scalars().all()
            assert (seen == [manuscript]) == can_read(person, manuscript)
            waiting = db.session.execute(queue_of(person)).unique().scalars().all()
            decides = is_reviewer(person, manuscript) and manuscript.state == State.SUBMITTED
            assert (waiting == [manuscript]) == decides


@pytest.mark.parametrize("base", [-1, 0, 3, 999_999_999])
def test_a_version_that_is_not_there_takes_nothing_away(manuscript: Manuscript, owner: User, base: int) -> None:
    saved(manuscript, owner, 1, body="First. Second.")
    assert saved(manuscript, owner, base, title="Another title", body="First. Second.").version is not None
    assert content_of(manuscript)["body"] == "First. Second."
