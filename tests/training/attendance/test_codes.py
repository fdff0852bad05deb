"""Codes: what counts, for how long, for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.training.attendance.codes import (
    STEP,
    TICKET_FOR,
    is_same,
    is_wall_code,
    personal_code,
    picture,
    read_ticket,
    seconds_left,
    sign_ticket,
    spaced,
    wall_code,
)

SECRET = "a secret of the tests"
NOON = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize("seconds", [0, 29, 30, 59])
def test_a_code_on_the_wall_counts_until_the_next_one_is_over(seconds: int) -> None:
    code = wall_code(SECRET, 7, NOON)
    assert is_wall_code(SECRET, 7, code, NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize("seconds", [-1, 60, 90, 86_400])
def test_a_photo_of_it_is_worth_nothing_after_a_minute(seconds: int) -> None:
    code = wall_code(SECRET, 7, NOON)
    assert not is_wall_code(SECRET, 7, code, NOON + timedelta(seconds=seconds))


def test_it_is_of_one_meeting_and_one_secret() -> None:
    code = wall_code(SECRET, 7, NOON)
    assert not is_wall_code(SECRET, 8, code, NOON)
    assert not is_wall_code("another secret", 7, code, NOON)


def test_it_never_comes_twice_in_a_day() -> None:
    codes = [wall_code(SECRET, 7, NOON + number * STEP) for number in range(2880)]
    assert len(set(codes)) == 2880


@pytest.mark.parametrize("forged", ["", "A", "AAAAAAAA", "ÄÖÜ", "会会会会", "a" * 5000])
def test_a_forged_one_does_not_count(forged: str) -> None:
    assert not is_wall_code(SECRET, 7, forged, NOON)


def test_typing_is_forgiven_what_the_eye_confuses() -> None:
    code = "OIB2DEFG"
    assert is_same("018 2-defg", code)
    assert not is_same("OIB2DEF", code)
    assert spaced(code) == "OIB2-DEFG"


def test_a_personal_code_is_of_one_person_at_one_meeting() -> None:
    codes = {personal_code(SECRET, meeting, enrolment) for meeting in (1, 2) for enrolment in range(1000)}
    assert len(codes) == 2000
    assert not any(is_wall_code(SECRET, 1, code, NOON) for code in codes)


def test_a_ticket_is_of_one_person_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = sign_ticket(SECRET, 7, 3)
    assert read_ticket(SECRET, ticket, 3) == 7
    assert read_ticket(SECRET, ticket, 4) is None
    assert read_ticket("another secret", ticket, 3) is None
    assert read_ticket(SECRET, f"{ticket}x", 3) is None
    assert read_ticket(SECRET, "", 3) is None


def test_a_ticket_gets_old(clock: object) -> None:
    ticket = sign_ticket(SECRET, 7, 3)
    clock.shift(TICKET_FOR)  # type: ignore[attr-defined]
    assert read_ticket(SECRET, ticket, 3) == 7
    clock.shift(2)  # type: ignore[attr-defined]
    assert read_ticket(SECRET, ticket, 3) is None


def test_the_page_comes_again_when_the_code_changes() -> None:
    assert [seconds_left(NOON + timedelta(seconds=seconds)) for seconds in (0, 0.5, 29, 29.9, 30)] == [30, 30, 1, 1, 30]


def test_the_picture_needs_no_style_and_no_script() -> None:
    drawn = picture("https://guildhall.example.com/here/ABCDEFGH")
    assert drawn.startswith("<svg ")
    assert "style" not in drawn
    assert "script" not in drawn
