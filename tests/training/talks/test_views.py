"""A programme as browsers see it: who arranges it, how it shows, what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.search.outbox import drain
from app.training.service import Details, change
from app.training.talks.models import Speaker, Talk
from tests.factories.case_studies import make_case_study, make_manuscript, make_story
from tests.factories.coaches import make_coach as make_profile
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.talks import make_sharing, make_talk
from tests.factories.training import NOW, make_coach, make_details, make_training

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")
PAGE = "/training/sharing/programme"


def get(browser: FlaskClient, path: str, status: int = 200) -> str:
    answer = browser.get(path)
    assert answer.status_code == status, answer.text[:500]
    return " ".join(answer.text.split())


def say(**given: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    return {"title": "Trunk at the counter", "minutes": "40", "language": "en", "story": "", **given}


def titles() -> list[str]:
    db.session.rollback()
    return list(db.session.execute(select(Talk.title).order_by(Talk.position)).scalars())


def revisit(training_id: int, coach: User, **given: Any) -> None:
    """The session says something else from now on."""
    details: Details = make_details(coach, **{"kind": "sharing", "title": "Sharing Friday", **given})
    with transaction() as session:
        change(session, training_id, details, revision=1, actor=coach, now=NOW)


@pytest.fixture
def coach(app: Flask) -> User:
    return make_coach()


@pytest.fixture
def desk(coach: User, log_in: LogIn) -> FlaskClient:
    """The coach's browser, with a sharing session announced."""
    make_sharing(coach)
    return log_in(coach)


def test_who_may_arrange_it(coach: User, log_in: LogIn, client: FlaskClient) -> None:
    make_sharing(coach)
    make_sharing(coach, slug="draft", state="draft")
    talk = make_talk(make_sharing(make_coach("Other Coach"), slug="others"))
    people = {"coach": coach, "outsider": make_user("Otto"), "other coach": make_coach("Third"),
              "editor": make_user("Edda", Role.EDITOR), "administrator": make_user("Ada", Role.ADMINISTRATOR)}  # fmt: skip
    answers = {
        name: [
            log_in(person).get("/training/sharing/programme").status_code,
            log_in(person).get("/training/draft/programme").status_code,
            log_in(person).post("/training/sharing/programme", data=say()).status_code,
            log_in(person).post(f"/training/others/programme/{talk.id}/delete").status_code,
        ]
        for name, person in people.items()
    }
    assert answers == {
        "coach": [200, 200, 303, 403],
        "outsider": [403, 404, 403, 403],
        "other coach": [403, 404, 403, 403],
        "editor": [403, 404, 403, 403],
        "administrator": [200, 200, 422, 303],  # the coach's talk has that title already
    }
    assert "/login" in client.get("/training/sharing/programme").headers["Location"]


def test_a_talk_is_put_on_changed_and_taken_off(desk: FlaskClient) -> None:
    assert "Nothing is on the programme yet" in get(desk, PAGE)
    assert desk.post(PAGE, data=say()).status_code == 303
    talk_id = db.session.execute(select(Talk.id)).scalar_one()
    page = get(desk, f"{PAGE}/{talk_id}")
    assert 'value="Trunk at the counter"' in page
    answer = desk.post(f"{PAGE}/{talk_id}", data=say(title="Trunk in the branch", revision="0"))
    assert answer.status_code == 303
    assert titles() == ["Trunk in the branch"]
    for _twice in range(2):
        assert desk.post(f"{PAGE}/{talk_id}/delete").status_code == 303
    assert titles() == []


def test_a_form_sent_twice_makes_one_talk(desk: FlaskClient) -> None:
    assert [desk.post(PAGE, data=say()).status_code for _twice in range(2)] == [303, 422]
    assert titles() == ["Trunk at the counter"]


def test_what_is_refused_says_so_at_its_field_and_keeps_what_was_typed(desk: FlaskClient) -> None:
    for given, field, words in (
        ({"title": " "}, "title", "Please fill this in."),
        ({"minutes": "3"}, "minutes", "A talk takes between 5 minutes and 8 hours."),
        ({"minutes": "121"}, "minutes", "There is no time left for that"),
        ({"break_before": "999"}, "break_before", "A break takes at most 4 hours."),
        ({"speaker_1": "", "speaker_3": "nobody@example.com"}, "speaker_3", "Nobody has an account with this address."),
        ({"speaker_2": "n" * 90}, "speaker_2", "Use at most 80 characters."),
        ({"story": "no-such-story"}, "story", "Not a valid choice"),
    ):
        answer = desk.post(PAGE, data=say(abstract="What I typed", **given))
        page = " ".join(answer.text.split())
        assert answer.status_code == 422, given
        assert "What I typed" in page
        assert f'id="{field}-error"' in page
        assert words in page
    assert titles() == []


def test_talks_move_by_one_place(desk: FlaskClient) -> None:
    for title in ("One", "Two", "Three"):
        desk.post(PAGE, data=say(title=title, minutes="20"))
    ids = dict(db.session.execute(select(Talk.title, Talk.id)).all())
    move = {"way": "up", "from": "3"}
    for _twice in range(2):
        assert desk.post(f"{PAGE}/{ids['Three']}/position", data=move).status_code == 303
        assert titles() == ["One", "Three", "Two"]
    desk.post(f"{PAGE}/{ids['One']}/position", data={"way": "up", "from": "1"})
    desk.post(f"{PAGE}/{ids['Two']}/position", data={"way": "down", "from": "3"})
    assert titles() == ["One", "Three", "Two"]
    assert desk.post(f"{PAGE}/{ids['One']}/position", data={"way": "sideways", "from": "1"}).status_code == 422


def test_an_order_that_does_not_fit_is_refused(coach: User, log_in: LogIn) -> None:
    start = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    hour, day = timedelta(hours=1), timedelta(days=1)
    training = make_sharing(coach, ends_at=start + day + hour, meetings=[(start, start + hour), (start + day, start + day + hour)])  # fmt: skip
    for title, minutes in (("Long", 30), ("Short", 20), ("Longer", 50)):
        make_talk(training, title, minutes=minutes)
    ids = dict(db.session.execute(select(Talk.title, Talk.id)).all())
    answer = log_in(coach).post(f"{PAGE}/{ids['Longer']}/position", data={"way": "up", "from": "3"})
    assert (answer.status_code, titles()) == (409, ["Long", "Short", "Longer"])


def test_two_who_change_a_talk_at_once_hear_of_each_other(desk: FlaskClient) -> None:
    desk.post(PAGE, data=say())
    talk_id = db.session.execute(select(Talk.id)).scalar_one()
    assert desk.post(f"{PAGE}/{talk_id}", data=say(title="First", revision="0")).status_code == 303
    late = desk.post(f"{PAGE}/{talk_id}", data=say(title="Second", revision="0"))
    assert late.status_code == 409
    assert "Somebody else changed this talk" in late.text
    assert titles() == ["First"]
    again = re.search(r'name="revision" type="hidden" value="(\d+)"', late.text)
    assert again is not None
    assert desk.post(f"{PAGE}/{talk_id}", data=say(title="Second", revision=again[1])).status_code == 303


def test_the_talk_of_another_session_is_out_of_reach(desk: FlaskClient) -> None:
    talk = make_talk(make_sharing(make_coach("Other Coach"), slug="others"), "Not yours")
    assert desk.get(f"{PAGE}/{talk.id}").status_code == 404
    assert desk.post(f"{PAGE}/{talk.id}", data=say(revision="0")).status_code == 404
    assert desk.post(f"{PAGE}/{talk.id}/position", data={"way": "up", "from": "1"}).status_code == 404
    desk.post(f"{PAGE}/{talk.id}/delete")
    assert titles() == ["Not yours"]


def test_other_kinds_have_none(coach: User, log_in: LogIn) -> None:
    make_training(coach, slug="workshop")
    assert "Only exhibitions and sharing sessions" in get(log_in(coach), "/training/workshop/programme", 404)
    assert "/programme" not in get(log_in(coach), "/training/workshop")
    make_sharing(coach)
    assert PAGE in get(log_in(coach), "/training/sharing")


def test_a_cancelled_session_stays_as_it_is(coach: User, log_in: LogIn) -> None:
    make_sharing(coach, state="cancelled")
    assert log_in(coach).post(PAGE, data=say()).status_code == 409
    assert titles() == []


def test_the_page_of_the_session_shows_the_agenda_between_the_facts_and_the_text(
    client: FlaskClient, coach: User
) -> None:
    profile = make_profile("Amara Osei")
    training = make_sharing(coach)
    first = make_talk(
        training, "Small steps", speakers=[profile.user.email, "", "Dr. Ada <b>Guest</b>"], abstract="A **bold** claim."
    )
    make_talk(training, "Bigger steps", minutes=45, break_before=15, speakers=[coach.email])
    page = get(client, "/training/sharing")
    assert page.index("<dt>When</dt>") < page.index("Small steps</h3>") < page.index("Bring a <strong>laptop")
    assert re.findall(r'<time datetime="[^"]*">(\d\d:\d\d)</time><span class="hidden-text"> ([^<]*)', page) == [
        ("14:00", "Small steps"), ("14:45", "Bigger steps"),
    ]  # fmt: skip
    assert f'id="talk-{first.id}"' in page
    assert f'href="#talk-{first.id}"' in page
    assert '<a href="/coaches/' in page.split("Small steps</h3>")[1].split("</p>")[0]
    assert "Dr. Ada &lt;b&gt;Guest&lt;/b&gt;" in page
    assert "<strong>bold</strong>" in page
    assert "Break of 15 minutes" in page


def test_a_programme_that_a_shorter_session_breaks_can_be_put_right(
    coach: User, desk: FlaskClient, client: FlaskClient
) -> None:
    for title in ("One", "Two"):
        desk.post(PAGE, data=say(title=title, minutes="60"))
    training_id = db.session.execute(select(Talk.training_id)).scalars().first()
    assert training_id is not None
    start = datetime(2026, 11, 20, 6, 0, tzinfo=UTC)
    revisit(training_id, coach, ends_at=start + timedelta(minutes=90))
    assert "Time to be told" in get(client, "/training/sharing")
    assert "No time left" in get(desk, PAGE)
    two = db.session.execute(select(Talk.id).where(Talk.title == "Two")).scalar_one()
    assert desk.post(f"{PAGE}/{two}", data=say(title="Two", minutes="30", revision="0")).status_code == 303
    assert "No time left" not in get(desk, PAGE)


def test_a_session_of_another_kind_hides_what_was_planned(coach: User, desk: FlaskClient, client: FlaskClient) -> None:
    desk.post(PAGE, data=say())
    training_id = db.session.execute(select(Talk.training_id)).scalar_one()
    assert "Trunk at the counter" in get(client, "/training/sharing")
    revisit(training_id, coach, kind="workshop")
    assert "Trunk at the counter" not in get(client, "/training/sharing")


def test_case_studies_hang_as_posters_with_their_number(coach: User, desk: FlaskClient, client: FlaskClient) -> None:
    capability = make_framework().areas[0].capabilities[0]
    author = make_user("Author")
    team = make_team("Gateway", author)
    shown = make_case_study(author, make_story(team, capability))
    draft = make_manuscript(author, make_story(team, capability, title="Not out yet"))
    assert "From six weeks to one (Gateway)" in get(desk, PAGE)
    assert "Not out yet" not in get(desk, PAGE)
    assert desk.post(PAGE, data=say(story=draft.slug)).status_code == 422
    assert desk.post(PAGE, data=say(story=shown.slug)).status_code == 303
    assert desk.post(PAGE, data=say(title="On the wall", minutes="", story=shown.slug)).status_code == 303
    page = get(client, "/training/sharing")
    posters = page.split('class="cards posters"')[1].split("</section>")[0]
    assert posters.count("<article") == 1
    assert "Change lead time" in posters
    assert "76% lower" in posters
    assert f'href="/case-studies/{shown.slug}"' in posters
    assert "In the talk at 14:00" in posters
    assert "To look at, all the time" in page


def test_whoever_leaves_takes_the_name_along(desk: FlaskClient) -> None:
    leaver = make_user("Lea Leaver", email="lea@example.com")
    desk.post(PAGE, data=say(speaker_1="Lea Leaver <LEA@example.com>", speaker_2="A Guest"))
    with transaction() as session:
        session.delete(session.get_one(User, leaver.id))
    assert db.session.execute(select(Speaker.guest)).scalars().all() == ["A Guest"]
    assert db.session.execute(select(func.count()).select_from(Talk)).scalar_one() == 1


def test_search_finds_a_talk_and_who_gives_it(desk: FlaskClient, client: FlaskClient) -> None:
    speaker = make_user("Xiulan Quirky", email="xiulan@example.com")
    drain()
    assert "Sharing Friday" not in get(client, "/search?q=kaleidoscope")
    desk.post(PAGE, data=say(title="A kaleidoscope of flags", speaker_1=speaker.email))
    drain()
    assert "Sharing Friday" in get(client, "/search?q=kaleidoscope")
    assert "Sharing Friday" in get(client, "/search?q=Quirky")
    with transaction() as session:
        session.get_one(User, speaker.id).name = "Xiulan Renamed"
    drain()
    assert "Sharing Friday" in get(client, "/search?q=Renamed")
    talk_id = db.session.execute(select(Talk.id)).scalar_one()
    desk.post(f"{PAGE}/{talk_id}/delete")
    drain()
    assert "Sharing Friday" not in get(client, "/search?q=kaleidoscope")
