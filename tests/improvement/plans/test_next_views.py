"""What a team is advised to do next, as its people and others see it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time

from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import Team, User
from app.capabilities.models import Capability, Framework, FrameworkVersion
from app.coaching.engagements.service import GoalDraft
from app.coaching.engagements.service import begin as begin_engagement
from app.coaching.office_hours.models import OfficeHours
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.maturity.models import Answer, Assessment
from app.practices.adoption.rules import Stage
from app.practices.adoption.service import Said, say, stop
from tests.factories.case_studies import make_case_study, make_story
from tests.factories.coaches import make_coach
from tests.factories.improvement import NOW, TODAY, make_target
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.training import make_training, sign_up
from tests.factories.wishes import make_wish

Browse = Callable[[User], FlaskClient]
LEVELS = {"version-control": 2, "change-management": 2, "test-automation": 1}


def text_of(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2].partition("</main")[0]).split())


def gap_of(browser: FlaskClient, team: Team, slug: str) -> str:
    """What the page says of one gap."""
    html = browser.get(f"/teams/{team.slug}/next").text
    start = html.index(f'id="gap-{slug}"')
    ends = [at for at in (html.find(mark, start + 1) for mark in ('id="gap-', "<summary>", 'id="order"')) if at > 0]
    return " ".join(re.sub(r"<[^>]+>", " ", html[start : min(ends)].partition(">")[2]).split())


def use(team: Team, slug: str, stage: Stage, actor: User) -> None:
    with transaction() as session:
        said = Said(stage=stage, since=date(2026, 1, 1), link="", note="")
        say(session, slug, team.id, said, actor=actor, today=TODAY, now=NOW)


def stop_using(team: Team, slug: str, actor: User) -> None:
    use(team, slug, Stage.USING, actor)
    with transaction() as session:
        stop(session, slug, team.id, reason="Too slow", today=TODAY, actor=actor, now=NOW)


def keep_hours(name: str) -> None:
    with transaction() as session:
        coach_id = session.execute(select(User.id).where(User.name == name)).scalar_one()
        at = {"weekday": 1, "starts": time(10), "ends": time(12), "time_zone": "Asia/Shanghai", "changed_at": NOW}
        session.add(OfficeHours(coach_id=coach_id, since=date(2026, 1, 1), **at))


def test_without_an_assessment_the_page_leads_to_one(
    log_in: Browse, mei: User, lea: User, team: Team, framework: Framework
) -> None:
    assert "First find out where you stand" in text_of(log_in(mei), f"/teams/{team.slug}/next")
    assert "has not finished an assessment" in text_of(log_in(lea), f"/teams/{team.slug}/next")


def test_who_may_not_see_the_standing_sees_nothing(
    log_in: Browse, client: FlaskClient, otto: User, team: Team, framework: Framework
) -> None:
    make_snapshot(team, framework, LEVELS)
    assert log_in(otto).get(f"/teams/{team.slug}/next").status_code == 404
    assert log_in(otto).get(f"/teams/{team.slug}/plan").status_code == 404
    assert client.get(f"/teams/{team.slug}/next").status_code == 303


def test_the_order_is_shown_with_its_reasons_and_numbers(
    clock: object, log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    make_snapshot(team, framework, LEVELS)
    make_target(team, framework, "version-control", 3, due_on=date(2026, 12, 1))
    make_target(team, framework, "test-automation", 3)
    said = text_of(log_in(mei), f"/teams/{team.slug}/next")
    # 1 x 0.75, blocks the two others, due within thirty days, chosen.
    assert "You are at 2 and the target is 3. It blocks 2 others: Change management, Test automation." in said
    assert re.search(r"Version control 2 to 3 1 × 0.75 = 0.75 2 2 2 0 6.75", said)
    assert re.search(r"Test automation 1 to 3 2 × 1.50 = 3.00 0 0 2 0 5.00", said)
    assert re.search(r"Change management 2 to 3 1 × 0.75 = 0.75 0 0 0 0 0.75", said)
    assert "because you are at 2 and the next level is 3" in said


def test_without_targets_the_page_says_that_one_level_up_is_proposed(
    log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    make_snapshot(team, framework, LEVELS)
    said = text_of(log_in(mei), f"/teams/{team.slug}/next")
    assert "chosen no targets" in said
    assert "You chose no target here, so one level up is proposed: 2." in said


def test_where_every_target_is_reached_the_page_asks_for_new_ones(
    log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    make_snapshot(team, framework, {"version-control": 3})
    make_target(team, framework, "version-control", 3)
    assert "No gap left" in text_of(log_in(mei), f"/teams/{team.slug}/next")


def test_where_nothing_applies_the_page_does_not_speak_of_targets(
    log_in: Browse, mei: User, team: Team, framework: Framework
) -> None:
    make_snapshot(team, framework, {})
    said = text_of(log_in(mei), f"/teams/{team.slug}/next")
    assert "Nothing here applies to the team" in said
    assert "No gap left" not in said
    make_snapshot(team, framework, {"version-control": 5}, taken_at=NOW)
    said = text_of(log_in(mei), f"/teams/{team.slug}/next")
    assert "at the highest level wherever its level is known" in said
    assert "every target" not in said


def test_what_is_answered_so_far_counts_for_the_team_alone(
    log_in: Browse, mei: User, lea: User, team: Team, framework: Framework
) -> None:
    with transaction() as session:
        of_framework = select(FrameworkVersion.id).where(FrameworkVersion.framework_id == framework.id)
        version_id = session.execute(of_framework).scalar_one()
        running = {"team_id": team.id, "framework_id": framework.id, "version_id": version_id, "title": "First try"}
        assessment = Assessment(**running, state_since=NOW, started_at=NOW)
        assessment.answers = [
            Answer(capability="version-control", level=1, changed_at=NOW),
            Answer(capability="test-automation", is_not_applicable=True, reason="A library", changed_at=NOW),
        ]
        session.add(assessment)
    said = text_of(log_in(mei), f"/teams/{team.slug}/next")
    assert "this stands on what your team has answered so far in “First try”" in said
    assert "You are at 1." in said
    assert "Nothing is known of: Change management." in said
    assert "has not finished an assessment" in text_of(log_in(lea), f"/teams/{team.slug}/next")


def test_the_practice_one_level_up_that_is_not_used_yet(
    log_in: Browse, mei: User, team: Team, framework: Framework, capabilities: dict[str, Capability]
) -> None:
    here = capabilities["version-control"]
    for slug, level in (("known", 1), ("used", 3), ("stopped", 3), ("next", 3), ("far", 5)):
        make_practice(slug, capability=here, level=level)
    make_snapshot(team, framework, LEVELS)
    use(team, "used", Stage.USING, mei)
    stop_using(team, "stopped", mei)
    browser = log_in(mei)
    assert "About next" in gap_of(browser, team, "version-control")
    use(team, "next", Stage.TRYING, mei)
    said = gap_of(browser, team, "version-control")
    assert "You used it once and stopped. Look first at why." in said
    assert "You are trying this About next" in said
    for slug in ("stopped", "next", "far"):
        use(team, slug, Stage.USING, mei)
    said = gap_of(browser, team, "version-control")
    assert "You use everything already that the library has above level 2. The next assessment may show more." in said
    assert "About far" in said
    assert "The library has no practice above level 2 yet." in gap_of(browser, team, "change-management")


def test_the_session_has_a_seat_for_this_reader(
    clock: object,
    log_in: Browse,
    mei: User,
    bo: User,
    team: Team,
    framework: Framework,
    capabilities: dict[str, Capability],
) -> None:
    here = capabilities["version-control"].id
    make_snapshot(team, framework, LEVELS)
    browser = log_in(mei)
    assert "Nobody teaches this in the time to come. Wish for a training" in gap_of(browser, team, "version-control")
    make_wish("Branches without fear", make_user("Una"), by=mei, capability_id=here)
    assert "2 people wish for “Branches without fear”" in gap_of(browser, team, "version-control")
    make_training(title="For beginners", capability_id=here, level=1)
    full = make_training(title="Branches", capability_id=here, level=3, capacity=1)
    assert "Branches Fri, Nov 20, 14:00 to 16:00 · 1 free seat" in gap_of(browser, team, "version-control")
    sign_up(full, make_user("Quick Quinn"))
    assert "every seat is taken; you can queue" in gap_of(browser, team, "version-control")
    sign_up(full, mei)
    assert "you are waiting for a place" in gap_of(browser, team, "version-control")
    assert "every seat is taken; you can queue" in gap_of(log_in(bo), team, "version-control")


def test_the_coach_teaches_it_has_room_and_is_not_of_the_team(
    clock: object,
    log_in: Browse,
    mei: User,
    bo: User,
    team: Team,
    framework: Framework,
    capabilities: dict[str, Capability],
) -> None:
    here = capabilities["version-control"].id
    make_snapshot(team, framework, LEVELS)
    make_coach(user=bo, skills={here: 5})
    make_coach("Low Lou", skills={here: 2})
    browser = log_in(mei)
    assert "Nobody teaches this above your level yet." in gap_of(browser, team, "version-control")
    make_coach("Busy Bea", skills={here: 4}, is_taking_requests=False)
    assert "1 coach teaches this above your level, and has no room now." in gap_of(browser, team, "version-control")
    make_coach("Cara Coach", skills={here: 4})
    assert "Cara Coach Level" not in gap_of(browser, team, "version-control")
    assert "Cara Coach Teaches it up to level 4 and has room." in gap_of(browser, team, "version-control")
    assert "office hours" not in gap_of(browser, team, "version-control")
    keep_hours("Cara Coach")
    said = gap_of(browser, team, "version-control")
    assert "Cara Coach keeps office hours for anybody; the next free one: Tomorrow, 10:00. Book a time" in said


def test_the_team_that_did_it(
    log_in: Browse, mei: User, team: Team, framework: Framework, capabilities: dict[str, Capability]
) -> None:
    make_snapshot(team, framework, LEVELS)
    author = make_user("Ada Author")
    others, secret = make_team("Gateway", author), make_team("Not a benchmark")
    browser = log_in(mei)
    assert "No other team has told of this yet." in gap_of(browser, team, "version-control")
    for other in (others, secret):
        make_snapshot(other, framework, {"version-control": 1}, taken_at=NOW.replace(month=1))
        make_snapshot(other, framework, {"version-control": 3}, taken_at=NOW.replace(month=6))
    with transaction() as session:
        session.get_one(Team, others.id).is_benchmark = True
    said = gap_of(browser, team, "version-control")
    assert "Gateway From level 1 on January 16, 2026 to level 3 on June 16, 2026." in said
    assert "Not a benchmark" not in said
    make_case_study(author, make_story(others, capabilities["version-control"], title="By day"))
    assert "By day Gateway tells how. Benchmark team" in gap_of(browser, team, "version-control")


def test_coaching_in_confidence_moves_the_order_for_the_team_alone(
    clock: object,
    log_in: Browse,
    mei: User,
    lea: User,
    team: Team,
    framework: Framework,
    capabilities: dict[str, Capability],
) -> None:
    make_snapshot(team, framework, LEVELS)
    coach = make_coach("Cara Coach", skills={}).user
    goal = GoalDraft(capability_id=capabilities["version-control"].id, text="A secret goal")
    with transaction() as session:
        begin_engagement(
            session, team_id=team.id, coach_id=coach.id, title="A secret title", goals=[goal], now=utc_now()
        )
    own, others = (text_of(log_in(who), f"/teams/{team.slug}/next") for who in (mei, lea))
    assert "Version control 2 to 3 1 × 0.75 = 0.75 1 0 0 -2 -0.25" in own
    assert "Version control 2 to 3 1 × 0.75 = 0.75 1 0 0 0 1.75" in others
    assert "under way already" in own
    for said in (own, others):
        assert "secret" not in said
    for word in ("under way already", "Cara Coach"):
        assert word not in others


def test_who_only_reads_has_no_buttons(log_in: Browse, mei: User, lea: User, team: Team, framework: Framework) -> None:
    make_coach("Cara Coach", skills={framework.areas[0].capabilities[0].id: 4})
    make_snapshot(team, framework, LEVELS)
    path = f"/teams/{team.slug}/next"
    assert 'action="/teams/' in log_in(mei).get(path).text
    assert 'action="/teams/' not in log_in(lea).get(path).text
