"""Who may see which versions, take an old one back, and vouch for a translation. Pure questions, no database."""

from __future__ import annotations

from app.accounts.models import User
from app.writing.models import Manuscript
from app.writing.policy import can_review, can_write, is_of_team
from app.writing.rules import EDITABLE, State


def sees_every_version(user: User, manuscript: Manuscript) -> bool:
    """Those who write see all of it; others who see the manuscript, what was submitted or published of it."""
    return can_write(user, manuscript)


def can_restore(user: User, manuscript: Manuscript) -> bool:
    """Whoever may change the text, as long as it may be changed."""
    return can_write(user, manuscript) and _stands_open(manuscript)


def can_vouch(user: User, manuscript: Manuscript) -> bool:
    """Whoever writes a translation says which version of the original it says the same as. Where readers see the result
    at once, those do who wrote it, its team, or whoever reviews; somebody passing by changes the text first.
    """
    if manuscript.translation_of is None or not can_restore(user, manuscript):
        return False
    return manuscript.state != State.ACCEPTED or is_of_team(user, manuscript) or can_review(user)


def _stands_open(manuscript: Manuscript) -> bool:
    return not manuscript.is_kept_in_file and State(manuscript.state) in EDITABLE
