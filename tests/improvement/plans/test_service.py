"""What a team does with its plan, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.capabilities.models import Framework
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.queries import find_running, get_plan, list_plans
from app.improvement.plans.rules import MAX_ITEMS, ItemKind, ItemState, ItemStep, PlanState
from app.improvement.plans.service import (
    ItemChangedError,
    Outline,
    Words,
    change_item,
    close,
    describe,
    move,
    take_step,
)
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError
from tests.factories.improvement import NOW, TODAY, make_plan, put_in, step
from tests.factories.people import make_user


@pytest.fixture
def plan(team: Team, framework: Framework) -> Plan:
    return make_plan(team, framework)


def whats(plan: Plan) -> list[str]:
    db.session.rollback()
    return [item.what for item in get_plan(plan.team_id, plan.id).items]


def test_whoever_begins_a_plan_that_runs_gets_that_one(plan: Plan, team: Team, framework: Framework) -> None:
    assert make_plan(team, framework, title="Another").id == plan.id
    assert [each.title for each in list_plans(team.id)] == ["Until summer"]


def test_a_closed_plan_stays_readable_and_the_next_one_begins(plan: Plan, team: Team, framework: Framework) -> None:
    with transaction() as session:
        close(session, plan.id, learned="Fewer things at once.", today=TODAY)
    after = make_plan(team, framework, title="The next one")
    assert [(each.title, each.state) for each in list_plans(team.id)] == [
        ("The next one", PlanState.RUNNING),
        ("Until summer", PlanState.CLOSED),
    ]
    assert find_running(team.id, framework.id) is after
    assert get_plan(team.id, plan.id).learned == "Fewer things at once."


def test_nothing_of_a_closed_plan_can_be_changed(plan: Plan, mei: User) -> None:
    item = put_in(plan, mei)
    with transaction() as session:
        close(session, plan.id, learned="Enough.", today=TODAY)
    with pytest.raises(ConflictError, match="closed"):
        step(item, ItemStep.BEGIN, mei)
    with pytest.raises(ConflictError, match="closed"):
        put_in(plan, mei, "Too late")


def test_what_is_put_in_twice_is_in_once(plan: Plan, mei: User, bo: User) -> None:
    first = put_in(plan, mei, key="practice:trunk:version-control")
    assert put_in(plan, bo, key="practice:trunk:version-control").id == first.id
    assert whats(plan) == ["Write down the branch rules"]


def test_what_was_dropped_and_is_put_in_again_is_taken_up_again(plan: Plan, mei: User) -> None:
    item = step(put_in(plan, mei), ItemStep.DROP, mei, reason="Not now.")
    assert (item.state, item.reason) == (ItemState.DROPPED, "Not now.")
    again = put_in(plan, mei)
    assert (again.id, again.state, again.reason) == (item.id, ItemState.OPEN, "")


def test_dropping_needs_a_reason(plan: Plan, mei: User) -> None:
    item = put_in(plan, mei)
    with pytest.raises(InvalidInputError, match="Say why"):
        step(item, ItemStep.DROP, mei)


def test_an_owner_is_of_the_team(plan: Plan, mei: User, bo: User) -> None:
    outsider = make_user("Otto Outsider")
    with pytest.raises(InvalidInputError, match="of the team"):
        put_in(plan, mei, owner=outsider)
    assert put_in(plan, mei, owner=bo).owner_id == bo.id


def test_an_owner_who_has_left_stays_named_until_somebody_else_is(
    session: Session, plan: Plan, mei: User, bo: User, team: Team
) -> None:
    item = put_in(plan, mei, owner=bo)
    with transaction():
        team.memberships[:] = [each for each in team.memberships if each.user_id != bo.id]
    words = Words(what="Said otherwise", owner_id=bo.id)
    with transaction() as writing:
        change_item(writing, item.id, words, revision=item.revision, actor=mei)
    assert session.get_one(PlanItem, item.id).owner_id == bo.id


def test_who_is_not_quick_enough_overwrites_nothing(session: Session, plan: Plan, mei: User, bo: User) -> None:
    item = put_in(plan, mei)
    item_id, seen = item.id, item.revision
    with transaction() as writing:
        change_item(writing, item_id, Words(what="Mei's words", owner_id=mei.id), revision=seen, actor=mei)
    with pytest.raises(ItemChangedError), transaction() as writing:
        change_item(writing, item_id, Words(what="Bo's words"), revision=seen, actor=bo)
    with pytest.raises(ItemChangedError), transaction() as writing:
        take_step(writing, item_id, ItemStep.FINISH, revision=seen, actor=bo, now=NOW)
    after = session.get_one(PlanItem, item_id)
    assert (after.what, after.owner_id, after.state, after.changed_by_id) == (
        "Mei's words",
        mei.id,
        ItemState.OPEN,
        mei.id,
    )


def test_a_step_that_is_sent_twice_is_taken_once(plan: Plan, mei: User, bo: User) -> None:
    item = put_in(plan, mei)
    item_id, seen = item.id, item.revision
    with transaction() as session:
        once = take_step(session, item_id, ItemStep.BEGIN, revision=seen, actor=mei, now=NOW).revision
    with transaction() as session:
        assert take_step(session, item_id, ItemStep.BEGIN, revision=seen, actor=mei, now=NOW).revision == once
    with pytest.raises(ItemChangedError), transaction() as session:
        take_step(session, item_id, ItemStep.BEGIN, revision=seen, actor=bo, now=NOW)


def test_items_move_among_those_that_are_alive(plan: Plan, mei: User) -> None:
    one, two, three = (put_in(plan, mei, what) for what in ("One", "Two", "Three"))
    step(two, ItemStep.FINISH, mei)
    with transaction() as session:
        move(session, three.id, up=True)
    assert [what for what in whats(plan) if what != "Two"] == ["Three", "One"]
    with transaction() as session:
        move(session, three.id, up=True)
    assert [what for what in whats(plan) if what != "Two"] == ["Three", "One"]
    with transaction() as session:
        move(session, three.id, up=False)
    assert [what for what in whats(plan) if what != "Two"] == ["One", "Three"]
    assert {one.id, two.id, three.id} == {item.id for item in get_plan(plan.team_id, plan.id).items}


def test_title_and_day_are_compared_with_what_they_were(plan: Plan) -> None:
    was, day = Outline(title="Until summer", review_on=None), date(2027, 5, 1)
    mine = Outline(title="Until May", review_on=day)
    with transaction() as session:
        describe(session, plan.id, mine, was=was)
    with transaction() as session:
        # Sent twice: it says so already.
        describe(session, plan.id, mine, was=was)
    with pytest.raises(ConflictError), transaction() as session:
        describe(session, plan.id, Outline(title="Until June", review_on=None), was=was)
    with pytest.raises(InvalidInputError, match="after the plan has begun"), transaction() as session:
        describe(session, plan.id, Outline(title="Until May", review_on=TODAY), was=mine)


def test_a_plan_does_not_grow_without_end(plan: Plan, mei: User) -> None:
    for number in range(MAX_ITEMS):
        put_in(plan, mei, f"Number {number}")
    with pytest.raises(ConflictError, match=f"at most {MAX_ITEMS}"):
        put_in(plan, mei, "One too many")


def test_a_new_day_is_reminded_of_anew(plan: Plan, mei: User) -> None:
    item = put_in(plan, mei, due_on=TODAY, kind=ItemKind.OWN)
    with transaction() as session:
        session.get_one(PlanItem, item.id).nudged_at = NOW
    words = Words(what=item.what, due_on=TODAY + timedelta(days=7))
    with transaction() as session:
        assert change_item(session, item.id, words, revision=item.revision, actor=mei).nudged_at is None
