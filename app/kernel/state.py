"""Transition tables: which step leads from which state to which.

A feature writes its table once in `rules.py`; its one gateway in `service.py` asks it for the next state. Nothing else
assigns a state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


class WrongStepError(Exception):
    """The table has no such step from that state."""


@dataclass(frozen=True)
class Transitions(Generic[S, A]):
    """A table from (state, step) to the next state."""

    table: Mapping[tuple[S, A], S]

    def after(self, state: S, step: A) -> S:
        """The state that `step` leads to from `state`. Raises WrongStepError where the table has none."""
        try:
            return self.table[state, step]
        except KeyError:
            raise WrongStepError(f"{step} is not possible from {state}") from None

    def steps_from(self, state: S) -> list[A]:
        """The steps that can be taken from `state`, in the order of the table."""
        return [step for (origin, step) in self.table if origin == state]

    def allows(self, state: S, step: A) -> bool:
        return (state, step) in self.table
