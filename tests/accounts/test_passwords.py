"""What a password costs to check, and to guess."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from app.accounts import passwords
from tests.accounts.keys import HASH, PASSWORD

pytestmark = pytest.mark.usefixtures("full_hashing")
# RFC 9106, section 4: the second recommended option, argon2id with 3 passes over 64 MiB in 4 lanes.
COST = "$argon2id$v=19$m=65536,t=3,p=4$"


@pytest.mark.slow
def test_a_hash_costs_what_the_standard_recommends() -> None:
    made = passwords.hash_password(PASSWORD)

    assert made.startswith(COST)
    assert passwords.verify_password(made, PASSWORD)
    assert not passwords.verify_password(made, f"{PASSWORD}!")
    assert not passwords.needs_rehash(made)


def test_a_cheaper_hash_is_to_be_renewed() -> None:
    assert passwords.verify_password(HASH, PASSWORD)
    assert passwords.needs_rehash(HASH)


def test_where_there_is_no_hash_the_answer_costs_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []

    def verify(hasher: PasswordHasher, known: str, typed: str) -> bool:
        checked.append(known)
        return really_verify(hasher, known, typed)

    really_verify = PasswordHasher.verify
    monkeypatch.setattr(PasswordHasher, "verify", verify)

    assert not passwords.verify_password(None, PASSWORD)
    assert [known[: len(COST)] for known in checked] == [COST]
