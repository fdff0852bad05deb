"""The same small company for every test of this room."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework
from tests.factories.assessments import begin
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user


@pytest.fixture
def lin(app: Flask) -> User:
    """Leads the team."""
    return make_user("Lin Yue")


@pytest.fixture
def max_(app: Flask) -> User:
    """Is in the team."""
    return make_user("Max Mai")


@pytest.fixture
def cora(app: Flask) -> User:
    """A coach, not of the team."""
    return make_user("Cora Coach", Role.COACH)


@pytest.fixture
def olga(app: Flask) -> User:
    """A member, not of the team."""
    return make_user("Olga Outsider")


@pytest.fixture
def team(lin: User, max_: User) -> Team:
    return make_team("Payments", max_, lead=lin)


@pytest.fixture
def framework(app: Flask) -> Framework:
    return make_framework()


@pytest.fixture
def running(team: Team, framework: Framework, lin: User) -> int:
    """An assessment that is being answered."""
    return begin(team, framework, lin)
