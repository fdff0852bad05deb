"""The pages of courses: what is taught, what comes before, and the dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.search.models import SearchOutbox
from app.training.courses.models import Course
from app.training.courses.queries import attended_courses
from app.training.courses.search_source import CourseSource
from app.training.courses.service import change_course, create_course, delete_course
from app.training.models import TrainingSession
from app.training.seats.presence import Presence
from app.web.stored import MAX_BYTES, Store
from tests.factories.courses import add_to, attend, make_course, make_course_details
from tests.factories.frameworks import make_framework
from tests.factories.people import make_user
from tests.factories.practices import make_practice
from tests.factories.training import DAY, NOW, make_coach, make_training, sign_up

LogIn = Callable[[User], FlaskClient]
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("session", "clock")


def typed(*coaches: User, **given: Any) -> dict[str, Any]:
    return {
        "title": "Small course",
        "summary": "To commit often.",
        "description": "How to **split** work.",
        "language": "en",
        "capability": "",
        "level": "",
        "coaches": [str(coach.id) for coach in coaches],
        "revision": "0",
        **given,
    }


def courses() -> list[Course]:
    db.session.rollback()
    return list(db.session.execute(select(Course).order_by(Course.id)).unique().scalars())


def test_a_coach_describes_a_course_and_announces_a_session_of_it(log_in: LogIn, client: FlaskClient) -> None:
    coach, capability = make_coach(), make_framework().areas[0].capabilities[0]
    browser = log_in(coach)
    assert "No course is described yet" in client.get("/training/courses/").text
    assert "Describe a course" in browser.get("/training/courses/").text
    data = typed(coach, capability=str(capability.id), level="3")
    answer = browser.post("/training/courses/new", data=data)
    assert (answer.status_code, answer.location) == (303, "/training/courses/small-course")
    page = client.get("/training/courses/small-course").text
    for words in ("How to <strong>split</strong> work.", "To commit often.", "Version control", "No date yet"):
        assert words in page
    assert "Announce a session of it" not in page
    assert "/training/new?course=small-course" in browser.get("/training/courses/small-course").text
    form = browser.get("/training/new?course=small-course").text
    for words in ('value="Small course"', "How to **split** work.", "selected"):
        assert words in form
    index = client.get("/training/courses/").text
    for words in ("Configuration management", "Small course", "No date yet"):
        assert words in index


def test_the_page_has_the_dates_to_come_with_a_button_and_those_behind(log_in: LogIn, client: FlaskClient) -> None:
    coach, course = make_coach(), make_course()
    for slug, days, state in (("next", 4, "published"), ("last", -9, "published"), ("draft", 5, "draft")):
        add_to(
            course, make_training(coach, slug=slug, title=f"The {slug} one", starts_at=NOW + days * DAY, state=state)
        )
    page = log_in(make_user()).get("/training/courses/small-course").text
    dates, past = page.split("Past dates")
    assert ("The next one" in dates, "Sign up" in dates, "The last one" in past) == (True, True, True)
    assert "The draft one" not in page
    assert "1 date" in client.get("/training/courses/").text


def test_everybody_sees_what_comes_before_and_members_what_of_it_they_attended(
    log_in: LogIn, client: FlaskClient
) -> None:
    coach, person = make_coach(), make_user()
    make_practice("short-branches", title="Short branches")
    make_practice("short-branches", title="短分支", language="zh")
    first, other = make_course(coach, title="First steps"), make_course(coach, title="Other steps")
    course = make_course(coach, before=[first.id, other.id], practices=["short-branches", "gone"])
    attended = make_training(coach, starts_at=NOW - 9 * DAY)
    add_to(first, attended)
    sign_up(attended, person, now=NOW - 10 * DAY)
    attend(attended, person, Presence.LATE)
    add_to(course, make_training(coach, slug="steps"))
    for path in ("/training/courses/small-course", "/training/steps"):
        pages = [browser.get(path).text for browser in (client, log_in(make_user()), log_in(person))]
        assert [page.count("You attended it") for page in pages] == [0, 0, 1]
        for page in pages:
            for words in ("Short branches", "First steps", "Other steps"):
                assert words in page
        assert 'href="/training/courses/first-steps" lang="en">First steps</a> <span class="badge"' in " ".join(
            pages[2].split()
        )


@pytest.mark.parametrize(
    ("states", "attended"),
    [
        ([Presence.PRESENT, Presence.LATE, Presence.PRESENT], True),
        ([Presence.PRESENT, Presence.ABSENT, Presence.LATE], True),
        ([Presence.PRESENT, Presence.EXCUSED, Presence.ABSENT], False),
        ([Presence.ABSENT] * 3, False),
        ([], False),
    ],
)
def test_who_was_there_at_half_of_the_meetings_attended(states: list[Presence], attended: bool) -> None:
    course, person = make_course(), make_user()
    meetings = [(NOW - (9 - day) * DAY, NOW - (9 - day) * DAY + HOUR) for day in range(3)]
    training = make_training(starts_at=meetings[0][0], ends_at=meetings[2][1], meetings=meetings)
    add_to(course, training)
    sign_up(training, person, now=NOW - 20 * DAY)
    attend(training, person, *states)
    assert attended_courses(person.id, [course.id]) == ({course.id} if attended else set())
    assert attended_courses(make_user().id, [course.id]) == set()


def test_those_who_teach_it_edit_it_and_nobody_else(log_in: LogIn, client: FlaskClient) -> None:
    coach = make_coach()
    make_course(coach)
    for person, status in (
        (make_user(), 403),
        (make_coach("Other"), 403),
        (coach, 303),
        (make_user("Administrator", Role.ADMINISTRATOR), 303),
    ):
        browser = log_in(person)
        revision = str(courses()[0].revision)
        answer = browser.post("/training/courses/small-course/edit", data=typed(coach, revision=revision))
        assert answer.status_code == status
        assert browser.get("/training/courses/small-course/edit").status_code == (200 if status == 303 else 403)
    assert log_in(make_user()).get("/training/courses/new").status_code == 403
    assert client.get("/training/courses/new").status_code in {302, 303, 401}
    assert log_in(make_coach("Third")).post("/training/courses/small-course/delete").status_code == 403
    assert log_in(coach).get("/training/courses/nothing").status_code == 404
    assert log_in(coach).post("/training/courses/nothing/edit", data=typed(coach)).status_code == 404


def test_whoever_saves_second_is_told_and_loses_nothing(log_in: LogIn) -> None:
    coach = make_coach()
    make_course(coach)
    browser = log_in(coach)
    path = "/training/courses/small-course/edit"
    assert browser.post(path, data=typed(coach, title="First")).status_code == 303
    answer = browser.post(path, data=typed(coach, title="Second"))
    assert (answer.status_code, "Second" in answer.text, courses()[0].title) == (409, True, "First")
    assert browser.post(path, data=typed(coach, title="Second", revision="1")).status_code == 303
    assert courses()[0].title == "Second"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"summary": "x" * 301}, "at most 300 characters"),
        ({"coaches": []}, "at least one coach"),
        ({"before": ["99"]}, "not valid choices"),
        ({"practices": ["nothing"]}, "not a valid choice"),
    ],
)
def test_a_course_that_will_not_do_is_blamed(log_in: LogIn, given: dict[str, Any], sentence: str) -> None:
    coach = make_coach()
    answer = log_in(coach).post("/training/courses/new", data=typed(coach, **given))
    assert (answer.status_code, courses()) == (422, [])
    assert sentence in answer.text or "valid choice" in answer.text


def test_courses_do_not_wait_for_each_other() -> None:
    coach = make_coach()
    first = make_course(coach, title="First")
    second = make_course(coach, title="Second", before=[first.id])
    third = make_course(coach, title="Third", before=[second.id])
    for before in ([third.id], [second.id], [first.id]):
        course_id = first.id
        with pytest.raises(InvalidInputError) as caught, transaction() as session:
            change_course(
                session, course_id, make_course_details(coach, title="First", before=before), revision=0, now=NOW
            )
        assert caught.value.field == "before"
    third_id, details = third.id, make_course_details(coach, title="Third", before=[first.id, second.id])
    with transaction() as session:
        change_course(session, third_id, details, revision=0, now=NOW)
    assert [course.title for course in third.before] == ["First", "Second"]


def test_addresses_of_courses_can_be_read_and_do_not_meet() -> None:
    coach = make_coach()
    slugs = [make_course(coach, title=title).slug for title in ("Small", "Small", "New", "小步提交")]
    assert slugs[0] == "small"
    assert [slug.rpartition("-")[0] for slug in slugs[1:]] == ["small", "new", "course"]


def test_a_course_with_sessions_stays(log_in: LogIn) -> None:
    coach = make_coach()
    make_course(coach, title="Empty")
    taught = make_course(coach, title="Taught")
    add_to(taught, make_training(coach, slug="steps"))
    taught_id = taught.id
    browser = log_in(coach)
    assert browser.post("/training/courses/empty/delete").location == "/training/courses/"
    assert browser.post("/training/courses/taught/delete").status_code == 409
    with pytest.raises(ConflictError), transaction() as session:
        delete_course(session, taught_id)
    assert [course.id for course in courses()] == [taught_id]


def test_a_session_is_given_to_a_course_by_its_form(log_in: LogIn) -> None:
    coach = make_coach()
    course = make_course(coach)
    make_training(coach, slug="steps")
    browser = log_in(coach)
    data = {
        "title": "Small steps",
        "kind": "workshop",
        "language": "en",
        "description": "x",
        "capability": "",
        "level": "",
        "starts_at": "2026-11-20T14:00",
        "ends_at": "2026-11-20T16:00",
        "time_zone": "Asia/Shanghai",
        "place": "Room 3",
        "capacity": "20",
        "coaches": [str(coach.id)],
        "revision": "1",
    }
    assert browser.post("/training/steps/edit", data={**data, "course": "99"}).status_code == 422
    assert browser.post("/training/steps/edit", data={**data, "course": str(course.id)}).status_code == 303
    assert db.session.execute(select(TrainingSession.course_id)).scalar_one() == course.id
    assert browser.post("/training/steps/edit", data={**data, "revision": "2", "course": ""}).status_code == 303
    assert db.session.execute(select(TrainingSession.course_id)).scalar_one() is None


def test_the_page_of_a_capability_has_its_courses(client: FlaskClient) -> None:
    capability = make_framework().areas[0].capabilities[0]
    make_course(capability_id=capability.id)
    assert "Small course" in client.get("/capabilities/continuous-delivery/version-control").text


def test_a_course_is_found_with_or_without_a_date(app: Flask) -> None:
    coach, capability = make_coach("Chen Coach"), make_framework().areas[0].capabilities[0]
    course = make_course(coach, capability_id=capability.id, level=2)
    document = CourseSource().load(db.session(), str(course.id))
    assert document is not None
    assert (document.title, document.summary, document.body) == (
        *("Small course", "To commit often.", "How to split work."),
    )
    assert "Chen Coach" in document.keywords
    assert (document.capabilities, document.levels) == (["version-control"], [2])
    assert [each.key for each in CourseSource().load_all(db.session())] == [str(course.id)]
    with app.test_request_context():
        found = CourseSource().found([str(course.id), "99"], None)
    assert [each.url for each in found.values()] == ["/training/courses/small-course"]
    with transaction():
        coach.name = "Chen the Younger"
    noted = db.session.execute(select(SearchOutbox.kind, SearchOutbox.key)).all()
    assert ("course", str(course.id)) in {tuple(row) for row in noted}


def test_the_page_asks_as_often_for_thirty_sessions_as_for_one(
    log_in: LogIn, app: Flask, count_queries: list[str]
) -> None:
    person, course = make_user(), make_course()

    def add(count: int) -> None:
        for number in range(count):
            training = make_training(make_coach(), title=f"Date {number}", starts_at=NOW + (number + 1) * DAY)
            add_to(course, training)
            sign_up(training, person)

    def count(path: str) -> int:
        browser = log_in(person)
        app.extensions["store"] = Store(MAX_BYTES)
        count_queries.clear()
        assert "Small course" in browser.get(path).text
        return len(count_queries)

    add(1)
    one = [count(path) for path in ("/training/courses/small-course", "/training/courses/")]
    add(29)
    assert [count(path) for path in ("/training/courses/small-course", "/training/courses/")] == one


def test_making_one_needs_a_coach() -> None:
    coach = make_coach()
    with pytest.raises(InvalidInputError) as caught, transaction() as session:
        create_course(session, make_course_details(), actor=coach, now=NOW)
    assert caught.value.field == "coaches"
