"""One word for each place in coaching in which something can be written, so that a test says which one leaked; and a company in which
all of it was written, by the ways in which people write it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

import time_machine

from app.accounts.models import User
from app.accounts.rules import Role
from app.coaching.engagements import service as engagements
from app.coaching.engagements import working
from app.coaching.engagements.feedback import give_feedback
from app.coaching.engagements.jobs import nudge
from app.coaching.engagements.service import GoalDraft
from app.coaching.growth import service as growth
from app.coaching.office_hours import line
from app.coaching.office_hours.jobs import remind
from app.coaching.requests import service
from app.coaching.requests.jobs import move_clocks, remind_teams
from app.coaching.week.service import set_room
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.kernel.markup import render
from tests.coaching.people import House
from tests.factories.afterwards import make_past
from tests.factories.coaching import make_request
from tests.factories.growth import apply, bring_path, observe, put
from tests.factories.office_hours import WEDNESDAY_AT_TWO, book, cancel, make_hours, stand_in_line
from tests.factories.people import make_user

# "calledoff" is why the coach cancels a booking, which whoever booked is told; "cancelled" why the other one does.
SECRETS = {
    place: f"zq{place}xj"
    for place in (
        "goal", "question", "answer", "decline", "handover", "withdraw", "line", "note", "action", "outcome", "feedback",
        "booking", "ticket", "calledoff", "cancelled", "room", "strengths", "advice", "application", "refusal",
    )
}  # fmt: skip
# What is written outside of requests and engagements, and read by nobody of the team but whoever wrote or is meant.
OF_TWO = ("booking", "ticket", "calledoff", "cancelled", "room", "strengths", "advice", "application", "refusal")


@dataclass(frozen=True)
class Written:
    """Chen has coached Mei, Olu and their lead; Olu (`kept`), Mei (`called_off`) and the lead (`cancelled`) have booked time with
    Chen, and Olu and Mei stand in the line of `drop_in`. Chen has watched Mei; Mei and Olu have asked to become coaches, and the lead
    coach has told Mei that it is too early.
    """

    engagement_id: int
    kept: int
    called_off: int
    cancelled: int
    drop_in: int
    lead_coach: User


def found_in(text: str) -> list[str]:
    return [place for place, secret in SECRETS.items() if secret in text]


def write_everything(house: House, clock: time_machine.Coordinates) -> Written:
    lead_coach = _grow(house)
    with transaction() as session:
        set_room(session, most=3, note=SECRETS["room"], actor=house.chen, now=utc_now())
    engagement_id = _ask(house, clock)
    kept, called_off, cancelled = _book(house, engagement_id)
    _work(house, engagement_id)
    clock.shift(timedelta(days=1))
    assert remind() == 1
    clock.shift(timedelta(days=3))
    drop_in = _stand_in_line(house)
    assert nudge() == 1
    move_clocks()
    _end(house, engagement_id)
    return Written(engagement_id, kept, called_off, cancelled, drop_in, lead_coach)


def _grow(house: House) -> User:
    bring_path()
    lead_coach = put(make_user("Leo Lead", Role.COACH), "lead-coach")
    mei = put(house.mei, "candidate")
    make_past(house.chen, slug="together", coach_ids=[house.chen.id, mei.id])
    observe(house.chen, mei, "together", strengths=SECRETS["strengths"], advice=SECRETS["advice"])
    application_id = apply(mei, SECRETS["application"]).id
    with transaction() as session:
        actor = session.get_one(User, lead_coach.id)
        growth.decline(session, application_id, SECRETS["refusal"], actor=actor, now=utc_now())
    apply(put(house.olu, "candidate"), SECRETS["application"])
    return lead_coach


def _ask(house: House, clock: time_machine.Coordinates) -> int:
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
    return engagement_id


def _book(house: House, engagement_id: int) -> tuple[int, int, int]:
    """On Wednesday of the next week: from two in Shanghai on, half an hour each."""
    hours, at, half = make_hours(house.chen), WEDNESDAY_AT_TWO + timedelta(days=7), timedelta(minutes=30)
    kept = book(hours, house.olu, at, topic=SECRETS["booking"], engagement_id=engagement_id)
    called_off = book(hours, house.mei, at + half, topic=SECRETS["booking"])
    cancelled = book(hours, house.lead, at + 2 * half, topic=SECRETS["booking"])
    cancel(called_off, house.chen, SECRETS["calledoff"])
    cancel(cancelled, house.lead, SECRETS["cancelled"])
    return kept.id, called_off.id, cancelled.id


def _stand_in_line(house: House) -> int:
    """On Saturday at ten, which it is now. Olu is called, Mei waits."""
    hours = make_hours(house.chen, weekday=5, starts=time(10), ends=time(12), is_drop_in=True)
    first = stand_in_line(hours, house.olu, SECRETS["ticket"]).id
    stand_in_line(hours, house.mei, SECRETS["ticket"])
    with transaction() as session:
        line.call(session, first, coach=session.get_one(User, house.chen.id), now=utc_now())
    return hours.id


def _work(house: House, engagement_id: int) -> None:
    chen, note = house.chen, SECRETS["note"]
    with transaction() as session:
        working.add_goal(session, engagement_id, GoalDraft(text=SECRETS["line"]), actor=chen)
        working.add_note(
            session, engagement_id, on=date(2026, 11, 20), text=note, html=render(note).html, actor=chen, now=utc_now()
        )
        working.agree(
            session,
            engagement_id,
            text=SECRETS["action"],
            owner_id=house.lead.id,
            due_on=date(2026, 11, 25),
            actor=chen,
            now=utc_now(),
        )


def _end(house: House, engagement_id: int) -> None:
    with transaction() as session:
        engagements.end(session, engagement_id, outcome=SECRETS["outcome"], actor=house.chen, now=utc_now())
    with transaction() as session:
        for person in (house.lead, house.mei, house.olu):
            give_feedback(
                session, engagement_id, mark=5, text=f"{SECRETS['feedback']} {person.name}", actor=person, now=utc_now()
            )
