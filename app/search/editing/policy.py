"""Who looks after search. Search knows no accounts, only what it asks of whoever is logged in."""

from __future__ import annotations

from typing import Any

# As `accounts.rules.Permission` calls it; a test holds the two equal.
EDIT_LIBRARY = "edit the library"


def can_look_after_search(user: Any) -> bool:
    """May this person see what people look for, and change the glossary and redirects?"""
    return bool(user.may(EDIT_LIBRARY))
