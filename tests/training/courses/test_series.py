"""Announcing a series, changing one of its sessions, a part of it, all of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.jobs.models import Mail
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.training import service
from app.training.courses.models import Series
from app.training.courses.queries import seen_of
from app.training.courses.rules import Pattern, Scope
from app.training.courses.series import change_series, create_series, discard_series, publish_series
from app.training.models import TrainingSession
from tests.factories.people import make_user
from tests.factories.training import NOW, make_coach, make_details, sign_up

WEEK = timedelta(days=7)
FRIDAYS = [date(2026, 11, 20), date(2026, 11, 27), date(2026, 12, 4), date(2026, 12, 11)]
pytestmark = [pytest.mark.usefixtures("session", "clock"), pytest.mark.both_databases]


def make_series(coach: User, *, token: str = "a form", published: bool = True, **given: Any) -> list[TrainingSession]:
    """Four Fridays at two o'clock in Shanghai."""
    with transaction() as session:
        series_id = create_series(
            session,
            make_details(coach, **given),
            FRIDAYS,
            pattern=Pattern.WEEKLY,
            token=token,
            actor=coach,
            now=NOW,
        ).id
    if published:
        with transaction() as session:
            publish_series(session, series_id, actor=coach, now=NOW)
    return members(series_id)


def members(series_id: int | None) -> list[TrainingSession]:
    query = select(TrainingSession).where(TrainingSession.series_id == series_id)
    return list(db.session.execute(query.order_by(TrainingSession.series_date)).unique().scalars())


def edit(
    training: TrainingSession,
    actor: User,
    scope: Scope,
    *,
    seen: dict[int, int] | None = None,
    now: datetime = NOW,
    **changes: Any,
) -> int:
    """Save the form of `training` with some of it changed."""
    training_id = training.id
    seen = seen_of(training, now=now) if seen is None else seen
    details = make_details(actor, **{"starts_at": training.starts_at, "place": training.place, **changes})
    with transaction() as session:
        return change_series(session, training_id, details, scope=scope, seen=seen, actor=actor, now=now)


def alone(training: TrainingSession, actor: User, **changes: Any) -> None:
    training_id, revision = training.id, training.revision
    details = make_details(actor, **{"starts_at": training.starts_at, **changes})
    with transaction() as session:
        service.change(session, training_id, details, revision=revision, actor=actor, now=NOW)


def told(*people: User) -> list[int]:
    """How many mails about a change each of them has."""
    counts = select(func.count()).select_from(Mail).where(Mail.kind == "training changed")
    return [db.session.execute(counts.where(Mail.to == person.email)).scalar_one() for person in people]


def starts(trainings: list[TrainingSession]) -> list[str]:
    return [f"{training.starts_at:%m-%d %H:%M}" for training in trainings]


def test_a_series_is_drafts_on_every_date_published_together() -> None:
    coach = make_coach()
    trainings = make_series(coach, published=False)
    assert starts(trainings) == ["11-20 06:00", "11-27 06:00", "12-04 06:00", "12-11 06:00"]
    assert [training.slug for training in trainings] == [f"small-steps-{day}" for day in FRIDAYS]
    assert {training.state for training in trainings} == {"draft"}
    series_id = trainings[0].series_id
    assert series_id is not None
    with transaction() as session:
        assert publish_series(session, series_id, actor=coach, now=NOW) == 4
    assert {training.state for training in trainings} == {"published"}
    with pytest.raises(ConflictError, match="no draft"), transaction() as session:
        publish_series(session, series_id, actor=coach, now=NOW)


def test_a_second_series_of_the_same_name_gets_other_addresses() -> None:
    coach = make_coach()
    make_series(coach)
    assert [training.slug for training in make_series(coach, token="another form")] == [
        f"small-steps-{day}-2" for day in FRIDAYS
    ]


def test_the_same_form_sent_twice_makes_one_series() -> None:
    coach = make_coach()
    first, second = make_series(coach, published=False), make_series(coach, published=False)
    assert [training.id for training in first] == [training.id for training in second]
    assert db.session.execute(select(func.count()).select_from(Series)).scalar_one() == 1


def test_a_title_without_latin_letters_still_has_addresses() -> None:
    assert make_series(make_coach(), title="小步提交")[0].slug == "session-2026-11-20"


def test_what_will_not_do_on_one_day_makes_nothing_at_all() -> None:
    coach = make_coach()
    with pytest.raises(InvalidInputError, match="On 2026-11-20: The start lies in the past"), transaction() as session:
        create_series(
            session,
            make_details(coach),
            FRIDAYS,
            pattern=Pattern.WEEKLY,
            token="late",
            actor=coach,
            now=NOW + WEEK,
        )
    assert db.session.execute(select(TrainingSession)).first() is None
    assert db.session.execute(select(Series)).first() is None


def test_drafts_are_deleted_together_and_nothing_else() -> None:
    coach = make_coach()
    trainings = make_series(coach, published=False)
    series_id, first_id = trainings[0].series_id, trainings[0].id
    assert series_id is not None
    with transaction() as session:
        service.publish(session, first_id, now=NOW)
    with transaction() as session:
        assert discard_series(session, series_id, actor=coach) == 3
    assert [training.id for training in members(series_id)] == [first_id]


def test_all_are_moved_by_an_hour_and_each_is_told_once_a_session() -> None:
    coach, both, last, nobody = make_coach(), make_user(), make_user(), make_user()
    trainings = make_series(coach)
    sign_up(trainings[0], both)
    sign_up(trainings[3], both, last)
    hour_later = trainings[1].starts_at + timedelta(hours=1)
    assert edit(trainings[1], coach, Scope.ALL, starts_at=hour_later) == 4
    assert starts(trainings) == ["11-20 07:00", "11-27 07:00", "12-04 07:00", "12-11 07:00"]
    assert told(both, last, nobody, coach) == [2, 1, 0, 0]
    assert {training.series_id for training in trainings} == {trainings[0].series_id}


def test_other_words_are_told_to_nobody() -> None:
    coach, person = make_coach(), make_user()
    trainings = make_series(coach)
    sign_up(trainings[2], person)
    assert edit(trainings[0], coach, Scope.ALL, description="Bring *nothing*.") == 4
    assert [training.description_text for training in trainings] == ["Bring nothing."] * 4
    assert told(person) == [0]


def test_this_and_later_become_a_series_of_their_own() -> None:
    coach, early, late = make_coach(), make_user(), make_user()
    trainings = make_series(coach)
    first = trainings[0].series_id
    sign_up(trainings[1], early)
    sign_up(trainings[3], late)
    assert edit(trainings[2], coach, Scope.LATER, place="Room 9") == 2
    assert [training.place for training in trainings] == ["Room 3", "Room 3", "Room 9", "Room 9"]
    assert [training.series_id == first for training in trainings] == [True, True, False, False]
    assert trainings[2].series_id == trainings[3].series_id
    assert told(early, late) == [0, 1]
    assert edit(trainings[0], coach, Scope.ALL, place="Room 1") == 2
    assert [training.place for training in trainings] == ["Room 1", "Room 1", "Room 9", "Room 9"]


def test_later_than_the_first_is_all_and_nothing_is_split() -> None:
    coach = make_coach()
    trainings = make_series(coach)
    assert edit(trainings[0], coach, Scope.LATER, place="Room 9") == 4
    assert {training.series_id for training in trainings} == {trainings[0].series_id}
    assert db.session.execute(select(func.count()).select_from(Series)).scalar_one() == 1


def test_an_exception_keeps_what_nobody_touched() -> None:
    coach = make_coach()
    trainings = make_series(coach)
    alone(trainings[1], coach, starts_at=trainings[1].starts_at + timedelta(days=3), place="Room 7")
    edit(trainings[0], coach, Scope.ALL, capacity=5)
    assert starts(trainings) == ["11-20 06:00", "11-30 06:00", "12-04 06:00", "12-11 06:00"]
    assert [training.place for training in trainings] == ["Room 3", "Room 7", "Room 3", "Room 3"]
    assert [training.capacity for training in trainings] == [5] * 4
    assert [training.series_date for training in trainings] == FRIDAYS


def test_a_session_moved_behind_the_next_stays_where_it_was_in_its_series() -> None:
    coach = make_coach()
    trainings = make_series(coach)
    alone(trainings[0], coach, starts_at=trainings[3].starts_at + timedelta(days=1))
    assert edit(trainings[1], coach, Scope.LATER, place="Room 9") == 3
    assert trainings[0].place == "Room 3"


def test_what_is_past_or_cancelled_is_never_changed_by_all() -> None:
    coach, person = make_coach(), make_user()
    trainings = make_series(coach)
    sign_up(trainings[0], person)
    cancelled_id = trainings[2].id
    with transaction() as session:
        service.cancel(session, cancelled_id, reason="Ill", actor=coach, now=NOW)
    now = NOW + WEEK
    assert edit(trainings[1], coach, Scope.ALL, now=now, place="Room 9") == 2
    assert [training.place for training in trainings] == ["Room 3", "Room 9", "Room 3", "Room 9"]
    assert told(person) == [0]
    with pytest.raises(ConflictError, match="has begun"):
        edit(trainings[0], coach, Scope.ALL, now=now, place="Room 1", seen={})
    with pytest.raises(ConflictError, match="is cancelled"):
        edit(trainings[2], coach, Scope.ALL, now=now, place="Room 1", seen={})


def test_two_editors_of_a_series_do_not_lose_each_others_words() -> None:
    coach = make_coach()
    trainings = make_series(coach)
    seen = seen_of(trainings[0], now=NOW)
    alone(trainings[3], coach, place="Room 7")
    with pytest.raises(ConflictError, match="2026-12-11"):
        edit(trainings[0], coach, Scope.ALL, seen=seen, place="Room 9")
    assert [training.place for training in trainings] == ["Room 3", "Room 3", "Room 3", "Room 7"]
    assert edit(trainings[0], coach, Scope.ALL, place="Room 9") == 4


def test_whoever_does_not_run_one_of_them_changes_none() -> None:
    coach, other = make_coach(), make_coach("Other")
    trainings = make_series(coach, coach_ids=[coach.id, other.id])
    seen_before = trainings[0].starts_at
    training_id, revision = trainings[3].id, trainings[3].revision
    details = make_details(coach, starts_at=trainings[3].starts_at, coach_ids=[coach.id])
    with transaction() as session:
        service.change(session, training_id, details, revision=revision, actor=coach, now=NOW)
    with pytest.raises(ForbiddenError, match="2026-12-11"):
        edit(trainings[0], other, Scope.ALL, place="Room 9", coach_ids=[coach.id, other.id])
    assert (trainings[0].place, trainings[0].starts_at) == ("Room 3", seen_before)


def test_one_that_cannot_be_moved_moves_none() -> None:
    coach = make_coach()
    trainings = make_series(coach)
    alone(trainings[3], coach, starts_at=trainings[0].starts_at - timedelta(days=1))
    with pytest.raises(InvalidInputError, match="On 2026-11-19: The start lies in the past"):
        edit(trainings[0], coach, Scope.ALL, now=NOW + timedelta(days=1), starts_at=NOW + timedelta(days=1, hours=1))
    assert starts(trainings)[1:3] == ["11-27 06:00", "12-04 06:00"]


def test_seats_that_a_larger_series_brings_go_to_those_who_wait() -> None:
    coach, first, second = make_coach(), make_user(), make_user()
    trainings = make_series(coach, capacity=1)
    sign_up(trainings[3], first, second)
    edit(trainings[0], coach, Scope.ALL, capacity=2)
    promoted = select(func.count()).select_from(Mail).where(Mail.kind == "seat promoted", Mail.to == second.email)
    assert db.session.execute(promoted).scalar_one() == 1
