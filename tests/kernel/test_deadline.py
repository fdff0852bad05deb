"""Work that somebody else's input makes endless is stopped."""

from __future__ import annotations

import time

import pytest

from app.kernel import markup
from app.kernel.deadline import TooSlowError, at_most
from app.kernel.errors import InvalidInputError
from app.kernel.markup import render


def work(seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        pass


def test_what_takes_too_long_is_stopped() -> None:
    began = time.monotonic()
    with pytest.raises(TooSlowError), at_most(0.05):
        work(5)

    assert time.monotonic() - began < 2


def test_what_is_quick_is_left_alone_also_afterwards() -> None:
    with at_most(0.05):
        work(0.001)
    work(0.2)


def test_brackets_without_end_are_refused_and_the_next_text_is_rendered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(markup, "MAX_SECONDS", 0.2)

    with pytest.raises(InvalidInputError, match="takes too long"):
        render("[" * 20_000)

    assert render("A *fine* text.").html == "<p>A <em>fine</em> text.</p>"
