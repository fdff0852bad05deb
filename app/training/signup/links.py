"""Signed links in mail that lead to one place: who opens one need not log in. It shows; only its buttons act, so that a mail scanner
that follows links does no harm. What makes a link worthless is part of what it signs: who gives a place back and comes again has
another number.
"""

from __future__ import annotations

from itsdangerous import BadSignature, URLSafeSerializer


def sign_place(secret: str, enrolment_id: int, queue: int) -> str:
    return _serializer(secret).dumps([enrolment_id, queue])


def read_place(secret: str, token: str) -> tuple[int, int] | None:
    """(enrolment, its number in the line), or None if it is no such token."""
    try:
        value = _serializer(secret).loads(token)
    except BadSignature:
        return None
    is_pair = isinstance(value, list) and len(value) == 2 and all(isinstance(each, int) for each in value)
    return (value[0], value[1]) if is_pair else None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="guildhall place")
