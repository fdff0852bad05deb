"""A page asks the database as often for thirty rows as for eight. (For one it may ask less: a section without more needs no count.)"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.coaching.engagements import working
from app.coaching.engagements.service import GoalDraft
from app.community.acknowledgements.service import Demand, require
from app.community.follows.service import follow
from app.community.reads.models import ReadDay
from app.community.subjects import Ref
from app.kernel.clock import utc_now
from app.kernel.db import transaction
from app.practices.content import blank
from app.practices.kind import PracticeKind
from app.search.outbox import rebuild
from app.training.courses.models import Course
from app.training.models import TrainingSession
from app.web.stored import MAX_BYTES, Store
from app.writing.rules import State
from app.writing.service import begin
from tests.factories.assessments import add_one
from tests.factories.case_studies import make_manuscript, make_story
from tests.factories.coaches import make_coach
from tests.factories.coaching import make_engagement, make_request, set_most
from tests.factories.courses import add_to, make_course
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.talks import make_sharing, make_talk
from tests.factories.training import make_training, sign_up
from tests.factories.verifying import add_one as verify_one
from tests.factories.wishes import make_wish

pytestmark = pytest.mark.slow

LISTS = (
    "/",
    "/practices/",
    "/coaches/",
    "/training/",
    "/training/?view=agenda",
    "/training/?view=month",
    "/training/mine",
    "/training/wishes/",
    "/training/wishes/mine",
    "/training/wishes/1",
    "/training/session-0",
    "/training/session-0/roster",
    "/training/session-0/reminders",
    "/training/session-0/feedback/answers",
    "/training/session-0/materials",
    "/training/session-0/certificates",
    "/training/session-0/edit",
    "/training/courses/",
    "/training/courses/small-course-0",
    "/training/series/1",
    "/training/sharing",
    "/training/sharing/programme",
    "/case-studies/",
    "/case-studies/exhibition",
    "/case-studies/impact",
    "/writing/",
    "/capabilities/",
    "/capabilities/continuous-delivery",
    "/capabilities/continuous-delivery/version-control",
    "/capabilities/continuous-delivery/versions",
    "/capabilities/continuous-delivery/edit",
    "/people/",
    "/participation",
    "/teams/",
    "/calendars/",
    "/admin/mail",
    "/coaching/",
    "/coaching/week",
    "/coaching/figures",
    "/coaching/requests/new",
    "/coaching/requests/stranded",
    "/coaching/requests/1",
    "/coaching/requests/2/coach",
    "/coaching/engagements/1",
    "/notices",
    "/notices/choices",
    "/following",
    "/reads",
    "/reads?view=unread",
    "/acknowledgements/",
    "/acknowledgements/1",
    "/practices/small-practice-0",
    "/search?q=small",
    "/writing/",
    "/practices/small-draft-0/edit?lang=en",
    "/maturity/teams/small-team-0",
    "/maturity/company",
    "/maturity/company/heatmap",
    "/maturity/company/heatmap?by=capability",
    "/maturity/",
    "/maturity/assessments/2",
    "/maturity/assessments/2/areas/configuration-management",
    "/maturity/assessments/2/changes?since=0",
    "/maturity/teams/small-team-0/targets",
    "/maturity/to-verify",
    "/maturity/assessments/1/verification",
    "/maturity/snapshots/1",
    "/maturity/compare?a=1&b=2",
    "/maturity/compare",
)


@pytest.fixture
def everything(app: Flask, clock: object) -> Callable[[range], None]:
    """Fill the house: `everything(range(8))` with eight of each, `everything(range(8, 30))` with the rest of thirty."""
    framework = make_framework()
    capability = framework.areas[0].capabilities[0]
    editor = make_user("Edda Editor", Role.EDITOR)

    def fill(numbers: range) -> None:
        for number in numbers:
            member = make_user(f"Member {number}")
            author = make_user(f"Author {number}")
            reader_team = make_team(f"Team {number}", member, author, READER[0])
            make_practice(f"small-practice-{number}", capability=capability, level=2)
            coach = make_coach(f"Small Coach {number}", skills={capability.id: 3}).user
            article = Ref("practice", f"small-practice-{number}")
            with transaction() as session:
                follow(session, READER[0].id, article, now=utc_now())
                session.add(ReadDay(**article._asdict(), language="en", day=utc_now().date(), count=number + 1))
                demand = Demand([reader_team.id], for_everybody=False, due_on=date(2026, 12, 1), reason="Why")
                require(session, article, demand, {"en": "x"}, actor=editor, now=utc_now())
            with transaction() as session:
                words = {**blank(), "title": f"Small draft {number}", "body": "Small."}
                slug, now = f"small-draft-{number}", utc_now()
                begin(session, PracticeKind(), words, slug=slug, language="en", actor=READER[0], now=now)
            make_coaching(number, reader_team, coach, capability.id)
            training = make_training(
                coach, slug=f"session-{number}", capability_id=capability.id, title=f"Small {number}"
            )
            sign_up(training, member, READER[0])
            make_wish(f"Small wish {number}", member, READER[0], by=author, capability_id=capability.id)
            course = make_course(
                coach,
                title=f"Small course {number}",
                capability_id=capability.id,
                before=[course.id for course in FIRST_COURSE],
                practices=[f"small-practice-{number}"],
            )
            FIRST_COURSE[:] = FIRST_COURSE or [course]
            add_to(FIRST_COURSE[0], training, number)
            if number:
                sign_up(FIRST[0], member)
            else:
                FIRST.append(training)
            other_team = make_team(f"Other {number}", author)
            add_one(number, reader_team, other_team, framework, READER[0], coach)
            FIRST_TEAM[:] = FIRST_TEAM or [reader_team]
            verify_one(number, FIRST_TEAM[0], framework, READER[0])
            for team, state in (
                (reader_team, State.DRAFT),
                (other_team, State.SUBMITTED),
                (other_team, State.ACCEPTED),
            ):
                story = make_manuscript(
                    author, make_story(team, capability, title=f"Small story {number} {state}"), state, editor
                )
            if not number:
                SHARING[:] = [make_sharing(coach, ends_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC))]
            speakers = [coach.email, "A Guest"]
            make_talk(SHARING[0], f"Small talk {number}", minutes=5, speakers=speakers, story_slug=story.slug)

    FIRST.clear()
    FIRST_TEAM.clear()
    FIRST_COURSE.clear()
    READER[:] = [make_user("Rita Reader", *Role)]
    return fill


def make_coaching(number: int, team: Team, coach: User, capability_id: int) -> None:
    """What the reader has as a coach, and as somebody of a team; and a request that is with nobody."""
    reader, lead = READER[0], make_user(f"Lead {number}")
    other = make_team(f"Coached {number}", lead)
    if not number:
        make_coach("Rita", user=reader, skills={capability_id: 5})
        set_most(reader, 50)
    make_request(other, lead, capability_id=capability_id, coach=reader)
    make_request(other, lead, capability_id=capability_id, to_level=5, language="zh")
    make_request(team, reader, capability_id=capability_id, coach=coach)
    goals = (GoalDraft(capability_id=capability_id, to_level=3),)
    make_engagement(team, coach, goals=goals, now=utc_now() - timedelta(days=30))
    if number % 2 == 0:
        make_engagement(make_team(f"Quiet {number}", lead), reader, goals=goals, now=utc_now() - timedelta(days=30))
    with transaction() as session:
        engagement_id = 1
        on, text = date(2026, 11, 2), f"Small note {number}"
        working.add_note(session, engagement_id, on=on, text=text, html=text, actor=reader, now=utc_now())
        working.agree(
            session, 2, text=f"Small thing {number}", owner_id=reader.id, due_on=on, actor=reader, now=utc_now()
        )
        working.agree(
            session, engagement_id, text=f"A thing {number}", owner_id=None, due_on=on, actor=reader, now=utc_now()
        )


READER: list[User] = []
FIRST_TEAM: list[Team] = []
FIRST: list[TrainingSession] = []
FIRST_COURSE: list[Course] = []
SHARING: list[TrainingSession] = []


@pytest.fixture
def browser(everything: Callable[[range], None], log_in: Callable[[User], FlaskClient]) -> FlaskClient:
    everything(range(8))
    return log_in(READER[0])


def test_the_number_of_queries_does_not_grow_with_the_rows(
    app: Flask, everything: Callable[[range], None], browser: FlaskClient, count_queries: list[str]
) -> None:
    rebuild()
    with_eight = {path: queries_of(app, browser, path, count_queries) for path in LISTS}
    everything(range(8, 30))
    rebuild()
    with_thirty = {path: queries_of(app, browser, path, count_queries) for path in LISTS}
    grown = {path: (with_eight[path], with_thirty[path]) for path in LISTS if with_thirty[path] > with_eight[path]}
    assert grown == {}


def queries_of(app: Flask, browser: FlaskClient, path: str, statements: list[str]) -> int:
    """How many statements the page takes when nothing of it is kept."""
    app.extensions["store"] = Store(MAX_BYTES)
    statements.clear()
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return len(statements)
