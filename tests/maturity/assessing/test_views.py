"""Answering in a browser, with script and without."""

from __future__ import annotations

import copy
import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.rules import Role
from app.capabilities.models import Framework, FrameworkVersion
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.maturity.assessing.answering import answer_finding, said_in
from app.maturity.assessing.rules import Said
from app.maturity.assessing.service import open_findings
from app.maturity.assessing.sheet import make_sheet
from app.maturity.models import Assessment, Evidence, FindingWord
from app.maturity.queries import get_assessment
from app.maturity.rules import State, Step
from app.notifications.models import Notice
from tests.factories.assessments import EVERYWHERE, NOW, begin, returned, say, say_all, step, submitted
from tests.factories.people import make_user

LogIn = Callable[[User], FlaskClient]
JSON = {"Accept": "application/json"}


def page(assessment_id: int, rest: str = "") -> str:
    return f"/maturity/assessments/{assessment_id}{rest}"


def answer(assessment_id: int, capability: str = "version-control") -> str:
    return page(assessment_id, f"/answers/{capability}")


def kept(assessment_id: int, capability: str = "version-control") -> Said:
    return said_in(next(each for each in get_assessment(assessment_id).answers if each.capability == capability))


def state_of(assessment_id: int) -> str:
    return db.session.get_one(Assessment, assessment_id).state


def test_the_front_page_begins_one_and_leads_back_to_it(
    team: Team, framework: Framework, lin: User, max_: User, log_in: LogIn, clock: object
) -> None:
    form = {"team": team.slug, "framework": framework.slug, "title": "2026, second half"}
    first = log_in(lin).post("/maturity/assessments", data=form)
    assert first.status_code == 303
    again = log_in(max_).post("/maturity/assessments", data=form)
    assert again.location == first.location
    front = log_in(max_).get("/maturity/").text
    assert "0 of 3 answered." in front
    assert f'href="{first.location}"' in front


def test_nobody_begins_one_for_another_team(team: Team, framework: Framework, olga: User, log_in: LogIn) -> None:
    form = {"team": team.slug, "framework": framework.slug, "title": "Theirs"}
    assert log_in(olga).post("/maturity/assessments", data=form).status_code == 422
    assert db.session.execute(select(Assessment)).first() is None


def test_whoever_is_in_no_team_is_told_what_this_is(olga: User, log_in: LogIn) -> None:
    front = log_in(olga).get("/maturity/").text
    assert "You are in no team yet" in front
    assert "Start an assessment" not in front


def test_visitors_are_asked_to_log_in(running: int, client: FlaskClient) -> None:
    for path in ("/maturity/", page(running), page(running, "/changes")):
        assert client.get(path).status_code == 303
    assert client.get(page(running, "/changes"), headers=JSON).status_code == 401


def test_outsiders_find_nothing(running: int, olga: User, cora: User, log_in: LogIn) -> None:
    for person in (olga, cora):
        browser = log_in(person)
        for rest in ("", "/areas/test-management", "/changes?since=0", "/answers/version-control/history"):
            assert browser.get(page(running, rest)).status_code == 404
        for rest in ("/answers/version-control", "/answers/version-control/evidence", "/submission", "/withdrawal"):
            assert browser.post(page(running, rest), data={"level": "2"}).status_code == 404


def test_an_answer_without_script(running: int, lin: User, log_in: LogIn) -> None:
    browser = log_in(lin)
    done = browser.post(answer(running), data={"level": "3", "note": "One\r\nTwo", "base": "0"})
    assert (done.status_code, done.location) == (
        303,
        f"{page(running, '/areas/configuration-management')}#version-control",
    )
    assert kept(running) == Said(3, note="One\nTwo")
    shown = browser.get(page(running, "/areas/configuration-management")).text
    assert 'id="version-control-3" value="3"' in shown
    assert "1 of 3 answered" in shown


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_lost(running: int, lin: User, log_in: LogIn) -> None:
    form = {"level": "na", "reason": "", "note": "Half a page of thoughts", "base": "0"}
    refused = log_in(lin).post(answer(running), data=form)
    assert refused.status_code == 422
    assert "Say why it does not apply to the team" in refused.text
    assert "Half a page of thoughts</textarea>" in refused.text
    assert 'data-first-invalid="version-control-reason"' in refused.text


def test_what_was_typed_survives_a_lost_session(running: int, client: FlaskClient) -> None:
    lost = client.post(
        answer(running), data={"level": "3", "note": "Half a page of thoughts, and then the session ended."}
    )
    assert lost.status_code == 401
    assert "Half a page of thoughts" in lost.text


def test_a_conflict_without_script_shows_both_and_lets_one_choose(
    running: int, lin: User, max_: User, log_in: LogIn
) -> None:
    say(running, "version-control", Said(3, note="Theirs"), max_)
    browser = log_in(lin)
    refused = browser.post(answer(running), data={"level": "4", "note": "Mine", "base": "0"})
    assert refused.status_code == 409
    assert "Max Mai has answered this meanwhile" in refused.text
    assert "Theirs</dd>" in refused.text
    assert "Mine</textarea>" in refused.text
    assert kept(running) == Said(3, note="Theirs")
    base = get_assessment(running).answers[0].revision
    assert f'name="base" value="{base}"' in refused.text
    assert browser.post(answer(running), data={"level": "4", "note": "Mine", "base": str(base)}).status_code == 303
    assert kept(running) == Said(4, note="Mine")


def test_the_script_is_told_what_holds(running: int, lin: User, max_: User, log_in: LogIn) -> None:
    browser = log_in(lin)
    told = browser.post(answer(running), data={"level": "2", "base": "0"}, headers=JSON).get_json()
    assert (told["level"], told["by"], told["progress"]["done"]) == ("2", "Lin Yue", 1)
    assert told["progress"]["next"].endswith("#change-management")
    wrong = browser.post(answer(running), data={"level": "na", "base": "0"}, headers=JSON)
    assert (wrong.status_code, list(wrong.get_json()["errors"])) == (422, ["reason"])
    other = log_in(max_).post(answer(running), data={"level": "5", "base": "0"}, headers=JSON)
    assert (other.status_code, other.get_json()["theirs"]["level"]) == (409, "2")
    assert "Lin Yue" in other.get_json()["html"]


def test_what_others_change_is_told_once(running: int, lin: User, max_: User, log_in: LogIn) -> None:
    browser = log_in(max_)
    before = browser.get(page(running, "/changes?since=0"))
    assert before.status_code == 204
    say(running, "test-automation", Said(4), lin)
    told = browser.get(page(running, "/changes?since=0")).get_json()
    assert [(each["capability"], each["level"], each["by"]) for each in told["answers"]] == [
        ("test-automation", "4", "Lin Yue")
    ]
    assert browser.get(page(running, f"/changes?since={told['revision']}")).status_code == 204


def test_as_long_as_nothing_changes_one_small_question_is_asked(
    running: int, lin: User, log_in: LogIn, count_queries: list[str]
) -> None:
    browser = log_in(lin)
    browser.get(page(running, "/changes?since=0"))
    count_queries.clear()
    browser.get(page(running, "/changes?since=0"))
    # Who asks, in which teams they are, and the number.
    assert len([each for each in count_queries if each.startswith("SELECT")]) <= 3


def test_links_and_numbers_show_an_answer_to_be_true(running: int, lin: User, log_in: LogIn) -> None:
    browser, address = log_in(lin), answer(running) + "/evidence"
    link = {"kind": "link", "title": "The pipeline", "link": "https://ci.example/"}
    number = {"kind": "metric", "title": "Lead time", "value": "12.5", "unit": "hours", "window": "October 2026"}
    assert browser.post(address, data=link).status_code == 303
    told = browser.post(address, data=number, headers=JSON).get_json()
    assert "The pipeline" in told["evidence"]
    assert "12.5 hours" in told["evidence"]
    shown = browser.get(page(running, "/areas/configuration-management")).text
    assert 'href="https://ci.example/"' in shown
    evidence = db.session.execute(select(Evidence).where(Evidence.kind == "link")).scalar_one()
    browser.post(page(running, f"/evidence/{evidence.id}/removal"))
    assert [each.kind for each in get_assessment(running).answers[0].evidence] == ["metric"]


def test_wrong_evidence_is_explained_beside_the_field(running: int, lin: User, log_in: LogIn) -> None:
    browser, address = log_in(lin), answer(running) + "/evidence"
    link = {"kind": "link", "title": "The pipeline", "link": "javascript:alert(1)"}
    refused = browser.post(address, data=link)
    assert refused.status_code == 422
    assert "A link begins with https:// or http://." in refused.text
    assert 'value="javascript:alert(1)"' in refused.text
    errors = browser.post(address, data={"kind": "metric", "title": "Speed", "value": "fast"}, headers=JSON).get_json()
    assert list(errors["errors"]) == ["value"]


@pytest.mark.slow
def test_a_file_is_kept(running: int, lin: User, log_in: LogIn) -> None:
    browser, address = log_in(lin), answer(running) + "/evidence"
    nothing = browser.post(address, data={"kind": "file"}, content_type="multipart/form-data")
    assert (nothing.status_code, "Choose a file first." in nothing.text) == (422, True)
    file = (io.BytesIO(b"Branches are short."), "policy.txt")
    assert browser.post(address, data={"kind": "file", "file": file}).status_code == 303
    evidence = get_assessment(running).answers[0].evidence[0]
    assert (evidence.title, evidence.link.startswith("/media/guarded/")) == ("policy.txt", True)
    with browser.get(evidence.link) as sent:
        assert sent.data == b"Branches are short."


def test_submitting_with_gaps_lists_them(running: int, lin: User, log_in: LogIn) -> None:
    say(running, "version-control", Said(2), lin)
    refused = log_in(lin).post(page(running, "/submission"))
    assert refused.status_code == 409
    listed = refused.text.split('role="alert"')[1].split("</div>")[0]
    assert ("Change management" in listed, "Test automation" in listed, "Version control" in listed) == (
        True,
        True,
        False,
    )
    assert state_of(running) == State.ANSWERING


def test_submitting_tells_the_team_and_the_coaches(
    running: int, lin: User, max_: User, cora: User, olga: User, log_in: LogIn
) -> None:
    say_all(running, max_)
    assert log_in(lin).post(page(running, "/submission")).status_code == 303
    told = db.session.execute(select(Notice.user_id, Notice.kind).order_by(Notice.id)).all()
    assert [tuple(each) for each in told] == [(max_.id, "assessment submit"), (cora.id, "assessment waiting")]
    mails = db.session.execute(select(Mail.to)).scalars()
    assert sorted(mails) == sorted([max_.email, cora.email])
    assert "Payments: 2026, second half" in log_in(cora).get("/maturity/").text
    assert log_in(cora).get(page(running, "/areas/test-management")).status_code == 200
    assert log_in(lin).post(answer(running), data={"level": "5", "base": "9"}).status_code == 409


def test_taking_back_and_withdrawing(team: Team, framework: Framework, lin: User, max_: User, log_in: LogIn) -> None:
    assessment_id = submitted(team, framework, max_)
    assert log_in(max_).post(page(assessment_id, "/recall")).status_code == 303
    assert state_of(assessment_id) == State.ANSWERING
    silent = log_in(lin).post(page(assessment_id, "/withdrawal"), data={"reason": " "})
    assert silent.status_code == 422
    done = log_in(lin).post(page(assessment_id, "/withdrawal"), data={"reason": "The team is split up"})
    assert done.status_code == 303
    assert "The team is split up" in log_in(max_).get(page(assessment_id)).text
    assert log_in(lin).post(page(assessment_id, "/recall")).status_code == 409


def test_a_member_who_neither_leads_nor_began_cannot_withdraw(running: int, max_: User, log_in: LogIn) -> None:
    assert log_in(max_).post(page(running, "/withdrawal"), data={"reason": "No"}).status_code == 403
    assert "Withdraw this assessment" not in log_in(max_).get(page(running)).text


def test_findings_stand_beside_the_answers_and_are_answered_there(
    team: Team, framework: Framework, lin: User, cora: User, log_in: LogIn
) -> None:
    assessment_id, browser = returned(team, framework, lin, cora), log_in(lin)
    overview = browser.get(page(assessment_id)).text
    assert "Cora Coach has looked at your answers" in overview
    area = browser.get(page(assessment_id, "/areas/configuration-management")).text
    assert "Branches live for months." in area
    refused = browser.post(page(assessment_id, "/reply"))
    assert (refused.status_code, "the finding is not answered" in refused.text) == (409, True)
    empty = browser.post(answer(assessment_id) + "/words", data={"text": " "})
    assert empty.status_code == 422
    for capability in ("version-control", "test-automation"):
        done = browser.post(answer(assessment_id, capability) + "/words", data={"text": f"About {capability}"})
        assert done.status_code == 303
    words = db.session.execute(select(FindingWord.text).where(FindingWord.verdict.is_(None))).scalars()
    assert sorted(words) == ["About test-automation", "About version-control"]
    assert browser.post(page(assessment_id, "/reply"), data={"comment": "Thank you"}).status_code == 303
    assert state_of(assessment_id) == State.VERIFYING
    told = db.session.execute(select(Notice.kind).where(Notice.user_id == cora.id).order_by(Notice.id)).scalars()
    assert list(told) == ["assessment waiting", "assessment reply"]


def test_what_a_coach_writes_while_verifying_is_not_seen_yet(
    team: Team, framework: Framework, lin: User, cora: User, log_in: LogIn
) -> None:
    assessment_id = returned(team, framework, lin, cora)
    # As if it had not been given back yet.
    with transaction() as session:
        session.get_one(Assessment, assessment_id).state = State.VERIFYING
    area = log_in(lin).get(page(assessment_id, "/areas/configuration-management")).text
    assert "Branches live for months." not in area


def test_the_history_says_who_said_what(running: int, lin: User, max_: User, log_in: LogIn) -> None:
    base = say(running, "version-control", Said(2, note="First thought"), lin).answer.revision
    say(running, "version-control", Said(3, note="Second thought"), max_, base=base)
    history = log_in(lin).get(answer(running) + "/history").text
    assert history.index("Second thought") < history.index("First thought")
    assert "Max Mai" in history


def test_a_framework_without_statements_gets_the_general_ones(
    team: Team, framework: Framework, lin: User, log_in: LogIn
) -> None:
    with transaction() as session:
        content = copy.deepcopy(session.execute(select(FrameworkVersion.content)).scalar_one())
        content["areas"][0]["capabilities"][0]["levels"] = {}
        session.get_one(Framework, framework.id).number = 2
        session.add(FrameworkVersion(framework_id=framework.id, number=2, label="2", content=content, at=NOW))
    assessment_id = begin(team, framework, lin)
    assert "Agreed and kept." in log_in(lin).get(page(assessment_id, "/areas/configuration-management")).text


def test_an_area_that_is_not_there_is_not_found(running: int, lin: User, log_in: LogIn) -> None:
    assert log_in(lin).get(page(running, "/areas/nothing")).status_code == 404
    assert log_in(lin).post(answer(running, "nothing"), data={"level": "2", "base": "0"}).status_code == 404


def test_a_coach_of_the_team_does_not_see_it_among_what_waits(
    team: Team, framework: Framework, lin: User, max_: User, cora: User, log_in: LogIn
) -> None:
    assessment_id = submitted(team, framework, lin)
    assert f"/maturity/assessments/{assessment_id}" in log_in(cora).get("/maturity/").text
    step(assessment_id, Step.TAKE_ON, cora)
    assert "To be verified" not in log_in(max_).get("/maturity/").text


def test_what_the_page_calls_open_is_what_keeps_the_reply_back(
    team: Team, framework: Framework, lin: User, cora: User
) -> None:
    assessment_id = returned(team, framework, lin, cora)
    base = next(each.revision for each in get_assessment(assessment_id).answers if each.capability == "version-control")
    assessment = get_assessment(assessment_id)
    answers = {each.capability: each for each in assessment.answers}
    shown = [item.question.slug for item in make_sheet(assessment, lin, "en").open_findings]
    assert sorted(shown) == sorted(open_findings(db.session(), assessment, answers, EVERYWHERE))
    assert len(shown) == 2
    say(assessment_id, "version-control", Said(1), lin, base=base)
    assessment = get_assessment(assessment_id)
    answers = {each.capability: each for each in assessment.answers}
    shown = [item.question.slug for item in make_sheet(assessment, lin, "en").open_findings]
    assert shown == open_findings(db.session(), assessment, answers, EVERYWHERE) == ["test-automation"]
    step(assessment_id, Step.WITHDRAW, lin)
    assert make_sheet(get_assessment(assessment_id), lin, "en").open_findings == []


def test_a_coach_who_cannot_verify_any_more_is_not_said_to_look_at_it(
    team: Team, framework: Framework, lin: User, cora: User, log_in: LogIn
) -> None:
    assessment_id = returned(team, framework, lin, cora)
    for capability in ("version-control", "test-automation"):
        with transaction() as session:
            answer_finding(session, assessment_id, capability, "We see it so.", actor=lin, now=NOW)
    make_user("Ben Coach", Role.COACH)
    browser = log_in(lin)
    assert "Send your answers back to Cora Coach." in browser.get(page(assessment_id)).text
    with transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.user_id == cora.id))
    assert "another coach looks at them anew" in browser.get(page(assessment_id)).text
    sent = browser.post(page(assessment_id, "/reply"), follow_redirects=True).text
    assert "Sent. It waits for another coach now" in sent
    assert "Cora Coach looks at the answers" not in sent
    assert "Whoever had it in hand cannot verify it any more." in sent
    assert "Nobody can verify it at the moment" not in sent
    front = browser.get("/maturity/").text
    assert "Waits for another coach" in front
    assert "Cora Coach looks at" not in front


def test_where_there_is_no_coach_nobody_is_said_to_have_been_told(running: int, lin: User, log_in: LogIn) -> None:
    say_all(running, lin)
    shown = log_in(lin).post(page(running, "/submission"), follow_redirects=True).text
    assert "There is no coach yet who could verify it" in shown
    assert "Nobody can verify it at the moment" in shown
    assert "The coaches have been told" not in shown
    assert "you are told when one has taken it on" not in shown
    make_user("Ben Coach", Role.COACH)
    assert "The coaches have been told" in log_in(lin).get(page(running)).text


def test_a_coach_who_joins_the_team_has_nothing_of_it_in_hand(
    team: Team, framework: Framework, lin: User, cora: User, log_in: LogIn
) -> None:
    assessment_id = submitted(team, framework, lin)
    step(assessment_id, Step.TAKE_ON, cora)
    browser = log_in(cora)
    assert "Look at the answers" in browser.get("/").text
    with transaction() as session:
        session.add(Membership(team_id=team.id, user_id=cora.id))
    assert "Look at the answers" not in browser.get("/").text


def test_an_administrator_ends_what_a_team_without_people_has_left_behind(
    team: Team, framework: Framework, lin: User, cora: User, log_in: LogIn
) -> None:
    """It is back with a team that nobody is in any more, and the reader reads nothing of what was said."""
    assessment_id = returned(team, framework, lin, cora)
    browser, withdrawal = log_in(make_user("Adam", Role.ADMINISTRATOR)), page(assessment_id, "/withdrawal")
    assert browser.get(page(assessment_id)).status_code == 404
    assert browser.post(withdrawal, data={"reason": "Gone"}).status_code == 404
    assert "Left behind" not in browser.get("/maturity/").text
    with transaction() as session:
        session.execute(delete(Membership).where(Membership.user_id == lin.id))
        for membership in session.get_one(Team, team.id).memberships:
            membership.user.disabled_at = NOW
    assert f'href="{page(assessment_id)}"' in browser.get("/maturity/").text
    shown = browser.get(page(assessment_id))
    assert "Withdraw this assessment" in shown.text
    assert "What the team says" not in shown.text
    assert browser.get(page(assessment_id, "/areas/test-management")).status_code == 404
    assert log_in(make_user("Lea", Role.LEADER)).get(page(assessment_id)).status_code == 404
    assert browser.post(withdrawal, data={"reason": ""}).status_code == 422
    ended = browser.post(withdrawal, data={"reason": "The team is gone."})
    assert (ended.status_code, ended.location) == (303, "/maturity/")
    assert state_of(assessment_id) == State.WITHDRAWN
    told = db.session.execute(select(Notice.user_id).where(Notice.kind == "assessment withdraw")).scalars()
    assert list(told) == [cora.id]
