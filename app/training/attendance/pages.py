"""What the pages of the day show, put together for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts.models import User
from app.training.attendance.queries import (
    count_by_meeting,
    find_last_mark,
    find_people,
    list_history,
    list_present_states,
)
from app.training.attendance.rules import (
    MEANS_NAMES,
    OPEN_DAYS,
    STATES,
    can_excuse,
    can_take,
    closes_at,
    opens_at,
    shows_codes,
    state_name,
)
from app.training.attendance.sheet import seat_name, team_names
from app.training.models import Meeting, TrainingSession
from app.training.policy import is_administrator
from app.training.queries import list_roster
from app.training.rules import State
from app.training.seats.presence import ATTENDED, PRESENCE_NAMES, Presence
from app.training.seats.rules import Seat

# A tap can be taken back by one button as long as one remembers it.
UNDO_FOR = timedelta(minutes=10)
# A word for each button; they stand four in a row on a phone.
ICONS = {Presence.PRESENT: "check", Presence.LATE: "clock", Presence.EXCUSED: "message-square", Presence.ABSENT: "x"}


@dataclass(frozen=True)
class Row:
    """One person with a seat, and what is said of them. `mark` is the number of the next tap by a form."""

    id: int
    user_id: int
    name: str
    teams: str
    state: str
    note: str
    mark: str


@dataclass(frozen=True)
class Other:
    """Somebody who can be let in. `seat` says how they stand to the session in words, `mark` is the number of the deed."""

    user_id: int
    name: str
    teams: str
    seat: str
    mark: str


def meeting_page(training: TrainingSession, meeting: Meeting, actor: User, now: datetime) -> str:
    """The attendance of one meeting, for those who run the session."""
    roster, states = list_roster(training), list_present_states(meeting.id)
    history = list_history(meeting.id)
    text, find = request.args.get("q", "").strip(), request.args.get("find", "").strip()
    rows = _rows(roster, states, {line.enrolment_id: line.note for line in reversed(history)})
    takes = training.state == State.PUBLISHED and can_take(meeting, now=now, is_administrator=is_administrator(actor))
    return render_template(
        "training/attendance/meeting.html",
        training=training,
        meeting=meeting,
        number=training.meetings.index(meeting) + 1,
        rows=[row for row in rows if text.casefold() in f"{row.name} {row.teams}".casefold()],
        counts=count_states(rows),
        text=text,
        find=find,
        others=_others(find, training, roster),
        history=history,
        undo=find_last_mark(history, actor.id, since=now - UNDO_FOR) if takes else None,
        takes=takes,
        excuses=training.state == State.PUBLISHED and can_excuse(meeting, now),
        has_codes=training.state == State.PUBLISHED and shows_codes(meeting, now),
        opens_at=opens_at(meeting),
        closes_at=closes_at(meeting),
        open_days=OPEN_DAYS,
        states=[(state.value, PRESENCE_NAMES[state], ICONS[state]) for state in STATES],
        state_name=state_name,
        means_names={means.value: name for means, name in MEANS_NAMES.items()},
        rest_mark=str(uuid4()),
        script=_script(meeting, training.slug, actor),
    )


def _rows(roster: Sequence[Any], states: Mapping[int, str], notes: Mapping[int, str]) -> list[Row]:
    rows = [
        Row(
            each.id,
            each.user_id,
            each.user.name,
            team_names(each.user),
            states.get(each.id, ""),
            notes.get(each.id, ""),
            str(uuid4()),
        )
        for each in roster
        if each.state == Seat.CONFIRMED
    ]
    return sorted(rows, key=lambda row: (row.name.casefold(), row.id))


def _others(find: str, training: TrainingSession, roster: Sequence[Any]) -> list[Other]:
    """Whoever was looked for, and after them those with another place than a seat."""
    known = {
        each.user_id: Other(each.user_id, each.user.name, team_names(each.user), seat_name(each.state), str(uuid4()))
        for each in roster
        if each.state != Seat.CONFIRMED and each.user.is_active
    }
    people = find_people(find, training)
    found = [known.pop(person.id) if person.id in known else _stranger(person) for person in people]
    return [*found, *known.values()]


def _stranger(person: User) -> Other:
    return Other(person.id, person.name, team_names(person), _("No place"), str(uuid4()))


def count_states(rows: Sequence[Row]) -> dict[str, int]:
    """How many are there (late is there), and how many of each state; "" for those of whom nothing is said."""
    counts = {state: sum(row.state == state for row in rows) for state in ("", *STATES)}
    return {**counts, "attended": sum(row.state in ATTENDED for row in rows), "all": len(rows)}


def _script(meeting: Meeting, slug: str, actor: User) -> dict[str, Any]:
    """What the script has to know: where to send, for whom it keeps, and its words."""
    return {
        "url": url_for("attendance.taps", slug=slug, meeting_id=meeting.id),
        "key": f"attendance:{actor.id}:{meeting.id}",
        "attended": sorted(ATTENDED),
        "words": {
            "unsent": _("Not sent yet: {count}. Kept on this device until there is a connection."),
            "sent": _("Everything is sent."),
            "stale": _("The site does not take what is kept here. Load the page again; nothing is lost."),
            "refused": _("{name} was not written down: {why}"),
            "tapped": _("%(name)s: %(state)s", name="{name}", state="{state}"),
            "back": _("{name}: taken back"),
            "rest": _("Everybody else: {state}"),
        },
    }


def chooser_page(training: TrainingSession, now: datetime) -> str:
    """The meetings of a session, with how many were there."""
    counts = count_by_meeting(training.id)
    return render_template(
        "training/attendance/choose.html",
        training=training,
        meetings=[(meeting, *counts.get(meeting.id, (0, 0)), _is_on(meeting, now)) for meeting in training.meetings],
    )


def _is_on(meeting: Meeting, now: datetime) -> bool:
    return opens_at(meeting) <= now <= meeting.ends_at


def there_words(number: int) -> str:
    """How many are there, under the code on the wall."""
    return ngettext("%(num)s is there", "%(num)s are there", number)
