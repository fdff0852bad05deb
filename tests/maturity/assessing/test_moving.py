"""A framework gets a newer version while a team is answering: every answer is kept."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities import versions
from app.capabilities.models import Framework, FrameworkVersion
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError
from app.maturity.assessing import moving, service
from app.maturity.assessing.answering import answer_finding, said_in
from app.maturity.assessing.moves import moves
from app.maturity.assessing.rules import Said
from app.maturity.assessing.service import IncompleteError
from app.maturity.assessing.sheet import make_sheet
from app.maturity.models import Assessment, AssessmentEvent, Finding, FindingWord, Snapshot, Target
from app.maturity.queries import get_assessment
from app.maturity.rules import State
from app.maturity.targets.rules import Wish
from app.maturity.targets.service import set_targets
from app.notifications.models import Notice
from app.practices.adoption.models import Adoption
from tests.factories.assessments import NOW, begin, returned, say, say_all, submitted
from tests.factories.frameworks import rename_capability
from tests.factories.practices import make_practice
from tests.factories.verifying import agree_to_rest, confirm, take_on

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.both_databases


def newest_document() -> dict[str, Any]:
    """What the framework says now, to be changed."""
    query = select(FrameworkVersion).order_by(FrameworkVersion.number.desc()).limit(1)
    return copy.deepcopy(db.session.execute(query).scalar_one().content)


def newer_document(framework: Framework) -> dict[str, Any]:
    """Version control has other levels, test automation another name, change management is gone, and testing in production new."""
    document = newest_document()
    first, second = document["areas"]
    first["capabilities"] = first["capabilities"][:1]
    first["capabilities"][0]["levels"]["3"]["en"] = "Everything, for good."
    automated = second["capabilities"][0]
    automated["slug"], automated["was"] = "automated-tests", ["test-automation"]
    second["capabilities"].append({**automated, "slug": "testing-in-production", "was": []})
    return document


def publish(framework: Framework, document: dict[str, Any]) -> None:
    with transaction() as session:
        whole = {**document, "version": str(framework.number + 1)}
        versions.publish(session, session.get_one(Framework, framework.id), whole, note="", editor=None, now=NOW)


def move(assessment_id: int, actor: User) -> None:
    with transaction() as session:
        moving.move(session, assessment_id, actor=actor, now=NOW)


def test_answers_follow_are_marked_or_are_laid_aside(team: Team, framework: Framework, lin: User, max_: User) -> None:
    assessment_id = begin(team, framework, lin)
    say_all(assessment_id, max_)
    with transaction() as session:
        session.add(
            Target(
                team_id=team.id,
                framework_id=framework.id,
                capability="test-automation",
                level=4,
                reason="",
                set_at=NOW,
            )
        )
    publish(framework, newer_document(framework))
    move(assessment_id, lin)
    assessment = get_assessment(assessment_id)
    answers = {each.capability: (said_in(each).level, each.is_changed_item) for each in assessment.answers}
    assert answers == {
        "version-control": (2, True),
        "change-management": (3, False),
        "automated-tests": (1, False),
    }
    assert (assessment.moved_from, assessment.version.number) == (1, 2)
    assert db.session.execute(select(Target.capability)).scalar_one() == "automated-tests"
    with pytest.raises(IncompleteError) as refused, transaction() as session:
        service.submit(session, assessment_id, actor=lin, now=NOW)
    assert [each.slug for each in refused.value.missing] == ["version-control", "testing-in-production"]


def test_saying_the_same_again_takes_the_mark_away(team: Team, framework: Framework, lin: User) -> None:
    assessment_id = begin(team, framework, lin)
    say(assessment_id, "version-control", Said(2), lin)
    publish(framework, newer_document(framework))
    move(assessment_id, lin)
    answer = get_assessment(assessment_id).answers[0]
    say(assessment_id, "version-control", Said(2), lin, base=answer.revision)
    assert not get_assessment(assessment_id).answers[0].is_changed_item


def test_moving_twice_moves_once_and_tells_those_who_answered(
    team: Team, framework: Framework, lin: User, max_: User
) -> None:
    assessment_id = begin(team, framework, lin)
    say(assessment_id, "version-control", Said(2), max_)
    publish(framework, newer_document(framework))
    move(assessment_id, lin)
    move(assessment_id, lin)
    events = db.session.execute(select(AssessmentEvent.step, AssessmentEvent.comment)).all()
    assert [tuple(event) for event in events] == [("move", "1 → 2")]
    told = db.session.execute(select(Notice.user_id, Notice.kind)).all()
    assert [tuple(each) for each in told] == [(max_.id, "assessment moved")]


def test_findings_follow_the_new_name(team: Team, framework: Framework, lin: User, cora: User) -> None:
    assessment_id = returned(team, framework, lin, cora)
    publish(framework, newer_document(framework))
    move(assessment_id, lin)
    found = db.session.execute(select(Finding.capability).order_by(Finding.capability)).scalars()
    assert list(found) == ["automated-tests", "change-management", "version-control"]
    words = db.session.execute(select(FindingWord.capability).order_by(FindingWord.capability)).scalars()
    assert list(words) == ["automated-tests", "change-management", "version-control"]


def test_a_finding_on_what_is_no_longer_asked_keeps_nothing_back(
    team: Team, framework: Framework, lin: User, cora: User, log_in: LogIn
) -> None:
    """The coach differs about version control, and asks about test automation, which goes."""
    assessment_id = returned(team, framework, lin, cora)
    document = newest_document()
    del document["areas"][1]
    publish(framework, document)
    move(assessment_id, lin)
    browser, page = log_in(lin), f"/maturity/assessments/{assessment_id}"
    refused = browser.post(f"{page}/reply")
    assert refused.status_code == 409
    assert "Version control" in refused.text
    said = browser.post(f"{page}/answers/version-control/words", data={"text": "They are short now."})
    assert said.status_code == 303
    assert browser.post(f"{page}/reply").status_code == 303
    assert db.session.get_one(Assessment, assessment_id).state == State.VERIFYING


def with_production_instead_of_changes() -> dict[str, Any]:
    """The newest document, which asks about testing in production and no more about the management of changes."""
    document = newest_document()
    first = document["areas"][0]["capabilities"]
    document["areas"][0]["capabilities"] = [first[0], {**first[1], "slug": "testing-in-production", "was": []}]
    return document


def test_what_is_no_longer_asked_does_not_count_as_answered(
    team: Team, framework: Framework, lin: User, log_in: LogIn
) -> None:
    assessment_id = begin(team, framework, lin)
    say_all(assessment_id, lin)
    publish(framework, with_production_instead_of_changes())
    move(assessment_id, lin)
    front = log_in(lin).get("/maturity/").text
    assert "2 of 3 answered." in front
    assert "Go on answering." in front


def test_what_is_missing_after_a_move_is_said_before_it_is_sent_back(
    team: Team, framework: Framework, lin: User, cora: User, log_in: LogIn
) -> None:
    assessment_id = returned(team, framework, lin, cora)
    for capability in ("version-control", "test-automation"):
        with transaction() as session:
            answer_finding(session, assessment_id, capability, "We see it so.", actor=lin, now=NOW)
    publish(framework, with_production_instead_of_changes())
    move(assessment_id, lin)
    browser, page = log_in(lin), f"/maturity/assessments/{assessment_id}"
    shown = browser.get(page).text
    assert "Every finding is answered" not in shown
    assert "One answer is missing since the framework has changed." in shown
    missing = f'href="{page}/areas/configuration-management#testing-in-production"'
    assert missing in shown[shown.index("findings-left") : shown.index("answers-title")]
    refused = browser.post(f"{page}/reply")
    assert refused.status_code == 409
    assert missing in refused.text[refused.text.index("form-errors") : refused.text.index("findings-left")]
    say(assessment_id, "testing-in-production", Said(1), lin)
    assert "Every finding is answered" in browser.get(page).text
    assert browser.post(f"{page}/reply").status_code == 303


def test_each_answer_follows_its_own_name(team: Team, framework: Framework, lin: User) -> None:
    assessment_id = begin(team, framework, lin)
    say_all(assessment_id, lin)
    version = db.session.execute(select(FrameworkVersion)).scalar_one()
    document = copy.deepcopy(version.content)
    one, other = document["areas"][0]["capabilities"]
    one["slug"], one["was"] = "revision-control", ["version-control"]
    other["slug"], other["was"] = "changes", ["change-management"]
    publish(framework, document)
    move(assessment_id, lin)
    answers = {each.capability: each.level for each in get_assessment(assessment_id).answers}
    assert answers == {"revision-control": 2, "changes": 3, "test-automation": 1}


def test_what_is_with_a_coach_stays_where_it_is(team: Team, framework: Framework, lin: User) -> None:
    assessment_id = submitted(team, framework, lin)
    publish(framework, newer_document(framework))
    with pytest.raises(ConflictError):
        move(assessment_id, lin)
    assert db.session.get_one(Assessment, assessment_id).state == State.SUBMITTED


def test_what_was_renamed_meanwhile_is_kept_with_an_answer_under_the_older_name(
    team: Team, framework: Framework, lin: User, cora: User
) -> None:
    """A coach has it in hand, so that it cannot move: version control is called otherwise, twice, and its first name was given to
    something else.
    """
    make_practice("short-branches", capability=framework.areas[0].capabilities[0], level=2)
    with transaction() as session:
        session.add(
            Adoption(practice_slug="short-branches", team_id=team.id, stage="using", since=NOW.date(), confirmed_at=NOW)
        )
        set_targets(
            session, team, framework, {"version-control": Wish(4)}, was={}, actor=lin, today=NOW.date(), now=NOW
        )
    assessment_id = submitted(team, framework, lin)
    take_on(assessment_id, cora)
    rename_capability(framework, "version-control", "revision-control")
    rename_capability(framework, "revision-control", "sources")
    document = newest_document()
    first = document["areas"][0]["capabilities"]
    first.append({**first[0], "slug": "version-control", "was": []})
    publish(framework, document)

    item = make_sheet(get_assessment(assessment_id, lin), lin, "en").item("version-control")
    assert ([each.slug for each in item.adopted], item.target) == (["short-branches"], 4)
    agree_to_rest(assessment_id, cora)
    snapshot = db.session.get_one(Snapshot, confirm(assessment_id, cora))
    kept = next(each for each in snapshot.content["capabilities"] if each["slug"] == "version-control")
    assert [each["link"] for each in kept["evidence"]] == ["/practices/short-branches"]
    assert kept["target"]["level"] == 4


def test_only_the_team_moves_it(team: Team, framework: Framework, lin: User, olga: User) -> None:
    assessment_id = begin(team, framework, lin)
    publish(framework, newer_document(framework))
    with pytest.raises(ForbiddenError):
        move(assessment_id, olga)


def test_a_name_is_followed_through_every_version(framework: Framework) -> None:
    first = db.session.execute(select(FrameworkVersion)).scalar_one().content
    second = newer_document(framework)
    third = copy.deepcopy(second)
    renamed = third["areas"][1]["capabilities"][0]
    renamed["slug"], renamed["was"] = "tests", ["automated-tests"]
    found = moves([first, second, third])
    assert found.renamed == {"test-automation": "tests"}
    assert [each.slug for each in found.changed] == ["version-control"]
    assert [each.slug for each in found.added] == ["testing-in-production"]
    assert [each.slug for each in found.dropped] == ["change-management"]
    assert moves([first]).is_empty
