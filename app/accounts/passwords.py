"""Hashing passwords with argon2id, in the parameters of RFC 9106's second recommendation (the library's default)."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def hash_password(password: str) -> str:
    return _hasher.hash(_normal(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Is it the right password? Takes equally long where there is no hash to compare with."""
    try:
        _hasher.verify(password_hash or _hash_of_nobody(), _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def needs_rehash(password_hash: str) -> bool:
    return _hasher.check_needs_rehash(password_hash)


def _hash_of_nobody() -> str:
    """Checked against when an address has no account, so that the answer takes as long as for one that has. Nobody knows
    a password whose hash is all zeros; to compute a real one would cost every start a quarter of a second.
    """
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v=19${cost}${'A' * 22}${'A' * 43}"


def _normal(password: str) -> str:
    """One form of what keyboards write in several (NIST SP 800-63B, section 3.1.1.2). Lone surrogates cannot be
    encoded, so they are replaced.
    """
    return unicodedata.normalize("NFKC", password).encode("utf-8", "replace").decode()
