"""What coach and team write to each other is read by them alone: nobody finds it, counts it, gets it in a mail, a feed or a file, and
no log has it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.coaches.models import Coach
from app.coaching.models import Engagement
from app.exchange.exporting import export_to
from app.jobs.composing import compose
from app.jobs.models import Mail
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.notifications.models import Notice
from app.search.outbox import rebuild
from app.training.feeds.service import renew_feed
from tests.coaching.people import House
from tests.coaching.written import OF_TWO, SECRETS, Written, found_in, write_everything
from tests.factories.afterwards import make_past
from tests.factories.growth import bring_path
from tests.factories.office_hours import WEDNESDAY_AT_TWO, make_hours

pytestmark = pytest.mark.slow

LogIn = Callable[[User], FlaskClient]


@pytest.fixture
def written(house: House, clock: time_machine.Coordinates) -> Written:
    return write_everything(house, clock)


@pytest.fixture
def engagement_id(written: Written) -> int:
    return written.engagement_id


PAGES = (
    "/",
    "/coaching/",
    "/coaching/figures",
    "/coaching/figures.csv",
    "/coaches/",
    "/notices",
    "/training/",
    "/training/together",
    "/participation",
    "/coaching/office-hours",
    "/coaching/bookings",
    "/coaching/path",
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


def test_those_two_read_what_was_written_about_a_booking(house: House, written: Written, log_in: LogIn) -> None:
    seen = {
        (person.name, path): found_in(page_of(log_in(person), path))
        for person, path in (
            (house.olu, f"/coaching/bookings/{written.kept}"),
            (house.mei, f"/coaching/bookings/{written.called_off}"),
            (house.lead, f"/coaching/bookings/{written.cancelled}"),
            (house.chen, f"/coaching/bookings/{written.kept}"),
            (house.chen, f"/coaching/bookings/{written.called_off}"),
            (house.chen, f"/coaching/bookings/{written.cancelled}"),
            (house.chen, f"/coaching/office-hours/{written.drop_in}/queue"),
            (house.chen, "/coaching/week"),
        )
    }
    assert list(seen.values()) == [
        ["booking"],
        ["booking", "calledoff"],
        ["booking", "cancelled"],
        ["booking"],
        ["booking", "calledoff"],
        ["booking", "cancelled"],
        ["ticket"],
        ["room"],
    ]


def test_whoever_goes_along_the_path_and_who_decides_read_what_was_written_there(
    house: House, written: Written, log_in: LogIn
) -> None:
    of_mei = found_in(page_of(log_in(house.mei), "/coaching/path"))
    lead_coach = log_in(written.lead_coach)
    decides = [found_in(page_of(lead_coach, f"/coaching/path/people/{each.id}")) for each in (house.mei, house.olu)]
    observed = found_in(page_of(log_in(house.chen), "/coaching/path/observations/new"))
    assert (of_mei, decides, observed) == (
        ["strengths", "advice", "refusal"],
        [["strengths", "advice"], ["application"]],
        ["strengths", "advice"],
    )


def test_the_others_of_the_team_read_nothing_of_what_is_between_two(
    house: House, written: Written, log_in: LogIn
) -> None:
    """The booking belongs to the engagement of their team, and their colleague goes along the path."""
    browser = log_in(house.lead)
    pages = (f"/coaching/engagements/{written.engagement_id}", f"/coaching/office-hours/{written.drop_in}/queue")
    text = "".join(page_of(browser, path) for path in (*PAGES, *pages, f"/teams/{house.team.slug}"))
    assert [place for place in found_in(text) if place in OF_TWO] == []
    for path in (f"/coaching/bookings/{written.kept}", f"/coaching/path/people/{house.mei.id}"):
        assert browser.get(path).status_code == 404


def test_nobody_else_reads_it_on_any_page(house: House, written: Written, log_in: LogIn, client: FlaskClient) -> None:
    engagement_id = written.engagement_id
    own = [
        f"/coaching/engagements/{engagement_id}",
        "/coaching/requests/1",
        "/coaching/requests/2",
        "/coaching/requests/3",
        f"/coaching/bookings/{written.kept}",
        f"/coaching/bookings/{written.called_off}",
        f"/coaching/bookings/{written.cancelled}",
        f"/coaching/bookings/{written.kept}.ics",
        f"/coaching/path/people/{house.mei.id}",
        f"/coaching/path/people/{house.olu.id}",
        "/coaching/path/people",
    ]
    edits = [
        f"/coaching/engagements/{engagement_id}{end}"
        for end in ("/edit", "/end", "/notes/1/edit", "/actions/1/edit", ".ics")
    ]
    chen, queue = coach_page(house.chen), f"/coaching/office-hours/{written.drop_in}/queue"
    shown = (*PAGES, f"/teams/{house.team.slug}", chen, f"{chen}/office-hours", queue)
    for person in (house.amara, house.outsider, house.leader, house.editor, house.administrator):
        browser = log_in(person)
        for path in (*own, *edits):
            assert (person.name, path, browser.get(path).status_code) == (person.name, path, 404)
        for path in ("/coaching/week", "/coaching/office-hours/mine", "/coaching/path/observations/new"):
            answer = browser.get(path)
            is_coach = person is house.amara
            assert (person.name, answer.status_code, found_in(answer.text)) == (
                person.name,
                200 if is_coach else 403,
                [],
            )
        pages = [page_of(browser, path) for path in shown]
        assert (person.name, found_in("".join(pages))) == (person.name, [])
    stranded = log_in(house.administrator).get("/coaching/requests/stranded")
    assert (stranded.status_code, found_in(stranded.get_data(as_text=True))) == (200, [])
    for path in (*shown, *own):
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


def test_no_search_finds_it_counts_it_or_suggests_it(house: House, written: Written, log_in: LogIn) -> None:
    rebuild()
    for person in (house.lead, house.mei, house.chen, written.lead_coach, house.outsider, house.administrator):
        browser = log_in(person)
        for place, secret in SECRETS.items():
            page = page_of(browser, f"/search?q={secret}")
            assert (place, "/coaching/" in page.replace('href="/coaching/"', "")) == (place, False)
            suggested = page_of(browser, f"/search/suggest?q={secret[:6]}")
            assert (place, secret in suggested) == (place, False)


def text_of(mail: Mail) -> str:
    """All that somebody reads who gets it: as it leaves it is encoded, and a word in it would not be found."""
    letter = compose(mail, now=utc_now())
    if letter is None:
        return ""
    parts = [part.get_content() for part in letter.message.walk() if part.get_content_maintype() == "text"]
    return "".join((str(letter.message["subject"]), *parts))


def test_no_notice_and_no_mail_has_it(house: House, written: Written) -> None:
    """But for why a coach cancels: whoever booked is told, and so that both have the same, the coach."""
    notices = list(db.session.execute(select(Notice)).scalars())
    mails = list(db.session.execute(select(Mail)).scalars())
    assert len(notices) > 20
    assert len(mails) > 20
    for told in (notices, mails):
        having = [
            (each.user_id, each.kind, found_in(repr(each.params))) for each in told if found_in(repr(each.params))
        ]
        assert having == [(person.id, "office cancelled", ["calledoff"]) for person in (house.mei, house.chen)]
    composed = [(each.user_id, text_of(each)) for each in mails]
    assert sum("Mei Zhang" in text for _user_id, text in composed) >= 3
    assert [(user_id, found_in(text)) for user_id, text in composed if found_in(text)] == [
        (house.mei.id, ["calledoff"]),
        (house.chen.id, ["calledoff"]),
    ]


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


def test_no_calendar_feed_has_it(house: House, written: Written, log_in: LogIn, client: FlaskClient) -> None:
    for person in (house.olu, house.mei, house.lead, house.chen):
        file = log_in(person).get(f"/coaching/bookings/{written.kept}.ics")
        with transaction() as session:
            token = renew_feed(session, person.id, now=utc_now())
        feed = page_of(client, f"/calendars/{token}/mine.ics")
        is_theirs = person in (house.olu, house.chen)
        assert (person.name, file.status_code, found_in(file.text + feed)) == (
            person.name,
            200 if is_theirs else 404,
            [],
        )
        assert (f"/coaching/bookings/{written.kept}" in feed) == is_theirs


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


def test_no_log_has_what_is_between_two(house: House, logged: Callable[[], str], log_in: LogIn) -> None:
    bring_path()
    hours, drop_in = make_hours(house.chen).id, make_hours(house.chen, weekday=0, starts=time(10), is_drop_in=True).id
    make_past(house.chen, slug="together", coach_ids=[house.chen.id, house.mei.id])
    mei, chen, at = log_in(house.mei), log_in(house.chen), WEDNESDAY_AT_TWO.isoformat()
    observed = {"whom": f"together/{house.mei.id}", "strengths": SECRETS["strengths"], "advice": SECRETS["advice"]}
    sent = [
        (mei, f"/coaching/office-hours/{hours}/booking", {"at": at, "topic": SECRETS["booking"]}),
        (chen, "/coaching/bookings/1/cancellation", {"reason": SECRETS["calledoff"]}),
        (mei, f"/coaching/office-hours/{hours}/booking", {"at": at, "topic": SECRETS["booking"]}),
        (mei, "/coaching/bookings/2/cancellation", {"reason": SECRETS["cancelled"]}),
        (mei, f"/coaching/office-hours/{drop_in}/queue", {"topic": SECRETS["ticket"]}),
        (chen, "/coaching/week/room", {"most": "3", "note": SECRETS["room"]}),
        (chen, "/coaching/path/observations/new", observed),
        (mei, "/coaching/path/beginning", {}),
        (mei, "/coaching/path/application", {"words": SECRETS["application"]}),
    ]
    assert [(path, browser.post(path, data=data).status_code) for browser, path, data in sent] == [
        (path, 303) for _browser, path, _data in sent
    ]
    refusal = f"/coaching/path/people/{house.mei.id}/applications/1/refusal"
    assert log_in(house.administrator).post(refusal, data={"reason": SECRETS["refusal"]}).status_code == 303
    assert found_in(logged()) == []
