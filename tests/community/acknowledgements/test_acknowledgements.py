"""Required reading: who asks, who is asked, who confirms what, who sees it, and the reminders in between."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Membership, Team, User
from app.accounts.rules import Role
from app.community.acknowledgements import service
from app.community.acknowledgements.jobs import nudge_readers
from app.community.acknowledgements.models import Acknowledgement, RequiredReading
from app.community.acknowledgements.policy import can_ask, teams_seen
from app.community.acknowledgements.rules import Lead, check_due, next_lead
from app.community.acknowledgements.service import Demand, ask_again, change, confirm, give_up, require
from app.community.articles import texts_of
from app.community.follows.queries import followed_by
from app.community.follows.service import follow
from app.community.reads.models import ReadDay
from app.community.subjects import Ref
from app.jobs.mail import send_due_mail
from app.jobs.messages import reading_as, word
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.notifications.models import Notice
from app.practices.models import Practice
from app.web.stored import MAX_BYTES, Store
from app.writing.keeping.moving import move_references
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.forking import all_at_once, killed_at

ARTICLE = Ref("practice", "short-branches")
PAGE = "/practices/short-branches"
DUE = date(2026, 11, 30)
# On the first page; the way to the list stands in the menu of everybody.
HEADING = "<h2>To read and confirm</h2>"


class House:
    """Edda edits; Lena leads Payments, in which are Yue and Chen; Otto stands outside; Adam administers."""

    def __init__(self) -> None:
        self.edda, self.adam = make_user("Edda Editor", Role.EDITOR), make_user("Adam", Role.ADMINISTRATOR)
        self.lena, self.yue = make_user("Lena Lead"), make_user("Lin Yue", email="yue@example.com")
        self.chen, self.otto = make_user("Chen Xiao"), make_user("Otto Outsider")
        self.payments = make_team("Payments", self.yue, self.chen, lead=self.lena)
        self.cards = make_team("Cards", self.otto)
        make_practice("short-branches")
        make_practice("short-branches", language="zh", title="短分支")


@pytest.fixture
def house(app: Flask, clock: time_machine.Traveller) -> House:
    return House()


def texts() -> dict[str, str]:
    return {language: text for (_ref, language), text in texts_of([ARTICLE]).items()}


def ask(house: House, *teams: Team, everybody: bool = False, due_on: date = DUE, reason: str = "Auditors ask.") -> int:
    demand = Demand([team.id for team in teams], everybody, due_on, reason)
    with transaction() as session:
        return require(session, ARTICLE, demand, texts(), actor=house.edda, now=utc_now()).id


def let_confirm(reading_id: int, person: User, language: str = "en", text: str = "") -> None:
    current = texts()
    with transaction() as session:
        confirm(session, reading_id, language, text or current[language], current, actor=person, now=utc_now())


def confirmed() -> list[tuple[int, int, str]]:
    db.session.rollback()
    rows = db.session.scalars(select(Acknowledgement).order_by(Acknowledgement.id))
    return [(row.user_id, row.round, row.text_hash) for row in rows]


def told(person: User) -> list[str]:
    db.session.rollback()
    rows = db.session.scalars(select(Notice).where(Notice.user_id == person.id).order_by(Notice.id)).all()
    with reading_as("en", "UTC"):
        return [word(row.kind, row.params).subject for row in rows]


def rewrite() -> None:
    """The English text says something else now."""
    with transaction() as session:
        practice = session.scalars(
            select(Practice).where(Practice.slug == ARTICLE.slug, Practice.language == "en")
        ).one()
        practice.source = "Something else."


# Which reminder comes next.


@pytest.mark.parametrize(
    ("now", "told_before", "lead"),
    [
        (datetime(2026, 11, 16, tzinfo=UTC), {}, Lead.ASKED),
        (datetime(2026, 11, 16, tzinfo=UTC), {"asked": 1}, None),
        (datetime(2026, 11, 26, 15, 59, tzinfo=UTC), {"asked": 9}, None),
        (datetime(2026, 11, 26, 16, 0, tzinfo=UTC), {"asked": 9}, Lead.SOON),
        (datetime(2026, 11, 28, tzinfo=UTC), {"asked": 9, "soon": 1}, None),
        (datetime(2026, 11, 28, tzinfo=UTC), {}, Lead.ASKED),
        (datetime(2026, 11, 28, tzinfo=UTC), {"asked": 0.5}, None),
        (datetime(2026, 11, 30, 15, 59, tzinfo=UTC), {"asked": 9, "soon": 3}, None),
        (datetime(2026, 11, 30, 16, 0, tzinfo=UTC), {"asked": 9, "soon": 3}, Lead.OVERDUE),
        (datetime(2026, 12, 5, tzinfo=UTC), {"asked": 20}, Lead.OVERDUE),
        (datetime(2026, 12, 5, tzinfo=UTC), {}, Lead.OVERDUE),
        (datetime(2026, 12, 5, tzinfo=UTC), {"overdue": 1}, None),
    ],
)
def test_a_person_is_told_three_times_at_most(now: datetime, told_before: dict[str, float], lead: Lead | None) -> None:
    asked_at = now - timedelta(days=told_before["asked"]) if "asked" in told_before else None
    found = next_lead(told_before.keys(), asked_at=asked_at, due_on=DUE, zone_name="Asia/Shanghai", now=now)
    assert found == lead


def test_a_day_has_to_come() -> None:
    now = datetime(2026, 11, 16, tzinfo=UTC)
    check_due(date(2026, 11, 16), now)
    for wrong in (date(2026, 11, 15), date(2029, 1, 1)):
        with pytest.raises(InvalidInputError):
            check_due(wrong, now)


# Who may.


def test_only_editors_ask_and_leads_see_their_own_team(house: House) -> None:
    people = (house.edda, house.adam, house.lena, house.yue, house.otto)
    assert [can_ask(person) for person in people] == [True, False, False, False, False]
    required = house.payments.id
    seen = [teams_seen(person, for_everybody=False, required=[required]) for person in people]
    assert seen == [None, frozenset(), frozenset({required}), frozenset(), frozenset()]
    everybody = [teams_seen(person, for_everybody=True, required=[]) for person in people]
    assert everybody == [None, frozenset(), frozenset({required}), frozenset(), frozenset()]
    demand = Demand([required], for_everybody=False, due_on=DUE, reason="Because.")
    for person in people[1:]:
        with pytest.raises(ForbiddenError), transaction() as session:
            require(session, ARTICLE, demand, {}, actor=person, now=utc_now())


def test_who_is_not_allowed_gets_no_page(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id = ask(house, house.cards)
    for person in (house.adam, house.lena, house.yue, house.otto):
        browser = log_in(person)
        assert browser.get(f"/acknowledgements/new?of={ARTICLE}").status_code == 403
        assert browser.get(f"/acknowledgements/{reading_id}/edit").status_code == 403
        assert browser.post(f"/acknowledgements/{reading_id}/again", data={"due_on": "2026-12-01"}).status_code == 403
        assert browser.post(f"/acknowledgements/{reading_id}/delete").status_code == 403
        # Lena leads another team than the one that is asked; Otto is asked, but leads nobody.
        assert browser.get(f"/acknowledgements/{reading_id}").status_code == 403
        assert browser.get(f"/acknowledgements/{reading_id}.csv").status_code == 403
    assert log_in(house.edda).get("/acknowledgements/99").status_code == 404


def test_a_lead_sees_the_own_team_alone(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id = ask(house, house.payments, house.cards)
    let_confirm(reading_id, house.chen)
    for_lead = log_in(house.lena).get(f"/acknowledgements/{reading_id}").text
    for_editor = log_in(house.edda).get(f"/acknowledgements/{reading_id}").text
    assert ("Otto Outsider" in for_lead, "Lin Yue" in for_lead, "1 of 3" in for_lead) == (False, True, True)
    assert ("Otto Outsider" in for_editor, "Lin Yue" in for_editor, "1 of 4" in for_editor) == (True, True, True)
    assert "/again" not in for_lead
    listed = log_in(house.lena).get("/acknowledgements/").text
    assert (f"/acknowledgements/{reading_id}" in listed, "1 of 4" in listed) == (True, False)
    assert "1 of 4" in log_in(house.edda).get("/acknowledgements/").text
    sheet = log_in(house.lena).get(f"/acknowledgements/{reading_id}.csv")
    assert sheet.mimetype == "text/csv"
    assert list(csv.reader(StringIO(sheet.data.decode("utf-8-sig")))) == [
        ["Team", "Name", "Confirmed", "Day"],
        ["Payments", "Chen Xiao", "yes", "2026-11-16"],
        ["Payments", "Lena Lead", "no", ""],
        ["Payments", "Lin Yue", "no", ""],
    ]


# The way of it.


def test_from_asking_to_confirming_without_script(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    editor, reader = log_in(house.edda), log_in(house.yue)
    assert f"/acknowledgements/new?of={ARTICLE}" in editor.get(PAGE).text
    assert 'class="acknowledge' not in reader.get(PAGE).text

    form = {"teams": [str(house.payments.id)], "due_on": "2026-11-30", "reason": "Auditors ask."}
    answer = editor.post(f"/acknowledgements/new?of={ARTICLE}", data=form)
    assert (answer.status_code, answer.location) == (303, "/acknowledgements/1")

    page = reader.get(PAGE).text
    assert ("Auditors ask." in page, "November 30, 2026" in page) == (True, True)
    assert HEADING in reader.get("/").text
    assert "Auditors ask." in reader.get("/acknowledgements/").text
    assert "Auditors ask." not in log_in(house.otto).get(PAGE).text
    fields = dict(re.findall(r'name="(language|text)" value="(\w+)"', page.partition('class="acknowledge')[2]))

    answer = reader.post("/acknowledgements/1/read", data=fields)

    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "You have confirmed this" in reader.get(PAGE).text
    assert HEADING not in reader.get("/").text
    assert confirmed() == [(house.yue.id, 1, texts()["en"])]
    assert f"/acknowledgements/{1}" in editor.get(PAGE).text


def test_the_language_that_was_read_is_what_is_confirmed(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    ask(house, house.payments)
    page = log_in(house.yue).get(f"{PAGE}?lang=zh").text
    fields = dict(re.findall(r'name="(language|text)" value="(\w+)"', page.partition('class="acknowledge')[2]))
    assert fields == {"language": "zh", "text": texts()["zh"]}


def test_what_changed_while_it_was_read_has_to_be_read_first(
    house: House, log_in: Callable[[User], FlaskClient]
) -> None:
    reading_id, before = ask(house, house.payments), texts()["en"]
    rewrite()
    browser = log_in(house.yue)
    answer = browser.post(f"/acknowledgements/{reading_id}/read", data={"language": "en", "text": before})
    assert (answer.status_code, confirmed()) == (303, [])
    assert "The article has changed since you opened it" in browser.get(PAGE).text
    for wrong in (
        {},
        {"language": "en"},
        {"language": "xx", "text": before},
        {"language": "zh", "text": texts()["en"]},
    ):
        browser.post(f"/acknowledgements/{reading_id}/read", data=wrong)
    assert confirmed() == []


def test_nobody_confirms_who_is_not_asked(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id = ask(house, house.payments)
    data = {"language": "en", "text": texts()["en"]}
    assert log_in(house.otto).post(f"/acknowledgements/{reading_id}/read", data=data).status_code == 403
    assert log_in(house.edda).post("/acknowledgements/99/read", data=data).status_code == 404
    assert confirmed() == []


def test_a_new_text_can_be_asked_for_again(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id, old = ask(house, house.payments), texts()["en"]
    let_confirm(reading_id, house.yue)
    editor = log_in(house.edda)
    assert "The text has changed since it was asked for" not in editor.get(f"/acknowledgements/{reading_id}").text
    rewrite()
    page = editor.get(f"/acknowledgements/{reading_id}").text
    assert ("One person has confirmed an earlier one" in page, "an earlier text" in page) == (True, True)

    answer = editor.post(f"/acknowledgements/{reading_id}/again", data={"due_on": "2026-12-10"})

    assert answer.status_code == 303
    assert "0 of 3" in editor.get(f"/acknowledgements/{reading_id}").text
    assert "You confirmed an earlier text" in log_in(house.yue).get(PAGE).text
    let_confirm(reading_id, house.yue)
    assert confirmed() == [(house.yue.id, 1, old), (house.yue.id, 2, texts()["en"])]


def test_what_is_asked_can_be_changed_and_taken_back(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id = ask(house, house.payments)
    let_confirm(reading_id, house.yue)
    demand = Demand([house.payments.id, house.cards.id], for_everybody=False, due_on=DUE, reason="Another.")
    with transaction() as session:
        change(session, reading_id, demand, actor=house.edda, now=utc_now())
    assert "Another." in log_in(house.otto).get(PAGE).text
    assert len(confirmed()) == 1
    with transaction() as session:
        give_up(session, reading_id, actor=house.edda)
    assert (confirmed(), "Another." in log_in(house.otto).get(PAGE).text) == ([], False)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"due_on": "2026-11-30", "reason": "Why"}, "Choose at least one team, or everybody."),
        ({"for_everybody": "y", "due_on": "2026-11-01", "reason": "Why"}, "Choose a day that is still to come."),
        ({"for_everybody": "y", "due_on": "", "reason": "Why"}, "Choose a day."),
        ({"for_everybody": "y", "due_on": "2026-11-30", "reason": " "}, "Say why in at most 500 characters"),
        ({"for_everybody": "y", "due_on": "2026-11-30", "reason": "x" * 501}, "Use at most 500 characters."),
    ],
)
def test_what_is_missing_is_said_beside_the_field(
    house: House, log_in: Callable[[User], FlaskClient], form: dict[str, str], said: str
) -> None:
    answer = log_in(house.edda).post(f"/acknowledgements/new?of={ARTICLE}", data=form)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert db.session.scalars(select(RequiredReading)).all() == []


def test_only_articles_can_be_required_and_each_once(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    editor = log_in(house.edda)
    assert editor.get(f"/acknowledgements/new?of=team.{house.payments.slug}").status_code == 404
    assert editor.get("/acknowledgements/new?of=practice.none").status_code == 404
    reading_id = ask(house, house.payments)
    assert editor.get(f"/acknowledgements/new?of={ARTICLE}").location == f"/acknowledgements/{reading_id}"
    with pytest.raises(ConflictError):
        ask(house, house.cards)


# Teams change.


def test_who_joins_is_asked_and_who_leaves_is_not(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id = ask(house, house.payments)
    nudge_readers()
    assert told(house.otto) == []
    with transaction() as session:
        session.add(Membership(team_id=house.payments.id, user_id=house.otto.id))
        session.delete(session.get_one(Membership, (house.payments.id, house.chen.id)))
        session.get_one(User, house.lena.id).disabled_at = utc_now()
    nudge_readers()
    assert told(house.otto) == ["To read and confirm: About short-branches"]
    page = log_in(house.edda).get(f"/acknowledgements/{reading_id}").text
    assert [name in page for name in ("Otto Outsider", "Lin Yue", "Chen Xiao", "Lena Lead")] == [
        True,
        True,
        False,
        False,
    ]
    assert HEADING not in log_in(house.chen).get("/").text


def test_everybody_means_whoever_has_an_account(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id = ask(house, everybody=True)
    assert nudge_readers() == 6
    assert "0 of 6" in log_in(house.edda).get(f"/acknowledgements/{reading_id}").text
    assert "In no team" in log_in(house.edda).get(f"/acknowledgements/{reading_id}").text
    assert "In no team" not in log_in(house.lena).get(f"/acknowledgements/{reading_id}").text


# Reminders.


def test_people_are_told_when_asked_before_the_day_and_after_it(house: House, clock: time_machine.Traveller) -> None:
    reading_id = ask(house, house.payments)
    told_on: dict[date, list[str]] = {}
    for _day in range(20):
        before = len(told(house.yue))
        nudge_readers()
        nudge_readers()
        told_on[utc_now().date()] = told(house.yue)[before:]
        if utc_now().date() == date(2026, 11, 20):
            let_confirm(reading_id, house.chen)
        clock.shift(timedelta(days=1))
    assert {day: lines for day, lines in told_on.items() if lines} == {
        date(2026, 11, 16): ["To read and confirm: About short-branches"],
        date(2026, 11, 27): ["By November 30, 2026: read About short-branches"],
        date(2026, 12, 1): ["Overdue: About short-branches"],
    }
    assert len(told(house.chen)) == 1, "who has confirmed hears nothing more"
    rewrite()
    with transaction() as session:
        ask_again(session, reading_id, texts(), date(2026, 12, 20), actor=house.edda, now=utc_now())
    nudge_readers()
    assert (len(told(house.yue)), len(told(house.chen))) == (4, 2)


def test_mail_that_waits_is_dropped_once_it_is_confirmed(house: House) -> None:
    reading_id = ask(house, house.payments)
    nudge_readers()
    let_confirm(reading_id, house.yue)
    send_due_mail()
    states = {mail.to: mail.state for mail in db.session.scalars(select(Mail))}
    assert states.pop("yue@example.com") == "dropped"
    assert set(states.values()) == {"sent"}


def test_nobody_is_told_of_what_is_gone(house: House, log_in: Callable[[User], FlaskClient]) -> None:
    reading_id = ask(house, house.payments)
    with transaction() as session:
        for practice in session.scalars(select(Practice)).all():
            session.delete(practice)
    assert (nudge_readers(), told(house.yue)) == (0, [])
    assert log_in(house.yue).get("/").status_code == 200
    assert "short-branches" in log_in(house.edda).get(f"/acknowledgements/{reading_id}").text


# Many, and at once.


@pytest.mark.race
@pytest.mark.both_databases
def test_a_double_click_confirms_once(house: House) -> None:
    reading_id, user_id, current = ask(house, house.payments), house.yue.id, texts()

    def click() -> None:
        with transaction() as session:
            person = session.get_one(User, user_id)
            confirm(session, reading_id, "en", current["en"], current, actor=person, now=utc_now())

    assert all_at_once(4, click) == [0, 0, 0, 0]
    assert confirmed() == [(user_id, 1, current["en"])]


@pytest.mark.race
@pytest.mark.both_databases
def test_workers_tell_everybody_once_also_when_they_are_killed(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    ids = sorted(person.id for person in (house.lena, house.yue, house.chen))
    ask(house, house.payments)
    number = 0
    while killed_at(number := number + 4, nudge_readers):
        pass
    assert number > 8
    assert all_at_once(3, nudge_readers) == [0, 0, 0]
    assert sorted(db.session.scalars(select(Notice.user_id))) == ids


def test_to_confirm_leaves_all_stored_pages_valid(
    house: House, log_in: Callable[[User], FlaskClient], count_queries: list[str]
) -> None:
    reading_id = ask(house, house.payments)
    browser = log_in(house.otto)
    browser.get(PAGE)
    count_queries.clear()
    browser.get(PAGE)
    before = list(count_queries)
    let_confirm(reading_id, house.yue)
    count_queries.clear()
    browser.get(PAGE)
    assert count_queries == before


def test_pages_ask_as_often_for_many(
    house: House, app: Flask, log_in: Callable[[User], FlaskClient], count_queries: list[str]
) -> None:
    """Many readings on home and lists, and many people in a team."""
    ask(house, house.payments)

    def fill(numbers: range) -> None:
        for number in numbers:
            make_practice(f"p-{number}")
            demand = Demand([house.payments.id], for_everybody=bool(number % 2), due_on=DUE, reason="Why")
            member = make_user(f"Member {number}").id
            with transaction() as session:
                session.add(Membership(team_id=house.payments.id, user_id=member))
                require(session, Ref("practice", f"p-{number}"), demand, {"en": "x"}, actor=house.edda, now=utc_now())

    def queries() -> list[int]:
        found = []
        for person, address in (
            (house.yue, "/"),
            (house.yue, "/acknowledgements/"),
            (house.edda, "/acknowledgements/"),
            (house.edda, "/acknowledgements/1"),
            (house.yue, PAGE),
        ):
            app.extensions["store"] = Store(MAX_BYTES)
            browser = log_in(person)
            count_queries.clear()
            assert browser.get(address).status_code == 200
            found.append(len(count_queries))
        return found

    fill(range(8))
    few = queries()
    fill(range(8, 30))
    assert queries() == few


def test_an_article_with_another_address_keeps_what_hangs_on_it(house: House) -> None:
    """Followers, reads and confirmations go with it."""
    reading_id = ask(house, house.payments)
    let_confirm(reading_id, house.yue)
    moved = Ref("practice", "long-branches")
    days = ((ARTICLE, date(2026, 11, 2), 3), (ARTICLE, date(2026, 11, 3), 4), (moved, date(2026, 11, 3), 5))
    with transaction() as session:
        follow(session, house.yue.id, ARTICLE, now=utc_now())
        follow(session, house.chen.id, ARTICLE, now=utc_now())
        follow(session, house.chen.id, moved, now=utc_now())
        session.add_all(ReadDay(**ref._asdict(), language="en", day=day, count=count) for ref, day, count in days)
    with transaction() as session:
        move_references(session, ARTICLE.kind, ARTICLE.slug, moved.slug)
    assert (followed_by(house.yue.id), followed_by(house.chen.id)) == ([moved], [moved])
    assert db.session.scalars(select(RequiredReading.slug)).all() == ["long-branches"]
    rows = db.session.scalars(select(ReadDay).order_by(ReadDay.day)).all()
    assert [(row.slug, row.count) for row in rows] == [("long-branches", 3), ("long-branches", 9)]
    assert len(confirmed()) == 1
