"""Who reads what of a snapshot. Pure."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.maturity.models import Snapshot
from app.maturity.policy import speaks_for


def can_read_words(user: User, snapshot: Snapshot) -> bool:
    """Notes, reasons of targets, and what team and coach wrote to each other: the team, and whoever verifies. To everybody else who sees
    where the team stands, what it was found to be and what shows it has to do.
    """
    return speaks_for(user, snapshot.team_id) or user.may(Permission.VERIFY_ASSESSMENTS)
