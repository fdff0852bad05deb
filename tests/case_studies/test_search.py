"""Case studies in the search: everybody finds what they may read, and nobody anything else."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.kind import KIND
from app.case_studies.rules import PARTS, Answer
from app.case_studies.search_source import CaseStudySource
from app.kernel.db import db, transaction
from app.search.outbox import drain
from app.search.queries import SearchRequest, run_search
from app.writing.models import Manuscript
from app.writing.queries import find_manuscript
from app.writing.rules import State, Step
from app.writing.search_source import ManuscriptSource
from tests.case_studies.conftest import House
from tests.factories.case_studies import change, make_case_study, make_interview, make_manuscript, move
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
        (State.ACCEPTED, {"owner", "colleague", "editor", "outsider", "visitor"}),
        (State.REJECTED, {"owner", "colleague", "editor"}),
    ],
)
def test_who_finds_it_in_which_state(app: Flask, house: House, state: State, finders: set[str]) -> None:
    make_manuscript(house.owner, house.story(), state, house.editor)
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
    make_case_study(house.owner, house.story(), house.editor)
    for words in ("weeks", "gateway", "next steps", "payments", "lead time"):
        assert found(app, words, None) == ["From six weeks to one"], words
    for words in ("version control", "版本控制"):
        assert "From six weeks to one" in found(app, words, None), words


def test_chinese_is_found_by_two_characters(app: Flask, house: House) -> None:
    story = house.story(title="支付系统的持续交付", language="zh", parts=dict.fromkeys(PARTS, "结算变快。"))
    make_case_study(house.owner, story, house.editor)
    assert found(app, "支付", None) == found(app, "结算", None) == ["支付系统的持续交付"]


def manuscript_of(slug: str) -> Manuscript:
    manuscript = find_manuscript(KIND.name, slug, "en")
    assert manuscript is not None
    return manuscript


def test_withdrawing_takes_it_out_at_once(app: Flask, house: House) -> None:
    study = make_case_study(house.owner, house.story(), house.editor)
    assert found(app, "gateway", None) == ["From six weeks to one"]
    with transaction() as session:
        KIND.withdraw(session, manuscript_of(study.slug))
    with app.test_request_context():
        # Before the index knows, the hit is loaded again through what the reader may see.
        assert run_search(SearchRequest("gateway"), None).hits == []
    assert found(app, "gateway", None) == []


def test_what_is_published_is_found_once_by_those_who_wrote_it(app: Flask, house: House) -> None:
    make_case_study(house.owner, house.story(), house.editor)
    for reader in (house.owner, house.editor):
        assert found(app, "gateway", reader) == ["From six weeks to one"]


def test_the_next_version_is_found_by_its_writers_alone_until_it_is_published(app: Flask, house: House) -> None:
    manuscript = manuscript_of(make_case_study(house.owner, house.story(), house.editor).slug)
    change(manuscript, house.story(title="Quokka releases"), house.owner)

    def finders() -> set[str]:
        people = {"owner": house.owner, "colleague": house.colleague, "editor": house.editor, "outsider": house.outsider, "visitor": None}  # fmt: skip
        return {name for name, person in people.items() if found(app, "quokka", person)}

    assert finders() == {"owner", "colleague"}
    assert found(app, "gateway", None) == ["From six weeks to one"]
    move(manuscript, Step.SUBMIT, house.owner)
    assert finders() == {"owner", "colleague", "editor"}
    move(manuscript, Step.ACCEPT, house.editor)
    assert finders() == {"owner", "colleague", "editor", "outsider", "visitor"}
    assert found(app, "quokka", house.owner) == ["Quokka releases"]


def test_a_draft_is_found_by_all_that_is_written_in_it(app: Flask, house: House) -> None:
    parts = {"context": "We run quokkas.", "lessons": "结算变快。"}
    make_manuscript(house.owner, house.story(parts=parts, practices=("short-branches",)))
    for words in ("quokkas", "结算", "build server", "short branches", "payments", "version control"):
        assert "From six weeks to one" in found(app, words, house.owner), words
        assert "From six weeks to one" not in found(app, words, house.outsider), words


def test_an_interview_is_found_by_questions_and_answers(app: Flask, house: House) -> None:
    answers = (Answer("Where do quokkas live?", "On Rottnest Island."),)
    story = make_interview(house.team, house.capabilities["version-control"], answers=answers)
    make_case_study(house.owner, story, house.editor)
    for words in ("quokkas", "rottnest"):
        assert found(app, words, None) == ["From six weeks to one"], words


def test_a_draft_is_no_longer_found_by_whoever_left_the_team(app: Flask, house: House) -> None:
    make_manuscript(house.owner, house.story())
    assert found(app, "gateway", house.colleague) == ["From six weeks to one"]
    with transaction() as session:
        team = session.merge(house.team)
        team.memberships = [each for each in team.memberships if each.user_id != house.colleague.id]
    assert found(app, "gateway", db.session.get(User, house.colleague.id)) == []


def test_a_teams_new_name_finds_its_stories(app: Flask, house: House) -> None:
    make_case_study(house.owner, house.story(), house.editor)
    with transaction():
        house.team.name = "Settlement"
    assert found(app, "settlement", None) == ["From six weeks to one"]


def test_a_hit_says_what_it_is(app: Flask, house: House) -> None:
    study = make_case_study(house.owner, house.story(), house.editor)
    with app.test_request_context():
        (hit,) = CaseStudySource().found([str(study.id)], None).values()
    assert (hit.title, hit.note, hit.language, hit.hue) == ("From six weeks to one", "Payments", "en", 1)
    assert hit.url == f"/case-studies/{study.slug}?lang=en"


def test_a_hit_among_drafts_says_where_it_stands(app: Flask, house: House) -> None:
    manuscript = make_manuscript(house.owner, house.story(), State.SUBMITTED)
    with app.test_request_context():
        (hit,) = ManuscriptSource().found([str(manuscript.id)], house.owner).values()
        assert ManuscriptSource().found([str(manuscript.id)], house.outsider) == {}
        assert ManuscriptSource().found([str(manuscript.id)], None) == {}
    assert (hit.title, hit.note, hit.language, hit.hue) == ("From six weeks to one", "In review · Payments", "en", 1)
    assert hit.url == f"/writing/{manuscript.id}"


def test_loading_and_rebuilding_say_the_same(app: Flask, house: House) -> None:
    for state in State:
        make_manuscript(house.owner, house.story(), state, make_user("E", Role.EDITOR))
    for source, number in ((CaseStudySource(), 1), (ManuscriptSource(), len(State) - 1)):
        documents = list(source.load_all(db.session()))
        assert len(documents) == source.count(db.session()) == number
        assert [source.load(db.session(), document.key) for document in documents] == documents
        assert source.load(db.session(), "9999") is None
