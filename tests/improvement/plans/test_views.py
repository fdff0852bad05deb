"""The plan of a team on its pages: begun by a press, changed by its people, read by whoever may see where it stands."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import date
from io import StringIO

from flask.testing import FlaskClient

from app.accounts.models import Team, User
from app.capabilities.models import Capability, Framework
from app.improvement.plans.models import Plan
from app.improvement.plans.queries import find_running, list_plans
from app.improvement.plans.rules import ItemKind, ItemState, ItemStep, PlanState
from app.kernel.db import db
from tests.factories.coaches import make_coach
from tests.factories.improvement import make_plan, make_target, put_in, step
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team
from tests.factories.practices import make_practice

Browse = Callable[[User], FlaskClient]


def text_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return words(answer.text)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2].partition("</main")[0]).split())


def the_plan(team: Team, framework: Framework) -> Plan:
    db.session.rollback()
    plan = find_running(team.id, framework.id)
    assert plan is not None
    return plan


def test_one_press_begins_the_plan_and_puts_it_in_once(
    clock: object,
    log_in: Browse,
    mei: User,
    bo: User,
    team: Team,
    framework: Framework,
    capabilities: dict[str, Capability],
) -> None:
    snapshot = make_snapshot(team, framework, {"version-control": 2, "change-management": 2})
    make_target(team, framework, "version-control", 3, due_on=date(2027, 1, 15))
    make_practice("trunk", capability=capabilities["version-control"], level=3, title="Trunk only")
    pressed = {"framework": framework.slug, "kind": "practice", "ref": "trunk", "capability": "version-control"}
    for person in (mei, mei, bo):
        answer = log_in(person).post(f"/teams/{team.slug}/plan/advised", data=pressed)
        assert answer.status_code == 303
    plan = the_plan(team, framework)
    assert (plan.baseline_id, plan.title, plan.review_on) == (
        snapshot.id,
        "Plan for Continuous delivery",
        date(2027, 5, 17),
    )
    (item,) = plan.items
    assert (item.what, item.kind, item.from_level, item.to_level, item.due_on) == (
        "Trunk only",
        ItemKind.PRACTICE,
        2,
        3,
        date(2027, 1, 15),
    )
    assert item.because == "because you are at 2 and the target is 3; blocks 1 other; wanted by January 15, 2027"
    assert "In the plan" in text_of(log_in(bo), f"/teams/{team.slug}/next")


def test_what_is_not_there_cannot_be_put_in(log_in: Browse, mei: User, team: Team, framework: Framework) -> None:
    browser = log_in(mei)
    for kind, ref in (
        ("practice", "nothing"),
        ("session", "nothing"),
        ("coach", "x"),
        ("story", "@x"),
        ("own", "x"),
        ("", ""),
    ):
        sent = {"framework": framework.slug, "kind": kind, "ref": ref, "capability": "version-control"}
        assert browser.post(f"/teams/{team.slug}/plan/advised", data=sent).status_code == 404
    assert list_plans(team.id) == []


def test_a_secret_team_is_not_named_by_guessing(log_in: Browse, mei: User, team: Team, framework: Framework) -> None:
    other = make_team("Not a benchmark")
    sent = {"framework": framework.slug, "kind": "story", "ref": f"@{other.slug}", "capability": "version-control"}
    assert log_in(mei).post(f"/teams/{team.slug}/plan/advised", data=sent).status_code == 404


def test_a_plan_is_begun_by_hand(clock: object, log_in: Browse, mei: User, team: Team, framework: Framework) -> None:
    browser, sent = log_in(mei), {"framework": framework.slug, "title": "Until May", "review_on": "2027-05-01"}
    assert "no agreed assessment yet" in text_of(browser, f"/teams/{team.slug}/plan")
    assert browser.post(f"/teams/{team.slug}/plan", data={**sent, "title": ""}).status_code == 422
    assert browser.post(f"/teams/{team.slug}/plan", data={**sent, "review_on": "2020-01-01"}).status_code == 422
    assert browser.post(f"/teams/{team.slug}/plan", data=sent).status_code == 303
    assert "Until May" in text_of(browser, f"/teams/{team.slug}/plan")
    assert "Nothing is in the plan yet." in text_of(browser, f"/teams/{team.slug}/plan")


def test_only_the_people_of_the_team_change_it(
    log_in: Browse, mei: User, lea: User, otto: User, team: Team, framework: Framework
) -> None:
    plan = make_plan(team, framework)
    item = put_in(plan, mei)
    here, form = f"/teams/{team.slug}", {"what": "x", "step": "finish", "revision": "0", "title": "x", "learned": "x"}
    changing = (
        f"{here}/plan",
        f"{here}/plan/advised",
        f"{here}/plan/items/{item.id}",
        f"{here}/plan/items/{item.id}/state",
        f"{here}/plan/items/{item.id}/place",
        f"{here}/plans/{plan.id}/items",
        f"{here}/plans/{plan.id}/outline",
        f"{here}/plans/{plan.id}/close",
    )
    assert [log_in(lea).post(path, data=form).status_code for path in changing] == [403] * len(changing)
    assert [log_in(otto).post(path, data=form).status_code for path in changing] == [404] * len(changing)
    assert "Write down the branch rules" in text_of(log_in(lea), f"{here}/plan")
    assert "/state" not in log_in(lea).get(f"{here}/plan").text


def test_an_item_of_another_team_is_not_reached_through_ones_own(
    log_in: Browse, mei: User, bo: User, team: Team, framework: Framework
) -> None:
    other = make_team("Gateway", bo)
    plan = make_plan(other, framework)
    item = put_in(plan, bo)
    browser = log_in(mei)
    assert browser.get(f"/teams/{team.slug}/plan/items/{item.id}").status_code == 404
    assert browser.get(f"/teams/{team.slug}/plans/{plan.id}").status_code == 404
    assert browser.get(f"/teams/{team.slug}/plans/{plan.id}.csv").status_code == 404


def test_an_own_item_sent_twice_is_in_once(
    log_in: Browse, mei: User, bo: User, team: Team, framework: Framework
) -> None:
    make_snapshot(team, framework, {"version-control": 2})
    plan = make_plan(team, framework)
    browser, path = log_in(mei), f"/teams/{team.slug}/plans/{plan.id}/items"
    sent = {
        "what": "Agree on names",
        "capability": "version-control",
        "owner": str(bo.id),
        "due_on": "2026-12-24",
        "key": "own:1",
    }
    for _time in range(2):
        assert browser.post(path, data=sent).status_code == 303
    (item,) = the_plan(team, framework).items
    assert (item.what, item.owner_id, item.to_level) == ("Agree on names", bo.id, 3)
    answer = browser.post(path, data={**sent, "key": "own:2", "owner": "999"})
    assert answer.status_code == 422
    assert "Agree on names" in answer.text


def test_two_who_edit_at_once_see_both(log_in: Browse, mei: User, bo: User, team: Team, framework: Framework) -> None:
    item = put_in(make_plan(team, framework), mei)
    path, seen = f"/teams/{team.slug}/plan/items/{item.id}", str(item.revision)
    sent = {"what": "What Bo says", "owner": str(bo.id), "due_on": "", "revision": seen}
    assert log_in(bo).post(path, data=sent).status_code == 303
    answer = log_in(mei).post(
        path, data={"what": "What Mei says", "owner": "", "due_on": "2026-12-01", "revision": seen}
    )
    assert answer.status_code == 409
    assert "Bo Sun has saved this:" in words(answer.text)
    assert "What Bo says" in words(answer.text)
    assert 'value="What Mei says"' in answer.text
    newest = re.search(r'name="revision"[^>]*value="(\d+)"', answer.text)
    assert newest is not None
    again = {"what": "What both say", "owner": str(bo.id), "due_on": "", "revision": newest[1]}
    assert log_in(mei).post(path, data=again).status_code == 303
    assert the_plan(team, framework).items[0].what == "What both say"


def test_steps_are_taken_with_one_press_and_dropping_with_a_reason(
    log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    item = put_in(make_plan(team, framework), mei)
    path, browser = f"/teams/{team.slug}/plan/items/{item.id}/state", log_in(mei)

    def press(step_: ItemStep, **more: str) -> int:
        revision = str(the_plan(team, framework).items[0].revision)
        return browser.post(path, data={"step": step_, "revision": revision, **more}).status_code

    assert press(ItemStep.BEGIN) == 303
    assert press(ItemStep.DROP) == 422
    assert press(ItemStep.DROP, reason="Costs too much") == 303
    assert (the_plan(team, framework).items[0].state, the_plan(team, framework).items[0].reason) == (
        ItemState.DROPPED,
        "Costs too much",
    )
    assert "Dropped because: Costs too much" in text_of(browser, f"/teams/{team.slug}/plan")
    assert browser.post(path, data={"step": "fly", "revision": "1"}).status_code == 404
    assert browser.get(f"{path}?step=reopen").status_code == 200


def test_a_reason_that_came_too_late_is_not_lost(
    log_in: Browse, mei: User, bo: User, team: Team, framework: Framework
) -> None:
    item = put_in(make_plan(team, framework), mei)
    seen = item.revision
    step(item, ItemStep.BEGIN, bo)
    answer = log_in(mei).post(
        f"/teams/{team.slug}/plan/items/{item.id}/state",
        data={"step": "drop", "reason": "A reason of Mei's", "revision": str(seen)},
    )
    assert answer.status_code == 409
    assert "A reason of Mei" in answer.text
    assert "Bo Sun has saved this:" in words(answer.text)


def test_items_move_by_a_press(log_in: Browse, mei: User, team: Team, framework: Framework) -> None:
    plan = make_plan(team, framework)
    put_in(plan, mei, "One")
    two = put_in(plan, mei, "Two")
    browser = log_in(mei)
    answer = browser.post(f"/teams/{team.slug}/plan/items/{two.id}/place", data={"to": "up"})
    assert answer.headers["Location"].endswith(f"#item-{two.id}")
    assert [item.what for item in the_plan(team, framework).items] == ["Two", "One"]


def test_title_and_day_of_two_who_edit_at_once(
    log_in: Browse, mei: User, bo: User, team: Team, framework: Framework
) -> None:
    plan = make_plan(team, framework)
    path = f"/teams/{team.slug}/plans/{plan.id}/outline"
    was = {"was_title": "Until summer", "was_review_on": ""}
    assert log_in(bo).post(path, data={**was, "title": "Bo's", "review_on": "2027-05-01"}).status_code == 303
    answer = log_in(mei).post(path, data={**was, "title": "Mei's", "review_on": ""})
    assert answer.status_code == 409
    assert "What it says now Bo" in words(answer.text)
    assert log_in(mei).post(path, data={"was_title": "x", "was_review_on": "y", "title": "z"}).status_code == 409


def test_a_plan_is_closed_with_what_was_learned(log_in: Browse, mei: User, team: Team, framework: Framework) -> None:
    plan = make_plan(team, framework)
    put_in(plan, mei)
    browser, path = log_in(mei), f"/teams/{team.slug}/plans/{plan.id}"
    assert browser.post(f"{path}/close", data={"learned": ""}).status_code == 422
    assert browser.post(f"{path}/close", data={"learned": "Fewer things.\n\nSooner."}).status_code == 303
    answer = browser.post(f"{path}/close", data={"learned": "Words that came late"})
    assert answer.status_code == 409
    assert "Words that came late" in answer.text
    said = text_of(browser, path)
    assert "What was learned Fewer things. Sooner." in said
    assert "What was left" in said
    assert "Former plans Until summer" in text_of(browser, f"/teams/{team.slug}/plan")
    assert list_plans(team.id)[0].state == PlanState.CLOSED


def test_the_running_plan_has_its_own_address(log_in: Browse, mei: User, team: Team, framework: Framework) -> None:
    plan = make_plan(team, framework)
    answer = log_in(mei).get(f"/teams/{team.slug}/plans/{plan.id}")
    assert (answer.status_code, answer.headers["Location"]) == (
        302,
        f"/teams/{team.slug}/plan?framework={framework.slug}",
    )


def test_the_table_has_every_item_and_no_formula(
    log_in: Browse, mei: User, lea: User, team: Team, framework: Framework
) -> None:
    plan = make_plan(team, framework, baseline=make_snapshot(team, framework, {"version-control": 2}))
    put_in(
        plan, mei, "=1+1", owner=mei, due_on=date(2026, 12, 1), capability="version-control", from_level=2, to_level=3
    )
    answer = log_in(lea).get(f"/teams/{team.slug}/plans/{plan.id}.csv")
    head, row = csv.reader(StringIO(answer.get_data().decode("utf-8-sig")))
    assert dict(zip(head, row, strict=True)) == {
        "What to do": "'=1+1",
        "Kind": "Own idea",
        "Capability": "Version control",
        "From level": "2",
        "To level": "3",
        "Level now": "2",
        "Why": "",
        "Who sees to it": "Mei Lin",
        "Due on": "2026-12-01",
        "State": "Not begun",
        "Since": "2026-11-16",
        "Reason": "",
    }


def test_a_framework_that_is_not_there(log_in: Browse, mei: User, team: Team, framework: Framework) -> None:
    assert log_in(mei).get(f"/teams/{team.slug}/plan?framework=nothing").status_code == 404
    assert log_in(mei).get(f"/teams/{team.slug}/next?framework=nothing").status_code == 404


def test_what_is_due_soon_stands_on_the_home_page_of_whom_it_belongs_to(
    clock: object, log_in: Browse, mei: User, bo: User, team: Team, framework: Framework
) -> None:
    plan = make_plan(team, framework)
    put_in(plan, mei, "Mine and overdue", owner=mei, due_on=date(2026, 11, 1))
    put_in(plan, mei, "Mine and far away", owner=mei, due_on=date(2027, 3, 1))
    put_in(plan, mei, "Of somebody else", owner=bo, due_on=date(2026, 11, 17))
    done = put_in(plan, mei, "Mine and done", owner=mei, due_on=date(2026, 11, 17))
    step(done, ItemStep.FINISH, mei)
    home = text_of(log_in(mei), "/")
    assert "Mine and overdue" in home
    for other in ("Mine and far away", "Of somebody else", "Mine and done"):
        assert other not in home


def test_a_coach_is_asked_through_the_plan(
    log_in: Browse, mei: User, lea: User, team: Team, framework: Framework, capabilities: dict[str, Capability]
) -> None:
    make_snapshot(team, framework, {"version-control": 2})
    coach = make_coach("Cara Coach", skills={capabilities["version-control"].id: 4})
    sent = {"framework": framework.slug, "kind": "coach", "ref": coach.slug, "capability": "version-control"}
    log_in(mei).post(f"/teams/{team.slug}/plan/advised", data=sent)
    said = text_of(log_in(mei), f"/teams/{team.slug}/plan")
    assert "Ask Cara Coach for coaching on Version control" in said
    assert "Nobody has been asked yet. Ask for a coach" in said
    assert "Nobody has been asked yet" not in text_of(log_in(lea), f"/teams/{team.slug}/plan")
