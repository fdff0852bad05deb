"""Signed links in mail by which a person gets no more of it. Who opens one need not log in; GET only shows, POST acts (RFC 8058)."""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer

from app.notifications.rules import Topic

# In place of a topic: everything that comes in digests.
DIGEST = "digest"


def sign_way_out(secret: str, user_id: int, topic: str) -> str:
    return _serializer(secret).dumps([user_id, topic])


def read_way_out(secret: str, token: str) -> tuple[int, Topic | None] | None:
    """(account, topic; None for what comes in digests), or None if it is no such token."""
    try:
        value = _serializer(secret).loads(token)
    except BadSignature:
        return None
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], int)):
        return None
    user_id, topic = value
    if topic == DIGEST:
        return user_id, None
    return (user_id, Topic(topic)) if topic in set(Topic) else None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="guildhall way out")
