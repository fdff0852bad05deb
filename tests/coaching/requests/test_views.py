"""The pages of requests as people use them."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.coaching.models import CoachingRequest, Engagement, RequestWord
from app.coaching.requests import service
from app.coaching.requests.jobs import find_coaches
from app.coaching.rules import Ask
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError
from tests.coaching.people import House
from tests.factories.coaching import GOAL, fresh, make_request, set_most
from tests.factories.people import make_team

LogIn = Callable[[User], FlaskClient]


def form_of(house: House, **values: object) -> dict[str, object]:
    said = {
        "key": "a form",
        "team": house.team.id,
        "goal": GOAL,
        "capability": house.capability.id,
        "from_level": "2",
        "to_level": "3",
        "language": "en",
        "coach": "",
    }
    return said | values


def text_of(answer: object) -> str:
    page: str = answer.get_data(as_text=True)  # type: ignore[attr-defined]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_team_asks_and_sees_who_has_it_until_when_and_who_is_next(house: House, log_in: LogIn) -> None:
    browser = log_in(house.lead)
    answer = browser.post("/coaching/requests/new", data=form_of(house))
    assert answer.status_code == 303
    page = text_of(browser.get(answer.location))
    assert "Amara Osei has until Wed, Nov 18, 10:00, then Chen Wei is asked." in page
    assert GOAL in page


def test_the_form_sent_twice_leads_to_the_same_request(house: House, log_in: LogIn) -> None:
    browser = log_in(house.lead)
    answers = [browser.post("/coaching/requests/new", data=form_of(house)).location for _time in range(2)]
    assert answers[0] == answers[1]
    assert db.session.execute(select(func.count(CoachingRequest.id))).scalar_one() == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"goal": " "}, "Please fill this in."),
        ({"to_level": "2"}, "Choose a level above the one where you are."),
        ({"wished_from": "2026-12-01", "wished_until": "2026-11-30"}, "This day is before the other one."),
        ({"wished_until": "2026-11-15"}, "This day is over already. Choose one that is still to come, or none."),
        ({"goal": "x" * 2001}, "Use at most 2000 characters."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    house: House, log_in: LogIn, wrong: dict[str, object], sentence: str
) -> None:
    answer = log_in(house.lead).post("/coaching/requests/new", data=form_of(house, **wrong))
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert db.session.execute(select(func.count(CoachingRequest.id))).scalar_one() == 0


def test_nobody_asks_for_another_team(house: House, log_in: LogIn) -> None:
    make_team("Other", house.outsider)
    answer = log_in(house.outsider).post("/coaching/requests/new", data=form_of(house))
    assert answer.status_code == 422
    assert db.session.execute(select(func.count(CoachingRequest.id))).scalar_one() == 0


def test_the_address_fills_in_the_form(house: House, log_in: LogIn) -> None:
    browser = log_in(house.lead)
    page = browser.get(
        f"/coaching/requests/new?team={house.team.slug}&capability=version-control&from_level=2&to_level=4"
    ).get_data(as_text=True)
    chosen = re.findall(r'<option selected value="([^"]*)"', page)
    assert chosen == [str(house.capability.id), "2", "4", "en", ""]
    # Only Amara teaches it at this level.
    first = page[page.index("Who is asked first") :]
    assert ("Amara Osei" in first, "Chen Wei" in first) == (True, False)


@pytest.mark.parametrize(
    "address", ["?capability=nothing&to_level=99", "?team=nowhere&coach=nobody&language=xx", "?to_level=x"]
)
def test_an_address_that_says_nonsense_is_an_empty_form(house: House, log_in: LogIn, address: str) -> None:
    assert log_in(house.lead).get(f"/coaching/requests/new{address}").status_code == 200


def test_whoever_is_in_no_team_is_told_what_to_do(house: House, log_in: LogIn) -> None:
    assert "You are in no team yet" in text_of(log_in(house.outsider).get("/coaching/requests/new"))


def test_a_coach_asks_and_anybody_of_the_team_answers(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead)
    here = f"/coaching/requests/{request.id}"
    assert log_in(house.amara).post(f"{here}/question", data={"question": "Which one?"}).status_code == 303
    page = text_of(log_in(house.mei).get(here))
    assert ("Which one?" in page, "Your answer" in page) == (True, True)
    assert log_in(house.mei).post(f"{here}/answer", data={"answer": "The old one"}).status_code == 303
    assert "The old one" in text_of(log_in(house.amara).get(here))
    assert fresh(request).state == Ask.OPEN


def test_with_a_yes_the_coach_comes_to_the_engagement(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead)
    answer = log_in(house.amara).post(f"/coaching/requests/{request.id}/acceptance")
    engagement = db.session.execute(select(Engagement)).scalar_one()
    assert (answer.status_code, answer.location) == (303, f"/coaching/engagements/{engagement.id}")
    page = log_in(house.lead).get(f"/coaching/requests/{request.id}").get_data(as_text=True)
    assert f'href="/coaching/engagements/{engagement.id}"' in page


def test_the_yes_sent_twice_leads_to_the_same_engagement(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead, coach=house.amara)
    browser = log_in(house.amara)
    answers = [browser.post(f"/coaching/requests/{request.id}/acceptance") for _time in range(2)]
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, "/coaching/engagements/1")] * 2
    assert log_in(house.mei).post(f"/coaching/requests/{request.id}/acceptance").status_code == 403
    assert db.session.execute(select(func.count(Engagement.id))).scalar_one() == 1


@pytest.mark.parametrize("step", ["acceptance", "question", "refusal", "handing-over"])
def test_who_coaches_no_more_answers_nothing(house: House, log_in: LogIn, step: str) -> None:
    """Until the worker has come by, it is with that person still."""
    request = make_request(house.team, house.lead, coach=house.amara)
    browser = log_in(house.amara)
    with transaction() as session:
        session.get_one(User, house.amara.id).grants.clear()
    said = {"question": "Which?", "reason": "No time", "to": str(house.chen.id)}
    assert browser.post(f"/coaching/requests/{request.id}/{step}", data=said).status_code == 403
    with pytest.raises(ConflictError), transaction() as session:
        service.accept(session, request.id, actor=house.amara, now=utc_now())
    assert (fresh(request).state, fresh(request).coach_id) == (Ask.OPEN, house.amara.id)


def test_a_coach_without_words_is_asked_for_some(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead)
    answer = log_in(house.amara).post(f"/coaching/requests/{request.id}/refusal", data={"reason": ""})
    assert (answer.status_code, "Please fill this in." in text_of(answer)) == (422, True)
    assert fresh(request).coach_id == house.amara.id


def test_declined_it_is_the_teams_to_know_why(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead)
    here = f"/coaching/requests/{request.id}"
    answer = log_in(house.amara).post(f"{here}/refusal", data={"reason": "On leave until March"})
    assert (answer.status_code, answer.location) == (303, "/coaching/")
    assert "On leave until March" in text_of(log_in(house.lead).get(here))
    # The next coach learns that there was one before, and no more.
    page = text_of(log_in(house.chen).get(here))
    assert "1 coach was asked before you." in page
    assert ("On leave" in page, "Amara" in page) == (False, False)
    assert log_in(house.amara).get(here).status_code == 404


def test_the_next_coach_reads_questions_and_answers_but_not_whose_they_were(
    house: House, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    set_most(house.chen, 0)
    request = make_request(house.team, house.lead)
    here = f"/coaching/requests/{request.id}"
    log_in(house.amara).post(f"{here}/question", data={"question": "Which one?"})
    log_in(house.mei).post(f"{here}/answer", data={"answer": "The old one"})
    log_in(house.amara).post(f"{here}/refusal", data={"reason": "On leave until March"})
    assert fresh(request).state == Ask.STRANDED
    set_most(house.chen, 1)
    assert find_coaches() == 1
    page = text_of(log_in(house.chen).get(here))
    assert ("A coach before you asked" in page, "Which one?" in page, "The old one" in page) == (True, True, True)
    assert ("Amara" in page, "On leave" in page) == (False, False)
    page = text_of(log_in(house.lead).get(here))
    assert ("Amara Osei asked" in page, page.count("On leave until March")) == (True, 1)


def test_handed_over_to_a_certain_coach(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead)
    here = f"/coaching/requests/{request.id}/handing-over"
    assert log_in(house.amara).post(here, data={"to": house.outsider.id, "words": ""}).status_code == 422
    assert log_in(house.amara).post(here, data={"to": house.chen.id, "words": "Knows it"}).status_code == 303
    assert fresh(request).coach_id == house.chen.id


def test_a_team_withdraws_and_can_ask_anew(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead, capability_id=house.capability.id, to_level=3)
    browser = log_in(house.mei)
    assert browser.post(f"/coaching/requests/{request.id}/withdrawal", data={"reason": ""}).status_code == 303
    page = browser.get(f"/coaching/requests/{request.id}").get_data(as_text=True)
    assert f"/coaching/requests/new?team={house.team.slug}&amp;capability=version-control&amp;to_level=3" in page


@pytest.mark.parametrize("step", ["acceptance", "question", "answer", "refusal", "handing-over", "withdrawal"])
def test_nobody_else_takes_a_step(house: House, log_in: LogIn, step: str) -> None:
    request = make_request(house.team, house.lead)
    before = db.session.execute(select(func.count(RequestWord.id))).scalar_one()
    said = {"question": "x", "answer": "x", "reason": "x", "to": house.chen.id}
    for person in house.others:
        answer = log_in(person).post(f"/coaching/requests/{request.id}/{step}", data=said)
        assert (person.name, answer.status_code) == (person.name, 404)
    assert (fresh(request).state, fresh(request).coach_id) == (Ask.OPEN, house.amara.id)
    assert db.session.execute(select(func.count(RequestWord.id))).scalar_one() == before


@pytest.mark.parametrize("step", ["acceptance", "question", "refusal"])
def test_the_team_does_not_answer_for_the_coach(house: House, log_in: LogIn, step: str) -> None:
    request = make_request(house.team, house.lead)
    said = {"question": "x", "reason": "x"}
    assert log_in(house.lead).post(f"/coaching/requests/{request.id}/{step}", data=said).status_code == 403


def test_administrators_give_a_stranded_one_to_somebody(house: House, log_in: LogIn) -> None:
    set_most(house.amara, 0)
    set_most(house.chen, 0)
    request = make_request(house.team, house.lead, capability_id=house.capability.id, to_level=5)
    browser = log_in(house.administrator)
    assert "No coach at all has room" in text_of(browser.get(f"/coaching/requests/{request.id}/coach"))
    set_most(house.chen, 1)
    assert "Payments" in text_of(browser.get("/coaching/requests/stranded"))
    answer = browser.post(f"/coaching/requests/{request.id}/coach", data={"to": house.chen.id})
    assert (answer.status_code, fresh(request).coach_id) == (303, house.chen.id)
    assert browser.get(f"/coaching/requests/{request.id}/coach").status_code == 404


@pytest.mark.parametrize("path", ["/coaching/requests/stranded", "/coaching/requests/1/coach"])
def test_only_administrators_look_after_stranded_ones(house: House, log_in: LogIn, path: str) -> None:
    for person in (house.lead, house.amara, house.leader, house.editor):
        assert (person.name, log_in(person).get(path).status_code) == (person.name, 403)


def test_a_team_that_has_asked_enough_is_told_so_on_the_form(house: House, log_in: LogIn) -> None:
    for _number in range(3):
        make_request(house.team, house.lead)
    answer = log_in(house.lead).post("/coaching/requests/new", data=form_of(house))
    assert (answer.status_code, "3 requests that wait already" in text_of(answer)) == (422, True)


def test_the_page_of_one_that_ran_out_meanwhile_says_so(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead)
    with transaction() as session:
        service.withdraw(session, request.id, actor=house.lead, now=utc_now())
    assert log_in(house.amara).post(f"/coaching/requests/{request.id}/acceptance").status_code == 404
