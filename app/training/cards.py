"""Cards of sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.training.models import TrainingSession
from app.training.queries import count_seats
from app.training.seats.rules import Seats
from app.web.dates import request_now

_TOKEN = "<!--token-->"  # noqa: S105  # a place for one
_GAP = re.compile(r"<!--place (\d+)-->")


@dataclass(frozen=True)
class Card:
    """What `_card.html` shows: with the reader's own button, or on other features' pages without."""

    training: TrainingSession
    seats: Seats
    is_over: bool
    has_button: bool = False


def cards_with_buttons(trainings: Sequence[TrainingSession]) -> list[Card]:
    seats = count_seats(trainings)
    return [Card(training, seats[training.id], _is_over(training), has_button=True) for training in trainings]


def plain_cards(
    trainings: Sequence[TrainingSession], seats: Mapping[int, Seats], *, has_button: bool = False
) -> list[Card]:
    return [Card(training, seats[training.id], _is_over(training), has_button) for training in trainings]


def _is_over(training: TrainingSession) -> bool:
    return training.ends_at <= request_now()
