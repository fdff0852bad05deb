"""Who may see and change a coach's profile."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.coaches.models import Coach
from app.coaches.policy import can_edit, can_keep_profile, can_read
from app.coaches.queries import visible_to
from app.kernel.db import db, transaction
from tests.factories.coaches import make_coach
from tests.factories.people import make_user

pytestmark = pytest.mark.both_databases


@pytest.fixture
def people(app: Flask) -> dict[str, User | None]:
    """Named people; the coach has a profile, the former coach's account is closed."""
    people = {
        "coach": make_user("Coach", Role.COACH),
        "former": make_user("Former", Role.COACH),
        "colleague": make_user("Colleague", Role.COACH),
        "editor": make_user("Editor", Role.EDITOR),
        "administrator": make_user("Administrator", Role.ADMINISTRATOR),
        "member": make_user("Member"),
    }
    make_coach(user=people["coach"])
    make_coach(user=people["former"])
    with transaction():
        people["former"].disabled_at = datetime(2026, 11, 1, tzinfo=UTC)
    return {**people, "visitor": None}


def profile(people: dict[str, User | None], name: str) -> Coach:
    user = people[name]
    assert user is not None
    return db.session.execute(select(Coach).where(Coach.user_id == user.id)).scalar_one()


def test_readers_see_open_accounts_and_administrators_all(people: dict[str, User | None]) -> None:
    seen = {
        name: (can_read(user, profile(people, "coach")), can_read(user, profile(people, "former")))
        for name, user in people.items()
    }
    assert seen == {
        "coach": (True, False),
        "former": (True, False),
        "colleague": (True, False),
        "editor": (True, False),
        "administrator": (True, True),
        "member": (True, False),
        "visitor": (True, False),
    }


def test_the_rule_in_sql_and_in_python_is_the_same(people: dict[str, User | None]) -> None:
    everybody = db.session.execute(select(Coach)).scalars().all()
    for user in people.values():
        visible = set(db.session.execute(visible_to(user)).unique().scalars())
        assert visible == {coach for coach in everybody if can_read(user, coach)}


def test_a_profile_is_changed_by_its_coach_and_by_administrators(people: dict[str, User | None]) -> None:
    coach = profile(people, "coach")
    assert {name for name, user in people.items() if user and can_edit(user, coach)} == {"coach", "administrator"}


def test_a_profile_is_kept_by_coaches(people: dict[str, User | None]) -> None:
    keepers = {name for name, user in people.items() if user and can_keep_profile(user)}
    assert keepers == {"coach", "former", "colleague"}
