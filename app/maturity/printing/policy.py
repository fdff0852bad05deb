"""Who may have the evidence pack of a snapshot. Pure. What is on papers and in workbooks is as on the page (`snapshots.policy`)."""

from __future__ import annotations

from app.accounts.models import User
from app.maturity.models import Snapshot
from app.maturity.policy import speaks_for
from app.maturity.snapshots.policy import can_read_words


def may_have_pack(user: User, snapshot: Snapshot) -> bool:
    """Everything that was said, with all files, in one piece that is easily handed on: the team, whose it is, and the coach who verified
    it. Not other coaches, who can read it, and not administrators, who cannot: an assessor from outside gets it from the team.
    """
    return speaks_for(user, snapshot.team_id) or (user.id == snapshot.verifier_id and can_read_words(user, snapshot))
