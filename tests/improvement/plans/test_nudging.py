"""What is overdue is told once a fortnight, to whoever sees to it, and not once it is done."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
import time_machine
from sqlalchemy import select

from app.accounts.models import Membership, Team, User
from app.capabilities.models import Framework
from app.improvement.plans.jobs import remind_people
from app.improvement.plans.messages import CURRENT
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.nudging import KIND, REVIEW
from app.improvement.plans.queries import to_be_nudged
from app.improvement.plans.rules import NUDGE_EVERY, ItemKind, ItemState, ItemStep, is_to_be_nudged
from app.improvement.plans.service import Outline, close, describe
from app.jobs.messages import reading_as, word
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.models import Assessment
from app.notifications.models import Notice
from tests.factories.assessments import begin as start_assessment
from tests.factories.improvement import NOW, TODAY, make_plan, put_in, step
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_user

YESTERDAY = TODAY - timedelta(days=1)
FORTNIGHT = NUDGE_EVERY.total_seconds()


@pytest.fixture
def plan(clock: time_machine.Coordinates, team: Team, framework: Framework) -> Plan:
    return make_plan(team, framework)


def told() -> list[tuple[str, str]]:
    """(name, what) of every notice so far."""
    db.session.rollback()
    query = select(User.name, Notice.params).join(User, User.id == Notice.user_id).where(Notice.kind == KIND)
    return [(name, params["what"]) for name, params in db.session.execute(query.order_by(Notice.id))]


def test_the_owner_is_told_once_a_fortnight(clock: time_machine.Coordinates, plan: Plan, mei: User, bo: User) -> None:
    put_in(plan, mei, "Bo's", owner=bo, due_on=YESTERDAY)
    put_in(plan, mei, "Due today", owner=bo, due_on=TODAY)
    put_in(plan, mei, "Without a day", owner=bo)
    assert (remind_people(), remind_people()) == (1, 0)
    assert told() == [("Bo Sun", "Bo's")]
    clock.shift(FORTNIGHT - 1)
    # What was due on the first day has become overdue meanwhile.
    assert remind_people() == 1
    clock.shift(1)
    assert remind_people() == 1
    assert told() == [("Bo Sun", "Bo's"), ("Bo Sun", "Due today"), ("Bo Sun", "Bo's")]


def test_where_nobody_sees_to_it_the_lead_is_told(plan: Plan, mei: User) -> None:
    put_in(plan, mei, "Nobody's", due_on=YESTERDAY)
    remind_people()
    assert told() == [("Mei Lin", "Nobody's")]


def test_an_owner_who_has_left_the_team_is_not_told(plan: Plan, mei: User, bo: User, team: Team) -> None:
    put_in(plan, mei, "Bo's", owner=bo, due_on=YESTERDAY)
    with transaction():
        team.memberships[:] = [each for each in team.memberships if each.user_id != bo.id]
    remind_people()
    assert told() == [("Mei Lin", "Bo's")]


def test_where_nobody_leads_all_of_the_team_are_told(plan: Plan, mei: User, bo: User, team: Team) -> None:
    gone = make_user("Gone Gil")
    put_in(plan, mei, "Nobody's", due_on=YESTERDAY)
    with transaction() as session:
        for each in session.get_one(Team, team.id).memberships:
            each.is_lead = False
        session.get_one(User, gone.id).disabled_at = NOW
    remind_people()
    assert sorted(told()) == [("Bo Sun", "Nobody's"), ("Mei Lin", "Nobody's")]


def test_what_is_ended_or_closed_is_told_to_nobody(plan: Plan, mei: User) -> None:
    step(put_in(plan, mei, "Done", due_on=YESTERDAY), ItemStep.FINISH, mei)
    step(put_in(plan, mei, "Dropped", due_on=YESTERDAY), ItemStep.DROP, mei, reason="No.")
    put_in(plan, mei, "Left over", due_on=YESTERDAY)
    with transaction() as session:
        close(session, plan.id, learned="x", today=TODAY)
    assert remind_people() == 0


def test_a_mail_says_what_holds_when_it_is_sent(plan: Plan, mei: User, otto: User) -> None:
    item = put_in(plan, mei, "Mine", due_on=YESTERDAY, owner=mei)
    remind_people()
    params = db.session.execute(select(Notice.params)).scalar_one()
    current = CURRENT[KIND]
    assert current(params, mei.id, utc_now()) == params
    assert current(params, otto.id, utc_now()) is None
    step(item, ItemStep.FINISH, mei)
    assert current(params, mei.id, utc_now()) is None


def test_the_message_leads_to_the_item(plan: Plan, mei: User, team: Team) -> None:
    item = put_in(plan, mei, "Mine", due_on=YESTERDAY, owner=mei)
    remind_people()
    params = db.session.execute(select(Notice.params)).scalar_one()
    with reading_as("en", "Asia/Shanghai"):
        message = word(KIND, params)
    assert message.subject == "Overdue in the plan of Payments: Mine"
    assert "November 15, 2026" in message.body
    assert str(message.url).endswith(f"/teams/{team.slug}/plan?framework=continuous-delivery#item-{item.id}")


def until(plan: Plan, day: date | None) -> None:
    """The plan says that the team is assessed again by that day."""
    with transaction() as session:
        kept = session.get_one(Plan, plan.id)
        describe(
            session,
            kept.id,
            Outline(title=kept.title, review_on=day),
            was=Outline(title=kept.title, review_on=kept.review_on),
        )


def reviews() -> list[tuple[str, str]]:
    """(name, day) of everybody who was told that the team is to be assessed again."""
    db.session.rollback()
    query = select(User.name, Notice.params).join(User, User.id == Notice.user_id).where(Notice.kind == REVIEW)
    return [(name, params["due"]) for name, params in db.session.execute(query.order_by(Notice.id))]


def test_lead_and_owners_are_told_once_to_assess_again(
    clock: time_machine.Coordinates, plan: Plan, team: Team, mei: User, bo: User
) -> None:
    idle = make_user("Ida Idle")
    with transaction() as session:
        session.get_one(Team, team.id).memberships.append(Membership(user_id=idle.id))
    put_in(plan, mei, "Bo's", owner=bo)
    until(plan, TODAY + timedelta(days=15))
    assert remind_people() == 0
    clock.shift(timedelta(days=1))
    assert (remind_people(), remind_people()) == (1, 0)
    assert sorted(reviews()) == [("Bo Sun", "2026-12-01"), ("Mei Lin", "2026-12-01")]
    clock.shift(timedelta(days=30))
    assert remind_people() == 0
    until(plan, TODAY + timedelta(days=40))
    assert remind_people() == 1
    assert len(reviews()) == 4


def test_where_the_assessment_has_begun_or_was_made_nobody_is_told(
    plan: Plan, team: Team, framework: Framework, mei: User
) -> None:
    until(plan, TODAY + timedelta(days=1))
    assessment_id = start_assessment(team, framework, mei)
    assert remind_people() == 0
    with transaction() as session:
        session.delete(session.get_one(Assessment, assessment_id))
    make_snapshot(team, framework, {"version-control": 2}, taken_at=NOW + timedelta(minutes=1))
    assert remind_people() == 0
    with transaction() as session:
        session.get_one(Plan, plan.id).created_at = NOW + timedelta(minutes=2)
        session.get_one(Framework, framework.id).is_aside = True
    assert remind_people() == 0
    with transaction() as session:
        session.get_one(Framework, framework.id).is_aside = False
    assert remind_people() == 1
    assert reviews() == [("Mei Lin", "2026-11-17")]


def test_the_mail_about_assessing_again_says_what_holds(
    plan: Plan, team: Team, framework: Framework, mei: User, otto: User
) -> None:
    until(plan, TODAY + timedelta(days=1))
    remind_people()
    params = db.session.execute(select(Notice.params)).scalar_one()
    with reading_as("en", "Asia/Shanghai"):
        message = word(REVIEW, params)
    assert message.subject == "Time to assess Payments again"
    assert "November 17, 2026" in message.body
    assert str(message.url).endswith(f"/teams/{team.slug}/plan?framework=continuous-delivery")
    current = CURRENT[REVIEW]
    assert current(params, mei.id, utc_now()) == params
    assert current(params, otto.id, utc_now()) is None
    until(plan, TODAY + timedelta(days=2))
    moved = current(params, mei.id, utc_now())
    assert moved is not None
    assert moved["due"] == "2026-11-18"
    start_assessment(team, framework, mei)
    assert current(params, mei.id, utc_now()) is None


def test_the_rule_is_the_same_in_both_languages(plan: Plan, mei: User) -> None:
    days = (None, *(TODAY + timedelta(days=days) for days in (-30, -1, 0, 1)))
    moments = (None, *(NOW - NUDGE_EVERY + timedelta(seconds=seconds) for seconds in (-1, 0, 1)))
    cases = list(product(ItemState, days, moments))
    with transaction() as session:
        for number, (state, due_on, nudged_at) in enumerate(cases):
            item = PlanItem(plan_id=plan.id, position=number, kind=ItemKind.OWN, what="x", key=str(number))
            item.state, item.due_on, item.nudged_at, item.state_since = state, due_on, nudged_at, NOW
            session.add(item)
    query = select(PlanItem.position).join(PlanItem.plan).where(to_be_nudged(TODAY, NOW))
    found = set(db.session.execute(query).scalars())
    wanted = {
        number for number, (state, due_on, at) in enumerate(cases) if is_to_be_nudged(state, due_on, at, TODAY, NOW)
    }
    assert found == wanted
    # Two states, two days, three moments.
    assert len(found) == 2 * 2 * 3
