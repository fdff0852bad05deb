"""A letter with a past: saved, submitted, sent back, published; and then saved again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.writing.models import Manuscript
from app.writing.queries import content_of
from app.writing.rules import Step
from app.writing.service import Prepared, begin, save, take_step
from tests.factories.people import make_team, make_user
from tests.factories.writing import Letters

THEN = datetime(2026, 10, 5, 2, 0, tzinfo=UTC)


@dataclass
class Pen:
    """Writes a letter, one day after the other."""

    kind: Letters
    manuscript_id: int
    days: int = 1

    @property
    def manuscript(self) -> Manuscript:
        return db.session.get_one(Manuscript, self.manuscript_id)

    @property
    def now(self) -> datetime:
        self.days += 1
        return THEN + timedelta(days=self.days)

    def save(self, who: User, note: str = "", **changes: Any) -> int:
        with transaction() as session:
            manuscript = self.manuscript
            content = {**content_of(manuscript), **changes}
            base = manuscript.latest_number
            save(session, self.kind, manuscript, content, base=base, actor=who, now=self.now, note=note)
        return self.manuscript.latest_number

    def step(self, step: Step, who: User, comment: str = "") -> None:
        prepared = None
        if step is Step.ACCEPT:
            number = self.manuscript.submitted_number or 0
            content = content_of(self.manuscript, number)
            prepared = Prepared(number, content, self.kind.render(content))
        with transaction() as session:
            take_step(
                session, self.kind, self.manuscript, step, actor=who, now=self.now, comment=comment, prepared=prepared
            )


@pytest.fixture
def author(app: Flask) -> User:
    return make_user("Arno Author")


@pytest.fixture
def colleague(app: Flask) -> User:
    return make_user("Conny Colleague")


@pytest.fixture
def editor(app: Flask) -> User:
    return make_user("Edda Editor", Role.EDITOR)


@pytest.fixture
def outsider(app: Flask) -> User:
    return make_user("Otto Outsider")


@pytest.fixture
def write(letters: Letters, author: User, colleague: User) -> Callable[..., Pen]:
    """A new letter of the author's, in the team of author and colleague."""
    make_team("Payments", colleague, lead=author)

    def written(slug: str = "on-branches", language: str = "en", **content: Any) -> Pen:
        first = {"title": "On branches", "body": "Keep them short.\n", "team": "Payments", **content}
        with transaction() as session:
            manuscript = begin(session, letters, first, slug=slug, language=language, actor=author, now=THEN)
        return Pen(letters, manuscript.id)

    return written


@pytest.fixture
def pen(write: Callable[..., Pen], author: User, colleague: User, editor: User) -> Pen:
    """1 begun, 2 saved, 3 sent back, 4 published, 5 saved, 6 saved and secret."""
    letter = write()
    letter.save(author, body="Keep them shorter.\n")
    letter.save(colleague, "A number", body="Keep them under two days.\n")
    letter.step(Step.SUBMIT, author, "Please be quick.")
    letter.step(Step.REQUEST_CHANGES, editor, "Say why, but not to readers.")
    letter.save(author, "Why", body="Keep them under two days.\n\nLong ones hide problems.\n")
    letter.step(Step.SUBMIT, author)
    letter.step(Step.ACCEPT, editor)
    letter.save(colleague, body="Keep them under one day.\n\nLong ones hide problems.\n")
    letter.save(author, "Not yet decided", title="On secret plans", body="Hushhush.\n")
    return letter
