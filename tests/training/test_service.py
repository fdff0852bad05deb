"""Announcing a session, changing it, calling it off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.search.models import SearchOutbox
from app.training import service
from app.training.models import TrainingSession
from app.training.queries import count_seats
from app.training.seats.rules import Seats
from tests.factories.people import make_user
from tests.factories.training import NOW, leave, make_coach, make_details, make_training, sign_up

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("session", "clock")


def change(training: TrainingSession, actor: User, *, revision: int | None = None, **given: Any) -> None:
    """Save the session's details again, some of them changed."""
    training_id, revision = training.id, training.revision if revision is None else revision
    coaches = given.pop("coaches", [actor])
    details = make_details(*coaches, **given)
    with transaction() as session:
        service.change(session, training_id, details, revision=revision, actor=actor, now=NOW)


def cancel(training: TrainingSession, actor: User, reason: str = "The coach is ill", now: object = NOW) -> None:
    training_id = training.id
    with transaction() as session:
        service.cancel(session, training_id, reason=reason, actor=actor, now=now)  # type: ignore[arg-type]


def mails(*people: User) -> list[list[str]]:
    return [
        list(db.session.execute(select(Mail.kind).where(Mail.to == person.email).order_by(Mail.id)).scalars())
        for person in people
    ]


def forget_mail() -> None:
    with transaction() as session:
        for mail in session.execute(select(Mail)).scalars():
            session.delete(mail)


def seats(training: TrainingSession) -> Seats:
    return count_seats([training])[training.id]


def test_a_session_begins_as_a_draft_with_its_text_rendered() -> None:
    training = make_training(state="draft")
    assert (training.state, training.sequence, training.revision) == ("draft", 0, 0)
    assert training.description_html == "<p>Bring a <strong>laptop</strong>.</p>"
    assert training.description_text == "Bring a laptop."
    assert [coach.name for coach in training.coaches] == ["Chen Coach"]
    assert training.slug.startswith("small-steps-")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"starts_at": NOW}, "starts_at"),
        ({"ends_at": NOW}, "ends_at"),
        ({"capacity": 0}, "capacity"),
        ({"capacity": 1001}, "capacity"),
        ({"coach_ids": []}, "coaches"),
        ({"place": "", "link": ""}, "place"),
    ],
)
def test_details_that_will_not_do_are_refused(given: dict[str, Any], field: str) -> None:
    coach = make_coach()
    with pytest.raises(InvalidInputError) as caught, transaction() as session:
        service.create(session, make_details(coach, **given), actor=coach, now=NOW)
    assert caught.value.field == field
    assert db.session.execute(select(TrainingSession)).first() is None


def test_only_a_draft_that_lies_ahead_is_published() -> None:
    for state, sentence in (("published", "already"), ("cancelled", "cancelled")):
        training_id = make_training(state=state).id
        with pytest.raises(ConflictError, match=sentence), transaction() as session:
            service.publish(session, training_id, now=NOW)
    training_id = make_training(state="draft", starts_at=NOW + HOUR).id
    with pytest.raises(InvalidInputError), transaction() as session:
        service.publish(session, training_id, now=NOW + HOUR)


def test_a_raised_capacity_seats_those_who_wait_in_their_order() -> None:
    coach, crowd = make_coach(), [make_user() for _ in range(5)]
    training = make_training(coach, capacity=1)
    sign_up(training, *crowd)
    forget_mail()
    change(training, coach, capacity=3)
    assert seats(training) == Seats(3, 3, 2)
    assert mails(*crowd) == [[], ["seat promoted"], ["seat promoted"], [], []]


def test_a_lowered_capacity_takes_nobodys_seat_and_fills_none_until_it_fits() -> None:
    coach, crowd = make_coach(), [make_user() for _ in range(4)]
    training = make_training(coach, capacity=3)
    sign_up(training, *crowd)
    change(training, coach, capacity=1)
    assert seats(training) == Seats(1, 3, 1)
    leave(training, crowd[0])
    assert seats(training) == Seats(1, 2, 1)
    leave(training, crowd[1])
    leave(training, crowd[2])
    assert seats(training) == Seats(1, 1, 0)


def test_another_time_or_place_is_told_to_everybody_with_a_place() -> None:
    coach, crowd = make_coach(), [make_user() for _ in range(3)]
    training = make_training(coach, capacity=1)
    sign_up(training, *crowd)
    leave(training, crowd[2])
    forget_mail()
    change(training, coach, capacity=1, place="Room 9")
    assert mails(*crowd, coach) == [["training changed"], ["training changed"], [], []]
    told = list(db.session.execute(select(Mail.params).order_by(Mail.id)).scalars())
    assert [(params["place_before"], params["place"], params.get("link")) for params in told] == [
        ("Room 3", "Room 9", "https://meet.example.com/steps"),
        ("Room 3", "Room 9", None),
    ]
    assert training.sequence == 1


def test_another_link_is_told_to_those_with_a_seat_alone() -> None:
    coach, crowd = make_coach(), [make_user() for _ in range(2)]
    training = make_training(coach, capacity=1)
    sign_up(training, *crowd)
    forget_mail()
    change(training, coach, capacity=1, link="https://meet.example.com/other")
    assert mails(*crowd) == [["training changed"], []]


TUESDAYS = [(NOW + 24 * HOUR * (1 + 7 * week), NOW + 24 * HOUR * (1 + 7 * week) + HOUR) for week in range(3)]


def on_tuesdays(*times: tuple[datetime, datetime]) -> dict[str, Any]:
    return {"starts_at": times[0][0], "ends_at": times[-1][1], "meetings": times}


def test_a_session_has_the_meetings_that_it_was_given() -> None:
    training = make_training(**on_tuesdays(*TUESDAYS))
    assert [(meeting.starts_at, meeting.ends_at) for meeting in training.meetings] == TUESDAYS
    assert (training.starts_at, training.ends_at) == (TUESDAYS[0][0], TUESDAYS[2][1])


def test_a_meeting_in_the_middle_that_moves_is_told_and_stays_the_same_meeting() -> None:
    coach, person = make_coach(), make_user()
    training = make_training(coach, **on_tuesdays(*TUESDAYS))
    sign_up(training, person)
    forget_mail()
    ids, later = [meeting.id for meeting in training.meetings], (TUESDAYS[1][0] + HOUR, TUESDAYS[1][1] + HOUR)
    change(training, coach, **on_tuesdays(TUESDAYS[0], later, TUESDAYS[2]))
    assert mails(person) == [["training changed"]]
    assert ([meeting.id for meeting in training.meetings], training.sequence) == (ids, 1)
    params = db.session.execute(select(Mail.params)).scalar_one()
    assert [len(params[name]) for name in ("meetings", "meetings_before")] == [3, 3]
    assert params["meetings"] != params["meetings_before"]


def test_fewer_meetings_are_told_and_the_others_stay() -> None:
    coach, person = make_coach(), make_user()
    training = make_training(coach, **on_tuesdays(*TUESDAYS))
    sign_up(training, person)
    forget_mail()
    change(training, coach, **on_tuesdays(*TUESDAYS[:2]))
    assert mails(person) == [["training changed"]]
    assert [meeting.starts_at for meeting in training.meetings] == [start for start, _end in TUESDAYS[:2]]


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ([TUESDAYS[0], (TUESDAYS[1][1], TUESDAYS[1][0]), TUESDAYS[2]], "end after it starts"),
        ([TUESDAYS[0], TUESDAYS[0], TUESDAYS[2]], "after the one before"),
        (
            [
                (start + number * 2 * HOUR, end + number * 2 * HOUR)
                for number in range(41)
                for start, end in TUESDAYS[:1]
            ],
            "40",
        ),
    ],
)
def test_meetings_that_will_not_do_are_refused(times: list[tuple[datetime, datetime]], sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence) as caught:
        make_training(state="draft", **on_tuesdays(*times))
    assert caught.value.field == "meetings"


def test_what_is_said_of_a_session_can_be_said_again() -> None:
    coach = make_coach()
    training = make_training(coach, **on_tuesdays(*TUESDAYS))
    details = service.details_of(training)
    training_id, revision = training.id, training.revision
    with transaction() as session:
        service.change(session, training_id, details, revision=revision, actor=coach, now=NOW)
    assert service.details_of(training) == details
    assert training.sequence == 0


def test_other_words_are_told_to_nobody_but_to_calendars() -> None:
    coach, person = make_coach(), make_user()
    training = make_training(coach)
    sign_up(training, person)
    forget_mail()
    change(training, coach, title="Smaller steps", description="# New")
    assert mails(person) == [[]]
    assert (training.title, training.sequence, training.revision) == ("Smaller steps", 1, 2)
    change(training, coach, title="Smaller steps", description="# New", level=3)
    assert (training.sequence, training.revision) == (1, 3)


def test_two_people_who_edit_at_once_do_not_lose_each_others_words() -> None:
    coach = make_coach()
    training = make_training(coach)
    seen = training.revision
    change(training, coach, title="First", revision=seen)
    with pytest.raises(ConflictError, match="Somebody else"):
        change(training, coach, title="Second", revision=seen)
    assert training.title == "First"
    change(training, coach, title="Second", revision=seen + 1)
    assert training.title == "Second"


def test_sign_ups_do_not_disturb_whoever_edits() -> None:
    coach = make_coach()
    training = make_training(coach)
    seen = training.revision
    sign_up(training, make_user())
    change(training, coach, title="Edited", revision=seen)
    assert training.title == "Edited"


def test_a_session_is_not_moved_into_the_past_but_its_text_can_change_afterwards() -> None:
    coach = make_coach()
    training = make_training(coach, starts_at=NOW - HOUR)
    change(training, coach, starts_at=NOW - HOUR, title="Corrected")
    assert training.title == "Corrected"
    with pytest.raises(InvalidInputError, match="past"):
        change(training, coach, starts_at=NOW - 2 * HOUR)


def test_the_day_of_decision_moves_with_the_session_until_it_has_come() -> None:
    coach = make_coach()
    training = make_training(coach)
    day_before = training.starts_at - 24 * HOUR
    with transaction():
        training.minimum, training.decide_at = 3, day_before
    change(training, coach, starts_at=training.starts_at + 48 * HOUR)
    assert training.decide_at == day_before + 48 * HOUR
    with transaction():
        training.decided_at = NOW
    change(training, coach, starts_at=training.starts_at + HOUR)
    assert training.decide_at == day_before + 48 * HOUR


def test_whoever_becomes_a_coach_gives_the_seat_to_the_next() -> None:
    coach, other, waits = make_coach(), make_coach("Other"), make_user()
    training = make_training(coach, capacity=1)
    sign_up(training, other, waits)
    change(training, coach, capacity=1, coaches=[coach, other])
    assert seats(training) == Seats(1, 1, 0)
    assert mails(waits) == [["seat waiting", "seat promoted"]]
    assert [each.name for each in training.coaches] == ["Chen Coach", "Other"]


def test_cancelling_tells_everybody_with_a_place_and_the_other_coaches() -> None:
    coach, other, crowd = make_coach(), make_coach("Other"), [make_user() for _ in range(3)]
    training = make_training(coach, capacity=1, coach_ids=[coach.id, other.id])
    sign_up(training, *crowd)
    leave(training, crowd[2])
    forget_mail()
    cancel(training, coach, "  The coach is ill  ")
    assert mails(*crowd, coach, other) == [
        ["training cancelled"],
        ["training cancelled"],
        [],
        [],
        ["training cancelled"],
    ]
    assert (training.state, training.cancel_reason, training.sequence) == ("cancelled", "The coach is ill", 1)
    assert seats(training) == Seats(1, 1, 1)


def test_cancelling_needs_a_reason_and_a_session_that_is_not_over() -> None:
    coach = make_coach()
    training = make_training(coach)
    for reason in ("  ", "x" * 501):
        with pytest.raises(InvalidInputError):
            cancel(training, coach, reason)
    with pytest.raises(ConflictError, match="over"):
        cancel(training, coach, now=training.ends_at)
    for state, sentence in (("draft", "draft"), ("cancelled", "already")):
        with pytest.raises(ConflictError, match=sentence):
            cancel(make_training(coach, state=state), coach)
    assert training.state == "published"


def test_a_cancelled_session_stays_as_it_is() -> None:
    coach = make_coach()
    with pytest.raises(ConflictError, match="cancelled"):
        change(make_training(coach, state="cancelled"), coach)


def test_only_a_draft_can_be_deleted() -> None:
    draft_id, published_id = make_training(state="draft").id, make_training().id
    with transaction() as session:
        service.discard(session, draft_id)
    with pytest.raises(ConflictError, match="Only a draft"), transaction() as session:
        service.discard(session, published_id)
    assert list(db.session.execute(select(TrainingSession.id)).scalars()) == [published_id]


def test_what_search_knows_follows_in_the_same_transaction(session: Session) -> None:
    coach = make_coach()
    training = make_training(coach, state="draft")
    key = str(training.id)

    def noted() -> bool:
        rows = session.execute(select(SearchOutbox)).scalars().all()
        with transaction() as writing:
            for row in rows:
                writing.delete(writing.merge(row))
        return ("training", key) in {(row.kind, row.key) for row in rows}

    assert noted()
    with transaction() as writing:
        service.publish(writing, int(key), now=NOW)
    assert noted()
    sign_up(training, make_user())
    assert not noted()
    with transaction():
        coach.name = "Chen Coach the Younger"
    assert noted()
