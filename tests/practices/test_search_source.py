"""Practices as search is told of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

import pytest
from flask import Flask
from flask_babel import force_locale
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.kind import KIND
from app.case_studies.models import CaseStudy
from app.kernel.db import db, transaction
from app.practices.models import PracticeTag
from app.search.sources import PUBLIC, all_sources, usefulness_of
from app.web.i18n import LOCALES
from app.writing.rules import State, Step
from tests.conftest import NOW
from tests.factories.case_studies import make_case_study, make_manuscript, make_story, move
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.searching import document, watching

both_databases = pytest.mark.both_databases


@both_databases
def test_what_a_document_says(app: Flask) -> None:
    capability = make_framework().areas[0].capabilities[0]
    coach = make_coach("Amara Osei")
    practice = make_practice(
        title="Short branches",
        capability=capability,
        level=2,
        tags=("git", "branching"),
        owner_id=coach.user_id,
        reviewed_on=date(2025, 3, 1),
    )
    found = document("practice", practice.id)
    assert found is not None
    assert (found.title, found.languages, found.levels) == ("Short branches", ["en"], [2])
    assert (found.tags, found.keywords) == (["git", "branching"], ["Version control", "版本控制"])
    assert (found.area, found.capabilities) == ("configuration-management", ["version-control"])
    assert (found.coaches, found.day, found.usefulness) == ([coach.slug], date(2025, 3, 1), 0)
    assert found.audience == frozenset({PUBLIC})


def test_a_document_with_nothing_but_a_text(app: Flask) -> None:
    found = document("practice", make_practice(owner_name="Platform team").id)
    assert found is not None
    assert (found.tags, found.keywords, found.coaches, found.levels, found.area) == ([], [], [], [], "")
    assert found.day == date(2026, 11, 2)
    assert document("practice", 9999) is None


def test_translations_share_a_group_whether_imported_or_of_the_library(app: Flask) -> None:
    versions = [
        make_practice("one"),
        make_practice("one", language="zh", translation_of="en"),
        make_practice("two", origin="old-wiki:two.md"),
        make_practice("two", language="zh", origin="old-wiki:zwei.md"),
    ]
    groups = [found.group for practice in versions if (found := document("practice", practice.id))]
    assert groups == ["practice:one", "practice:one", "practice:two", "practice:two"]


def test_the_owner_counts_as_long_as_the_profile_is_seen(app: Flask) -> None:
    coach, member = make_coach(), make_user()
    owned = make_practice("owned", owner_id=coach.user_id)
    other = make_practice("other", owner_id=member.id)
    with watching() as change, transaction():
        db.session.get_one(User, coach.user_id).disabled_at = NOW
    assert change.told == change.real == {f"practice:{owned.id}", f"coach:{coach.user_id}"}
    with watching() as change, transaction():
        db.session.get_one(User, coach.user_id).disabled_at = None
    assert change.told == change.real == {f"practice:{owned.id}", f"coach:{coach.user_id}"}
    with watching() as change:
        make_coach(user=db.session.get_one(User, member.id))
    assert change.told == change.real == {f"practice:{other.id}", f"coach:{member.id}"}


@both_databases
def test_it_is_useful_by_the_published_stories_that_credit_it(app: Flask) -> None:
    owner, editor = make_user("Owner"), make_user("Editor", Role.EDITOR)
    practice, other = make_practice("short-branches"), make_practice("other")
    team = make_team("Payments", lead=owner)
    capability = make_framework().areas[0].capabilities[0]
    story = make_story(team, capability, practices=("short-branches",))
    with watching() as change:
        manuscript = make_manuscript(owner, story, State.SUBMITTED)
    assert change.real == {f"manuscript:{manuscript.id}"}

    def withdraw() -> None:
        with transaction() as session:
            KIND.withdraw(session, manuscript)

    number = ""
    for act, told, usefulness in (
        (partial(move, manuscript, Step.ACCEPT, editor), {f"manuscript:{manuscript.id}"}, 2),
        (withdraw, set(), 0),
    ):
        with watching() as change:
            act()
        number = number or str(db.session.execute(select(CaseStudy.id)).scalar_one())
        assert change.told == change.real == told | {f"case-study:{number}", f"practice:{practice.id}"}
        found, untouched = document("practice", practice.id), document("practice", other.id)
        assert found is not None
        assert untouched is not None
        assert (found.usefulness, untouched.usefulness) == (usefulness, 0)


def test_a_story_in_two_languages_is_one_story(app: Flask) -> None:
    owner = make_user("Owner")
    practice = make_practice("short-branches")
    team, capability = make_team("Payments", lead=owner), make_framework().areas[0].capabilities[0]
    story = make_story(team, capability, practices=("short-branches",))
    first = make_case_study(owner, story)
    make_case_study(owner, replace(story, language="zh"), slug=first.slug)
    found = document("practice", practice.id)
    assert found is not None
    assert found.usefulness == 2


def test_usefulness_grows_ever_more_slowly() -> None:
    assert [usefulness_of(count) for count in (0, 1, 2, 3, 7, 15, 22, 1000)] == [0, 2, 3, 4, 6, 8, 9, 9]


@both_databases
def test_search_is_told_of_every_change_of_its_own(app: Flask) -> None:
    practice, _other = make_practice(tags=("git",)), make_practice("other")
    mine = {f"practice:{practice.id}"}
    with watching() as change, transaction():
        practice.title = "Another title"
    assert change.told == change.real == mine
    with watching() as change, transaction():
        practice.tag_rows = [PracticeTag(tag="trunk", position=0)]
    assert change.told == change.real == mine
    with watching() as change, transaction() as session:
        session.delete(practice)
    assert change.told == change.real == mine


def test_what_no_document_shows_wakes_nobody(app: Flask) -> None:
    coach = make_coach()
    make_practice(owner_id=coach.user_id)
    with watching() as change, transaction():
        db.session.get_one(User, coach.user_id).session_epoch += 1
    assert change.told == change.real == set()


def found_of(app: Flask, keys: list[str], reader: User | None = None) -> dict[str, tuple[str, object]]:
    with app.test_request_context():
        return {
            key: (found.url, found.translations) for key, found in all_sources()["practice"].found(keys, reader).items()
        }


def test_a_hit_names_its_translations(app: Flask) -> None:
    english, chinese = make_practice("one"), make_practice("one", language="zh")
    alone = make_practice("two")
    keys = [str(practice.id) for practice in (english, chinese, alone)]
    assert found_of(app, [*keys, "9999"]) == {
        keys[0]: ("/practices/one?lang=en", (("zh", "/practices/one?lang=zh"),)),
        keys[1]: ("/practices/one?lang=zh", (("en", "/practices/one?lang=en"),)),
        keys[2]: ("/practices/two?lang=en", ()),
    }
    assert found_of(app, keys[:1]).keys() == {keys[0]}


def test_a_page_of_hits_costs_one_query(app: Flask, count_queries: list[str]) -> None:
    practices = [make_practice(f"p{number}", language=code) for number in range(10) for code in ("en", "zh")]
    keys = [str(practice.id) for practice in practices]
    for some in (keys[:1], keys):
        db.session.rollback()
        count_queries.clear()
        assert len(found_of(app, some)) == len(some)
        assert len([each for each in count_queries if each.startswith("SELECT")]) == 1


def test_a_rebuild_asks_as_often_for_ten_as_for_two_and_says_the_same(app: Flask, count_queries: list[str]) -> None:
    source, asked = all_sources()["practice"], []
    for numbers in (range(2), range(2, 10)):
        for number in numbers:
            make_practice(f"p{number}", owner_id=make_coach(f"Coach {number}").user_id, tags=("git",))
        db.session.expire_all()
        count_queries.clear()
        whole = list(source.load_all(db.session()))
        asked.append(len(count_queries))
    assert asked[0] == asked[1]
    assert [source.load(db.session(), each.key) for each in whole] == whole
    assert len(whole) == 10


def test_what_a_practice_is_called(app: Flask) -> None:
    with app.test_request_context():
        assert str(all_sources()["practice"].name) == "Practice"
        with force_locale(LOCALES["zh"]):
            names = [str(source.name) for source in all_sources().values()]
    assert names == ["实践", "教练", "培训", "课程", "案例", "能力", "合集", "草稿"]
