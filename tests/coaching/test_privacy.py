"""What coach and team write to each other is read by them alone: nobody finds it, counts it, gets it in a mail, a feed or a file, and
no log has it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaching.engagements import service as engagements
from app.coaching.engagements import working
from app.coaching.engagements.feedback import give_feedback
from app.coaching.engagements.jobs import nudge
from app.coaching.engagements.service import GoalDraft
from app.coaching.models import Engagement
from app.coaching.requests import service
from app.coaching.requests.jobs import move_clocks, remind_teams
from app.exchange.exporting import export_to
from app.jobs.composing import compose
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.markup import render
from app.notifications.models import Notice
from app.search.outbox import rebuild
from tests.coaching.people import House
from tests.factories.coaching import make_request

LogIn = Callable[[User], FlaskClient]
# One word for each place in which something can be written, so that a test says which one leaked.
SECRETS = {
    place: f"zq{place}xj"
    for place in (
        "goal", "question", "answer", "decline", "handover", "withdraw", "line", "note", "action", "outcome", "feedback",
    )
}  # fmt: skip


@pytest.fixture
def engagement_id(house: House, clock: time_machine.Coordinates) -> int:
    """Everything that can be written was written, by the ways in which people write it."""
    amara, chen, lead = house.amara, house.chen, house.lead
    request_id = make_request(house.team, lead, goal=SECRETS["goal"], capability_id=house.capability.id).id
    with transaction() as session:
        service.decline(session, request_id, reason=SECRETS["decline"], actor=amara, now=utc_now())
    with transaction() as session:
        service.ask_back(session, request_id, question=SECRETS["question"], actor=chen, now=utc_now())
    clock.shift(timedelta(days=8))
    remind_teams()
    with transaction() as session:
        service.reply(session, request_id, answer=SECRETS["answer"], actor=lead, now=utc_now())
    with transaction() as session:
        engagement_id = service.accept(session, request_id, actor=chen, now=utc_now()).id
    other = make_request(house.team, lead, goal=SECRETS["goal"]).id
    with transaction() as session:
        service.hand_over(session, other, to_id=chen.id, words=SECRETS["handover"], actor=amara, now=utc_now())
    with transaction() as session:
        service.withdraw(session, other, reason=SECRETS["withdraw"], actor=lead, now=utc_now())
    make_request(house.team, lead, goal=SECRETS["goal"], capability_id=house.capability.id, to_level=5)
    note = SECRETS["note"]
    with transaction() as session:
        working.add_goal(session, engagement_id, GoalDraft(text=SECRETS["line"]), actor=chen)
        working.add_note(
            session, engagement_id, on=date(2026, 11, 20), text=note, html=render(note).html, actor=chen, now=utc_now()
        )
        working.agree(
            session,
            engagement_id,
            text=SECRETS["action"],
            owner_id=lead.id,
            due_on=date(2026, 11, 25),
            actor=chen,
            now=utc_now(),
        )
    clock.shift(timedelta(days=4))
    assert nudge() == 1
    move_clocks()
    with transaction() as session:
        engagements.end(session, engagement_id, outcome=SECRETS["outcome"], actor=chen, now=utc_now())
    with transaction() as session:
        for person in (lead, house.mei, house.olu):
            give_feedback(
                session, engagement_id, mark=5, text=f"{SECRETS['feedback']} {person.name}", actor=person, now=utc_now()
            )
    return engagement_id


def found_in(text: str) -> list[str]:
    return [place for place, secret in SECRETS.items() if secret in text]


PAGES = (
    "/",
    "/coaching/",
    "/coaching/figures",
    "/coaching/figures.csv",
    "/coaches/",
    "/notices",
    "/training/",
    "/capabilities/continuous-delivery/version-control",
)


def coach_page(person: User) -> str:
    return f"/coaches/{db.session.execute(select(Coach.slug).where(Coach.user_id == person.id)).scalar_one()}"


def page_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert (path, answer.status_code) == (path, 200)
    return answer.get_data(as_text=True)


def test_those_two_sides_read_it(house: House, engagement_id: int, log_in: LogIn) -> None:
    expected = sorted({"line", "note", "action", "outcome", "goal", "feedback"})
    of_mei = log_in(house.mei).get(f"/coaching/engagements/{engagement_id}").get_data(as_text=True)
    of_chen = log_in(house.chen).get(f"/coaching/engagements/{engagement_id}").get_data(as_text=True)
    assert (sorted(found_in(of_mei)), sorted(found_in(of_chen))) == (expected, expected)
    # Of what the others of the team say of the coaching, the coach alone reads.
    assert (of_mei.count(SECRETS["feedback"]), of_chen.count(SECRETS["feedback"])) == (1, 3)


def test_nobody_else_reads_it_on_any_page(house: House, engagement_id: int, log_in: LogIn, client: FlaskClient) -> None:
    own = [
        f"/coaching/engagements/{engagement_id}",
        "/coaching/requests/1",
        "/coaching/requests/2",
        "/coaching/requests/3",
    ]
    edits = [
        f"/coaching/engagements/{engagement_id}{end}"
        for end in ("/edit", "/end", "/notes/1/edit", "/actions/1/edit", ".ics")
    ]
    team = f"/teams/{house.team.slug}"
    for person in (house.amara, house.outsider, house.leader, house.editor, house.administrator):
        browser = log_in(person)
        for path in (*own, *edits):
            assert (person.name, path, browser.get(path).status_code) == (person.name, path, 404)
        week = browser.get("/coaching/week")
        assert week.status_code in {200, 403}
        pages = [page_of(browser, path) for path in (*PAGES, team, coach_page(house.chen))]
        assert (person.name, found_in("".join(pages) + week.get_data(as_text=True))) == (person.name, [])
    stranded = log_in(house.administrator).get("/coaching/requests/stranded")
    assert (stranded.status_code, found_in(stranded.get_data(as_text=True))) == (200, [])
    for path in (*PAGES, team, *own):
        assert found_in(client.get(path).get_data(as_text=True)) == []


def test_that_a_team_is_coached_is_not_told_on_its_page(house: House, engagement_id: int, log_in: LogIn) -> None:
    with transaction() as session:
        session.get_one(Engagement, engagement_id).state = "running"
    link = f"/coaching/engagements/{engagement_id}"
    seen = {
        person.name: link in log_in(person).get(f"/teams/{house.team.slug}").get_data(as_text=True)
        for person in (house.mei, house.chen, *house.others[1:], house.amara)
    }
    assert [name for name, is_seen in seen.items() if is_seen] == [house.mei.name, house.chen.name]


def test_no_search_finds_it_counts_it_or_suggests_it(house: House, engagement_id: int, log_in: LogIn) -> None:
    rebuild()
    for person in (house.lead, house.chen, house.outsider, house.administrator):
        browser = log_in(person)
        for place, secret in SECRETS.items():
            page = page_of(browser, f"/search?q={secret}")
            assert (place, "/coaching/" in page.replace('href="/coaching/"', "")) == (place, False)
            suggested = page_of(browser, f"/search/suggest?q={secret[:6]}")
            assert (place, secret in suggested) == (place, False)


def test_no_notice_and_no_mail_has_it(house: House, engagement_id: int) -> None:
    notices = list(db.session.execute(select(Notice)).scalars())
    mails = list(db.session.execute(select(Mail)).scalars())
    assert len(notices) > 10
    assert len(mails) > 10
    assert found_in(repr([each.params for each in notices] + [each.params for each in mails])) == []
    written = [str(compose(mail, now=utc_now())) for mail in mails]
    assert found_in("".join(written)) == []


def test_no_notice_of_another_persons_tells_of_it(house: House, engagement_id: int, log_in: LogIn) -> None:
    told = {
        person.name: list(db.session.execute(select(Notice.kind).where(Notice.user_id == person.id)).scalars())
        for person in (house.outsider, house.leader, house.editor, house.administrator)
    }
    assert told == {
        house.outsider.name: [],
        house.leader.name: [],
        house.editor.name: [],
        house.administrator.name: ["coaching without a coach"],
    }


def test_no_export_and_no_feed_has_it(house: House, engagement_id: int, tmp_path: Path, client: FlaskClient) -> None:
    export_to(tmp_path / "out", tmp_path / "media")
    written = "".join(path.read_text(encoding="utf-8") for path in tmp_path.rglob("*") if path.is_file())
    assert found_in(written) == []
    for path in ("/feeds/everything.atom", "/llms.txt", f"{coach_page(house.chen)}.md"):
        assert found_in(page_of(client, path)) == []


def test_no_calendar_file_has_it(house: House, engagement_id: int, log_in: LogIn) -> None:
    with transaction() as session:
        session.get_one(Engagement, engagement_id).ends_on = date(2026, 12, 18)
        session.get_one(Engagement, engagement_id).ended_on = None
    answer = log_in(house.lead).get(f"/coaching/engagements/{engagement_id}.ics")
    text = answer.get_data(as_text=True)
    assert (answer.mimetype, text.count("BEGIN:VEVENT"), found_in(text)) == ("text/calendar", 2, [])


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Callable[[], str]:
    caplog.set_level(logging.DEBUG)

    def text() -> str:
        out, err = capfd.readouterr()
        return caplog.text + out + err

    return text


def test_no_log_has_it(house: House, logged: Callable[[], str], log_in: LogIn, app: Flask) -> None:
    browser = log_in(house.lead)
    browser.post("/coaching/requests/new", data={"team": house.team.id, "goal": SECRETS["goal"], "language": "en"})
    log_in(house.amara).post("/coaching/requests/1/question", data={"question": SECRETS["question"]})
    browser.post("/coaching/requests/1/answer", data={"answer": SECRETS["answer"]})
    log_in(house.amara).post("/coaching/requests/1/acceptance")
    log_in(house.amara).post("/coaching/engagements/1/notes", data={"on": "2026-11-16", "text": SECRETS["note"]})
    log_in(house.outsider).post("/coaching/engagements/1/notes", data={"on": "2026-11-16", "text": SECRETS["note"]})
    assert db.session.execute(select(Engagement.id)).scalar_one() == 1
    assert found_in(logged()) == []
