"""Cards of sessions. Pages are made once for everybody who reads in one language and zone, and kept while nothing
changes. What differs from person to person, the one button that is right for this person now, is left out as a gap and
put in for each request, with one query for all gaps of a page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import get_template_attribute
from markupsafe import Markup

from app.accounts.models import User
from app.training.models import TrainingSession
from app.training.queries import count_seats, list_admissions
from app.training.rules import Seats
from app.web.dates import request_now

_GAP = re.compile(r"<!--place (\d+)-->")


@dataclass(frozen=True)
class Card:
    """What `_card.html` shows. `action` is a button, a gap for one, or nothing."""

    training: TrainingSession
    seats: Seats
    is_over: bool
    action: Markup = Markup()


def gap(training: TrainingSession) -> Markup:
    """Where a person's own part of the session goes. Comments in what people write never get this far: they are cleaned
    away or escaped.
    """
    return Markup("<!--place {}-->").format(training.id)


def fill_gaps(page: Markup, show: Callable[[int], Markup]) -> Markup:
    """`page` with what `show` says for the session of each gap."""
    return Markup(_GAP.sub(lambda match: show(int(match[1])), page))  # noqa: S704  # templates made both


def fill_actions(page: Markup, reader: User | None, *, now: datetime) -> Markup:
    """`page` with the one button for each session that is right for this reader now."""
    admissions = list_admissions(reader, {int(number) for number in _GAP.findall(page)}, now=now)
    action = get_template_attribute("training/_action.html", "action")

    def show(training_id: int) -> Markup:
        admission = admissions.get(training_id)
        return Markup(action(admission, reader is not None)) if admission else Markup()  # noqa: S704

    return fill_gaps(page, show)


def cards_with_gaps(trainings: Sequence[TrainingSession]) -> list[Card]:
    """Cards for the sessions, with gaps for their buttons."""
    seats = count_seats(trainings)
    return [Card(training, seats[training.id], _is_over(training), gap(training)) for training in trainings]


def plain_cards(trainings: Sequence[TrainingSession], seats: Mapping[int, Seats]) -> list[Card]:
    """Cards without buttons: on other pages, which are kept for everybody."""
    return [Card(training, seats[training.id], _is_over(training)) for training in trainings]


def _is_over(training: TrainingSession) -> bool:
    return training.ends_at <= request_now()
