"""Passwords, addresses, the lock-out, and who may do what."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.accounts.rules import (
    LOCK_AFTER,
    LOCK_FOR,
    PERMISSION_NAMES,
    PERMISSIONS,
    ROLE_NAMES,
    Permission,
    Role,
    check_password,
    locked_until,
    normalize_email,
    permits,
)
from app.kernel.errors import InvalidInputError

NOON = datetime(2026, 11, 16, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("password", ["a short one", "十个汉字也可以做密码的", "x1y2z3a4b5", "1234567890"])
def test_a_password_of_ten_characters_will_do(password: str) -> None:
    check_password(password, "yue@example.com")


@pytest.mark.parametrize(
    "password",
    ["", "too short", "a" * 300, "aaaaaaaaaaaa", "abababababab", "yue.lin.long@example.com", "YUE.LIN.LONG"],
)
def test_a_poor_password_is_refused(password: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        check_password(password, "yue.lin.long@example.com")

    assert refused.value.field == "password"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("yue@example.com", "yue@example.com"),
        ("  Yue.Lin@Example.COM ", "yue.lin@example.com"),
        ("o'brien+guild@mail.example.co.uk", "o'brien+guild@mail.example.co.uk"),
        ("岳@例子.公司", "岳@例子.公司"),
        ("STRASSE@ẞ.example", "strasse@ß.example"),
    ],
)
def test_an_address_is_stored_in_small_letters(typed: str, stored: str) -> None:
    assert normalize_email(typed) == stored


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "yue",
        "yue@",
        "@example.com",
        "yue@example",
        "a@b@example.com",
        "yue lin@example.com",
        "yue@example.com, eve@example.com",
        "Yue <yue@example.com>",
        "yue@example.com\nBcc: eve@example.com",
        "yue\u200b@example.com",
        "yue\x7f@example.com",
        "y" * 65 + "@example.com",
        "yue@" + "e" * 250 + ".com",
    ],
)
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        normalize_email(typed)

    assert refused.value.field == "email"


@given(st.emails())
def test_an_address_that_is_stored_stays_as_it_is(address: str) -> None:
    try:
        stored = normalize_email(address)
    except InvalidInputError:
        return

    assert normalize_email(stored) == stored
    assert stored == stored.lower()


def test_the_last_of_five_failures_locks_for_a_quarter_of_an_hour() -> None:
    failures = [NOON + timedelta(minutes=minute) for minute in range(LOCK_AFTER)]

    assert locked_until(failures[:-1], failures[-2]) is None
    assert locked_until(failures, failures[-1]) == failures[-1] + LOCK_FOR


def test_the_lock_ends_by_itself() -> None:
    failures = [NOON] * LOCK_AFTER

    assert locked_until(failures, NOON + LOCK_FOR - timedelta(seconds=1)) == NOON + LOCK_FOR
    assert locked_until(failures, NOON + LOCK_FOR) is None


def test_the_roles_are_what_is_read_aloud() -> None:
    assert {
        Role.COACH: {
            Permission.RUN_SESSIONS,
            Permission.KEEP_COACH_PROFILE,
            Permission.VERIFY_ASSESSMENTS,
            Permission.SEE_STANDINGS,
        },
        Role.EDITOR: {Permission.REVIEW, Permission.EDIT_LIBRARY, Permission.RUN_SESSIONS},
        Role.LEADER: {Permission.SEE_STANDINGS},
        Role.ADMINISTRATOR: {
            Permission.MANAGE_PEOPLE,
            Permission.MANAGE_TEAMS,
            Permission.RUN_SESSIONS,
            Permission.SEE_STANDINGS,
            Permission.EDIT_FRAMEWORKS,
        },
    } == PERMISSIONS


def test_every_role_and_permission_has_a_name() -> None:
    assert set(ROLE_NAMES) == set(Role)
    assert set(PERMISSION_NAMES) == set(Permission)
    assert set().union(*PERMISSIONS.values()) == set(Permission)


def test_rights_add_up_and_members_have_none_of_these() -> None:
    assert not any(permits([], permission) for permission in Permission)
    assert permits(["coach", "administrator"], Permission.KEEP_COACH_PROFILE)
    assert permits(["coach", "administrator"], Permission.MANAGE_PEOPLE)
    assert not permits(["coach", "administrator"], Permission.REVIEW)
