"""Coaches as search is told of them."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import RoleGrant
from app.accounts.rules import Role
from app.case_studies.models import CaseStudy
from app.coaches.models import CoachLanguage
from app.coaches.search_source import PROFILES, facet_coaches
from app.kernel.db import db, transaction
from app.search.queries import facet_names
from app.search.sources import PUBLIC, all_sources
from app.writing.rules import State, Step
from tests.conftest import NOW
from tests.factories.case_studies import make_manuscript, make_story, move
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.searching import document, watching

both_databases = pytest.mark.both_databases


@both_databases
def test_what_a_document_says(app: Flask) -> None:
    capability, other = make_framework().areas[0].capabilities
    coach = make_coach("Amara Osei", languages=("en", "zh"), skills={capability.id: 4, other.id: 2})
    found = document("coach", coach.user_id)
    assert found is not None
    assert (found.title, found.summary) == ("Amara Osei", "Contract tests instead of a shared environment")
    assert (found.tags, found.day, found.group, found.usefulness) == ((), None, "", 0)
    assert found.keywords == ["Version control", "版本控制", "Change management", "变更管理", "Shanghai"]
    assert (found.languages, found.levels, found.coaches) == (["en", "zh"], [2, 4], [coach.slug])
    assert found.capabilities == ["version-control", "change-management"]
    assert found.audience == frozenset({PUBLIC})


def test_a_closed_account_is_found_by_nobody(app: Flask) -> None:
    coach = make_coach()
    keys = [str(coach.user_id)]
    administrator = make_user("Ada", Role.ADMINISTRATOR)
    with watching() as change, transaction():
        coach.user.disabled_at = NOW
    assert change.told == change.real == {f"coach:{keys[0]}"}
    assert document("coach", keys[0]) is None
    with app.test_request_context():
        found = all_sources()["coach"].found
        assert (list(found(keys, None)), list(found(keys, administrator))) == ([], keys)
    assert document("coach", administrator.id) is None


@both_databases
def test_search_is_told_of_every_change_of_the_profile(app: Flask) -> None:
    capability, other = make_framework().areas[0].capabilities
    coach, _another = make_coach(skills={capability.id: 4}), make_coach("Somebody Else")
    mine = {f"coach:{coach.user_id}"}
    with watching() as change, transaction():
        coach.headline = "Another headline"
    assert change.told == change.real == mine
    with watching() as change, transaction():
        coach.skills[0].level = 5
    assert change.told == change.real == mine
    with watching() as change, transaction():
        coach.skills[0].capability_id = other.id
    assert change.told == change.real == mine
    with watching() as change, transaction():
        coach.language_rows.append(CoachLanguage(language="zh"))
    assert change.told == change.real == mine
    with watching() as change, transaction():
        coach.user.name = "Amara Varga"
    assert change.told == change.real == mine
    with watching() as change, transaction() as session:
        session.delete(coach)
    assert change.told == change.real == mine


def test_what_the_document_does_not_say_wakes_nobody(app: Flask) -> None:
    coach = make_coach()
    with watching() as change, transaction():
        coach.user.session_epoch += 1
        coach.user.grants.append(RoleGrant(role=Role.EDITOR))
    assert change.told == change.real == set()


def test_a_coach_is_useful_by_the_published_stories_that_thank_them(app: Flask) -> None:
    owner, coach, editor = make_user("Owner"), make_coach(), make_user("Editor", Role.EDITOR)
    capability = make_framework().areas[0].capabilities[0]
    story = make_story(make_team("Payments", lead=owner), capability, coaches=(coach.slug,))
    manuscript = make_manuscript(owner, story, State.SUBMITTED)
    found = document("coach", coach.user_id)
    assert found is not None
    assert found.usefulness == 0
    with watching() as change:
        move(manuscript, Step.ACCEPT, editor)
    number = db.session.execute(select(CaseStudy.id)).scalar_one()
    assert change.told == change.real == {
        f"case-study:{number}", f"coach:{coach.user_id}", f"manuscript:{manuscript.id}",
    }  # fmt: skip
    found = document("coach", coach.user_id)
    assert found is not None
    assert found.usefulness == 2


def test_loading_and_rebuilding_say_the_same(app: Flask, count_queries: list[str]) -> None:
    source, capability, asked = all_sources()["coach"], make_framework().areas[0].capabilities[0], []
    for numbers in (range(2), range(2, 10)):
        for number in numbers:
            make_coach(f"Coach {number}", skills={capability.id: 3})
        db.session.expire_all()
        count_queries.clear()
        whole = list(source.load_all(db.session()))
        asked.append(len(count_queries))
    assert asked[0] == asked[1]
    assert [source.load(db.session(), each.key) for each in whole] == whole


def test_a_hit_says_who_it_is(app: Flask) -> None:
    coach = make_coach("Amara Osei")
    with app.test_request_context():
        (found,) = all_sources()["coach"].found([str(coach.user_id)], None).values()
    assert (found.title, found.url, found.note) == ("Amara Osei", f"/coaches/{coach.slug}", coach.headline)
    assert found.translations == ()


def test_names_of_coaches_are_those_that_every_reader_may_see(app: Flask, count_queries: list[str]) -> None:
    zoe, amara, gone = make_coach("Zoe Adler"), make_coach("Amara Osei"), make_coach("Bea Gone")
    with transaction():
        gone.user.disabled_at = NOW
    slugs = [zoe.slug, amara.slug, gone.slug, "nobody"]
    db.session.rollback()
    count_queries.clear()
    assert facet_coaches(slugs) == [(slugs[1], "Amara Osei"), (slugs[0], "Zoe Adler")]
    assert len([each for each in count_queries if each.startswith("SELECT")]) == 1
    assert facet_names("coach", slugs[:1]) == {slugs[0]: "Zoe Adler"}
    count_queries.clear()
    assert facet_coaches([]) == []
    assert count_queries == []


def test_profiles_are_looked_up_for_those_who_have_one(app: Flask) -> None:
    coach, member = make_coach(), make_user()
    assert PROFILES.of(db.session(), [coach.user_id, member.id]) == {coach.user_id: coach.slug}
    assert PROFILES.of(db.session(), None) == {coach.user_id: coach.slug}
