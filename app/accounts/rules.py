"""Who may do what, what a password must be, when an account is locked. No database, no Flask."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from app.kernel.errors import InvalidInputError


class Role(StrEnum):
    """What a person is beside a member. Every account is a member."""

    COACH = "coach"
    EDITOR = "editor"
    LEADER = "leader"
    ADMINISTRATOR = "administrator"


class Permission(StrEnum):
    """What somebody may do, as far as it does not depend on the thing itself."""

    MANAGE_PEOPLE = "manage people"
    MANAGE_TEAMS = "manage teams"
    RUN_SESSIONS = "run training sessions"
    KEEP_COACH_PROFILE = "keep a coach profile"
    REVIEW = "review"
    EDIT_LIBRARY = "edit the library"
    VERIFY_ASSESSMENTS = "verify assessments"
    SEE_STANDINGS = "see where every team stands"
    EDIT_FRAMEWORKS = "edit frameworks"


@dataclass(frozen=True)
class Contact:
    """How to reach a person, apart from the person's row: that one is read again after a transaction has begun."""

    id: int
    email: str
    language: str
    time_zone: str


# Read aloud: "coaches run training sessions and keep a coach profile; editors …"
PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.COACH: frozenset(
        {
            Permission.RUN_SESSIONS,
            Permission.KEEP_COACH_PROFILE,
            Permission.VERIFY_ASSESSMENTS,
            Permission.SEE_STANDINGS,
        }
    ),
    Role.EDITOR: frozenset({Permission.REVIEW, Permission.EDIT_LIBRARY, Permission.RUN_SESSIONS}),
    Role.LEADER: frozenset({Permission.SEE_STANDINGS}),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_TEAMS,
            Permission.RUN_SESSIONS,
            Permission.SEE_STANDINGS,
            Permission.EDIT_FRAMEWORKS,
        }
    ),
}

PERMISSION_NAMES = {
    Permission.MANAGE_PEOPLE: _l("invite people, give roles, close accounts"),
    Permission.MANAGE_TEAMS: _l("set up teams and say who is in them"),
    Permission.RUN_SESSIONS: _l("announce and run training sessions"),
    Permission.KEEP_COACH_PROFILE: _l("keep a coach profile"),
    Permission.REVIEW: _l("review what other teams write"),
    Permission.EDIT_LIBRARY: _l("edit the library"),
    Permission.VERIFY_ASSESSMENTS: _l("verify what other teams say of themselves"),
    Permission.SEE_STANDINGS: _l("see where every team stands"),
    Permission.EDIT_FRAMEWORKS: _l("edit frameworks"),
}

ROLE_NAMES = {
    Role.COACH: _l("Coach"),
    Role.EDITOR: _l("Editor"),
    Role.LEADER: _l("Leader"),
    Role.ADMINISTRATOR: _l("Administrator"),
}


def permits(roles: Collection[str], permission: Permission) -> bool:
    """Does one of `roles` carry `permission`?"""
    return any(permission in PERMISSIONS[Role(role)] for role in roles)


MIN_PASSWORD_LENGTH = 10
MAX_PASSWORD_LENGTH = 256


def check_password(password: str, email: str) -> None:
    """Refuse a password that is short, monotonous or the e-mail address. Raises InvalidInputError.

    Length is what counts (NIST SP 800-63B, section 3.1.1); rules about kinds of characters are not imposed.
    """
    if len(password) < MIN_PASSWORD_LENGTH:
        raise InvalidInputError(
            _l("Use at least 10 characters. A short sentence is a good password."), field="password"
        )
    if len(password) > MAX_PASSWORD_LENGTH:
        raise InvalidInputError(_l("Use at most 256 characters."), field="password")
    if len(set(password)) < 5:
        raise InvalidInputError(_l("That repeats itself too much. Use more different characters."), field="password")
    if password.casefold() in {email, email.partition("@")[0]}:
        raise InvalidInputError(_l("Do not use your e-mail address as the password."), field="password")


_EMAIL = re.compile(r"[^@\s<>,;:\"()\[\]\\]{1,64}@[^@\s<>,;:\"()\[\]\\]+\.[^@\s<>,;:\"()\[\]\\.]{2,}")


def normalize_email(text: str) -> str:
    """An e-mail address in the form it is stored in. Raises InvalidInputError for what cannot be one.

    Nothing is looked up: an address is proved by the link that is sent to it.
    """
    email = text.strip().lower()
    if len(email) > 254 or not email.isprintable() or not _EMAIL.fullmatch(email):
        raise InvalidInputError(_l("That is not an e-mail address."), field="email")
    return email


MAX_LINKS = 5
LINKS_WITHIN = timedelta(hours=1)
LOCK_AFTER = 5
LOCK_FOR = timedelta(minutes=15)


def locked_until(failures: Sequence[datetime], now: datetime) -> datetime | None:
    """Until when log-in is refused, given the moments of the failures since the last success; None if it is not."""
    recent = [moment for moment in failures if now - moment < LOCK_FOR]
    return max(recent) + LOCK_FOR if len(recent) >= LOCK_AFTER else None
