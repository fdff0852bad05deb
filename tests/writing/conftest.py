"""A kind that stands for all, known to the whole application while a test runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from app.writing import kinds
from tests.factories.writing import Letters


@pytest.fixture
def letters(app: Flask) -> Iterator[Letters]:
    """Letters can be written on the site."""
    before = app.extensions["writing_kinds"]
    kind = Letters()
    kinds.init_app(app, [*before.values(), kind])
    yield kind
    app.extensions["writing_kinds"] = before
