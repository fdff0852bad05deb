"""Case studies as search is told of them, and to whom their credits are told."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.case_studies.models import CaseStudy, Metric
from app.kernel.db import db, transaction
from app.search.sources import PUBLIC, all_sources
from app.writing.models import Manuscript
from app.writing.rules import State, Step
from tests.case_studies.conftest import House
from tests.conftest import NOW
from tests.factories.case_studies import LEAD_TIME, THEN, change, make_case_study, make_manuscript, move
from tests.factories.coaches import make_coach
from tests.factories.practices import make_practice
from tests.factories.searching import document, watching

both_databases = pytest.mark.both_databases


def make_original(house: House) -> CaseStudy:
    return make_case_study(house.owner, house.story(), house.editor)


def make_chinese(house: House, original: CaseStudy, state: State) -> Manuscript:
    """Its Chinese version, in that state."""
    chinese = make_manuscript(
        house.owner, house.story(language="zh", title="从六周到一周"), state, house.editor, slug=original.slug
    )
    with transaction():
        chinese.translation_of = "en"
    return chinese


@both_databases
def test_what_a_document_says(app: Flask, house: House) -> None:
    coach, helper = make_coach("Amara Osei"), make_coach("Lin Yue")
    story = house.story(practices=("one", "two"), coaches=(helper.slug, coach.slug))
    case_study = make_case_study(house.owner, story, house.editor)
    found = document("case-study", case_study.id)
    assert found is not None
    assert (found.tags, found.levels, found.languages) == ((), (), ["en"])
    assert found.keywords == ["Payments", "Version control", "版本控制", "Change lead time"]
    assert (found.area, found.capabilities) == ("configuration-management", ["version-control"])
    assert (found.coaches, found.group) == ([helper.slug, coach.slug], f"case-study:{case_study.slug}")
    assert (found.day, found.audience) == (case_study.published_on, frozenset({PUBLIC}))
    assert isinstance(found.day, date)
    # Two practices, and one number before and after.
    assert found.usefulness == 3


def test_a_draft_is_the_teams_alone_and_no_case_study(app: Flask, house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story())
    found = document("manuscript", manuscript.id)
    assert found is not None
    marks = frozenset({f"team:{house.team.id}", f"user:{house.owner.id}"})
    assert (found.day, found.audience) == (THEN.date(), marks)
    assert (found.keywords, found.area, found.capabilities) == (
        ["Payments", "Version control", "版本控制"], "configuration-management", ["version-control"],
    )  # fmt: skip
    assert list(all_sources()["case-study"].load_all(db.session())) == []


def test_versions_share_a_group(app: Flask, house: House) -> None:
    original = make_original(house)
    make_chinese(house, original, State.ACCEPTED)
    found = list(all_sources()["case-study"].load_all(db.session()))
    assert [each.audience for each in found] == [frozenset({PUBLIC})] * 2
    assert {each.group for each in found} == {f"case-study:{original.slug}"}


@both_databases
def test_search_is_told_of_every_step_of_a_manuscript(app: Flask, house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story())
    mine = {f"manuscript:{manuscript.id}"}
    with watching() as told:
        change(manuscript, house.story(title="By day"), house.colleague)
    assert told.told == told.real == mine
    with watching() as told:
        move(manuscript, Step.SUBMIT, house.owner)
    assert told.told == told.real == mine
    with watching() as told:
        move(manuscript, Step.ACCEPT, house.editor)
    row = db.session.execute(select(CaseStudy)).scalar_one()
    assert told.told == told.real == mine | {f"case-study:{row.id}"}
    with watching() as told, transaction() as session:
        session.delete(session.get_one(Manuscript, manuscript.id))
    assert told.real == set()


@both_databases
def test_search_is_told_of_every_change(app: Flask, house: House) -> None:
    coach = make_coach()
    story = house.story(practices=("one",), coaches=(coach.slug,))
    case_study = make_case_study(house.owner, story, house.editor)
    practice = make_practice("one")
    make_case_study(house.owner, house.story(), house.editor)
    mine = {f"case-study:{case_study.id}"}
    with watching() as seen, transaction():
        case_study.summary = "Another summary"
    assert seen.told == seen.real == mine
    with watching() as seen, transaction():
        case_study.metrics.append(Metric(**{**vars(LEAD_TIME), "name": "Failure rate"}, position=1))
    assert seen.told == seen.real == mine
    with watching() as seen, transaction():
        case_study.practices.clear()
    assert seen.told == seen.real == mine | {f"practice:{practice.id}"}
    with watching() as seen, transaction():
        case_study.coaches.clear()
    assert seen.told == seen.real == mine | {f"coach:{coach.user_id}"}
    with watching() as seen, transaction() as session:
        session.delete(case_study)
    assert seen.told == seen.real == mine


@both_databases
def test_taking_a_story_out_tells_what_it_credited(app: Flask, house: House) -> None:
    practice, coach = make_practice("one"), make_coach()
    story = house.story(practices=("one",), coaches=(coach.slug,))
    case_study = make_case_study(house.owner, story, house.editor)
    with watching() as seen, transaction() as session:
        session.delete(case_study)
    assert seen.told == seen.real
    assert seen.real == {f"case-study:{case_study.id}", f"practice:{practice.id}", f"coach:{coach.user_id}"}


def test_a_coach_without_a_seen_profile_cannot_be_chosen(app: Flask, house: House) -> None:
    coach = make_coach()
    case_study = make_case_study(house.owner, house.story(coaches=(coach.slug,)), house.editor)
    make_case_study(house.owner, house.story(), house.editor)
    with watching() as seen, transaction():
        db.session.get_one(User, coach.user_id).disabled_at = NOW
    assert seen.told == seen.real == {f"case-study:{case_study.id}", f"coach:{coach.user_id}"}
    found = document("case-study", case_study.id)
    assert found is not None
    assert found.coaches == []


def test_a_teams_name_is_told_and_nothing_else_of_it(app: Flask, house: House) -> None:
    case_study = make_original(house)
    draft = make_manuscript(house.owner, house.story())
    with watching() as seen, transaction():
        house.team.name = "Settlement"
    assert seen.told == seen.real == {f"case-study:{case_study.id}", f"manuscript:{draft.id}"}
    with watching() as seen, transaction():
        house.team.about = "We settle."
    assert seen.told == seen.real == set()


def test_who_is_shown_which_translation(app: Flask, house: House) -> None:
    original = make_original(house)
    chinese = make_chinese(house, original, State.SUBMITTED)
    page = f"/case-studies/{original.slug}"

    def seen(reader: User | None) -> list[tuple[tuple[str, str], ...]]:
        keys = [str(row.id) for row in db.session.execute(select(CaseStudy).order_by(CaseStudy.id)).scalars()]
        with app.test_request_context():
            return [each.translations for each in all_sources()["case-study"].found(keys, reader).values()]

    for reader in (None, house.outsider, house.editor, house.colleague):
        assert seen(reader) == [()]
    move(chinese, Step.ACCEPT, house.editor)
    assert seen(None) == [(("zh", f"{page}?lang=zh"),), (("en", f"{page}?lang=en"),)]


def test_a_page_of_hits_costs_as_much_as_one(app: Flask, house: House, count_queries: list[str]) -> None:
    studies = [make_case_study(house.owner, house.story(), house.editor) for _ in range(5)]
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
            story = house.story(coaches=(make_coach(f"Coach {number}").slug,), practices=("one", "two"))
            make_case_study(house.owner, story, house.editor)
        db.session.expire_all()
        count_queries.clear()
        whole = list(source.load_all(db.session()))
        asked.append(len(count_queries))
    assert asked[0] == asked[1]
    assert [source.load(db.session(), each.key) for each in whole] == whole
