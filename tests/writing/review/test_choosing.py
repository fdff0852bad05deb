"""Who is asked to review, by the rule and by hand, and how it is handed back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.writing.models import Manuscript
from app.writing.policy import is_reviewer
from app.writing.queries import queue_of
from app.writing.review.models import AssignmentReason
from app.writing.review.rules import Fit
from app.writing.review.service import assign, hand_back, set_capabilities, unassign
from app.writing.rules import Step
from app.writing.service import begin
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.writing.review.conftest import NOW, House

DUE = date(2026, 11, 23)
Told = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def capabilities(house: House) -> list[Capability]:
    """The letter is on the first; the second is in the same area."""
    areas = make_framework().areas
    found = [each for area in areas for each in area.capabilities]
    with transaction() as session:
        session.get_one(Manuscript, house.letter.id).capability_id = found[0].id
    return found


def reviews(user: User, *capabilities: Capability, by: User) -> None:
    with transaction() as session:
        set_capabilities(session, user, [each.id for each in capabilities], actor=by)


def asked(house: House) -> list[tuple[str, date]]:
    return [(each.user.name, each.due_on) for each in house.letter.assignments]


def test_a_submission_asks_one_person_who_is_told(house: House, told: Told) -> None:
    house.submit()
    assert asked(house) == [("Edda Editor", DUE)]
    assert told() == [("Edda Editor", "writing submit")]


def test_whoever_knows_the_capability_goes_before_editors(house: House, capabilities: list[Capability]) -> None:
    coach, other = make_user("Coach"), make_user("Other")
    reviews(coach, capabilities[0], by=house.edda)
    reviews(other, capabilities[1], by=house.edda)
    house.submit()
    assert [name for name, _due in asked(house)] == ["Coach"]
    (reason,) = db.session.query(AssignmentReason).all()
    assert (reason.fit, reason.open) == (Fit.CAPABILITY, 0)
    assert is_reviewer(coach, house.letter)
    assert list(db.session.execute(queue_of(coach)).unique().scalars()) == [house.letter]
    assert list(db.session.execute(queue_of(other)).unique().scalars()) == []


def test_else_whoever_knows_the_area(house: House, capabilities: list[Capability]) -> None:
    other, elsewhere = make_user("Other"), make_user("Elsewhere")
    same_area = next(each for each in capabilities[1:] if each.area_id == capabilities[0].area_id)
    far = next(each for each in capabilities if each.area_id != capabilities[0].area_id)
    reviews(other, same_area, by=house.edda)
    reviews(elsewhere, far, by=house.edda)
    house.submit()
    assert [name for name, _due in asked(house)] == ["Other"]


def test_nobody_near_and_no_closed_account_is_asked(house: House, capabilities: list[Capability]) -> None:
    closed = make_user("Closed")
    for person in (house.near, house.ben, closed):
        reviews(person, capabilities[0], by=house.edda)
    with transaction() as session:
        session.get_one(User, closed.id).disabled_at = NOW
    house.submit()
    assert [name for name, _due in asked(house)] == ["Edda Editor"]


def test_work_is_shared_out(house: House) -> None:
    house.submit()
    with transaction() as session:
        content = {"title": "Second", "body": "Words.", "team": "Payments"}
        second = begin(session, house.kind, content, slug="second", language="en", actor=house.anna, now=NOW)
    house.letter = second
    house.submit()
    assert [name for name, _due in asked(house)] == ["Emil Editor"]


def test_whoever_was_asked_before_is_asked_again(house: House, clock: object, told: Told) -> None:
    house.submit()
    house.decide(Step.REQUEST_CHANGES, house.emil)
    clock.shift(7 * 24 * 3600)  # type: ignore[attr-defined]
    house.save("Other words.")
    house.submit()
    assert asked(house) == [("Edda Editor", date(2026, 11, 30))]
    assert told()[-1] == ("Edda Editor", "writing submit")


def test_handing_back_asks_the_next_one_and_never_the_same_again(house: House, told: Told) -> None:
    house.submit()
    with transaction() as session:
        hand_back(session, house.letter, reason="On holiday.", actor=house.edda, due_on=DUE, now=NOW)
    assert [name for name, _due in asked(house)] == ["Emil Editor"]
    assert told()[1:] == [("Emil Editor", "review assigned")]
    with transaction() as session:
        hand_back(session, house.letter, reason="Me too.", actor=house.emil, due_on=DUE, now=NOW)
    assert asked(house) == []
    assert told()[2:] == [("Edda Editor", "review without reviewer")]


def test_handing_back_needs_a_reason_and_an_assignment(house: House) -> None:
    house.submit()
    with pytest.raises(InvalidInputError), transaction() as session:
        hand_back(session, house.letter, reason=" ", actor=house.edda, due_on=DUE, now=NOW)
    with pytest.raises(NotFoundError), transaction() as session:
        hand_back(session, house.letter, reason="Why me", actor=house.emil, due_on=DUE, now=NOW)


def test_editors_ask_by_hand_but_nobody_near(house: House, told: Told) -> None:
    house.submit()
    coach = make_user("Coach", Role.COACH)
    with transaction() as session:
        assign(session, house.letter, coach, actor=house.edda, due_on=DUE, now=NOW)
    assert told()[-1] == ("Coach", "review assigned")
    for person in (house.near, house.ben, coach, None):
        with pytest.raises(InvalidInputError), transaction() as session:
            assign(session, house.letter, person, actor=house.edda, due_on=DUE, now=NOW)
    with pytest.raises(ForbiddenError), transaction() as session:
        assign(session, house.letter, house.reader, actor=coach, due_on=DUE, now=NOW)
    with transaction() as session:
        unassign(session, house.letter, coach.id, actor=house.emil)
    assert [name for name, _due in asked(house)] == ["Edda Editor"]


def test_a_draft_has_no_reviewers(house: House) -> None:
    with pytest.raises(ConflictError), transaction() as session:
        assign(session, house.letter, house.edda, actor=house.emil, due_on=DUE, now=NOW)


def test_who_reviews_what_is_set_by_editors_alone(
    house: House, capabilities: list[Capability], log_in: Callable[[User], FlaskClient]
) -> None:
    with pytest.raises(ForbiddenError):
        reviews(house.reader, capabilities[0], by=house.anna)
    assert log_in(house.reader).get("/writing/reviewers").status_code == 403
    browser = log_in(house.edda)
    answer = browser.post("/writing/reviewers", data={"email": house.reader.email})
    assert answer.headers["Location"] == f"/writing/reviewers/{house.reader.id}"
    data = {"capabilities": [str(capabilities[0].id), str(capabilities[1].id)]}
    assert browser.post(answer.headers["Location"], data=data).status_code == 303
    page = browser.get("/writing/reviewers").text
    assert "Rita Reader" in page
    assert page.count(f"/{capabilities[1].slug}") == 1
    assert browser.post("/writing/reviewers", data={"email": "nobody@example.com"}).status_code == 422


def test_what_a_coach_teaches_is_ticked_but_not_set(
    house: House,
    capabilities: list[Capability],
    log_in: Callable[[User], FlaskClient],
    app: object,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suggestions = {house.reader.id: {capabilities[1].id}}
    monkeypatch.setitem(app.extensions, "reviewer suggestions", lambda: suggestions)  # type: ignore[attr-defined]
    page = log_in(house.edda).get(f"/writing/reviewers/{house.reader.id}").text
    assert page.count(" checked") == 1
    house.submit()
    assert [name for name, _due in asked(house)] == ["Edda Editor"]


def test_asking_and_handing_back_in_a_browser(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    house.submit()
    path = f"/writing/{house.letter.id}"
    edda = log_in(house.edda)
    assert edda.post(f"{path}/reviewers", data={"email": house.ben.email}).status_code == 422
    assert edda.post(f"{path}/reviewers", data={"email": house.reader.email}).status_code == 303
    rita = log_in(house.reader)
    assert "On branches" in rita.get("/writing/review").text
    assert rita.post(f"{path}/handback", data={"reason": ""}).status_code == 422
    assert rita.post(f"{path}/handback", data={"reason": "I do not know enough of it."}).status_code == 303
    assert rita.get(f"{path}/review").status_code == 404
    assert "I do not know enough of it." in edda.get(f"{path}/review").text
    assert "I do not know enough of it." not in log_in(house.anna).get(f"{path}/review").text
    assert edda.post(f"{path}/reviewers", data={"remove": str(house.edda.id)}).status_code == 303
    assert asked(house) == []
