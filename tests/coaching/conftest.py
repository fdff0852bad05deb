from __future__ import annotations

import pytest
from flask import Flask

from tests.coaching.people import House, make_house


@pytest.fixture
def house(app: Flask, clock: object) -> House:
    return make_house()
