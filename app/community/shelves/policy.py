"""Who may see a collection, and who may change it. Pure questions, no database."""

from __future__ import annotations

import hmac

from app.accounts.models import User
from app.community.shelves.models import Collection
from app.community.shelves.rules import Sight


def can_edit(user: User | None, collection: Collection) -> bool:
    """Its owner, and the people of its team."""
    return user is not None and (collection.owner_id == user.id or collection.team_id in user.team_ids)


def can_see(user: User | None, collection: Collection, key: str = "") -> bool:
    """`key` is what the address of a collection that is shared by link brings."""
    if collection.sight == Sight.LISTED or can_edit(user, collection):
        return True
    return collection.sight == Sight.LINK and hmac.compare_digest(key.encode(), collection.key.encode())


def can_delete(user: User, collection: Collection) -> bool:
    """Its owner alone: what a team has filled does not go by anybody's hand."""
    return collection.owner_id == user.id
