"""Numbers as people read them."""

from __future__ import annotations

import pytest
from flask import Flask

from app.web.filters import number


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567, "1,234,567"),
        (4.25, "4.25"),
        (-0.0004, "-0.0004"),
        (0, "0"),
        # What the library for locales refuses.
        (1e308, "1e+308"),
        (1e-308, "1e-308"),
        (float("inf"), "inf"),
    ],
)
def test_every_number_can_be_shown(app: Flask, value: float, shown: str) -> None:
    with app.test_request_context():
        assert number(value) == shown
