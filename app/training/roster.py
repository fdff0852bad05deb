"""Who comes, as a sheet."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from io import StringIO

from flask_babel import gettext as _

from app.kernel.clock import zone
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat

# A spreadsheet takes a cell that begins like this for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def seat_name(state: str) -> str:
    """A place's state as people say it."""
    names: dict[Seat, str] = {Seat.CONFIRMED: _("Seat"), Seat.WAITING: _("Waiting"), Seat.CANCELLED: _("Left")}
    return names[Seat(state)]


def team_names(enrolment: Enrolment) -> str:
    return ", ".join(sorted(membership.team.name for membership in enrolment.user.memberships))


def numbered(enrolments: Sequence[Enrolment]) -> list[tuple[int | None, Enrolment]]:
    """Each with its number: seats and the waiting list are counted from 1, whoever left has none."""
    counts: dict[str, int] = {}
    rows: list[tuple[int | None, Enrolment]] = []
    for enrolment in enrolments:
        counts[enrolment.state] = counts.get(enrolment.state, 0) + 1
        rows.append((counts[enrolment.state] if enrolment.state != Seat.CANCELLED else None, enrolment))
    return rows


def as_csv(training: TrainingSession, enrolments: Sequence[Enrolment]) -> bytes:
    """The roster for a spreadsheet: UTF-8 with a mark by which Excel knows it, times in the session's zone."""
    there = zone(training.time_zone)
    text = StringIO()
    sheet = csv.writer(text)
    sheet.writerow([_("State"), _("Number"), _("Name"), _("E-mail"), _("Team"), _("Signed up")])
    for number, enrolment in numbered(enrolments):
        cells = [
            seat_name(enrolment.state),
            "" if number is None else str(number),
            enrolment.user.name,
            enrolment.user.email,
            team_names(enrolment),
            f"{enrolment.enrolled_at.astimezone(there):%Y-%m-%d %H:%M}",
        ]
        sheet.writerow([_harmless(cell) for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
