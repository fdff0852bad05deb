"""A year of training at the size of a company: 500 sessions with 10,000 sign-ups, in the shape that the services leave behind.

Written in bulk, because the services would need minutes: places with their histories, waiting lists that moved up when somebody
left, offers that run, requests that wait for an answer, attendance at each meeting, programmes. The same every time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.models import Membership, RoleGrant, Team, User
from app.accounts.rules import Role
from app.capabilities.queries import list_main_capabilities
from app.coaches.models import Coach
from app.kernel.db import Base, transaction
from app.training.models import Meeting, TrainingCoach, TrainingSession
from app.training.rules import Kind, State, Waiting
from app.training.seats.models import Enrolment, EnrolmentEvent
from app.training.seats.presence import Attendance, AttendanceEvent, Means, Presence
from app.training.seats.rules import Seat, SeatStep
from app.training.talks.models import Speaker, Talk
from app.training.talks.rules import has_programme

SESSIONS, SIGN_UPS = 500, 10_000
PEOPLE, TEAMS, COACHES = 600, 40, 20
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KINDS = (Kind.SHARING, Kind.WORKSHOP, Kind.WORKSHOP, Kind.EXHIBITION, Kind.COACH_TRAINING)
PRESENCES = (Presence.PRESENT,) * 16 + (Presence.LATE, Presence.EXCUSED, Presence.ABSENT, Presence.ABSENT)
# Of ten who sign up, the one at this place of the line gives the seat back.
LEAVES = 3


@dataclass(frozen=True)
class Cast:
    """Those who take part, by the numbers of their rows. `slugs` are those of the coaches' profiles."""

    people: Sequence[int]
    coaches: Sequence[int]
    slugs: Sequence[str]
    capabilities: Sequence[int]


def make_cast(now: datetime) -> Cast:
    """People in teams of fifteen, each led by one of them, and coaches with profiles."""
    made = now - 400 * DAY
    with transaction() as session:
        ids = _add(session, User, (_person(number, made) for number in range(PEOPLE + COACHES)))
        people, coaches = ids[:PEOPLE], ids[PEOPLE:]
        _add(session, RoleGrant, ({"user_id": coach, "role": Role.COACH} for coach in coaches))
        slugs = [f"year-coach-{number}" for number in range(COACHES)]
        _add(
            session,
            Coach,
            (
                {"user_id": coach, "slug": slug, "headline": "A year of coaching", "updated_at": made}
                for coach, slug in zip(coaches, slugs, strict=True)
            ),
        )
        teams = _add(
            session, Team, ({"slug": f"year-{number}", "name": f"Team {number:02}"} for number in range(TEAMS))
        )
        _add(
            session,
            Membership,
            (
                {"team_id": teams[number % TEAMS], "user_id": person, "is_lead": number < TEAMS}
                for number, person in enumerate(people)
            ),
        )
    return Cast(people, coaches, slugs, [capability.id for capability in list_main_capabilities()])


def _person(number: int, made: datetime) -> dict[str, Any]:
    return {
        "email": f"year{number}@example.com",
        "handle": f"year{number}",
        "name": f"Year Person {number}",
        "language": "en",
        "time_zone": "Asia/Shanghai",
        "created_at": made,
    }


@dataclass
class _Rows:
    """What is to be written of one session. Meetings and places are named by their place in these lists."""

    starts_at: datetime
    capacity: int
    meetings: list[tuple[datetime, datetime]]
    places: list[dict[str, Any]] = field(default_factory=list)
    steps: list[tuple[int, SeatStep, Seat, datetime]] = field(default_factory=list)
    presences: list[tuple[int, int, Presence]] = field(default_factory=list)


def add_sessions(
    cast: Cast, numbers: Sequence[int], *, now: datetime, sign_ups: int = SIGN_UPS, of: int = SESSIONS
) -> None:
    """The sessions with these numbers out of `of`, which have `sign_ups` together: number 0 takes place in three days, the
    others fill the ten months before and the two after it. Their slugs are `year-0` to `year-499`.
    """
    random = Random(20_261_116 + numbers[0])
    plans = [_plan(number, now=now, of=of) for number in numbers]
    with transaction() as session:
        ids = _add(
            session,
            TrainingSession,
            (_session(number, plan, cast, now) for number, plan in zip(numbers, plans, strict=True)),
        )
        _add(
            session,
            TrainingCoach,
            (row for number, of_id in zip(numbers, ids, strict=True) for row in _run(number, of_id, cast)),
        )
        for number, plan in zip(numbers, plans, strict=True):
            # Between half and one and a half times the mean, which the numbers have together.
            count = sign_ups // of + (5 - number % 11) * (sign_ups // of) // 10
            _fill(plan, random.sample(range(len(cast.people)), count), cast, number, random, now)
        _write(session, ids, plans)
        _add_talks(session, numbers, ids, cast, now)


def _plan(number: int, *, now: datetime, of: int) -> _Rows:
    days = 3 + number * 365 // of
    starts_at = (now + (days - 365 if days > 65 else days) * DAY).replace(hour=1 + number % 8, minute=0)
    # Every fifth meets on three days in a row.
    count = 3 if number % 5 == 1 else 1
    meetings = [(starts_at + day * DAY, starts_at + day * DAY + 3 * HOUR) for day in range(count)]
    return _Rows(starts_at, 14 + number % 7, meetings)


def _session(number: int, plan: _Rows, cast: Cast, now: datetime) -> dict[str, Any]:
    announced = min(now, plan.starts_at) - 30 * DAY
    return {
        "slug": f"year-{number}",
        "kind": KINDS[number % len(KINDS)],
        "title": f"Year session {number}",
        "description": "Bring a **laptop**.",
        "description_html": "<p>Bring a <strong>laptop</strong>.</p>",
        "description_text": "Bring a laptop.",
        "language": "zh" if number % 4 == 3 else "en",
        "capability_id": cast.capabilities[number % len(cast.capabilities)] if cast.capabilities else None,
        "level": number % 5 + 1,
        "starts_at": plan.starts_at,
        "ends_at": plan.meetings[-1][1],
        "time_zone": "Asia/Shanghai",
        "place": f"Room {number % 9 + 1}",
        "capacity": plan.capacity,
        "needs_approval": _needs_approval(number),
        "waiting": _waiting(number),
        "state": State.PUBLISHED,
        "created_by_id": cast.coaches[number % COACHES],
        "created_at": announced,
        "updated_at": announced,
    }


def _needs_approval(number: int) -> bool:
    return number % 10 == 7


def _waiting(number: int) -> Waiting:
    return Waiting.OFFER if number % 4 == 2 else Waiting.PROMOTION


def _run(number: int, training_id: int, cast: Cast) -> Iterable[dict[str, Any]]:
    """One coach, and with every third session a second one."""
    for position in range(2 if number % 3 == 0 else 1):
        user_id = cast.coaches[(number + position) % COACHES]
        yield {"training_id": training_id, "user_id": user_id, "position": position}


def _fill(plan: _Rows, who: Sequence[int], cast: Cast, number: int, random: Random, now: datetime) -> None:
    """Sign the people up one after the other; whoever leaves lets the first of the line in, or lets them be asked."""
    is_over = plan.starts_at <= now
    began = min(now, plan.starts_at) - 20 * DAY
    line: list[int] = []
    taken = 0
    for place, person in enumerate(who):
        at = began + place * HOUR
        asks = _needs_approval(number) and not is_over and place % 6 == 5
        seat = Seat.REQUESTED if asks else Seat.CONFIRMED if taken < plan.capacity else Seat.WAITING
        step = {Seat.REQUESTED: SeatStep.REQUEST, Seat.CONFIRMED: SeatStep.TAKE, Seat.WAITING: SeatStep.QUEUE}[seat]
        taken += seat is Seat.CONFIRMED
        line += [place] if seat is Seat.WAITING else []
        plan.places.append(
            {"user_id": cast.people[person], "state": seat, "queue": place + 1, "enrolled_at": at, "changed_at": at}
        )
        plan.steps.append((place, step, seat, at))
    leaving = began + 10 * DAY
    for place in range(LEAVES, len(who), 10):
        if plan.places[place]["state"] is Seat.CONFIRMED:
            _take_step(plan, place, SeatStep.LEAVE, Seat.CANCELLED, leaving)
            if line:
                _move_up(plan, line.pop(0), number, leaving, now=None if is_over else now)
    if is_over:
        _note_presence(plan, random)


def _move_up(plan: _Rows, place: int, number: int, at: datetime, *, now: datetime | None) -> None:
    """`now` is None for a session that is over, where every offer was accepted."""
    if _waiting(number) is Waiting.PROMOTION:
        _take_step(plan, place, SeatStep.PROMOTE, Seat.CONFIRMED, at)
        return
    _take_step(plan, place, SeatStep.OFFER, Seat.OFFERED, at)
    if now is None:
        _take_step(plan, place, SeatStep.ACCEPT, Seat.CONFIRMED, at + HOUR)
    else:
        plan.places[place]["offer_until"] = now + DAY


def _take_step(plan: _Rows, place: int, step: SeatStep, seat: Seat, at: datetime) -> None:
    plan.places[place] |= {"state": seat, "changed_at": at}
    plan.steps.append((place, step, seat, at))


def _note_presence(plan: _Rows, random: Random) -> None:
    seated = [place for place, row in enumerate(plan.places) if row["state"] is Seat.CONFIRMED]
    for meeting in range(len(plan.meetings)):
        plan.presences += [(meeting, place, random.choice(PRESENCES)) for place in seated]


def _write(session: Session, ids: Sequence[int], plans: Sequence[_Rows]) -> None:
    """Everything that hangs on the sessions, table by table."""
    of = list(zip(ids, plans, strict=True))
    meetings = _add(
        session,
        Meeting,
        (
            {"training_id": each, "starts_at": start, "ends_at": end}
            for each, plan in of
            for start, end in plan.meetings
        ),
    )
    none = {"offer_until": None}
    places = _add(session, Enrolment, (none | {"training_id": each} | row for each, plan in of for row in plan.places))
    steps: list[dict[str, Any]] = []
    presences: list[dict[str, Any]] = []
    for plan in plans:
        own, at = places[: len(plan.places)], meetings[: len(plan.meetings)]
        places, meetings = places[len(own) :], meetings[len(at) :]
        for place, step, seat, moment in plan.steps:
            by = plan.places[place]["user_id"]
            steps.append({"enrolment_id": own[place], "step": step, "state": seat, "at": moment, "by_id": by})
        for meeting, place, presence in plan.presences:
            moment = plan.meetings[meeting][0] + HOUR / 4
            presences.append(
                {
                    "meeting_id": at[meeting],
                    "enrolment_id": own[place],
                    "state": presence,
                    "means": Means.ROSTER,
                    "at": moment,
                }
            )
    _add(session, EnrolmentEvent, steps)
    _add(session, Attendance, presences)
    _add(session, AttendanceEvent, (row | {"mark": f"year-{number}"} for number, row in enumerate(presences)))


def _add_talks(session: Session, numbers: Sequence[int], ids: Sequence[int], cast: Cast, now: datetime) -> None:
    """Four talks in each session that has a programme, two of them by coaches."""
    talks = _add(
        session,
        Talk,
        (
            {"training_id": each, "position": place, "title": f"Talk {place}", "abstract_html": "<p>In short.</p>",
             "abstract": "In short.", "language": "en", "minutes": 30, "updated_at": now}
            for number, each in zip(numbers, ids, strict=True)
            if has_programme(KINDS[number % len(KINDS)])
            for place in range(4)
        ),
    )  # fmt: skip
    by_coaches = [
        {"talk_id": talk, "position": 0, "user_id": cast.coaches[number % COACHES], "guest": ""}
        for number, talk in enumerate(talks)
        if number % 2
    ]
    by_guests = [
        {"talk_id": talk, "position": 0, "user_id": None, "guest": "A Guest"}
        for number, talk in enumerate(talks)
        if not number % 2
    ]
    _add(session, Speaker, by_coaches + by_guests)


def _add(session: Session, model: type[Base], rows: Iterable[dict[str, Any]]) -> list[int]:
    """Write the rows; of those that have a number, their numbers in the same order."""
    listed = list(rows)
    if not listed:
        return []
    if "id" not in model.__table__.columns:
        session.execute(insert(model), listed)
        return []
    statement = insert(model).returning(model.__table__.columns["id"], sort_by_parameter_order=True)
    return list(session.execute(statement, listed).scalars())
