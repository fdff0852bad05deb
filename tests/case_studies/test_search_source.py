"""Case studies as search is told of them, and to whom their credits are told."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.models import CaseStudy, Metric
from app.case_studies.rules import State
from app.kernel.db import db, transaction
from app.search.sources import PUBLIC, all_sources
from tests.case_studies.conftest import House
from tests.conftest import NOW
from tests.factories.case_studies import LEAD_TIME, make_case_study
from tests.factories.coaches import make_coach
from tests.factories.people import make_user
from tests.factories.practices import make_practice
from tests.factories.searching import document, watching

both_databases = pytest.mark.both_databases


def make_pair(house: House, *, translation: State) -> tuple[CaseStudy, CaseStudy]:
    """A published story, and its Chinese version in that state."""
    original = make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    chinese = make_case_study(house.owner, house.story(language="zh", title="从六周到一周"), translation, house.editor)
    with transaction():
        chinese.slug, chinese.translation_of = str(original.slug), "en"
    return original, chinese


@both_databases
def test_what_a_document_says(app: Flask, house: House) -> None:
    coach, helper = make_coach("Amara Osei"), make_user("Lin Yue", Role.COACH)
    story = house.story(practices=("one", "two"), coaches=(helper.id, coach.user_id))
    case_study = make_case_study(house.owner, story, State.PUBLISHED, house.editor)
    found = document("case-study", case_study.id)
    assert found is not None
    assert (found.tags, found.levels, found.languages) == ((), (), ["en"])
    assert found.keywords == ["Payments", "Version control", "版本控制", "Change lead time"]
    assert (found.area, found.capabilities) == ("configuration-management", ["version-control"])
    assert (found.coaches, found.group) == ([coach.slug], f"case-study:{case_study.slug}")
    assert (found.day, found.audience) == (case_study.published_on, frozenset({PUBLIC}))
    assert isinstance(found.day, date)
    # Two practices, and one number before and after.
    assert found.usefulness == 3


def test_a_draft_has_no_day_and_is_the_teams_alone(app: Flask, house: House) -> None:
    case_study = make_case_study(house.owner, house.story())
    found = document("case-study", case_study.id)
    assert found is not None
    assert (found.day, found.audience) == (None, frozenset({f"team:{house.team.id}"}))


def test_versions_share_a_group(app: Flask, house: House) -> None:
    found = [document("case-study", version.id) for version in make_pair(house, translation=State.DRAFT)]
    assert len({each.group for each in found if each}) == 1
    assert [each.audience == frozenset({PUBLIC}) for each in found if each] == [True, False]


@both_databases
def test_search_is_told_of_every_change(app: Flask, house: House) -> None:
    coach = make_coach()
    story = house.story(practices=("one",), coaches=(coach.user_id,))
    case_study = make_case_study(house.owner, story, State.PUBLISHED, house.editor)
    practice = make_practice("one")
    make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    mine = {f"case-study:{case_study.id}"}
    with watching() as change, transaction():
        case_study.summary = "Another summary"
    assert change.told == change.real == mine
    with watching() as change, transaction():
        case_study.metrics.append(Metric(**{**vars(LEAD_TIME), "name": "Failure rate"}, position=1))
    assert change.told == change.real == mine
    with watching() as change, transaction():
        case_study.practices.clear()
    assert change.told == change.real == mine | {f"practice:{practice.id}"}
    with watching() as change, transaction():
        case_study.coaches.clear()
    assert change.told == change.real == mine | {f"coach:{coach.user_id}"}
    with watching() as change, transaction() as session:
        session.delete(case_study)
    assert change.told == change.real == mine


@both_databases
def test_taking_a_story_out_tells_what_it_credited(app: Flask, house: House) -> None:
    practice, coach = make_practice("one"), make_coach()
    story = house.story(practices=("one",), coaches=(coach.user_id,))
    case_study = make_case_study(house.owner, story, State.PUBLISHED, house.editor)
    with watching() as change, transaction() as session:
        session.delete(case_study)
    assert change.told == change.real
    assert change.real == {f"case-study:{case_study.id}", f"practice:{practice.id}", f"coach:{coach.user_id}"}


def test_a_coach_without_a_seen_profile_cannot_be_chosen(app: Flask, house: House) -> None:
    coach = make_coach()
    case_study = make_case_study(house.owner, house.story(coaches=(coach.user_id,)), State.PUBLISHED, house.editor)
    make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    with watching() as change, transaction():
        db.session.get_one(User, coach.user_id).disabled_at = NOW
    assert change.told == change.real == {f"case-study:{case_study.id}", f"coach:{coach.user_id}"}
    found = document("case-study", case_study.id)
    assert found is not None
    assert found.coaches == []


def test_a_teams_name_is_told_and_nothing_else_of_it(app: Flask, house: House) -> None:
    case_study = make_case_study(house.owner, house.story())
    with watching() as change, transaction():
        house.team.name = "Settlement"
    assert change.told == change.real == {f"case-study:{case_study.id}"}
    with watching() as change, transaction():
        house.team.about = "We settle."
    assert change.told == change.real == set()


def test_who_is_shown_which_translation(app: Flask, house: House) -> None:
    original, chinese = make_pair(house, translation=State.DRAFT)
    keys = [str(original.id), str(chinese.id)]
    page = f"/case-studies/{original.slug}"

    def seen(reader: User | None) -> dict[str, tuple[tuple[str, str], ...]]:
        with app.test_request_context():
            return {key: each.translations for key, each in all_sources()["case-study"].found(keys, reader).items()}

    of_the_team = {keys[0]: (("zh", f"{page}?lang=zh"),), keys[1]: (("en", f"{page}?lang=en"),)}
    assert seen(house.colleague) == of_the_team
    for reader in (None, house.outsider, house.editor):
        assert seen(reader) == {keys[0]: ()}
    with transaction():
        chinese.state, chinese.published_on = State.PUBLISHED, NOW.date()
    assert seen(None) == of_the_team


def test_a_page_of_hits_costs_as_much_as_one(app: Flask, house: House, count_queries: list[str]) -> None:
    studies = [make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor) for _ in range(5)]
    keys = [str(each.id) for each in studies]
    costs = []
    for some in (keys[:1], keys):
        db.session.rollback()
        db.session.expire_all()
        count_queries.clear()
        with app.test_request_context():
            assert len(all_sources()["case-study"].found(some, None)) == len(some)
        costs.append(len(count_queries))
    assert costs[0] == costs[1]


def test_loading_and_rebuilding_say_the_same(app: Flask, house: House, count_queries: list[str]) -> None:
    source, asked = all_sources()["case-study"], []
    for numbers in (range(2), range(2, 8)):
        for number in numbers:
            story = house.story(coaches=(make_coach(f"Coach {number}").user_id,), practices=("one", "two"))
            make_case_study(house.owner, story, State.PUBLISHED, house.editor)
        db.session.expire_all()
        count_queries.clear()
        whole = list(source.load_all(db.session()))
        asked.append(len(count_queries))
    assert asked[0] == asked[1]
    assert [source.load(db.session(), each.key) for each in whole] == whole
