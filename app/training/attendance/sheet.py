"""Who comes and who was there, as a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _

from app.accounts.models import User
from app.kernel.clock import zone
from app.training.attendance.rules import state_name
from app.training.models import TrainingSession
from app.training.seats.models import Enrolment, SignupQuestion
from app.training.seats.questions import YES, Form
from app.training.seats.rules import Seat
from app.web.sheets import as_csv


@dataclass(frozen=True)
class Known:
    """What is known of the people besides their places: `states` by (enrolment, meeting), `answers` by (enrolment, question)."""

    states: Mapping[tuple[int, int], str] = field(default_factory=dict)
    questions: Sequence[SignupQuestion] = ()
    answers: Mapping[tuple[int, int], str] = field(default_factory=dict)


def seat_name(state: str) -> str:
    """A place's state as people say it."""
    names: dict[Seat, str] = {
        Seat.CONFIRMED: _("Seat"),
        Seat.OFFERED: _("Seat offered"),
        Seat.WAITING: _("Waiting"),
        Seat.REQUESTED: _("Asked for"),
        Seat.CANCELLED: _("Left"),
    }
    return names[Seat(state)]


def team_names(person: User) -> str:
    return ", ".join(sorted(membership.team.name for membership in person.memberships))


def numbered(enrolments: Sequence[Enrolment]) -> list[tuple[int | None, Enrolment]]:
    """Each with its number: seats and the waiting list are counted from 1, whoever left has none."""
    counts: dict[str, int] = {}
    rows: list[tuple[int | None, Enrolment]] = []
    for enrolment in enrolments:
        counts[enrolment.state] = counts.get(enrolment.state, 0) + 1
        rows.append((counts[enrolment.state] if enrolment.state != Seat.CANCELLED else None, enrolment))
    return rows


def roster_csv(training: TrainingSession, enrolments: Sequence[Enrolment], known: Known) -> bytes:
    """The roster for a spreadsheet: UTF-8 with a mark by which Excel knows it, times in the session's zone. After the place
    comes a column for each meeting, and one for each question of the sign-up.
    """
    there = zone(training.time_zone)
    head = [_("State"), _("Number"), _("Name"), _("E-mail"), _("Team"), _("Signed up")]
    head += [f"{meeting.starts_at.astimezone(there):%Y-%m-%d %H:%M}" for meeting in training.meetings]
    rows: list[list[str | float | None]] = [[*head, *(question.label for question in known.questions)]]
    for number, enrolment in numbered(enrolments):
        cells: list[str | float | None] = [
            seat_name(enrolment.state),
            number,
            enrolment.user.name,
            enrolment.user.email,
            team_names(enrolment.user),
            f"{enrolment.enrolled_at.astimezone(there):%Y-%m-%d %H:%M}",
        ]
        said = [known.states.get((enrolment.id, meeting.id), "") for meeting in training.meetings]
        cells += [str(state_name(state)) if state else "" for state in said]
        cells += [_answer(question, known.answers.get((enrolment.id, question.id), "")) for question in known.questions]
        rows.append(cells)
    return as_csv(rows)


def _answer(question: SignupQuestion, value: str) -> str:
    """What was answered, as people say it: who agrees to something answers with a word of ours."""
    return _("Yes") if question.kind == Form.CONSENT and value == YES else value
