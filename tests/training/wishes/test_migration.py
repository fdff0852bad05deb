"""What editors had noted for themselves is on the board of all."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from app.kernel.db import db
from app.training.wishes.models import Wish
from tests.factories.people import make_user

INSERT = text(
    "INSERT INTO search_wish (text, note, state, created_at, created_by_id, changed_at, changed_by_id) "
    "VALUES (:text, :note, :state, :created, :by, :changed, :by)"
)


@pytest.mark.slow
def test_wishes_of_editors_move_over_and_back(app: Flask) -> None:
    edda_id = make_user("Edda").id
    db.session.remove()
    downgrade(directory="migrations", revision="0003")
    with db.engine.begin() as connection:
        for words, state in (("chaos engineering", "open"), ("混沌工程", "open"), ("blue green", "done")):
            row = {"text": words, "note": "Amara could", "state": state, "by": edda_id}
            connection.execute(INSERT, {**row, "created": "2026-11-01 02:00:00", "changed": "2026-11-02 02:00:00"})
    upgrade(directory="migrations")
    wishes = list(db.session.execute(select(Wish).order_by(Wish.id)).unique().scalars())
    assert [(wish.title, wish.normal, wish.language) for wish in wishes] == [
        ("chaos engineering", "chaos engineering", "en"), ("混沌工程", "混沌工程", "zh"), ("blue green", "blue green", "en"),
    ]  # fmt: skip
    assert {(wish.why, wish.made_by_id, wish.made_at.isoformat()) for wish in wishes} == {
        ("Amara could", edda_id, "2026-11-01T02:00:00+00:00")
    }
    assert [wish.closed_at.isoformat() if wish.closed_at else "" for wish in wishes] == [
        "", "", "2026-11-02T02:00:00+00:00",
    ]  # fmt: skip
    assert [wish.closed_reason for wish in wishes] == ["", "", "Done / 已完成"]
    db.session.remove()
    downgrade(directory="migrations", revision="0003")
    with db.engine.begin() as connection:
        rows = connection.execute(text("SELECT text, note, state FROM search_wish ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [
        ("chaos engineering", "Amara could", "open"), ("混沌工程", "Amara could", "open"), ("blue green", "Amara could", "done"),
    ]  # fmt: skip
    upgrade(directory="migrations")
