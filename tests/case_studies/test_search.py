"""Case studies in the search: everybody finds what they may read, and nobody anything else."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.rules import PARTS, State, Step
from app.case_studies.search_source import CaseStudySource
from app.case_studies.service import take_step
from app.kernel.db import db, transaction
from app.search.outbox import drain
from app.search.queries import SearchRequest, run_search
from tests.case_studies.conftest import House
from tests.conftest import NOW
from tests.factories.case_studies import make_case_study
from tests.factories.people import make_user


def found(app: Flask, text: str, reader: User | None) -> list[str]:
    drain()
    with app.test_request_context():
        return [hit.found.title for hit in run_search(SearchRequest(text), reader).hits]


@pytest.mark.parametrize(
    ("state", "finders"),
    [
        (State.DRAFT, {"owner", "colleague"}),
        (State.SUBMITTED, {"owner", "colleague", "editor"}),
        (State.CHANGES_REQUESTED, {"owner", "colleague", "editor"}),
        (State.PUBLISHED, {"owner", "colleague", "editor", "outsider", "visitor"}),
        (State.REJECTED, {"owner", "colleague", "editor"}),
        (State.WITHDRAWN, {"owner", "colleague"}),
    ],
)
def test_who_finds_it_in_which_state(app: Flask, house: House, state: State, finders: set[str]) -> None:
    make_case_study(house.owner, house.story(), state, house.editor)
    people = {
        "owner": house.owner,
        "colleague": house.colleague,
        "editor": house.editor,
        "outsider": house.outsider,
        "visitor": None,
    }
    hits = {name for name, person in people.items() if found(app, "gateway", person)}
    assert hits == finders


def test_it_is_found_by_text_team_metric_and_capability(app: Flask, house: House) -> None:
    make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    for words in ("weeks", "gateway", "next steps", "payments", "lead time"):
        assert found(app, words, None) == ["From six weeks to one"], words
    for words in ("version control", "版本控制"):
        assert "From six weeks to one" in found(app, words, None), words


def test_chinese_is_found_by_two_characters(app: Flask, house: House) -> None:
    story = house.story(title="支付系统的持续交付", language="zh", parts=dict.fromkeys(PARTS, "结算变快。"))
    make_case_study(house.owner, story, State.PUBLISHED, house.editor)
    assert found(app, "支付", None) == found(app, "结算", None) == ["支付系统的持续交付"]


def test_withdrawing_takes_it_out_at_once(app: Flask, house: House) -> None:
    study = make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    assert found(app, "gateway", None) == ["From six weeks to one"]
    with transaction() as session:
        take_step(session, study, Step.WITHDRAW, actor=house.owner, now=NOW)
    with app.test_request_context():
        # Before the index knows, the hit is loaded again through what the reader may see.
        assert run_search(SearchRequest("gateway"), None).hits == []
    assert found(app, "gateway", None) == []


def test_a_teams_new_name_finds_its_stories(app: Flask, house: House) -> None:
    make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    with transaction():
        house.team.name = "Settlement"
    assert found(app, "settlement", None) == ["From six weeks to one"]


def test_a_hit_says_what_it_is(app: Flask, house: House) -> None:
    study = make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    with app.test_request_context():
        (hit,) = CaseStudySource().found([str(study.id)], None).values()
    assert (hit.title, hit.note, hit.language, hit.hue) == ("From six weeks to one", "Payments", "en", 1)
    assert hit.url == f"/case-studies/{study.slug}?lang=en"


def test_loading_and_rebuilding_say_the_same(app: Flask, house: House) -> None:
    for state in State:
        make_case_study(house.owner, house.story(), state, make_user("E", Role.EDITOR))
    source = CaseStudySource()
    documents = list(source.load_all(db.session()))
    assert len(documents) == len(State)
    assert [source.load(db.session(), document.key) for document in documents] == documents
    assert source.load(db.session(), "9999") is None
