"""Keeping a coach's profile, and how the directory is counted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.coaches.models import Coach
from app.coaches.queries import Choices, chosen, count_by_capability, count_facets, list_on_capability
from app.coaches.service import save_profile
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from tests.factories.coaches import THEN, make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user

pytestmark = pytest.mark.both_databases

VALUES: dict[str, Any] = {
    "headline": "Small batches",
    "bio": "I **help**.\n\n<script>alert(1)</script>",
    "site": "Ningbo",
    "is_taking_requests": True,
    "languages": ["zh", "en", "zh"],
}


@pytest.fixture
def skills(app: Flask) -> dict[str, int]:
    """{slug: id} of the capabilities that can be taught."""
    make_framework()
    return dict(db.session.execute(select(Capability.slug, Capability.id)).all())


def test_a_profile_is_made_and_changed(skills: dict[str, int]) -> None:
    user = make_user("林岳 Lin Yue", Role.COACH)
    taught = {skills["version-control"]: 4, skills["test-automation"]: 2}
    with transaction() as session:
        coach = save_profile(session, user, None, **VALUES, skills=taught, now=THEN)
    assert coach.slug.startswith("lin-yue-")
    assert (coach.languages, coach.bio_html) == (["en", "zh"], "<p>I <strong>help</strong>.</p>\n")
    assert {skill.capability_id: skill.level for skill in coach.skills} == taught
    slug = coach.slug
    changed = {**VALUES, "languages": ["en"], "headline": "Smaller batches"}
    later = THEN + timedelta(days=1)
    with transaction() as session:
        save_profile(session, user, coach, **changed, skills={skills["version-control"]: 5}, now=later)
    db.session.expire_all()
    assert (coach.slug, coach.headline, coach.languages, coach.updated_at) == (slug, "Smaller batches", ["en"], later)
    assert {skill.capability_id: skill.level for skill in coach.skills} == {skills["version-control"]: 5}


def test_an_endless_bio_is_refused_and_nothing_is_kept(skills: dict[str, int]) -> None:
    user = make_user("Lin Yue", Role.COACH)
    with pytest.raises(InvalidInputError), transaction() as session:
        save_profile(session, user, None, **{**VALUES, "bio": "x" * 400_001}, skills={}, now=THEN)
    assert db.session.execute(select(Coach)).first() is None


def test_a_name_that_cannot_be_written_in_ascii_has_an_address_too(skills: dict[str, int]) -> None:
    first, second = make_coach("林岳"), make_coach("林岳")
    assert first.slug.startswith("coach-")
    assert first.slug != second.slug


def names(choices: Choices) -> list[str]:
    return [coach.user.name for coach in db.session.execute(chosen(None, choices)).unique().scalars()]


def test_facets_widen_inside_and_narrow_between(skills: dict[str, int]) -> None:
    version_control, automation = skills["version-control"], skills["test-automation"]
    make_coach("Amara", languages=["en"], site="Shanghai", skills={version_control: 3, automation: 4})
    make_coach("Bo", languages=["zh"], site="Ningbo", skills={version_control: 5}, is_taking_requests=False)
    make_coach("Chen", languages=["zh", "en"], site="", skills={})
    assert names(Choices()) == ["Amara", "Chen", "Bo"]
    assert names(Choices(capability=["version-control"])) == ["Amara", "Bo"]
    assert names(Choices(capability=["version-control", "test-automation"], language=["zh"])) == ["Bo"]
    assert names(Choices(site=["Ningbo", "Shanghai"], requests=["yes"])) == ["Amara"]
    counts = count_facets(None, Choices(language=["zh"]))
    assert counts == {
        "capability": {"version-control": 1},
        "language": {"en": 2, "zh": 2},
        "site": {"Ningbo": 1},
        "requests": {"yes": 1},
    }
    assert [coach.user.name for coach in list_on_capability(version_control)] == ["Amara", "Bo"]
    assert count_by_capability() == {version_control: 2, automation: 1}


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("osei", ["Amara Osei"]),
        ("林", ["林岳"]),
        ("CONTRACT", ["Amara Osei", "林岳"]),
        ("100%", ["Percy"]),
        ("_", []),
        ("%", ["Percy"]),
        ("nobody", []),
    ],
)
def test_a_part_of_a_name_or_headline_finds_a_coach(skills: dict[str, int], part: str, found: list[str]) -> None:
    make_coach("Amara Osei")
    make_coach("林岳")
    make_coach("Percy", headline="100% of what you need")
    assert names(Choices(name=part)) == found
