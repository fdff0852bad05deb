"""What a plan knows by itself: adoption, sign-ups and attendance, coaching, the next assessment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import time_machine
from flask.testing import FlaskClient

from app.accounts.models import Team, User
from app.capabilities.models import Capability, Framework
from app.coaching.engagements.service import GoalDraft
from app.coaching.engagements.service import begin as begin_engagement
from app.coaching.models import CoachingRequest, Goal
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.progress import look_at
from app.improvement.plans.queries import get_plan
from app.improvement.plans.rules import ItemKind
from app.improvement.plans.service import Draft, Words, add_item
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.maturity.models import Snapshot
from app.practices.adoption.rules import Stage
from app.practices.adoption.service import Said, say
from tests.factories.coaches import make_coach
from tests.factories.frameworks import rename_capability
from tests.factories.improvement import NOW, TODAY, make_plan, put_in
from tests.factories.maturity import make_snapshot
from tests.factories.practices import make_practice
from tests.factories.training import make_training, sign_up
from tests.improvement.plans.test_views import text_of

Browse = Callable[[User], FlaskClient]
DAY = 24 * 3600


def offered(plan: Plan) -> list[str]:
    """What looks done."""
    db.session.rollback()
    plan = get_plan(plan.team_id, plan.id)
    progress = look_at(plan, in_confidence=True)
    return [item.what for item in plan.items if progress.offers_done(item, utc_now())]


def test_a_practice_looks_done_once_it_is_used(clock: object, mei: User, team: Team, framework: Framework) -> None:
    make_practice("trunk")
    plan = make_plan(team, framework)
    put_in(plan, mei, "Trunk", kind=ItemKind.PRACTICE, ref="trunk")
    for stage, looks_done in ((Stage.TRYING, []), (Stage.USING, ["Trunk"])):
        with transaction() as session:
            said = Said(stage=stage, since=date(2026, 1, 1))
            say(session, "trunk", team.id, said, actor=mei, today=TODAY, now=NOW)
        assert offered(plan) == looks_done


def test_a_session_names_who_goes_to_the_team_alone(
    clock: time_machine.Coordinates,
    log_in: Browse,
    mei: User,
    bo: User,
    lea: User,
    otto: User,
    team: Team,
    framework: Framework,
) -> None:
    training = make_training(title="Branches", capacity=2)
    plan = make_plan(team, framework)
    put_in(plan, mei, "Branches", kind=ItemKind.SESSION, ref=training.slug)
    path = f"/teams/{team.slug}/plan"
    assert "Nobody of the team has signed up yet." in text_of(log_in(mei), path)
    sign_up(training, otto, mei, bo)
    own, others = text_of(log_in(mei), path), text_of(log_in(lea), path)
    assert "With a seat: Mei Lin. Waiting: Bo Sun." in own
    assert "Fri, Nov 20, 14:00 to 16:00" in others
    assert "Otto" not in own
    for word in ("Otto", "Bo Sun", "Mei Lin", "seat", "of the team"):
        assert word not in others
    assert offered(plan) == []
    clock.shift(5 * DAY)
    assert offered(plan) == ["Branches"]
    assert "1 of the team was there." in text_of(log_in(mei), path)
    assert "there." not in text_of(log_in(lea), path)


def test_coaching_is_told_to_the_team_alone(
    clock: object,
    log_in: Browse,
    mei: User,
    lea: User,
    team: Team,
    framework: Framework,
    capabilities: dict[str, Capability],
) -> None:
    coach = make_coach("Cara Coach", skills={capabilities["version-control"].id: 4}).user
    plan = make_plan(team, framework)
    put_in(plan, mei, "A coach", kind=ItemKind.COACH, ref="cara", capability="version-control")
    path = f"/teams/{team.slug}/plan"
    with transaction() as session:
        asked = {"team_id": team.id, "goal": "A secret goal", "language": "en", "key": "1", "created_at": NOW}
        asked |= {"capability_id": capabilities["version-control"].id, "state_since": NOW}
        session.add(CoachingRequest(**asked))
    assert "A coach is asked for." in text_of(log_in(mei), path)
    with transaction() as session:
        goal = GoalDraft(capability_id=capabilities["version-control"].id, text="A secret goal")
        begin_engagement(session, team_id=team.id, coach_id=coach.id, title="Secret", goals=[goal], now=utc_now())
    assert "The coaching is under way." in text_of(log_in(mei), path)
    others = log_in(lea).get(path).text + log_in(lea).get(f"/teams/{team.slug}/plans/{plan.id}.csv").text
    for word in ("asked for", "under way.", "ecret", "/coaching/requests/", "/coaching/engagements/"):
        assert word not in others
    assert db.session.query(Goal).count() == 1


def test_the_next_assessment_shows_what_was_reached(
    clock: object, log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    before = make_snapshot(team, framework, {"version-control": 2, "change-management": 1}, title="Before")
    plan = make_plan(team, framework, baseline=before)
    put_in(plan, mei, "Branches", capability="version-control", from_level=2, to_level=3)
    put_in(plan, mei, "Approvals", capability="change-management", from_level=1, to_level=3)
    browser, path = log_in(mei), f"/teams/{team.slug}/plan"
    assert "What has been reached shows when the team is assessed again." in text_of(browser, path)
    assert offered(plan) == []
    after = NOW + timedelta(days=100)
    make_snapshot(team, framework, {"version-control": 3, "change-management": 2}, title="After", taken_at=after)
    said = text_of(browser, path)
    assert "Version control 2 3 3 Target reached" in said
    assert "Change management 1 2 3 1 level to go" in said
    assert "The newest assessment says: level 3 is reached." in said
    assert offered(plan) == ["Branches"]


def test_a_cancelled_session_says_so(
    clock: object, log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    training = make_training(title="Branches", state="cancelled")
    put_in(make_plan(team, framework), mei, "Branches", kind=ItemKind.SESSION, ref=training.slug)
    assert "The session was cancelled." in text_of(log_in(mei), f"/teams/{team.slug}/plan")


def test_what_was_renamed_has_its_levels_and_is_advised_once(
    clock: object, log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    make_snapshot(team, framework, {"version-control": 2, "change-management": 3, "test-automation": 3})
    make_practice("trunk", capability=framework.areas[0].capabilities[0], level=3)
    advised = {"framework": framework.slug, "kind": "practice", "ref": "trunk"}
    press = f"/teams/{team.slug}/plan/advised"
    assert log_in(mei).post(press, data=advised | {"capability": "version-control"}).status_code == 303
    rename_capability(framework, "version-control", "keeping-versions")
    assert log_in(mei).post(press, data=advised | {"capability": "keeping-versions"}).status_code == 303
    (item,) = db.session.query(PlanItem)
    progress = look_at(item.plan, in_confidence=True)
    assert (item.capability, progress.levels_now.get("keeping-versions")) == ("keeping-versions", 2)


def test_levels_that_nobody_has_verified_are_for_the_team_alone(
    clock: object, log_in: Browse, mei: User, lea: User, team: Team, framework: Framework
) -> None:
    plan = make_plan(team, framework)
    words = Words(what="Shorter branches")
    draft = Draft(
        key="own:1", kind=ItemKind.OWN, words=words, capability="version-control", from_level=2, to_level=3,
        because="because you are at 2",
    )  # fmt: skip
    with transaction() as session:
        add_item(session, plan.id, draft, actor=mei, now=NOW)
    pages = (f"/teams/{team.slug}/plan", f"/teams/{team.slug}/plans/{plan.id}.csv")

    def told(person: User) -> list[bool]:
        return ["because you are at 2" in log_in(person).get(page).text for page in pages]

    assert (told(mei), told(lea)) == ([True, True], [False, False])
    assert "2 to 3" not in text_of(log_in(lea), pages[0])
    make_snapshot(team, framework, {"version-control": 2})
    with transaction() as session:
        session.get_one(Plan, plan.id).baseline_id = session.query(Snapshot.id).scalar()
    assert told(lea) == [True, True]
