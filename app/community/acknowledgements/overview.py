"""Who has read it, by team: on a page, and as a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import User
from app.community.acknowledgements.models import RequiredReading
from app.community.acknowledgements.policy import can_ask, led_team_ids
from app.community.acknowledgements.queries import Person, count_progress
from app.community.subjects import Ref, Subject, find_many
from app.kernel.db import db
from app.web.i18n import request_language
from app.web.sheets import as_csv


@dataclass(frozen=True)
class Row:
    """A required reading on the list of those who see who has read it. Whoever leads a team sees no figures of the others."""

    reading: RequiredReading
    subject: Subject | None
    confirmed: int | None
    asked: int | None


@dataclass(frozen=True)
class TeamPeople:
    """The people of one team: first those who have not confirmed."""

    name: str
    waiting: Sequence[Person]
    done: Sequence[Person]


def overview(person: User) -> list[Row]:
    """For editors everything that is required, for whoever leads a team what is required of it."""
    is_editor, led = can_ask(person), led_team_ids(person)
    query = select(RequiredReading).order_by(RequiredReading.due_on, RequiredReading.id)
    readings = [
        reading
        for reading in (db.session.execute(query).scalars() if is_editor or led else ())
        if is_editor or reading.for_everybody or led & reading.team_ids
    ]
    progress = count_progress(readings) if is_editor and readings else {}
    subjects = find_many([Ref(each.kind, each.slug) for each in readings], person, request_language())
    return [
        Row(each, subjects.get(Ref(each.kind, each.slug)), *progress.get(each.id, (None, None))) for each in readings
    ]


def by_team(people: Iterable[Person]) -> list[TeamPeople]:
    """The people under their teams, in the order in which they come."""
    teams = []
    for (_id, name), of_team in groupby(people, lambda each: (each.team_id, each.team)):
        listed = list(of_team)
        teams.append(
            TeamPeople(
                name or _("In no team"),
                [each for each in listed if each.confirmed_at is None],
                [each for each in listed if each.confirmed_at is not None],
            )
        )
    return teams


def sheet(people: Iterable[Person]) -> bytes:
    """A line a person and team."""
    head = [_("Team"), _("Name"), _("Confirmed"), _("Day")]
    lines = [
        [
            each.team,
            each.name,
            _("yes") if each.confirmed_at else _("no"),
            each.confirmed_at.date().isoformat() if each.confirmed_at else "",
        ]
        for each in people
    ]
    return as_csv([head, *lines])
