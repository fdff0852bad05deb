"""Codes that say who stands in the room: one on the wall, which changes all the time, and one of each person's own.

A code is the beginning of an HMAC-SHA-256 of what it stands for, in base32 (RFC 4648), whose letters and digits cannot be taken
for one another: it has no 0, 1, 8 and 9. 40 bits are far more than anybody can try on a page in a minute.
"""

from __future__ import annotations

import hmac
import math
from base64 import b32encode
from datetime import datetime, timedelta

import segno
from itsdangerous import BadSignature, URLSafeTimedSerializer

# The code on the wall changes this often; the one before still counts, for whoever was about to scan. So a photo of it is
# worth nothing after a minute.
STEP = timedelta(seconds=30)
STEPS_BACK = 1
# Whoever has scanned has this long to confirm; what they confirm with is theirs alone.
TICKET_FOR = timedelta(minutes=5)
_READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B", " ": None, "-": None, "–": None, "　": None})
_LENGTH = 8


def wall_code(secret: str, meeting_id: int, now: datetime) -> str:
    """What the wall shows at this moment."""
    return _code(secret, f"wall {meeting_id} {_step(now)}")


def is_wall_code(secret: str, meeting_id: int, text: str, now: datetime) -> bool:
    """Is `text`, scanned or typed, what the wall of the meeting shows now or showed a moment ago?"""
    steps = range(_step(now) - STEPS_BACK, _step(now) + 1)
    return any(is_same(text, _code(secret, f"wall {meeting_id} {step}")) for step in steps)


def seconds_left(now: datetime) -> int:
    """How long the code on the wall stays, in whole seconds, at least 1."""
    return math.ceil(STEP.total_seconds() - now.timestamp() % STEP.total_seconds())


def personal_code(secret: str, meeting_id: int, enrolment_id: int) -> str:
    """What a person shows to the coach at one meeting."""
    return _code(secret, f"personal {meeting_id} {enrolment_id}")


def is_same(text: str, code: str) -> bool:
    """Is what was typed the code? Capitals, blanks and the digits that no code has are forgiven."""
    typed = text.upper().translate(_READ_AS)
    return hmac.compare_digest(typed.encode(), code.encode())


def spaced(code: str) -> str:
    """As it is shown, to be typed: `ABCD-EFGH`."""
    return f"{code[:4]}-{code[4:]}"


def sign_ticket(secret: str, meeting_id: int, user_id: int) -> str:
    """Proof that this person has just seen the code on the wall, so that a code that changes meanwhile does no harm."""
    return _tickets(secret).dumps([meeting_id, user_id])


def read_ticket(secret: str, ticket: str, user_id: int) -> int | None:
    """The meeting that `user_id` has a ticket for; None for somebody else's, a forged or an old one."""
    try:
        value = _tickets(secret).loads(ticket, max_age=int(TICKET_FOR.total_seconds()))
    except BadSignature:
        return None
    return value[0] if isinstance(value, list) and value[1:] == [user_id] else None


def picture(address: str) -> str:
    """A QR code as SVG that is as large as its box, black on white in both themes, because readers expect that."""
    return segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, border=3, dark="#000", light="#fff", svgclass="qr", lineclass=None
    )


def _tickets(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="guildhall here")


def _step(now: datetime) -> int:
    return int(now.timestamp() // STEP.total_seconds())


def _code(secret: str, text: str) -> str:
    digest = hmac.digest(secret.encode(), f"guildhall attendance {text}".encode(), "sha256")
    return b32encode(digest)[:_LENGTH].decode()
