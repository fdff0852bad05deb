"""Two people of a team do with its plan whatever comes to their minds, one of them always from an old page. However it goes: the
plan is what a plain list says it is, in its order; nothing is in it twice; what is dropped has a reason; and who had not seen
what the other did changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from app.accounts.models import User
from app.capabilities.models import Framework
from app.improvement.plans.models import PlanItem
from app.improvement.plans.rules import ALIVE, ITEM_STEPS, ItemKind, ItemState, ItemStep
from app.improvement.plans.service import Draft, ItemChangedError, Words, add_item, change_item, move, take_step
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from tests.factories.frameworks import make_framework
from tests.factories.improvement import NOW, make_plan
from tests.factories.people import make_team, make_user
from tests.thorough import examples

KEYS = ("a", "b", "c", "d")
keys = st.sampled_from(KEYS)
_numbers = count(1)


@dataclass
class Plain:
    """An item as the plain list has it. `seen` is the revision on the page that is open since a while."""

    key: str
    id: int
    what: str
    state: ItemState = ItemState.OPEN
    reason: str = ""
    revision: int = 0
    seen: int = 0


class Planning(RuleBasedStateMachine):
    framework_id: int

    @initialize()
    def begin(self) -> None:
        number = next(_numbers)
        self.actor_id = make_user(f"Mei {number}").id
        person = db.session.get_one(User, self.actor_id)
        team = make_team(f"Team {number}", person)
        framework = FRAMEWORK[0]
        self.plan_id = make_plan(team, framework).id
        self.items: list[Plain] = []

    def find(self, key: str) -> Plain | None:
        return next((item for item in self.items if item.key == key), None)

    @rule(key=keys)
    def put_in(self, key: str) -> None:
        known = self.find(key)
        with transaction() as session:
            draft = Draft(key=key, kind=ItemKind.OWN, words=Words(what=key))
            actor = session.get_one(User, self.actor_id)
            item, is_new = add_item(session, self.plan_id, draft, actor=actor, now=NOW)
            assert is_new == (known is None or known.state is ItemState.DROPPED)
            item_id = item.id
        if known is None:
            self.items.append(Plain(key, item_id, key))
        elif is_new:
            known.state, known.reason, known.revision = ItemState.OPEN, "", known.revision + 1

    @rule(key=keys, step=st.sampled_from(ItemStep), reason=st.sampled_from(["", "Why not"]), is_old=st.booleans())
    def step(self, key: str, step: ItemStep, reason: str, is_old: bool) -> None:
        known = self.find(key)
        if known is None:
            return
        revision = known.seen if is_old else known.revision
        before = known.revision
        try:
            with transaction() as session:
                actor = session.get_one(User, self.actor_id)
                item = take_step(session, known.id, step, reason=reason, revision=revision, actor=actor, now=NOW)
                after = item.revision
        except ItemChangedError:
            assert revision != before or not ITEM_STEPS.allows(known.state, step)
            return
        except InvalidInputError:
            assert (step, reason) == (ItemStep.DROP, "")
            return
        if after == before:
            # Pressed twice: it was so already, and by the same person.
            assert revision == before - 1
            return
        known.state, known.revision = ITEM_STEPS.after(known.state, step), after
        known.reason = reason if step is ItemStep.DROP else ""

    @rule(key=keys, words=st.sampled_from(["New words", "Other words"]), is_old=st.booleans())
    def say_otherwise(self, key: str, words: str, is_old: bool) -> None:
        known = self.find(key)
        if known is None:
            return
        revision = known.seen if is_old else known.revision
        try:
            with transaction() as session:
                actor = session.get_one(User, self.actor_id)
                change_item(session, known.id, Words(what=words), revision=revision, actor=actor)
        except ItemChangedError:
            assert revision != known.revision
        else:
            assert revision == known.revision
            known.what, known.revision = words, known.revision + 1

    @rule(key=keys)
    def open_the_page(self, key: str) -> None:
        known = self.find(key)
        if known is not None:
            known.seen = known.revision

    @rule(key=keys, up=st.booleans())
    def move(self, key: str, up: bool) -> None:
        known = self.find(key)
        if known is None:
            return
        with transaction() as session:
            move(session, known.id, up=up)
        beside = [item for item in self.items if (item.state in ALIVE) == (known.state in ALIVE)]
        place = beside.index(known) + (-1 if up else 1)
        if 0 <= place < len(beside):
            self.items.remove(known)
            self.items.insert(self.items.index(beside[place]) + (0 if up else 1), known)

    @invariant()
    def the_plan_is_what_the_list_says(self) -> None:
        db.session.rollback()
        query = select(PlanItem).where(PlanItem.plan_id == self.plan_id).order_by(PlanItem.position)
        rows = list(db.session.execute(query).unique().scalars())
        assert [(row.id, row.what, row.state, row.reason, row.revision) for row in rows] == [
            (item.id, item.what, item.state, item.reason, item.revision) for item in self.items
        ]
        assert all((row.state == ItemState.DROPPED) == bool(row.reason) for row in rows)
        assert len({row.position for row in rows}) == len(rows)


FRAMEWORK: list[Framework] = []


@pytest.fixture
def framework_at_hand(app: Flask) -> None:
    FRAMEWORK[:] = [make_framework()]


def test_whatever_people_do_the_plan_is_what_they_said(framework_at_hand: None) -> None:
    run_state_machine_as_test(
        Planning,
        settings=settings(
            max_examples=examples(40, quick=5),
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
