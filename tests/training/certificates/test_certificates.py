"""Who earns one, who decides, what a correction does, who has the paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.training.certificates.jobs import doubt, issue_due
from app.training.certificates.models import Certificate
from app.training.certificates.queries import earning, get_rule, unborne
from app.training.certificates.rules import new_code, printable_name, read_code
from app.training.certificates.service import set_rule
from app.training.models import TrainingSession
from app.training.seats.attended import count_attended
from app.training.seats.presence import Presence
from tests.factories.afterwards import HOUR, make_past, mark
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_coach, make_training, sign_up

pytestmark = [pytest.mark.usefixtures("clock"), pytest.mark.both_databases]
LogIn = Callable[[User], FlaskClient]
PAGE = "/training/steps/certificates"
HERE, LATE, GONE = Presence.PRESENT, Presence.LATE, Presence.ABSENT


@pytest.fixture
def people(app: object) -> dict[str, User]:
    """Of a workshop of two meetings that ended an hour ago: Ada was at both, Bo at one, Cem at none; Dai waited in vain."""
    coach, maker = make_coach("Chen Coach"), make_coach("Maja Maker")
    found = {name: make_user(name) for name in ("Ada", "Bo", "Cem", "Dai", "Olga")}
    seated = [found[name] for name in ("Ada", "Bo", "Cem", "Dai")]
    training = make_past(coach, *seated, slug="steps", meetings=2, capacity=3, made_by=maker)
    mark(training, found["Ada"], HERE, LATE)
    mark(training, found["Bo"], HERE, GONE)
    mark(training, found["Cem"], Presence.EXCUSED, GONE)
    return {**found, "Chen": coach, "Maja": maker, "Admin": make_user("Admin", Role.ADMINISTRATOR)}


def certificates() -> list[tuple[str, bool]]:
    """(name, is it valid) of all, in the order in which they were issued."""
    db.session.rollback()
    rows = db.session.execute(select(Certificate).order_by(Certificate.id)).unique().scalars()
    return [(row.name, row.revoked_at is None) for row in rows]


def the_one() -> Certificate:
    db.session.rollback()
    return db.session.execute(select(Certificate).order_by(Certificate.id.desc()).limit(1)).unique().scalar_one()


def told(kind: str) -> list[str]:
    db.session.rollback()
    query = select(User.name).join(Notice, Notice.user_id == User.id).where(Notice.kind == kind).order_by(User.name)
    return list(db.session.execute(query).scalars())


def training_of(slug: str = "steps") -> TrainingSession:
    return db.session.execute(select(TrainingSession).where(TrainingSession.slug == slug)).unique().scalar_one()


def say_rule(*, is_on: bool = True, needed: int | None = None) -> None:
    training_id = training_of().id
    with transaction() as session:
        set_rule(session, training_id, is_on=is_on, needed=needed)


def test_who_runs_the_certificates(people: dict[str, User], log_in: LogIn, client: FlaskClient) -> None:
    runs = {"Chen", "Maja", "Admin"}
    log_in(people["Chen"]).post(f"{PAGE}/issue")
    one = f"{PAGE}/{the_one().id}"
    for name, person in people.items():
        browser, wanted = log_in(person), 200 if name in runs else 403
        for path in (PAGE, f"{one}/revocation", f"{one}/again"):
            assert browser.get(path).status_code == wanted, (name, path)
        if name not in runs:
            for path in (PAGE, f"{PAGE}/issue", f"{one}/revocation", f"{one}/keep", f"{one}/again"):
                data = {"reason": "x", "name": "x"}
                assert browser.post(path, data=data).status_code == 403, (name, path)
    assert client.get(PAGE).status_code == 303
    assert certificates() == [("Ada", True)]


@pytest.mark.parametrize(("needed", "expected"), [(None, ["Ada"]), (2, ["Ada"]), (1, ["Ada", "Bo"])])
def test_whoever_was_there_often_enough_gets_one(
    people: dict[str, User], log_in: LogIn, needed: int | None, expected: list[str]
) -> None:
    say_rule(needed=needed)
    browser = log_in(people["Chen"])
    assert [browser.post(f"{PAGE}/issue").status_code for _ in range(2)] == [303, 303]
    assert certificates() == [(name, True) for name in expected]
    assert told("certificate issued") == expected
    row = db.session.execute(select(Certificate).where(Certificate.name == "Ada")).unique().scalar_one()
    assert (row.title, row.coaches, row.attended, row.meetings) == ("Small steps", "Chen Coach", 2, 2)
    assert (str(row.first_day), str(row.last_day)) == ("2026-11-15", "2026-11-16")


def test_without_attendance_nobody_gets_one(app: object, log_in: LogIn) -> None:
    coach = make_coach()
    make_past(coach, make_user("Ada"), slug="steps")
    browser = log_in(coach)
    browser.post(f"{PAGE}/issue")
    assert certificates() == []
    page = browser.get(PAGE).text
    assert "Attendance has not been taken yet." in page
    assert 'href="/training/steps/attendance"' in page


def test_they_come_by_themselves_a_day_later_and_only_for_what_is_taught(
    people: dict[str, User], clock: time_machine.Coordinates
) -> None:
    shown = make_past(people["Chen"], people["Olga"], kind="sharing", title="Shown")
    mark(shown, people["Olga"], HERE)
    clock.shift(22 * HOUR)
    assert issue_due() == 0
    clock.shift(2 * HOUR)
    assert (issue_due(), issue_due()) == (1, 0)
    assert certificates() == [("Ada", True)]
    mark(training_of(), people["Bo"], HERE, HERE)
    assert issue_due() == 1
    clock.shift(30 * DAY)
    mark(training_of(), people["Cem"], HERE, HERE)
    assert issue_due() == 0


def test_switched_off_there_are_none(people: dict[str, User], log_in: LogIn, clock: time_machine.Coordinates) -> None:
    browser = log_in(people["Chen"])
    assert browser.post(PAGE, data={"needed": ""}).status_code == 303
    assert browser.post(f"{PAGE}/issue").status_code == 409
    clock.shift(2 * DAY)
    assert (issue_due(), certificates()) == (0, [])
    browser.post(PAGE, data={"is_on": "y", "needed": "1"})
    assert issue_due() == 2


def test_a_rule_that_the_session_cannot_have_is_refused(people: dict[str, User], log_in: LogIn) -> None:
    for number in ("2", "3", "0", "-1", "x"):
        assert log_in(people["Chen"]).post(PAGE, data={"is_on": "y", "needed": number}).status_code == 422


def test_none_before_the_end_or_of_a_cancelled_session(app: object, log_in: LogIn) -> None:
    coach = make_coach()
    make_training(coach, slug="steps")
    make_training(coach, slug="gone", state="cancelled")
    browser = log_in(coach)
    assert browser.post(f"{PAGE}/issue").status_code == 409
    assert browser.post("/training/gone/certificates/issue").status_code == 409


def test_a_correction_asks_the_coach_and_leaves_nothing_silent(
    people: dict[str, User], log_in: LogIn, client: FlaskClient
) -> None:
    chen = log_in(people["Chen"])
    chen.post(f"{PAGE}/issue")
    assert doubt() == 0
    mark(training_of(), people["Ada"], HERE, GONE)
    assert (doubt(), doubt()) == (1, 0)
    assert told("certificate doubted") == ["Chen Coach"]
    assert "Attendance is not enough" in chen.get(PAGE).text
    assert "This certificate is valid." in client.get(f"/certificates/{the_one().code}").text
    mark(training_of(), people["Ada"], HERE, HERE)
    assert doubt() == 0
    mark(training_of(), people["Ada"], HERE, None)
    assert doubt() == 1
    chen.post(f"{PAGE}/{the_one().id}/keep")
    assert "Kept by decision" in chen.get(PAGE).text
    assert doubt() == 0
    assert told("certificate doubted") == ["Chen Coach"] * 2
    assert certificates() == [("Ada", True)]


def test_revoked_with_a_reason_and_issued_again_with_another_number(
    people: dict[str, User], log_in: LogIn, client: FlaskClient
) -> None:
    chen = log_in(people["Chen"])
    chen.post(f"{PAGE}/issue")
    old = the_one()
    old_id, old_code = old.id, old.code
    one = f"{PAGE}/{old_id}"
    refused = chen.post(f"{one}/revocation", data={"reason": "  "})
    assert (refused.status_code, 'id="reason-error"' in refused.text) == (422, True)
    assert chen.post(f"{one}/again", data={"name": "Ada B."}).status_code == 409
    for _ in range(2):
        assert chen.post(f"{one}/revocation", data={"reason": "The name was <b>wrong</b>"}).status_code == 303
    assert told("certificate revoked") == ["Ada"]
    page = client.get(f"/certificates/{old_code}").text
    assert "This certificate is not valid." in page
    assert "Reason: The name was &lt;b&gt;wrong&lt;/b&gt;" in page
    assert issue_due() == 0
    assert chen.post(f"{PAGE}/issue").status_code == 303
    assert certificates() == [("Ada", False)]
    assert [chen.post(f"{one}/again", data={"name": "Ada B."}).status_code for _ in range(2)] == [303, 409]
    assert certificates() == [("Ada", False), ("Ada B.", True)]
    assert the_one().code != old_code
    row = db.session.get_one(Certificate, old_id)
    assert (row.revoked_by_id, row.revoked_at) == (people["Chen"].id, NOW)
    assert chen.post(f"{one}/keep").status_code == 409


def test_a_certificate_of_another_session_is_not_there(people: dict[str, User], log_in: LogIn) -> None:
    chen = log_in(people["Chen"])
    chen.post(f"{PAGE}/issue")
    make_past(people["Olga"], slug="other")
    olga = log_in(people["Olga"])
    for end in ("revocation", "keep", "again"):
        path = f"/training/other/certificates/{the_one().id}/{end}"
        assert olga.post(path, data={"reason": "x", "name": "x"}).status_code == 404
    assert certificates() == [("Ada", True)]


def test_the_page_that_verifies_says_what_the_paper_says_and_nothing_else(
    people: dict[str, User], log_in: LogIn, client: FlaskClient, configure: Callable[..., None]
) -> None:
    log_in(people["Chen"]).post(f"{PAGE}/issue")
    code = the_one().code
    configure(visitors="none")
    answer = client.get(f"/certificates/{code}")
    assert answer.status_code == 200
    assert answer.headers["X-Robots-Tag"] == "noindex"
    page = " ".join(re.sub(r"<[^>]+>", " ", answer.text.split("<main", 1)[1].split("</main>")[0]).split())
    for words in (
        "This certificate is valid.",
        "Ada",
        "Small steps",
        "November 15, 2026 to November 16, 2026",
        "Led by Chen Coach",
        code,
    ):
        assert words in page
    assert "Bo" not in page.split()
    for words in ("@example.com", "Download", "/training/steps"):
        assert words not in answer.text.split("<main", 1)[1].split("</main>")[0]
    for wrong in (new_code(), "x", code[:-1], f"{code}0", "%00", "../x"):
        assert client.get(f"/certificates/{wrong}").status_code in {400, 404}


def test_a_title_that_would_turn_the_page_is_set_straight(app: object, log_in: LogIn) -> None:
    ada, coach = make_user("\u202eadA"), make_coach()
    mark(make_past(coach, ada, slug="steps", title="\u202eSmall\u2066 steps"), ada, HERE)
    log_in(coach).post(f"{PAGE}/issue")
    assert (the_one().name, the_one().title) == ("adA", "Small steps")


def test_a_number_is_found_however_it_is_typed(people: dict[str, User], log_in: LogIn, client: FlaskClient) -> None:
    log_in(people["Chen"]).post(f"{PAGE}/issue")
    code = the_one().code
    for typed in (code.lower(), code.replace("-", ""), code.replace("0", "O").replace("1", "l")):
        answer = client.get(f"/certificates/{typed}", follow_redirects=True)
        assert (answer.status_code, answer.request.path) == (200, f"/certificates/{code}")


def test_numbers_cannot_be_guessed() -> None:
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert all(re.fullmatch(r"(?:[0-9A-HJKMNP-TV-Z]{4}-){4}[0-9A-HJKMNP-TV-Z]{4}", code) for code in codes)
    assert all(read_code(code) == code for code in codes)


@pytest.mark.parametrize(
    ("name", "printed"),
    [
        ("Zo\u0308e", "Zöe"),
        ("  Ada \t\n Lovelace ", "Ada Lovelace"),
        ("\u202egnp.exe", "gnp.exe"),
        ("A\u200bd\u2066a\u2069", "Ada"),
        ("<b>Ada</b>", "<b>Ada</b>"),
        ("陈喆祎", "陈喆祎"),
        ("x" * 300, "x" * 200),
        ("\u202e\u200b", ""),
        # Joiners, where they change the letters beside them.
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("ශ්\u200dරී", "ශ්\u200dරී"),
        ("র\u200d্যাম", "র\u200d্যাম"),
        ("A\u200dd\u200ca", "Ada"),
    ],
)
def test_the_name_on_it_holds_nothing_that_is_not_seen(name: str, printed: str) -> None:
    assert printable_name(name) == printed


@pytest.mark.parametrize("needed", [None, 1, 2, 3])
@pytest.mark.parametrize("is_on", [None, True, False])
@pytest.mark.parametrize("kind", ["workshop", "sharing", "exhibition", "coach_training"])
def test_the_rule_in_sql_and_in_python_are_one(app: Flask, needed: int | None, is_on: bool | None, kind: str) -> None:
    coach, people = make_coach(), [make_user(str(number)) for number in range(4)]
    training = make_past(coach, *people, meetings=3, kind=kind, slug="steps", ended=NOW - 2 * DAY)
    for number, person in enumerate(people):
        mark(training, person, *[HERE] * number, *[GONE] * (3 - number))
    if is_on is not None:
        say_rule(is_on=is_on, needed=needed)
    session = db.session()
    rule = get_rule(session, training_of())
    earned = {
        user for user, number in count_attended(session, training.id).items() if rule.is_on and rule.is_met(number)
    }
    assert bool(list(session.execute(earning(NOW)).scalars())) == bool(earned)
    issue_due()
    rows = set(db.session.execute(select(Certificate.user_id)).scalars())
    assert rows == earned
    assert list(db.session.execute(unborne()).scalars()) == []


def test_my_trainings_show_my_certificates(people: dict[str, User], log_in: LogIn) -> None:
    log_in(people["Chen"]).post(f"{PAGE}/issue")
    code = the_one().code
    assert f"/certificates/{code}.pdf" in log_in(people["Ada"]).get("/training/mine").text
    assert "/certificates/" not in log_in(people["Bo"]).get("/training/mine").text
    assert f"/certificates/{code}" in log_in(people["Ada"]).get("/training/steps").text


def test_the_coachs_page_takes_as_many_queries_for_thirty_as_for_three(
    people: dict[str, User], log_in: LogIn, count_queries: list[str]
) -> None:
    coach = make_coach()
    training = make_past(coach, slug="crowd", capacity=50)

    def count(more: int) -> int:
        crowd = [make_user(f"Person {number}") for number in range(more)]
        sign_up(training, *crowd, now=training.starts_at - DAY)
        for person in crowd:
            mark(training, person, HERE)
        browser = log_in(coach)
        browser.post("/training/crowd/certificates/issue")
        count_queries.clear()
        assert browser.get("/training/crowd/certificates").status_code == 200
        return len(count_queries)

    assert count(3) == count(27)


def test_a_name_of_nothing_that_is_seen_keeps_nobody_else_waiting(app: Flask, clock: time_machine.Coordinates) -> None:
    coach, unseen, ada, bo = make_coach(), make_user("\u200b\u2060"), make_user("Ada"), make_user("Bo")
    for person in (ada, bo):
        training = make_past(coach, unseen, person)
        for each in (unseen, person):
            mark(training, each, HERE)
    clock.shift(25 * HOUR)

    assert issue_due() == 2
    assert list(db.session.scalars(select(Certificate.name).order_by(Certificate.name))) == ["Ada", "Bo"]
