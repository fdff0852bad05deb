"""A request that all who match were asked for: the page and the mail say so, and an administrator can offer it once more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import Membership, User
from app.coaching.models import CoachingRequest, Offer
from app.coaching.requests import service
from app.coaching.requests.jobs import find_coaches
from app.coaching.requests.queries import get_stranded
from app.coaching.rules import Ask, OfferEnd
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError
from tests.coaching.people import House
from tests.factories.coaching import fresh, make_request, set_most

LogIn = Callable[[User], FlaskClient]
LEFT, NOBODY = (
    "Somebody who matches was not asked yet, and has no room or is away.",
    "Nobody who matches is left to ask.",
)


@pytest.fixture
def declined(house: House) -> CoachingRequest:
    """Both who teach it were asked, and both could not take it."""
    request = make_request(house.team, house.lead, capability_id=house.capability.id)
    for coach in (house.amara, house.chen):
        with transaction() as session:
            service.decline(session, request.id, reason=f"Not {coach.name}", actor=coach, now=utc_now())
    return fresh(request)


def give(house: House, request: CoachingRequest, to: User) -> None:
    with transaction() as session:
        service.give(session, request.id, to_id=to.id, actor=house.administrator, now=utc_now())


def mail_to(person: User) -> dict[str, bool]:
    rows = db.session.execute(select(Mail.kind, Mail.params).where(Mail.user_id == person.id)).all()
    return {kind: params["is_left"] for kind, params in rows if "is_left" in params}


def test_page_and_mail_say_that_all_were_asked_and_what_to_do(
    house: House, declined: CoachingRequest, log_in: LogIn
) -> None:
    assert (declined.state, find_coaches()) == (Ask.STRANDED, 0)
    page = log_in(house.lead).get(f"/coaching/requests/{declined.id}").text
    assert (NOBODY in page, LEFT in page, "Ask anew" in page) == (True, False, True)
    assert (mail_to(house.lead), mail_to(house.administrator)) == (
        {"coaching stranded": False},
        {"coaching without a coach": False},
    )
    assert NOBODY[:-1] in log_in(house.administrator).get(f"/coaching/requests/{declined.id}/coach").text


def test_page_and_mail_say_that_somebody_was_not_asked_yet(house: House, log_in: LogIn) -> None:
    set_most(house.chen, 0)
    request = make_request(house.team, house.lead, capability_id=house.capability.id)
    assert (
        "nobody who matches has room and is there right now"
        in log_in(house.lead).get(f"/coaching/requests/{request.id}").text
    )
    with transaction() as session:
        service.decline(session, request.id, reason="No time", actor=house.amara, now=utc_now())
    page = log_in(house.lead).get(f"/coaching/requests/{request.id}").text
    assert (LEFT in page, NOBODY in page) == (True, False)
    assert mail_to(house.lead) == {"coaching stranded": True}
    set_most(house.chen, 1)
    assert (find_coaches(), fresh(request).coach_id) == (1, house.chen.id)
    page = log_in(house.lead).get(f"/coaching/requests/{request.id}").text
    assert "After that everybody who matches has been asked" in page


def test_an_administrator_offers_it_once_more(
    house: House, declined: CoachingRequest, log_in: LogIn, clock: time_machine.Coordinates
) -> None:
    clock.shift(timedelta(days=1))
    browser, here = log_in(house.administrator), f"/coaching/requests/{declined.id}/coach"
    assert "Amara Osei (was asked before)" in browser.get(here).text
    assert browser.post(here, data={"to": house.amara.id}).status_code == 303
    request = fresh(declined)
    assert (request.state, request.coach_id) == (Ask.OPEN, house.amara.id)
    offers = db.session.execute(select(Offer.coach_id, Offer.ending, Offer.reason).order_by(Offer.id)).all()
    assert [tuple(each) for each in offers] == [
        (house.amara.id, OfferEnd.DECLINED, "Not Amara Osei"),
        (house.chen.id, OfferEnd.DECLINED, "Not Chen Wei"),
        (house.amara.id, None, ""),
    ]
    history = log_in(house.lead).get(f"/coaching/requests/{request.id}").text
    assert (history.count("Amara Osei cannot take it"), "Offered to Amara Osei by an administrator" in history) == (
        1,
        True,
    )
    assert "1 coach was asked before you." in log_in(house.amara).get(f"/coaching/requests/{request.id}").text
    with transaction() as session:
        service.decline(session, request.id, reason="Still not", actor=house.amara, now=utc_now())
    assert fresh(request).state == Ask.STRANDED
    assert get_stranded(request.id)[0].asked == 2


def test_not_to_somebody_without_room_or_of_the_team_or_gone(house: House, declined: CoachingRequest) -> None:
    set_most(house.amara, 0)
    with transaction() as session:
        session.add(Membership(team_id=house.team.id, user_id=house.chen.id))
    for coach in (house.amara, house.chen):
        with pytest.raises(InvalidInputError):
            give(house, declined, coach)
    set_most(house.amara, 1)
    with transaction() as session:
        session.get_one(User, house.amara.id).disabled_at = utc_now()
    with pytest.raises(InvalidInputError):
        give(house, declined, house.amara)
    assert fresh(declined).state == Ask.STRANDED


@pytest.mark.both_databases
def test_the_schema_refuses_a_second_offer_that_runs(house: House, declined: CoachingRequest) -> None:
    give(house, declined, house.amara)
    at = utc_now()
    with pytest.raises(IntegrityError), transaction() as session:
        session.add(Offer(request_id=declined.id, coach_id=house.chen.id, offered_at=at, due_at=at))
