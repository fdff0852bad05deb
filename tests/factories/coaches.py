"""Coaches for tests."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from app.accounts.models import User
from app.accounts.rules import Role
from app.coaches.models import Coach
from app.coaches.service import save_profile
from app.kernel.db import transaction
from tests.factories.people import make_user

THEN = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)


def make_coach(
    name: str = "Amara Osei",
    *,
    user: User | None = None,
    headline: str = "Contract tests instead of a shared environment",
    bio: str = "",
    site: str = "Shanghai",
    is_taking_requests: bool = True,
    languages: Collection[str] = ("en",),
    skills: Mapping[int, int] | None = None,
) -> Coach:
    """A coach with a profile, made as a coach makes it. `skills` is {capability id: level}."""
    user = user or make_user(name, Role.COACH)
    with transaction() as session:
        return save_profile(
            session,
            user,
            None,
            headline=headline,
            bio=bio,
            site=site,
            is_taking_requests=is_taking_requests,
            languages=languages,
            skills=skills or {},
            now=THEN,
        )
