"""A coach who comes to the team that has asked, or that is coached already: nobody coaches or marks themselves."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Membership, User
from app.coaching.engagements import service as engagements
from app.coaching.engagements.feedback import give_feedback
from app.coaching.models import Offer
from app.coaching.requests import service
from app.coaching.requests.jobs import move_clocks
from app.coaching.rules import Ask, OfferEnd
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError
from app.notifications.models import Notice
from tests.coaching.people import House
from tests.factories.coaching import fresh, make_engagement, make_request

LogIn = Callable[[User], FlaskClient]


def join(house: House, coach: User) -> None:
    with transaction() as session:
        session.add(Membership(team_id=house.team.id, user_id=coach.id))
    db.session.expire_all()


def kinds(person: User) -> list[str]:
    query = select(Notice.kind).where(Notice.user_id == person.id).order_by(Notice.id)
    return list(db.session.execute(query).scalars())


@pytest.mark.both_databases
@pytest.mark.parametrize("state", [Ask.OPEN, Ask.ASKED])
def test_a_request_goes_on_whether_it_is_open_or_asked(house: House, state: Ask) -> None:
    request = make_request(house.team, house.lead)
    if state == Ask.ASKED:
        with transaction() as session:
            service.ask_back(session, request.id, question="Which?", actor=house.amara, now=utc_now())
    assert move_clocks() == 0
    join(house, house.amara)
    assert [move_clocks(), move_clocks()] == [1, 0]
    assert (fresh(request).state, fresh(request).coach_id) == (Ask.OPEN, house.chen.id)
    endings = db.session.execute(select(Offer.coach_id, Offer.ending).order_by(Offer.id)).all()
    assert [tuple(each) for each in endings] == [(house.amara.id, OfferEnd.GONE), (house.chen.id, None)]
    assert kinds(house.amara) == ["coaching offered", "coaching gone"]


def test_whoever_is_of_the_team_does_not_answer(house: House, log_in: LogIn) -> None:
    request = make_request(house.team, house.lead)
    join(house, house.amara)
    browser, here = log_in(house.amara), f"/coaching/requests/{request.id}"
    assert f'action="{here}/acceptance"' not in browser.get(here).text
    said = {"question": "x", "reason": "x", "to": str(house.chen.id)}
    steps = ("acceptance", "question", "refusal", "handing-over")
    assert [browser.post(f"{here}/{step}", data=said).status_code for step in steps] == [403] * 4
    with pytest.raises(ConflictError), transaction() as session:
        service.ask_back(session, request.id, question="Which?", actor=house.amara, now=utc_now())
    assert fresh(request).state == Ask.OPEN


def test_what_was_begun_goes_on_and_the_coach_gives_no_mark(house: House, log_in: LogIn) -> None:
    engagement_id = make_engagement(house.team, house.amara).id
    join(house, house.amara)
    here, browser = f"/coaching/engagements/{engagement_id}", log_in(house.amara)
    assert browser.post(f"{here}/notes", data={"on": "2026-11-16", "text": "Met"}).status_code == 303
    with transaction() as session:
        engagements.end(session, engagement_id, outcome="Done", actor=house.amara, now=utc_now())
    assert f'action="{here}/feedback"' not in browser.get(here).text
    assert browser.post(f"{here}/feedback", data={"mark": "5"}).status_code == 403
    with pytest.raises(ForbiddenError), transaction() as session:
        give_feedback(session, engagement_id, mark=5, text="", actor=house.amara, now=utc_now())
    assert f'action="{here}/feedback"' in log_in(house.mei).get(here).text
    assert log_in(house.mei).post(f"{here}/feedback", data={"mark": "5"}).status_code == 303
