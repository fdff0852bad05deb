"""What other pages show of the sessions, and what a session's page shows of the library."""

from __future__ import annotations

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.practices.queries import list_on_capability
from app.training.cards import plain_cards
from app.training.lists import (
    Some,
    count_by_capability,
    next_of_coach,
    next_on_capability,
    next_places_of,
    next_with_seats,
)
from app.training.models import TrainingSession
from app.web.dates import request_now
from app.web.i18n import language
from app.web.sections import Counted, Section

CARD = "training/_card.html"
SHOWN = 3
PRACTICES_SHOWN = 4


def on_capability(capability: Any, _reader: Any) -> Section | None:
    """The next sessions on it: `capability` has id and slug."""
    found = next_on_capability(capability.id, SHOWN, now=request_now())
    return _section(_("Next trainings"), found, url_for("training.index", capability=capability.slug))


def on_practice(practice: Any, reader: Any) -> Section | None:
    """The next sessions on its capability: `practice` has one, or None."""
    return on_capability(practice.capability, reader) if practice.capability else None


def of_coach(coach: Any, _reader: Any) -> Section | None:
    """What a person runs, next first, then the last ones: `coach` has a user_id."""
    return _section(_("Sessions they run"), next_of_coach(coach.user_id, SHOWN, now=request_now()), None)


def with_seats(_home: Any, _reader: Any) -> Section | None:
    """The next sessions in which a seat can be had."""
    found = next_with_seats(SHOWN, now=request_now())
    return _section(_("Next trainings with seats"), found, url_for("training.index"))


def my_places(_home: Any, reader: Any) -> Section | None:
    """Where the reader has a place."""
    found = next_places_of(reader.id, SHOWN, now=request_now())
    return _section(_("Your trainings"), found, url_for("training.mine"), has_button=True)


def counted_by_capability() -> Counted:
    return lambda number: ngettext("%(num)s training", "%(num)s trainings", number), count_by_capability(
        now=request_now()
    )


def next_on(training: TrainingSession) -> Section | None:
    """Other sessions to come on the same capability."""
    if training.capability_id is None:
        return None
    found = next_on_capability(training.capability_id, SHOWN, now=request_now(), without=training.id)
    assert training.capability is not None
    url = url_for("training.index", capability=training.capability.slug)
    return _section(_("More trainings on this"), found, url)


def worth_reading(training: TrainingSession) -> Section | None:
    """Practices on the same capability, those nearest in level first."""
    if training.capability is None:
        return None
    level = training.level or 0
    items = sorted(
        list_on_capability(training.capability.id, language()), key=lambda practice: abs((practice.level or 0) - level)
    )
    url = url_for("practices.index", capability=training.capability.slug)
    shown = items[:PRACTICES_SHOWN]
    return Section(_("To read before"), "practices/_card.html", shown, len(items), url) if shown else None


def _section(title: str, found: Some, url: str | None, *, has_button: bool = False) -> Section | None:
    if not found.trainings:
        return None
    return Section(title, CARD, plain_cards(found.trainings, found.seats, has_button=has_button), found.total, url)
