"""Who edits frameworks. Capabilities know no accounts, only what they ask of whoever is logged in."""

from __future__ import annotations

from typing import Any

# As `accounts.rules.Permission` calls it; a test holds the two equal.
EDIT_FRAMEWORKS = "edit frameworks"


def can_edit_frameworks(user: Any) -> bool:
    """May this person change frameworks and the links between them?"""
    return bool(user.may(EDIT_FRAMEWORKS))
