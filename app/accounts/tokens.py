"""Signed links: join, reset a password, become the first administrator.

Each works once, without a table: what makes a link worthless after use is part of what it signs or of what is true
then (the password hash has changed, the account exists, there is an administrator).
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from itsdangerous import BadSignature, URLSafeTimedSerializer

JOIN_FOR = timedelta(days=14)
RESET_FOR = timedelta(hours=2)
FIRST_ADMINISTRATOR_FOR = timedelta(days=7)


def sign_join(secret: str, email: str) -> str:
    return _serializer(secret, "join").dumps(email)


def read_join(secret: str, token: str) -> str | None:
    """The e-mail address that `token` invites, or None if it is no such token or too old."""
    value = _read(secret, "join", token, JOIN_FOR)
    return value if isinstance(value, str) else None


def sign_reset(secret: str, user_id: int, password_hash: str | None) -> str:
    return _serializer(secret, "reset").dumps([user_id, _fingerprint(password_hash)])


def read_reset(secret: str, token: str) -> tuple[int, str] | None:
    """(account, fingerprint of the password it had) or None. Compare with `matches`."""
    value = _read(secret, "reset", token, RESET_FOR)
    return (value[0], value[1]) if isinstance(value, list) and len(value) == 2 else None


def matches(fingerprint: str, password_hash: str | None) -> bool:
    return fingerprint == _fingerprint(password_hash)


def sign_first_administrator(secret: str) -> str:
    return _serializer(secret, "first-administrator").dumps("first")


def is_first_administrator(secret: str, token: str) -> bool:
    return _read(secret, "first-administrator", token, FIRST_ADMINISTRATOR_FOR) == "first"


def _fingerprint(password_hash: str | None) -> str:
    return hashlib.sha256((password_hash or "").encode()).hexdigest()[:16]


def _read(secret: str, purpose: str, token: str, age: timedelta) -> object:
    try:
        value: object = _serializer(secret, purpose).loads(token, max_age=int(age.total_seconds()))
    except BadSignature:
        return None
    return value


def _serializer(secret: str, purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt=f"guildhall {purpose}")
