from __future__ import annotations

import pytest
from flask import Flask

from tests.community.people import House, make_house


@pytest.fixture
def house(app: Flask) -> House:
    return make_house()
