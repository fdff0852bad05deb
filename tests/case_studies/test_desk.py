"""Writing and reviewing in a browser: the guided form, its preview and rows, the steps, and who is turned away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS, State
from app.kernel.db import db, transaction
from tests.case_studies.conftest import House
from tests.factories.case_studies import make_case_study
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]


def fields(house: House, **changes: object) -> dict[str, object]:
    """What a person types into the form, whole."""
    return {
        "title": "By day",
        "summary": "Dull releases.",
        "team": str(house.team.id),
        "language": "en",
        "capability": str(house.capabilities["version-control"].id),
        **dict.fromkeys(PARTS, "Some *text*."),
        "metrics-0-name": "Lead time",
        "metrics-0-before": "21",
        "metrics-0-after": "4.5",
        "metrics-0-unit": "days",
        "metrics-0-better": "lower",
        "metrics-0-window": "2026",
        "metrics-0-source": "Build server",
        "revision": "0",
        **changes,
    }


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def only_study() -> CaseStudy:
    return db.session.execute(select(CaseStudy)).scalar_one()


def test_a_story_is_written_saved_and_changed(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    assert browser.get("/case-studies/new").status_code == 200
    answer = browser.post("/case-studies/new", data=fields(house))
    study = only_study()
    assert (answer.status_code, answer.location) == (303, f"/case-studies/{study.slug}?lang=en")
    assert study.story.metrics[0].after == 4.5
    assert study.story.parts == dict.fromkeys(PARTS, "Some *text*.")
    form = text(browser.get(f"/case-studies/{study.slug}/edit"))
    for shown in ("By day", 'value="21.0"', "Some *text*.", f'name="revision" type="hidden" value="{study.revision}"'):
        assert shown in form or shown.replace("21.0", "21") in form
    answer = browser.post(
        f"/case-studies/{study.slug}/edit", data=fields(house, title="New", revision=str(study.revision))
    )
    assert answer.status_code == 303
    assert only_study().title == "New"


def test_a_draft_needs_a_title_and_a_team_only(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    answer = browser.post(
        "/case-studies/new", data={"title": "T", "team": str(house.team.id), "language": "zh", "capability": ""}
    )
    assert answer.status_code == 303
    assert (only_study().language, only_study().metrics) == ("zh", [])
    answer = browser.post("/case-studies/new", data=fields(house, title=" ", team="999"))
    assert answer.status_code == 422
    assert "Please fill this in." in text(answer)
    assert "Some *text*." in text(answer)


def test_what_is_no_number_is_said_beside_it_and_kept(house: House, log_in: LogIn) -> None:
    for wrong in ("a lot", "nan", "inf"):
        answer = log_in(house.owner).post("/case-studies/new", data=fields(house, **{"metrics-0-before": wrong}))
        assert answer.status_code == 422
        assert "Write a number, such as 4.5." in text(answer)
        assert f'value="{wrong}"' in text(answer)
    assert db.session.execute(select(CaseStudy)).first() is None


def test_one_more_row_comes_without_script_and_keeps_what_was_typed(house: House, log_in: LogIn) -> None:
    answer = log_in(house.owner).post("/case-studies/new", data=fields(house, title="", action="add-row"))
    page = text(answer)
    assert answer.status_code == 200
    assert 'name="metrics-1-name"' in page
    assert 'value="Lead time"' in page
    assert db.session.execute(select(CaseStudy)).first() is None
    rows = {f"metrics-{number}-name": "x" for number in range(12)}
    page = text(log_in(house.owner).post("/case-studies/new", data=fields(house, **rows, action="add-row")))
    assert 'name="metrics-12-name"' not in page


def test_the_preview_is_the_page_and_saves_nothing(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    preview = text(browser.post("/case-studies/new", data=fields(house, action="preview")))
    assert db.session.execute(select(CaseStudy)).first() is None
    browser.post("/case-studies/new", data=fields(house))
    page = text(browser.get(f"/case-studies/{only_study().slug}"))
    prose = r'<div class="prose">.*?</div>'
    numbers = r'<section class="case-numbers".*?</section>'
    for pattern in (prose, numbers):
        assert re.findall(pattern, preview, re.DOTALL) == re.findall(pattern, page, re.DOTALL) != []


def test_two_who_edit_at_once_lose_nothing(house: House, log_in: LogIn) -> None:
    study = make_case_study(house.owner, house.story())
    url, opened = f"/case-studies/{study.slug}/edit", str(study.revision)
    assert log_in(house.owner).post(url, data=fields(house, title="First", revision=opened)).status_code == 303
    late = log_in(house.colleague)
    answer = late.post(url, data=fields(house, title="Second", revision=opened))
    assert answer.status_code == 409
    assert "Somebody else saved this case study" in text(answer)
    assert 'value="Second"' in text(answer)
    assert only_study().title == "First"
    (shown,) = re.findall(r'name="revision"[^>]*value="(\d+)"', text(answer))
    assert late.post(url, data=fields(house, title="Second", revision=shown)).status_code == 303
    assert only_study().title == "Second"


def test_the_whole_way_through_the_pages(house: House, log_in: LogIn, client: FlaskClient) -> None:
    team, editor = log_in(house.owner), log_in(house.editor)
    team.post("/case-studies/new", data=fields(house))
    url = f"/case-studies/{only_study().slug}"
    assert "By day" in text(team.get("/case-studies/mine"))
    assert team.post(f"{url}/submission", data={"lang": "en"}).status_code == 303
    assert "By day" in text(editor.get("/case-studies/review"))
    answer = editor.post(f"{url}/decision", data={"decision": "request_changes", "comment": " "})
    assert answer.status_code == 422
    assert "Say what the team should change." in text(answer)
    editor.post(f"{url}/decision", data={"decision": "request_changes", "comment": "Which server?"})
    assert "Which server?" in text(team.get(url))
    assert team.post(f"{url}/edit", data=fields(house, revision=str(only_study().revision))).status_code == 303
    team.post(f"{url}/submission")
    assert editor.post(f"{url}/decision?lang=en", data={"decision": "accept"}).status_code == 303
    assert client.get(url).status_code == 200
    assert team.post(f"{url}/withdrawal").status_code == 303
    assert client.get(url).status_code == 404
    team.post(f"{url}/reopening")
    assert only_study().state == State.DRAFT
    assert [event.step for event in only_study().events] == [
        "submit", "request_changes", "submit", "accept", "withdraw", "reopen",
    ]  # fmt: skip


def test_a_second_decision_answers_with_the_sentence(house: House, log_in: LogIn) -> None:
    study = make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    second = make_user("Second", Role.EDITOR)
    answer = log_in(second).post(f"/case-studies/{study.slug}/decision", data={"decision": "reject", "comment": "No."})
    assert answer.status_code == 409
    assert "This case study is published already." in text(answer)


def test_an_incomplete_story_is_turned_back_with_what_is_missing(house: House, log_in: LogIn) -> None:
    study = make_case_study(house.owner, house.story(metrics=()))
    answer = log_in(house.owner).post(f"/case-studies/{study.slug}/submission")
    assert answer.status_code == 409
    assert "At least one number before and after" in text(answer)


POSTS = {
    "edit": {"title": "Mine now", "team": "1", "language": "en"},
    "submission": {},
    "withdrawal": {},
    "reopening": {},
    "decision": {"decision": "accept", "comment": "Yes."},
}


@pytest.mark.parametrize("path", POSTS)
def test_who_may_see_but_not_act_is_forbidden_and_who_may_not_see_finds_nothing(
    house: House, log_in: LogIn, client: FlaskClient, path: str
) -> None:
    study = make_case_study(house.owner, house.story(), State.SUBMITTED)
    url = f"/case-studies/{study.slug}/{path}"
    insider = house.owner if path == "decision" else house.editor
    assert log_in(insider).post(url, data=POSTS[path]).status_code == 403
    assert log_in(house.outsider).post(url, data=POSTS[path]).status_code == (403 if path == "decision" else 404)
    assert client.post(url, data=POSTS[path]).status_code == 303
    assert only_study().state == State.SUBMITTED


def test_an_editor_in_the_team_is_forbidden_to_decide(house: House, log_in: LogIn) -> None:
    editor = make_user("Own Editor", Role.EDITOR)
    team = make_team("Both", house.owner, editor)
    study = make_case_study(house.owner, house.story(team_id=team.id), State.SUBMITTED)
    answer = log_in(editor).post(f"/case-studies/{study.slug}/decision", data=POSTS["decision"])
    assert answer.status_code == 403
    assert "Send the decision" not in text(log_in(editor).get(f"/case-studies/{study.slug}"))


def test_the_queue_is_for_those_who_review(house: House, log_in: LogIn) -> None:
    assert log_in(house.owner).get("/case-studies/review").status_code == 403
    assert "Nothing waits for you" in text(log_in(house.editor).get("/case-studies/review"))


def test_who_is_in_no_team_is_told_what_to_do(house: House, log_in: LogIn) -> None:
    browser = log_in(house.outsider)
    assert "You are not in a team yet" in text(browser.get("/case-studies/new"))
    assert "You are not in a team yet" in text(browser.get("/case-studies/mine"))


def test_what_is_being_read_cannot_be_opened_for_editing(house: House, log_in: LogIn) -> None:
    study = make_case_study(house.owner, house.story(), State.PUBLISHED, house.editor)
    answer = log_in(house.owner).get(f"/case-studies/{study.slug}/edit")
    assert answer.status_code == 409
    assert "the team can withdraw it" in text(answer)


def test_an_action_names_its_version_where_there_are_several(house: House, log_in: LogIn) -> None:
    english = make_case_study(house.owner, house.story())
    chinese = make_case_study(house.owner, house.story(language="zh"))
    with transaction():
        chinese.slug = english.slug
    browser = log_in(house.owner)
    assert browser.post(f"/case-studies/{english.slug}/submission").status_code == 404
    assert browser.post(f"/case-studies/{english.slug}/submission", data={"lang": "zh"}).status_code == 303
    assert (english.state, chinese.state) == (State.DRAFT, State.SUBMITTED)
