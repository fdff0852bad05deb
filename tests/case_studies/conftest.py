"""A team with two people, an editor of another team, and a framework to write about."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.case_studies.rules import Story
from tests.factories.case_studies import make_story
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user


@dataclass
class House:
    owner: User
    colleague: User
    editor: User
    outsider: User
    team: Team
    capabilities: dict[str, Capability]

    def story(self, **changes: object) -> Story:
        return make_story(self.team, self.capabilities["version-control"], **changes)


@pytest.fixture
def house(app: Flask) -> House:
    framework = make_framework()
    owner, colleague = make_user("Owner"), make_user("Colleague")
    return House(
        owner=owner,
        colleague=colleague,
        editor=make_user("Editor", Role.EDITOR),
        outsider=make_user("Outsider"),
        team=make_team("Payments", colleague, lead=owner),
        capabilities={each.slug: each for area in framework.areas for each in area.capabilities},
    )
