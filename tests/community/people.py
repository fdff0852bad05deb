"""The people of these tests: who owns a page, who edits, who only reads."""

from __future__ import annotations

from dataclasses import dataclass

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.practices.models import Practice
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice


@dataclass(frozen=True)
class House:
    owner: User
    colleague: User
    outsider: User
    editor: User
    team: Team
    practice: Practice


def make_house() -> House:
    owner, colleague = make_user("Otto Owner"), make_user("Cora Colleague")
    return House(
        owner=owner,
        colleague=colleague,
        outsider=make_user("Uma Outsider"),
        editor=make_user("Edda Editor", Role.EDITOR),
        team=make_team("Payments", owner, colleague),
        practice=make_practice("short-branches", owner_id=owner.id),
    )
