"""A house in which letters are written, with people who write, review and only read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.writing.models import Manuscript
from app.writing.queries import content_of
from app.writing.review.rules import Criterion, Mark
from app.writing.review.service import Verdict, decide
from app.writing.rules import Step
from app.writing.service import Prepared, begin, save, take_step
from tests.factories.people import make_team, make_user
from tests.factories.writing import Letters

NOW = datetime(2026, 11, 16, 2, 0, tzinfo=UTC)
BODY = "Keep branches short. Merge every day, at least once.\n\nDelete them at once, says the *oldest* rule."
ALL_GOOD = dict.fromkeys(Criterion, Mark.GOOD)


@dataclass
class House:
    """People and a letter. Anna and Ben are in Payments and write; Edda and Emil are editors elsewhere."""

    kind: Letters
    anna: User
    ben: User
    edda: User
    emil: User
    near: User
    reader: User
    letter: Manuscript

    def save(self, body: str, by: User | None = None) -> None:
        with transaction() as session:
            content = {**content_of(self.letter), "body": body}
            base = self.letter.latest_number
            save(session, self.kind, self.letter, content, base=base, actor=by or self.anna, now=now())

    def step(self, step: Step, by: User | None = None, comment: str = "") -> None:
        with transaction() as session:
            take_step(session, self.kind, self.letter, step, actor=by or self.anna, now=now(), comment=comment)

    def submit(self, by: User | None = None) -> None:
        self.step(Step.SUBMIT, by)

    def prepared(self) -> Prepared:
        number = self.letter.submitted_number or 0
        content = content_of(self.letter, number)
        return Prepared(number, content, self.kind.render(content))

    def decide(self, step: Step, by: User, reason: str = "Because.", **more: Any) -> None:
        verdict = Verdict(
            more.pop("number", self.letter.submitted_number or 0), step, more.pop("marks", ALL_GOOD), reason
        )
        prepared = self.prepared()
        with transaction() as session:
            decide(session, self.kind, self.letter, verdict, actor=by, now=now(), prepared=prepared)


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def kind(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Letters:
    """Letters are the only thing that is written here."""
    letters = Letters()
    monkeypatch.setitem(app.extensions, "writing_kinds", {letters.name: letters})
    return letters


@pytest.fixture
def house(kind: Letters, clock: time_machine.Coordinates) -> House:
    anna, ben = make_user("Anna Author"), make_user("Ben Author")
    make_team("Payments", ben, lead=anna)
    near = make_user("Nina Near", Role.EDITOR)
    make_team("Guild of testers", near, anna)
    content = {"title": "On branches", "body": BODY, "team": "Payments"}
    with transaction() as session:
        letter = begin(session, kind, content, slug="on-branches", language="en", actor=anna, now=NOW)
    return House(
        kind=kind,
        anna=anna,
        ben=ben,
        edda=make_user("Edda Editor", Role.EDITOR),
        emil=make_user("Emil Editor", Role.EDITOR),
        near=near,
        reader=make_user("Rita Reader"),
        letter=letter,
    )


@pytest.fixture
def told(app: Flask) -> Callable[[], list[tuple[str, str]]]:
    """(name, kind) of every notice, in the order in which they came."""

    def notices() -> list[tuple[str, str]]:
        rows = db.session.execute(
            select(User.name, Notice.kind).join(User, User.id == Notice.user_id).order_by(Notice.id)
        )
        return [(name, kind) for name, kind in rows]

    return notices
