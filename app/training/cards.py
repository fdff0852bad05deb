"""Cards of sessions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.training.models import Meeting, TrainingSession
from app.training.queries import count_seats
from app.training.seats.rules import Seats
from app.web.dates import request_now

_TOKEN = "<!--token-->"  # noqa: S105  # a place for one
_GAP = re.compile(r"<!--place (\d+)-->")


@dataclass(frozen=True)
class Card:
    """What `_card.html` shows: with the reader's own button, or on other features' pages without. `of` is the meeting that the
    card is about, where it is about one.
    """

    training: TrainingSession
    seats: Seats
    is_over: bool
    has_button: bool = False
    of: Meeting | None = None

    @property
    def meeting(self) -> Meeting:
        """The one whose time is shown: the first, if it is about none in particular."""
        return self.of or self.training.meetings[0]

    @property
    def number(self) -> int:
        """Which of its meetings that is, from 1."""
        return self.training.meetings.index(self.meeting) + 1


def cards_with_buttons(trainings: Sequence[TrainingSession]) -> list[Card]:
    seats = count_seats(trainings)
    return [Card(training, seats[training.id], _is_over(training), has_button=True) for training in trainings]


def meeting_cards(meetings: Sequence[Meeting]) -> list[Card]:
    """A card for each meeting, with the button of its session."""
    seats = count_seats({meeting.training for meeting in meetings})
    return [
        Card(meeting.training, seats[meeting.training_id], _is_over(meeting), has_button=True, of=meeting)
        for meeting in meetings
    ]


def plain_cards(
    trainings: Sequence[TrainingSession], seats: Mapping[int, Seats], *, has_button: bool = False
) -> list[Card]:
    return [Card(training, seats[training.id], _is_over(training), has_button) for training in trainings]


def _is_over(thing: TrainingSession | Meeting) -> bool:
    return thing.ends_at <= request_now()
