"""The columns of a report, the same on the page and in the sheets, each with what it counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.training.reports.report import Report
from app.training.reports.rules import BY_NAMES, Tally


@dataclass(frozen=True)
class Column:
    """`value` of a tally, None for a share of nothing. `is_share`: shown as a percentage."""

    label: LazyString
    meaning: LazyString
    value: Callable[[Tally], float | None]
    is_share: bool = False


SESSIONS = Column(
    _l("Sessions"),
    _l("Published sessions that start in the period, those to come included; drafts and cancelled ones never count."),
    lambda tally: tally.sessions,
)
PEOPLE = Column(
    _l("People"),
    _l("Different people whose places are counted. Rows of fewer than five people are taken together."),
    lambda tally: len(tally.people or ()),
)
OFFERED = Column(_l("Offered"), _l("The seats of these sessions."), lambda tally: tally.offered)
FILLED = Column(
    _l("Filled"),
    _l("People with a seat. Whoever gave the seat back is not counted; whoever a coach let in beyond the seats is."),
    lambda tally: tally.filled,
)
FILLED_SHARE = Column(_l("Filled share"), _l("Filled of offered."), lambda tally: tally.filled_share, is_share=True)
WAITED = Column(
    _l("Waited for"),
    _l("People who were on the waiting list at any time, whether they got a seat in the end or not."),
    lambda tally: tally.waited,
)
ATTENDED = Column(
    _l("Attended"),
    _l("Of the filled seats: whoever was there, or came late, at one meeting of the session at least."),
    lambda tally: tally.attended,
)
EXCUSED = Column(
    _l("Excused"),
    _l("Of the filled seats: whoever was at no meeting and is marked as excused at one at least."),
    lambda tally: tally.excused,
)
MISSED = Column(
    _l("Missed"),
    _l("Of the filled seats: whoever is marked as not there, and nothing else."),
    lambda tally: tally.missed,
)
UNKNOWN = Column(
    _l("Not noted"),
    _l("Of the filled seats: nothing is marked, for the session is to come or nobody took attendance."),
    lambda tally: tally.unknown,
)
ATTENDED_SHARE = Column(
    _l("Attended share"),
    _l("Attended of attended, excused and missed together."),
    lambda tally: tally.attended_share,
    is_share=True,
)


RATING = Column(
    _l("Feedback"),
    _l("The average of all answers from 1 to 5, of sessions with five answers at least; the others are left out."),
    lambda tally: tally.rating,
)
ABOUT_PEOPLE = (PEOPLE, FILLED, WAITED, ATTENDED, EXCUSED, MISSED, UNKNOWN, ATTENDED_SHARE)
ABOUT_SESSIONS = (SESSIONS, OFFERED, FILLED, FILLED_SHARE, *ABOUT_PEOPLE[2:], RATING)


def columns_of(report: Report) -> Sequence[Column]:
    """Those that say something about what the rows are."""
    return ABOUT_PEOPLE if report.is_about_people else ABOUT_SESSIONS


def sums_of(report: Report) -> Sequence[Column]:
    """Those that say something about all of it together."""
    return ABOUT_SESSIONS if report.total.people is None else ABOUT_PEOPLE


Cell = str | float | None


def cells_of(report: Report) -> list[list[Cell]]:
    """The report as a table: headings, rows, and the sum of all. Shares are numbers from 0 to 1."""
    columns = columns_of(report)
    head: list[Cell] = [str(BY_NAMES[report.by]), *(str(column.label) for column in columns)]
    rows: Sequence[tuple[str, Tally]] = [(row.label, row.tally) for row in report.rows]
    return [head, *([label, *(column.value(tally) for column in columns)] for label, tally in rows)]
