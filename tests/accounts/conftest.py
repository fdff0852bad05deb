"""Passwords are hashed at next to no cost, except where a test asks for the cost that the product pays."""

from __future__ import annotations

import pytest

from app.accounts import passwords
from tests.accounts.keys import QUICK

_FULL = passwords._hasher


@pytest.fixture(autouse=True)
def quick_hashing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", QUICK)


@pytest.fixture
def full_hashing(quick_hashing: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "_hasher", _FULL)
