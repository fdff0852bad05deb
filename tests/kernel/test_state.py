"""Transition tables."""

from __future__ import annotations

from enum import StrEnum
from itertools import product

import pytest

from app.kernel.state import Transitions, WrongStepError


class State(StrEnum):
    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class Step(StrEnum):
    PUBLISH = "publish"
    CLOSE = "close"
    REOPEN = "reopen"


TABLE = {
    (State.DRAFT, Step.PUBLISH): State.OPEN,
    (State.OPEN, Step.CLOSE): State.CLOSED,
    (State.CLOSED, Step.REOPEN): State.OPEN,
    (State.DRAFT, Step.CLOSE): State.CLOSED,
}
transitions = Transitions(TABLE)


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_step_from_every_state_is_in_the_table_or_wrong(state: State, step: Step) -> None:
    assert transitions.allows(state, step) == ((state, step) in TABLE)
    if (state, step) in TABLE:
        assert transitions.after(state, step) is TABLE[state, step]
    else:
        with pytest.raises(WrongStepError, match=f"{step} is not possible from {state}"):
            transitions.after(state, step)


def test_the_steps_from_a_state_stand_in_the_order_of_the_table() -> None:
    assert {state: transitions.steps_from(state) for state in State} == {
        State.DRAFT: [Step.PUBLISH, Step.CLOSE],
        State.OPEN: [Step.CLOSE],
        State.CLOSED: [Step.REOPEN],
    }
