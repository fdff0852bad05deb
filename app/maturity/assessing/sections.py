"""What the home page shows of assessments: those that wait for the reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.accounts.models import User
from app.accounts.rules import Permission
from app.maturity.models import Assessment
from app.maturity.queries import list_in_hand, list_running
from app.maturity.rules import OPEN_TO_THE_TEAM, STATE_NAMES, State
from app.web.sections import Section

SHOWN = 3


@dataclass(frozen=True)
class Mine:
    """An assessment that the reader can do something about, and what."""

    assessment: Assessment
    state: str
    to_do: str


def waits_for_me(_home: Any, reader: User) -> Section | None:
    """What the reader's teams have to answer, and what the reader verifies."""
    team = [each for each in list_running(reader.team_ids) if each.state in OPEN_TO_THE_TEAM] if reader.team_ids else []
    is_coach = reader.may(Permission.VERIFY_ASSESSMENTS)
    verifying = [each for each in list_in_hand(reader) if each.state == State.VERIFYING] if is_coach else []
    items = [
        *(_mine(each, _to_do(each)) for each in team),
        *(_mine(each, _("Look at the answers")) for each in verifying),
    ]
    if not items:
        return None
    return Section(
        _("Assessments"), "maturity/assessing/_mine.html", items[:SHOWN], len(items), url_for("maturity.index")
    )


def _to_do(assessment: Assessment) -> str:
    return _("Answer the findings") if assessment.state == State.RETURNED else _("Go on answering")


def _mine(assessment: Assessment, to_do: str) -> Mine:
    return Mine(assessment, str(STATE_NAMES[State(assessment.state)]), to_do)
