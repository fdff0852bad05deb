"""The journey of a team: who sees it, what it tells, what it does not, and what others took."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.coaching.models import Engagement
from app.community.helpful import service as helpful
from app.community.reads.models import ReadDay
from app.community.subjects import Ref
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.practices.adoption import service as adoption
from app.practices.adoption.rules import Stage
from app.web.stored import MAX_BYTES, Store
from tests.factories.case_studies import make_case_study, make_story
from tests.factories.frameworks import rename_capability
from tests.factories.loop import SECRET, SEPTEMBER, Loop, make_loop
from tests.factories.maturity import make_snapshot
from tests.factories.people import make_team, make_user
from tests.factories.talks import make_sharing, make_talk
from tests.factories.training import sign_up

LogIn = Callable[[User], FlaskClient]
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def loop(app: Flask) -> Loop:
    return make_loop()


def page(client: FlaskClient, team: Team, query: str = "") -> str:
    answer = client.get(f"/teams/{team.slug}/journey{query}")
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html.partition("<main")[2]).split())


def tell(loop: Loop, title: str = "How we rose") -> str:
    """A published case study of the team that credits the practice. Returns its slug."""
    story = make_story(
        loop.team, loop.framework.areas[0].capabilities[0], title=title, practices=("short-branches",)
    )  # fmt: skip
    return make_case_study(loop.lead, story, make_user("Edda Editor", Role.EDITOR)).slug


def use(team: Team, actor: User, since: date) -> None:
    with transaction() as session:
        said = adoption.Said(stage=Stage.USING, since=since)
        adoption.say(session, "short-branches", team.id, said, actor=actor, today=utc_now().date(), now=utc_now())


def mark_benchmark(team: Team) -> None:
    with transaction() as session:
        session.get_one(Team, team.id).is_benchmark = True


@pytest.mark.both_databases
def test_the_whole_way_is_told_in_order(loop: Loop, log_in: LogIn) -> None:
    text = words(page(log_in(loop.lead), loop.team))
    told = [
        "Assessed: Spring",
        "Set out: Up to three",
        "Chen Coach of Payments begins to coach the team",
        "Took up: Short branches",
        "Several people at “Branching well”",
        "The coaching by Chen Coach of Payments ends",
        "Assessed: Autumn",
    ]
    places = [text.index(each) for each in told]
    assert places == sorted(places)
    assert "At the beginning 1.8" in text
    assert "Where it is now 2.8" in text
    assert "Targets 0 of 1 reached" in text
    assert "Plan 1 of 2 done" in text
    assert "1 coaching · 1 session" in text


def test_who_sees_it(loop: Loop, log_in: LogIn, client: FlaskClient) -> None:
    path = f"/teams/{loop.team.slug}/journey"
    assert client.get(path).status_code == 303
    stranger = make_user("Sam Stranger")
    assert log_in(stranger).get(path).status_code == 404
    for person in (loop.mate, make_user("Lou Leader", Role.LEADER), make_user("Cora", Role.COACH)):
        assert log_in(person).get(path).status_code == 200
    mark_benchmark(loop.team)
    assert log_in(stranger).get(path).status_code == 200


def test_nothing_private_is_on_it(loop: Loop, log_in: LogIn) -> None:
    assert SECRET not in page(log_in(loop.lead), loop.team)
    mark_benchmark(loop.team)
    assert SECRET not in page(log_in(make_user("Sam Stranger")), loop.team)


def test_before_the_first_assessment_it_says_how_to_begin(app: Flask, log_in: LogIn) -> None:
    lead = make_user("Lea")
    team = make_team("Ledger", lead=lead)
    assert "Your way begins with an assessment" in page(log_in(lead), team)
    assert "Not assessed yet" in page(log_in(make_user("Lou", Role.LEADER)), team)


def test_after_one_assessment_there_is_a_beginning_and_no_result(app: Flask, log_in: LogIn, loop: Loop) -> None:
    lead = make_user("Lea")
    team = make_team("Ledger", lead=lead)
    make_snapshot(team, loop.framework, {"version-control": 2}, taken_at=SEPTEMBER)
    text = words(page(log_in(lead), team))
    assert "At the beginning 2.0" in text
    assert "The result" not in text


@pytest.mark.both_databases
def test_what_others_took_from_it(loop: Loop, log_in: LogIn) -> None:
    slug = tell(loop)
    early, late = (make_team(name, make_user(f"Of {name}")) for name in ("Early birds", "Late comers"))
    use(early, early.memberships[0].user, date(2026, 1, 5))
    use(late, late.memberships[0].user, utc_now().date())
    with transaction() as session:
        for each in (loop.coach, loop.mate):
            helpful.answer(session, Ref("case-study", slug), is_helpful=True, actor=each, now=utc_now())
        session.add(ReadDay(kind="case-study", slug=slug, language="en", day=utc_now().date(), count=17))
    last_week = utc_now() - timedelta(days=7)
    over = make_sharing(loop.coach, starts_at=last_week, now=last_week - timedelta(days=9))
    coming = make_sharing(loop.coach, slug="coming")
    ann, ben = make_user("Ann"), make_user("Ben")
    for sharing in (over, coming):
        make_talk(sharing, "How we rose", minutes=20, speakers=[loop.lead.email], story_slug=slug)
    sign_up(over, ann, ben, loop.mate, now=last_week - timedelta(days=1))
    sign_up(coming, ann)
    text = words(page(log_in(loop.lead), loop.team))
    assert "Late comers took it up: Short branches" in text
    assert "Early birds" not in text
    assert "Teams that took up a practice after reading of it here 1" in text
    assert "Found it helpful 1 of 1" in text
    assert "Seats at its talks 2" in text
    assert "Times read, by anybody 17" in text


def test_that_somebody_coaches_the_team_now_is_for_the_two_of_them(loop: Loop, log_in: LogIn) -> None:
    mark_benchmark(loop.team)
    begins = f"{loop.coach.name} begins to coach the team"
    readers = [loop.lead, loop.coach, make_user("Lea Leader", Role.LEADER), make_user("Olga Other")]
    assert [begins in words(page(log_in(each), loop.team)) for each in readers] == [True] * 4
    with transaction() as session:
        session.execute(update(Engagement).values(state="running", ended_on=None))
    assert [begins in words(page(log_in(each), loop.team)) for each in readers] == [True, True, False, False]


def test_how_often_it_is_read_is_for_those_who_answer_for_it(loop: Loop, log_in: LogIn) -> None:
    slug = tell(loop)
    with transaction() as session:
        session.add(ReadDay(kind="case-study", slug=slug, language="en", day=utc_now().date(), count=17))
    assert "Times read" not in page(log_in(make_user("Lou", Role.LEADER)), loop.team)
    assert "Times read" in page(log_in(make_user("Ed", Role.EDITOR, Role.LEADER)), loop.team)


def test_the_way_to_the_case_study_is_for_the_team(loop: Loop, log_in: LogIn) -> None:
    assert "Start a case study from this" in page(log_in(loop.mate), loop.team)
    assert "Start a case study from this" not in page(log_in(loop.coach), loop.team)


def test_a_draft_is_shown_to_the_team_alone(loop: Loop, log_in: LogIn) -> None:
    data = {"before": loop.first.id, "after": loop.second.id}
    assert log_in(loop.lead).post(f"/teams/{loop.team.slug}/story", data=data).status_code == 303
    assert "Being written" in page(log_in(loop.mate), loop.team)
    assert "Being written" not in page(log_in(loop.coach), loop.team)


def test_a_framework_that_the_team_was_not_assessed_against_shows_the_last_one(loop: Loop, log_in: LogIn) -> None:
    assert "At the beginning" in page(log_in(loop.lead), loop.team, "?framework=nonsense")


def test_the_page_of_the_team_says_where_it_stands_to_whom_it_concerns(
    loop: Loop, log_in: LogIn, client: FlaskClient
) -> None:
    path = f"/teams/{loop.team.slug}"
    assert "Where the team stands" in log_in(loop.mate).get(path).get_data(as_text=True)
    assert "Where the team stands" not in log_in(make_user("Sam")).get(path).get_data(as_text=True)
    assert "Where the team stands" not in client.get(path).get_data(as_text=True)


@pytest.mark.both_databases
@pytest.mark.slow
def test_the_number_of_queries_is_the_same_for_a_long_way(
    app: Flask, loop: Loop, log_in: LogIn, count_queries: list[str]
) -> None:
    client = log_in(loop.lead)

    def queries() -> int:
        app.extensions["store"] = Store(MAX_BYTES)
        count_queries.clear()
        page(client, loop.team)
        return len(count_queries)

    tell(loop)
    use(make_team("Team 0", loop.mate), loop.mate, utc_now().date())
    few = queries()
    for number in range(1, 9):
        tell(loop, f"How we rose {number}")
        use(make_team(f"Team {number}", loop.mate), loop.mate, utc_now().date())
        taken_at = SEPTEMBER + timedelta(days=number)
        make_snapshot(loop.team, loop.framework, {"version-control": 3}, taken_at=taken_at, title=f"Again {number}")
    assert queries() == few


def test_targets_are_told_when_their_capability_has_another_name_today(loop: Loop, log_in: LogIn) -> None:
    client = log_in(loop.lead)
    aims = re.findall(r"level \d, target \d", words(page(client, loop.team)))
    assert aims
    rename_capability(loop.framework, "change-management", "changes")
    assert re.findall(r"level \d, target \d", words(page(client, loop.team))) == aims
