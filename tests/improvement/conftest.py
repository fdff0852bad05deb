"""A team, its people, and others who may or may not see it. A framework of three capabilities, of which two need the first."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Capability, Framework
from app.kernel.db import transaction
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user


@pytest.fixture
def mei(app: Flask) -> User:
    """Leads the team."""
    return make_user("Mei Lin")


@pytest.fixture
def bo(app: Flask) -> User:
    """Of the team."""
    return make_user("Bo Sun")


@pytest.fixture
def otto(app: Flask) -> User:
    """A member of no team, who may see no standing."""
    return make_user("Otto Outsider")


@pytest.fixture
def lea(app: Flask) -> User:
    """May see where every team stands."""
    return make_user("Lea Leader", Role.LEADER)


@pytest.fixture
def team(mei: User, bo: User) -> Team:
    return make_team("Payments", bo, lead=mei)


@pytest.fixture
def framework(app: Flask) -> Framework:
    framework = make_framework()
    with transaction() as session:
        for each in session.get_one(Framework, framework.id).areas[0].capabilities[1:]:
            each.needs = ["version-control"]
        session.get_one(Framework, framework.id).areas[1].capabilities[0].needs = ["version-control"]
    return framework


@pytest.fixture
def capabilities(framework: Framework) -> dict[str, Capability]:
    return {each.slug: each for area in framework.areas for each in area.capabilities}
