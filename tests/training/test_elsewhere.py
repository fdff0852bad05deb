"""Sessions on other pages, and in the search."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import db, transaction
from app.search.outbox import drain
from app.search.sources import Document
from app.training import sections
from app.training.search_source import TrainingSource
from app.training.service import cancel
from app.web.sections import Section
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.training import DAY, NOW, make_coach, make_training, sign_up

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def capability(app: Flask) -> Capability:
    return make_framework().areas[0].capabilities[0]


def titles(section: Section | None) -> list[str]:
    return [item.training.title for item in section.items] if section else []


def test_a_capability_shows_the_next_sessions_on_it(app: Flask, capability: Capability) -> None:
    coach = make_coach()
    on_it: dict[str, Any] = {"capability_id": capability.id}
    for number in (3, 1, 2, 4):
        make_training(coach, title=f"In {number} days", starts_at=NOW + number * DAY, **on_it)
    make_training(coach, title="Draft", state="draft", **on_it)
    make_training(coach, title="Cancelled", state="cancelled", **on_it)
    make_training(coach, title="Past", starts_at=NOW - 9 * DAY, **on_it)
    make_training(coach, title="On another")
    with app.test_request_context():
        section = sections.on_capability(capability, None)
        assert titles(section) == ["In 1 days", "In 2 days", "In 3 days"]
        assert section is not None
        assert (section.total, section.more_url) == (4, "/training/?capability=version-control")
        assert titles(sections.on_practice(SimpleNamespace(capability=capability), None)) == titles(section)
        assert sections.on_practice(SimpleNamespace(capability=None), None) is None
        word, counts = sections.counted_by_capability()
    assert (word(4), counts) == ("4 trainings", {capability.id: 4})


def test_a_coach_shows_what_is_next_and_then_what_was_last(app: Flask) -> None:
    coach = make_coach()
    for number in (-9, -5, 5, 2):
        make_training(coach, title=str(number), starts_at=NOW + number * DAY)
    make_training(title="Somebody else's")
    with app.test_request_context():
        assert titles(sections.of_coach(SimpleNamespace(user_id=coach.id), None)) == ["2", "5", "-5"]
        assert sections.of_coach(SimpleNamespace(user_id=make_user().id), None) is None


def test_home_shows_sessions_with_seats_and_the_readers_own(app: Flask) -> None:
    coach, person = make_coach(), make_user()
    full = make_training(coach, title="Full", capacity=1)
    sign_up(full, make_user(), person)
    make_training(coach, title="Free")
    make_training(coach, title="Not open yet", signup_opens_at=NOW + DAY)
    with app.test_request_context():
        assert titles(sections.with_seats(None, None)) == ["Free"]
        assert titles(sections.my_places(None, person)) == ["Full"]
        assert sections.my_places(None, coach) is None


def test_the_pages_of_others_show_the_cards(app: Flask, client: FlaskClient, capability: Capability) -> None:
    make_training(title="Small steps", capability_id=capability.id)
    for path in ("/", "/capabilities/continuous-delivery/version-control"):
        page = client.get(path)
        assert (page.status_code, "Small steps" in page.text) == (200, True)
        assert "<!--place" not in page.text


def test_a_session_shows_others_on_the_same_capability(client: FlaskClient, capability: Capability) -> None:
    make_training(slug="one", title="The first one", capability_id=capability.id)
    make_training(slug="two", title="The second one", capability_id=capability.id)
    page = client.get("/training/one").text
    assert "More trainings on this" in page
    assert page.count("The second one") == 1


def document(key: int) -> Document | None:
    return TrainingSource().load(db.session(), str(key))


def test_search_knows_the_published_sessions_past_ones_too(app: Flask, capability: Capability) -> None:
    coach = make_coach("Lin Yue")
    published = make_training(coach, capability_id=capability.id, level=3)
    past = make_training(coach, starts_at=NOW - 9 * DAY)
    hidden = [make_training(coach, state=state).id for state in ("draft", "cancelled")]
    found = document(published.id)
    assert found is not None
    assert (found.title, found.body, found.languages, found.levels) == ("Small steps", "Bring a laptop.", ["en"], [3])
    assert (found.area, found.capabilities) == ("configuration-management", ["version-control"])
    assert found.summary == "Lin Yue · Room 3"
    assert (found.tags, "版本控制" in found.keywords) == ((), True)
    assert [document(key) for key in (*hidden, 999)] == [None, None, None]
    assert {each.key for each in TrainingSource().load_all(db.session())} == {str(published.id), str(past.id)}


def test_search_shows_what_the_reader_may_see_and_when_it_is(app: Flask) -> None:
    coach = make_coach()
    soon, past = make_training(coach, starts_at=NOW + DAY), make_training(coach, starts_at=NOW - 9 * DAY)
    draft = make_training(coach, state="draft")
    keys = [str(training.id) for training in (soon, past, draft)]

    def notes(reader: User | None) -> list[str]:
        with app.test_request_context():
            return [each.note for each in TrainingSource().found(keys, reader).values()]

    assert notes(None)[:1] == ["Workshop · Tomorrow, 10:00 to 12:00"]
    assert notes(None)[1].endswith("(past)")
    assert (len(notes(None)), len(notes(coach))) == (2, 3)


def test_a_session_is_found_while_it_is_announced(app: Flask, client: FlaskClient) -> None:
    coach = make_coach()
    make_training(coach, slug="zebra", title="Zebra crossing")
    training_id = make_training(coach, slug="giraffe", title="Zebra and giraffe").id
    drain()
    assert [slug for slug in ("zebra", "giraffe") if f"/training/{slug}" in client.get("/search?q=zebra").text] == [
        "zebra",
        "giraffe",
    ]
    with transaction() as session:
        cancel(session, training_id, reason="Ill", actor=coach, now=NOW)
    drain()
    assert "/training/giraffe" not in client.get("/search?q=zebra").text
