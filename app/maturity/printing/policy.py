"""Who may have what of a snapshot on paper. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.accounts.rules import Permission
from app.maturity.models import Snapshot
from app.maturity.policy import speaks_for


def may_have_words(user: User, snapshot: Snapshot) -> bool:
    """Notes, reasons, evidence and what team and coach said to each other, and with them the pack for an assessor: the team, the
    coach who verified it, and administrators, who have the database anyway. Everybody else who sees where the team stands gets the
    levels.
    """
    is_part_of_it = speaks_for(user, snapshot.team_id) or user.id == snapshot.verifier_id
    return is_part_of_it or user.may(Permission.MANAGE_TEAMS)
