"""What can be said of a capability, how two answers to the same one are put together, and what is still missing.
No database, no Flask.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.errors import InvalidInputError
from app.maturity.rules import LEVELS, MAX_EVIDENCE_TITLE, MAX_LINK, MAX_NOTE, MAX_REASON, EvidenceKind
from app.practices.adoption.rules import check_link

T = TypeVar("T")
MAX_UNIT = 40
MAX_WINDOW = 80
# Where a framework does not say what a level means. They build on each other, as its own would.
GENERIC: Mapping[int, LazyString] = {
    1: _l("Left to chance. Some people do it, each in their own way, when there is time; nobody could say how often."),
    2: _l("Begun. Parts of the team do it on purpose and by hand; what was agreed is not always kept."),
    3: _l("Agreed and kept. The whole team does it in one way that is written down, and new people learn it."),
    4: _l("Measured and mostly automatic. Figures show how well it works, and departures from it are noticed at once."),
    5: _l("Improved all the time. The team changes it when the figures say so, and other teams learn from it."),
}


@dataclass(frozen=True)
class Said:
    """What a team says of a capability. Nothing at all is the answer before there is one."""

    level: int | None = None
    is_not_applicable: bool = False
    reason: str = ""
    note: str = ""

    @property
    def is_answer(self) -> bool:
        return self.level is not None or (self.is_not_applicable and bool(self.reason))

    @property
    def stand(self) -> tuple[int | None, bool, str]:
        """What counts; the note only explains it."""
        return self.level, self.is_not_applicable, self.reason


def check(said: Said) -> Said:
    """What is kept of it. A reason belongs to "not applicable" alone. Raises InvalidInputError."""
    if said.level is not None and said.level not in LEVELS:
        raise InvalidInputError(_l("Choose a level from 1 to 5."), field="level")
    if said.level is not None and said.is_not_applicable:
        raise InvalidInputError(_l("Choose a level, or say that it does not apply."), field="level")
    if said.is_not_applicable and not said.reason:
        raise InvalidInputError(
            _l("Say why it does not apply to the team; the coach will ask for nothing else."), field="reason"
        )
    if len(said.reason) > MAX_REASON:
        raise InvalidInputError(_l("Use at most 1,000 characters."), field="reason")
    if len(said.note) > MAX_NOTE:
        raise InvalidInputError(_l("Use at most 4,000 characters."), field="note")
    return said if said.is_not_applicable else replace(said, reason="")


def merge(base: Said, mine: Said, theirs: Said) -> Said | None:
    """What holds after two people have changed `base`; None where both have changed the same to something different."""
    stand = _either(base.stand, mine.stand, theirs.stand)
    note = _either(base.note, mine.note, theirs.note)
    if stand is None or note is None:
        return None
    level, is_not_applicable, reason = stand[0]
    return Said(level, is_not_applicable, reason, note[0])


def _either(base: T, mine: T, theirs: T) -> tuple[T] | None:
    """The one that was changed, in a tuple, for it may be nothing."""
    if mine in (theirs, base):
        return (theirs,)
    return (mine,) if theirs == base else None


@dataclass(frozen=True)
class Shown:
    """Something written down to show that an answer is true."""

    kind: EvidenceKind
    title: str
    link: str = ""
    value: float | None = None
    unit: str = ""
    window: str = ""


def check_evidence(shown: Shown) -> None:
    """Raises InvalidInputError. The address of a file is made here and needs no look."""
    if not shown.title:
        raise InvalidInputError(_l("Say in a few words what it shows."), field="title")
    if len(shown.title) > MAX_EVIDENCE_TITLE:
        raise InvalidInputError(_l("Use at most 160 characters."), field="title")
    if shown.kind is EvidenceKind.LINK and not shown.link:
        raise InvalidInputError(_l("Paste the address of the page."), field="link")
    if shown.kind is not EvidenceKind.FILE:
        check_link(shown.link)
    if len(shown.link) > MAX_LINK:
        raise InvalidInputError(_l("Use at most 500 characters."), field="link")
    if shown.kind is EvidenceKind.METRIC:
        _check_number(shown)


def _check_number(shown: Shown) -> None:
    if shown.value is None or not math.isfinite(shown.value):
        raise InvalidInputError(_l("Give the number itself, such as 12 or 0.8."), field="value")
    if not shown.unit or len(shown.unit) > MAX_UNIT:
        raise InvalidInputError(
            _l("Say in at most 40 characters what it counts, such as minutes or releases."), field="unit"
        )
    if not shown.window or len(shown.window) > MAX_WINDOW:
        raise InvalidInputError(
            _l("Say in at most 80 characters when it was measured, such as October 2026."), field="window"
        )


def half_year(day: date) -> tuple[int, int]:
    """(year, 1 or 2): what an assessment is called after, as long as nobody calls it otherwise."""
    return day.year, 1 if day.month <= 6 else 2
