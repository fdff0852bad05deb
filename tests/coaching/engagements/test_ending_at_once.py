"""One side ends an engagement, or removes something from it, while the other one writes: no word is lost."""

from __future__ import annotations

import html
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.coaching.engagements import service, working
from app.coaching.engagements.service import GoalDraft
from app.coaching.models import AgreedAction, Engagement, Goal, Note
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from tests.coaching.people import House
from tests.factories.coaching import make_engagement

LogIn = Callable[[User], FlaskClient]
TYPED = "We saw <b>ten</b> minutes"


@pytest.fixture
def engagement(house: House) -> Engagement:
    return make_engagement(house.team, house.amara, goals=(GoalDraft(text="Ten minutes"),))


def end(house: House, engagement: Engagement) -> None:
    with transaction() as session:
        service.end(session, engagement.id, outcome="From Amara", actor=house.amara, now=utc_now())


def outcome(engagement: Engagement) -> str:
    db.session.rollback()
    return db.session.get_one(Engagement, engagement.id, populate_existing=True).outcome


def test_whoever_ends_it_second_sees_both_and_puts_them_together(
    house: House, engagement: Engagement, log_in: LogIn
) -> None:
    here, browser = f"/coaching/engagements/{engagement.id}", log_in(house.mei)
    assert browser.get(f"{here}/end").status_code == 200
    end(house, engagement)
    answer = browser.post(f"{here}/end", data={"outcome": TYPED, "reached": str(engagement.goals[0].id)})
    assert (answer.status_code, "From Amara" in answer.text, TYPED in html.unescape(answer.text)) == (409, True, True)
    assert (f'action="{here}/edit"' in answer.text, 'name="revision" type="hidden" value="1"' in answer.text) == (
        True,
        True,
    )
    assert outcome(engagement) == "From Amara"
    together = {"title": engagement.title, "ends_on": "", "revision": "1", "outcome": "From Amara and Mei"}
    assert browser.post(f"{here}/edit", data=together).status_code == 303
    assert outcome(engagement) == "From Amara and Mei"


def test_whoever_ends_it_twice_with_the_same_words_is_done(house: House, engagement: Engagement, log_in: LogIn) -> None:
    here, browser = f"/coaching/engagements/{engagement.id}/end", log_in(house.amara)
    assert [browser.post(here, data={"outcome": "Done"}).status_code for _ in range(2)] == [303, 303]
    assert (browser.get(here).status_code, browser.post(here, data={"outcome": " "}).status_code) == (303, 303)
    assert outcome(engagement) == "Done"


@pytest.mark.parametrize(
    ("place", "said", "row"),
    [
        ("notes", {"on": "2026-11-16"}, Note),
        ("goals", {"capability": ""}, Goal),
        ("actions", {"owner": "", "due_on": ""}, AgreedAction),
    ],
)
def test_what_is_typed_while_the_other_side_ends_it_can_be_copied(
    house: House, engagement: Engagement, log_in: LogIn, place: str, said: dict[str, str], row: type[Note]
) -> None:
    there = db.session.execute(select(func.count(row.id))).scalar_one()
    end(house, engagement)
    answer = log_in(house.mei).post(f"/coaching/engagements/{engagement.id}/{place}", data={**said, "text": TYPED})
    assert (answer.status_code, TYPED in html.unescape(answer.text)) == (409, True)
    assert "has ended. What is written in it stays as it is." in answer.text
    assert db.session.execute(select(func.count(row.id))).scalar_one() == there


def test_a_note_that_is_changed_meanwhile_keeps_what_was_typed(
    house: House, engagement: Engagement, log_in: LogIn
) -> None:
    with transaction() as session:
        note = working.add_note(
            session, engagement.id, on=utc_now().date(), text="x", html="x", actor=house.mei, now=utc_now()
        )
        edit = f"/coaching/engagements/{engagement.id}/notes/{note.id}/edit"
    end(house, engagement)
    answer = log_in(house.mei).post(edit, data={"on": "2026-11-16", "text": TYPED, "revision": "0"})
    assert (answer.status_code, TYPED in html.unescape(answer.text)) == (409, True)


@pytest.mark.parametrize("place", ["notes", "actions"])
def test_what_is_removed_while_somebody_changes_it_can_be_written_anew(
    house: House, engagement: Engagement, log_in: LogIn, place: str
) -> None:
    browser, here = log_in(house.mei), f"/coaching/engagements/{engagement.id}/{place}"
    said = {"on": "2026-11-16", "owner": "", "due_on": "", "revision": "0"}
    assert browser.post(here, data={**said, "text": "First"}).status_code == 303
    assert browser.post(f"{here}/1/delete").status_code == 303
    assert browser.get(f"{here}/1/edit").status_code == 404
    answer = browser.post(f"{here}/1/edit", data={**said, "text": TYPED})
    form = html.unescape(answer.text).partition(f'action="{here}"')[2].partition("</form>")[0]
    assert (answer.status_code, TYPED in form, "This is not there any more." in form) == (409, True, True)
