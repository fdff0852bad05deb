"""Writing a case study in a browser: the forms of a story and of an interview, their rows and numbers, and who is turned away."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.accounts.models import User
from app.accounts.rules import Role
from app.case_studies.contents import story_of
from app.case_studies.rules import PARTS, Answer, Form, MetricValues, Story
from app.kernel.db import db
from app.writing.models import Manuscript
from app.writing.policy import audience
from app.writing.queries import content_of
from app.writing.rules import State, Step
from tests.case_studies.conftest import House
from tests.factories.case_studies import LEAD_TIME, change, make_interview, make_manuscript, move
from tests.factories.people import make_team, make_user

LogIn = Callable[[User], FlaskClient]
NEW, INTERVIEW = "/case-studies/new?form=story", "/case-studies/new?form=interview"


def fields(house: House, **changes: object) -> dict[str, object]:
    """What a person types into the form, whole."""
    return {
        "title": "By day",
        "summary": "Dull releases.",
        "team": house.team.slug,
        "language": "en",
        "capability": "version-control",
        **dict.fromkeys(PARTS, "Some *text*."),
        "metrics-0-name": "Lead time",
        "metrics-0-before": "21",
        "metrics-0-after": "4.5",
        "metrics-0-unit": "days",
        "metrics-0-better": "lower",
        "metrics-0-window": "2026",
        "metrics-0-source": "Build server",
        "key": "k" * 20,
        **changes,
    }


def text(answer: TestResponse) -> str:
    return answer.get_data(as_text=True)


def only() -> Manuscript:
    return db.session.execute(select(Manuscript)).unique().scalar_one()


def story() -> Story:
    return story_of(content_of(only()))


def nothing() -> bool:
    return db.session.execute(select(Manuscript)).first() is None


def test_one_chooses_between_a_story_and_an_interview(house: House, log_in: LogIn) -> None:
    page = text(log_in(house.owner).get("/case-studies/new"))
    for form in Form:
        assert f'href="/case-studies/new?form={form}"' in page


def test_a_story_is_written_saved_and_changed(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    assert browser.get(NEW).status_code == 200
    answer = browser.post(NEW, data=fields(house))
    manuscript = only()
    assert (answer.status_code, answer.location) == (303, f"/writing/{manuscript.id}")
    assert story().metrics[0].after == 4.5
    assert story().parts == dict.fromkeys(PARTS, "Some *text*.")
    form = text(browser.get(f"/case-studies/{manuscript.slug}/edit"))
    for shown in ("By day", 'value="21"', "Some *text*.", 'name="base" type="hidden" value="1"'):
        assert shown in form
    answer = browser.post(f"/case-studies/{manuscript.slug}/edit", data=fields(house, title="New", base="1"))
    assert answer.status_code == 303
    assert (only().title, only().latest_number) == ("New", 2)
    slug = only().slug
    browser.post(f"/case-studies/{slug}/edit", data=fields(house, title="New", base="2"))
    assert (only().latest_number, only().slug) == (2, slug)


def test_a_draft_needs_a_title_and_a_team_only(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    answer = browser.post(
        NEW, data={"title": "T", "team": house.team.slug, "language": "zh", "capability": "", "key": "k" * 20}
    )
    assert answer.status_code == 303
    assert (only().language, story().metrics) == ("zh", ())
    answer = browser.post(NEW, data=fields(house, title=" ", team="no-such-team"))
    assert answer.status_code == 422
    assert "Please fill this in." in text(answer)
    assert "Some *text*." in text(answer)


def test_what_is_no_number_is_said_beside_it_and_kept(house: House, log_in: LogIn) -> None:
    for wrong in ("a lot", "nan", "inf"):
        answer = log_in(house.owner).post(NEW, data=fields(house, **{"metrics-0-before": wrong}))
        assert answer.status_code == 422
        assert "Write a number, such as 4.5." in text(answer)
        assert f'value="{wrong}"' in text(answer)
    assert nothing()


def test_one_more_row_comes_without_script_and_keeps_what_was_typed(house: House, log_in: LogIn) -> None:
    answer = log_in(house.owner).post(NEW, data=fields(house, title="", action="add-row"))
    page = text(answer)
    assert answer.status_code == 200
    assert 'name="metrics-1-name"' in page
    assert 'value="Lead time"' in page
    assert nothing()
    rows = {f"metrics-{number}-name": "x" for number in range(12)}
    page = text(log_in(house.owner).post(NEW, data=fields(house, **rows, action="add-row")))
    assert 'name="metrics-12-name"' not in page


def test_the_preview_is_the_page_and_saves_nothing(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    preview = text(browser.post(NEW, data=fields(house, action="preview")))
    assert nothing()
    browser.post(NEW, data=fields(house))
    move(only(), Step.SUBMIT, house.owner)
    move(only(), Step.ACCEPT, house.editor)
    page = text(browser.get(f"/case-studies/{only().slug}"))
    prose = r'<div class="prose">.*?</div>'
    numbers = r'<section class="case-numbers".*?</section>'
    for pattern in (prose, numbers):
        assert re.findall(pattern, preview, re.DOTALL) == re.findall(pattern, page, re.DOTALL) != []


@pytest.mark.parametrize("url", [NEW, INTERVIEW])
def test_a_preview_is_made_of_anything(house: House, log_in: LogIn, url: str) -> None:
    nonsense = {
        "title": "", "team": "nowhere", "language": "xx", "capability": "juggling", "metrics-0-before": "many", "metrics-0-after": "1e300",
        "metrics-0-measure": "magic", "metrics-0-cases_before": "-1", "questions-0-question": "Who?", "action": "preview",
    }  # fmt: skip
    assert log_in(house.owner).post(url, data=nonsense).status_code == 422
    answer = log_in(house.owner).post(url, data={**nonsense, "team": house.team.slug})
    assert answer.status_code == 200


def test_two_who_edit_at_once_lose_nothing(house: House, log_in: LogIn) -> None:
    manuscript = make_manuscript(house.owner, house.story())
    url = f"/case-studies/{manuscript.slug}/edit"
    given = fields(house) | {part: story().parts[part] for part in PARTS}
    assert log_in(house.owner).post(url, data={**given, "title": "First", "base": "1"}).status_code == 303
    late = log_in(house.colleague)
    answer = late.post(url, data={**given, "title": "Second", "context": "We run it.", "base": "1"})
    assert answer.status_code == 409
    assert "Somebody else wrote here:" in text(answer)
    assert 'value="Second"' in text(answer)
    assert only().title == "First"
    (shown,) = re.findall(r'name="base"[^>]*value="(\d+)"', text(answer))
    assert late.post(url, data={**given, "title": "Second", "context": "We run it.", "base": shown}).status_code == 303
    assert (only().title, story().parts["context"]) == ("Second", "We run it.")


def test_what_two_changed_in_different_rows_is_merged(house: House, log_in: LogIn) -> None:
    manuscript = make_manuscript(house.owner, house.story())
    url = f"/case-studies/{manuscript.slug}/edit"
    given = fields(house) | {part: story().parts[part] for part in PARTS} | {"title": story().title}
    numbers = {"name": "Change lead time", "window": "2026-01 to 2026-06", "after": "5"}
    given |= {f"metrics-0-{name}": value for name, value in numbers.items()} | {"summary": story().summary}
    log_in(house.owner).post(url, data={**given, "metrics-0-after": "3", "base": "1"})
    answer = log_in(house.colleague).post(
        url, data={**given, "metrics-1-name": "Builds", "metrics-1-before": "9", "metrics-1-after": "4", "base": "1"}
    )
    assert answer.status_code == 303
    assert [(metric.name, metric.after) for metric in story().metrics] == [("Change lead time", 3), ("Builds", 4)]


def test_the_whole_way_through_the_pages(house: House, log_in: LogIn, client: FlaskClient) -> None:
    team = log_in(house.owner)
    answer = team.post(NEW, data=fields(house, action="submit"))
    manuscript = only()
    assert manuscript.state == State.SUBMITTED
    url = f"/case-studies/{manuscript.slug}"
    assert "By day" in text(team.get("/writing/"))
    assert "By day" in text(log_in(house.editor).get(answer.location))
    move(manuscript, Step.REQUEST_CHANGES, house.editor)
    assert "A word on it." in text(team.get(answer.location))
    assert team.post(f"{url}/edit", data=fields(house, summary="Better.", base="1")).status_code == 303
    team.post(f"/writing/{manuscript.id}/submission")
    move(manuscript, Step.ACCEPT, house.editor)
    assert client.get(url).status_code == 200
    assert team.post(f"{url}/edit", data=fields(house, title="Anew", base="2")).status_code == 303
    assert (only().state, "<h1>By day</h1>" in text(client.get(url))) == (State.DRAFT, True)


def test_an_incomplete_story_is_saved_but_not_submitted(house: House, log_in: LogIn) -> None:
    given = fields(house, summary="", action="submit")
    answer = log_in(house.owner).post(NEW, data=given)
    assert only().state == State.DRAFT
    page = text(log_in(house.owner).get(answer.location))
    assert "Before it can be submitted, it needs:" in page
    assert "<li>Summary</li>" in page


def test_who_may_see_but_not_write_is_forbidden_and_who_may_not_see_finds_nothing(
    house: House, log_in: LogIn, client: FlaskClient
) -> None:
    manuscript = make_manuscript(house.owner, house.story(), State.SUBMITTED)
    url = f"/case-studies/{manuscript.slug}/edit"
    for answer in (log_in(house.editor).post(url, data=fields(house)), log_in(house.editor).get(url)):
        assert answer.status_code == 403
    for answer in (log_in(house.outsider).post(url, data=fields(house)), log_in(house.outsider).get(url)):
        assert answer.status_code == 404
    assert client.post(url, data=fields(house)).status_code in {303, 401}
    assert story().title == "From six weeks to one"


def test_who_is_in_no_team_is_told_what_to_do(house: House, log_in: LogIn) -> None:
    browser = log_in(house.outsider)
    for url in ("/case-studies/new", NEW):
        assert "You are not in a team yet" in text(browser.get(url))


def test_what_is_being_read_cannot_be_opened_for_editing(house: House, log_in: LogIn) -> None:
    manuscript = make_manuscript(house.owner, house.story(), State.SUBMITTED)
    answer = log_in(house.owner).get(f"/case-studies/{manuscript.slug}/edit", follow_redirects=True)
    assert "whoever writes it can take it back" in text(answer)
    assert answer.request.path == f"/writing/{manuscript.id}"


def test_an_action_names_its_version_where_there_are_several(house: House, log_in: LogIn) -> None:
    english = make_manuscript(house.owner, house.story())
    make_manuscript(house.owner, house.story(language="zh", title="中文版"), slug=english.slug)
    browser = log_in(house.owner)
    assert browser.get(f"/case-studies/{english.slug}/edit").status_code == 404
    assert "中文版" in text(browser.get(f"/case-studies/{english.slug}/edit?lang=zh"))


def test_a_co_author_of_another_team_writes_on_it(house: House, log_in: LogIn) -> None:
    make_team("Elsewhere", house.outsider)
    manuscript = make_manuscript(house.owner, house.story())
    log_in(house.owner).post(f"/writing/{manuscript.id}/authors", data={"email": house.outsider.email})
    url = f"/case-studies/{manuscript.slug}/edit"
    answer = log_in(house.outsider).post(url, data=fields(house, title="With help", base="1"))
    assert (answer.status_code, only().title, only().team_id) == (303, "With help", house.team.id)


def test_of_a_known_measure_the_rest_goes_without_saying(house: House, log_in: LogIn) -> None:
    bare = {"metrics-0-name": "", "metrics-0-unit": "", "metrics-0-better": "lower"}
    chosen = {"metrics-0-measure": "deployment-frequency", "metrics-0-before": "1", "metrics-0-after": "5"}
    log_in(house.owner).post(NEW, data=fields(house, **bare, **chosen, language="zh"))
    assert story().metrics == (
        MetricValues("部署频率", 1.0, 5.0, "次/周", "higher", "2026", "Build server", measure="deployment-frequency"),
    )


def test_the_five_measures_of_software_delivery_come_first(house: House, log_in: LogIn) -> None:
    page = text(log_in(house.owner).get(NEW))
    (select_box,) = re.findall(r'<select[^>]*name="metrics-0-measure">.*?</select>', page, re.DOTALL)
    options = re.findall(r'<option[^>]*value="(.*?)"', select_box)
    assert options[:6] == [
        "", "change-lead-time", "deployment-frequency", "change-fail-rate", "recovery-time", "rework-rate",
    ]  # fmt: skip


def test_a_doubtful_number_is_asked_about_and_not_forbidden(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    worse = {
        "metrics-0-measure": "change-fail-rate",
        "metrics-0-before": "5",
        "metrics-0-after": "40",
        "metrics-0-unit": "%",
    }
    page = text(browser.post(NEW, data=fields(house, **worse, action="preview")))
    assert "Is that so?" in page
    assert "The number got worse." in page
    answer = browser.post(
        NEW, data=fields(house, **worse, **{"metrics-0-remark": "We count more now."}, action="submit")
    )
    assert (only().state, story().metrics[0].remark) == (State.SUBMITTED, "We count more now.")
    for person in (house.owner, house.editor):
        page = text(log_in(person).get(answer.location))
        assert "The number got worse." in page
        assert "We count more now." in page


def test_readers_are_not_shown_what_reviewers_asked(house: House, log_in: LogIn, client: FlaskClient) -> None:
    worse = {
        "metrics-0-measure": "change-fail-rate",
        "metrics-0-before": "5",
        "metrics-0-after": "40",
        "metrics-0-unit": "%",
    }
    given = fields(house, **worse, **{"metrics-0-remark": "We count more now."}, action="submit")
    log_in(house.owner).post(NEW, data=given)
    move(only(), Step.ACCEPT, house.editor)
    page = text(client.get(f"/case-studies/{only().slug}"))
    assert "Change fail rate" in page or "Lead time" in page
    assert "We count more now." not in page


def test_an_interview_begins_with_questions_in_the_readers_language(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    page = text(browser.get(INTERVIEW))
    assert page.count("<legend>Question ") == 6
    assert 'value="What changed, and how do you know?"' in page
    assert "Context" not in re.findall(r"<label.*?</label>", page)


def interview(house: House, *pairs: tuple[str, str], **changes: object) -> dict[str, object]:
    rows = {
        f"questions-{number}-{name}": value
        for number, pair in enumerate(pairs)
        for name, value in zip(("question", "answer"), pair, strict=True)
    }
    return {name: value for name, value in fields(house, **changes).items() if name not in PARTS} | rows


def test_an_interview_is_written_and_published(house: House, log_in: LogIn, client: FlaskClient) -> None:
    given = interview(
        house, ("Who are you?", "The *gateway* team."), ("", ""), ("What changed?", "More."), action="submit"
    )
    log_in(house.owner).post(INTERVIEW, data=given)
    assert (only().state, story().form, story().parts) == (State.SUBMITTED, Form.INTERVIEW, {})
    assert story().answers == (Answer("Who are you?", "The *gateway* team."), Answer("What changed?", "More."))
    move(only(), Step.ACCEPT, house.editor)
    page = text(client.get(f"/case-studies/{only().slug}"))
    for shown in ("Interview", ">Who are you?", "<em>gateway</em>", "Lead time"):
        assert shown in page
    assert "<h2>Questions" not in page


def test_questions_are_added_moved_and_taken_out_without_script(house: House, log_in: LogIn) -> None:
    browser = log_in(house.owner)
    pairs = (("One?", "1"), ("Two?", "2"), ("Three?", "3"))

    def after(action: str) -> list[str]:
        page = text(browser.post(INTERVIEW, data=interview(house, *pairs, action=action)))
        return re.findall(r'name="questions-\d+-question"[^>]*value="(.*?)"', page)

    assert after("raise-question:2") == ["One?", "Three?", "Two?"]
    assert after("remove-question:0") == ["Two?", "Three?"]
    assert after("add-question") == ["One?", "Two?", "Three?", ""]
    assert nothing()


def test_an_open_question_keeps_an_interview_from_being_submitted(house: House, log_in: LogIn) -> None:
    answer = log_in(house.owner).post(INTERVIEW, data=interview(house, ("Who?", "We."), ("Why?", ""), action="submit"))
    assert only().state == State.DRAFT
    assert "Question 2: the question and its answer" in text(log_in(house.owner).get(answer.location))


def test_an_interview_stays_one_when_it_is_changed(house: House, log_in: LogIn) -> None:
    manuscript = make_manuscript(house.owner, make_interview(house.team, house.capabilities["version-control"]))
    url = f"/case-studies/{manuscript.slug}/edit"
    assert "The gateway team." in text(log_in(house.owner).get(url))
    log_in(house.owner).post(url, data=interview(house, ("Who?", "We."), base="1"))
    assert (story().form, story().answers) == (Form.INTERVIEW, (Answer("Who?", "We."),))


def test_an_editor_in_the_team_writes_but_does_not_decide(house: House, log_in: LogIn) -> None:
    editor = make_user("Own Editor", Role.EDITOR)
    team = make_team("Both", house.owner, editor)
    manuscript = make_manuscript(house.owner, house.story(team=team.slug))
    answer = log_in(editor).post(
        f"/case-studies/{manuscript.slug}/edit", data=fields(house, team=team.slug, title="Together", base="1")
    )
    assert (answer.status_code, only().title) == (303, "Together")


def test_a_team_translates_what_it_has_published(house: House, log_in: LogIn) -> None:
    original = make_manuscript(house.owner, house.story(title="By day"), State.ACCEPTED, house.editor)
    browser = log_in(house.colleague)
    assert "translate?lang=zh" in text(browser.get(f"/case-studies/{original.slug}"))
    page = browser.get(f"/case-studies/{original.slug}/translate?lang=zh")
    assert (page.status_code, "What we say about context." in text(page)) == (200, True)
    sent = fields(house, title="白天发布", language="zh")
    address = f"/case-studies/{original.slug}/translate?lang=zh"
    assert browser.post(address, data=sent).status_code == 303
    query = select(Manuscript).where(Manuscript.language == "zh")
    translation = db.session.execute(query).unique().scalar_one()
    assert (translation.slug, translation.translation_of, translation.title) == (original.slug, "en", "白天发布")
    assert browser.get(address).location.startswith(f"/case-studies/{original.slug}/edit?lang=zh")


def test_only_those_who_write_it_translate_what_is_published(house: House, log_in: LogIn) -> None:
    draft = make_manuscript(house.owner, house.story())
    published = make_manuscript(house.owner, house.story(), State.ACCEPTED, house.editor)
    owner = log_in(house.owner)
    assert owner.get(f"/case-studies/{draft.slug}/translate?lang=zh").status_code == 404
    assert owner.get(f"/case-studies/{published.slug}/translate?lang=xx").status_code == 404
    assert owner.get(f"/case-studies/{published.slug}/translate?lang=en").status_code == 404
    assert log_in(house.outsider).get(f"/case-studies/{published.slug}/translate?lang=zh").status_code == 404
    assert log_in(house.editor).get(f"/case-studies/{published.slug}/translate?lang=zh").status_code == 403


def test_a_picture_without_words_is_asked_about(house: House, log_in: LogIn) -> None:
    manuscript = make_manuscript(house.owner, house.story(parts={"context": f"![](/media/{'a' * 32}.png)"}))
    assert f"What the picture /media/{'a' * 32}.png shows" in text(log_in(house.owner).get(f"/writing/{manuscript.id}"))


def test_a_reviewer_sees_what_was_submitted_and_not_what_is_made_of_it(house: House, log_in: LogIn) -> None:
    manuscript = make_manuscript(house.owner, house.story(), State.CHANGES_REQUESTED, house.editor)
    change(manuscript, house.story(summary="Not for reviewers yet."), house.owner)
    address = f"/writing/{manuscript.id}"
    assert "Not for reviewers yet." in text(log_in(house.owner).get(address))
    seen = text(log_in(house.editor).get(address))
    assert ("Not for reviewers yet." in seen, "How the gateway team releases by day." in seen) == (False, True)
    assert not any(mark.startswith("role:") for mark in audience(manuscript))


def test_what_a_team_says_to_reviewers_is_not_in_the_source_for_readers(house: House, log_in: LogIn) -> None:
    doubted = replace(LEAD_TIME, remark="Only for reviewers.")
    manuscript = make_manuscript(house.owner, house.story(metrics=(doubted,)), State.ACCEPTED, house.editor)
    source = text(log_in(house.outsider).get(f"/case-studies/{manuscript.slug}.md"))
    assert ("Change lead time" in source, "Only for reviewers" in source) == (True, False)
