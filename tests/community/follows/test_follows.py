"""Following: the button, the page, and who is told of what."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.coaches.service import save_profile
from app.community.follows import telling
from app.community.follows.models import Follow, FollowEvent
from app.community.follows.queries import followed_by
from app.community.follows.rules import Event, key_of, read_key
from app.community.follows.service import follow, tell_followers, unfollow
from app.community.follows.telling import tell_waiting
from app.community.subjects import Kind, Ref, Subject
from app.jobs.messages import bring_up_to_date, reading_as, word
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import ConflictError, InvalidInputError
from app.kernel.report import Report
from app.notifications.models import Notice
from app.practices.sync import sync_practices
from app.writing.rules import State
from tests.factories.case_studies import make_case_study, make_manuscript, make_story
from tests.factories.coaches import make_coach
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice, write_practice
from tests.factories.training import make_training
from tests.forking import all_at_once, killed_at

CAPABILITY = Ref("capability", "continuous-delivery.version-control")
OTHER = Ref("capability", "continuous-delivery.change-management")


@pytest.fixture
def capability(app: Flask) -> Capability:
    return make_framework().areas[0].capabilities[0]


@pytest.fixture
def yue(app: Flask) -> User:
    return make_user("Lin Yue", email="yue@example.com")


def let_follow(person: User, *refs: Ref) -> None:
    with transaction() as session:
        for ref in refs:
            follow(session, person.id, ref, now=utc_now())


def tell(*refs: Ref, about: Ref, event: Event = Event.PRACTICE, actor: User | None = None) -> None:
    with transaction() as session:
        tell_followers(session, refs, event, about, actor=actor, now=utc_now())


def notices(person: User, language: str = "en") -> list[str]:
    """What this person is told, oldest first."""
    db.session.rollback()
    rows = db.session.scalars(select(Notice).where(Notice.user_id == person.id).order_by(Notice.id)).all()
    with reading_as(language, "UTC"):
        return [word(row.kind, row.params).subject for row in rows]


def sync(folder: Path, media: Path) -> None:
    with transaction() as session:
        report = Report()
        sync_practices(session, folder, media, report, now=utc_now())
        assert not report.refused, report


# The button and the page.


def test_a_reference_fits_into_the_name_of_a_part() -> None:
    for ref in (Ref("tag", "CI/CD ~ 持续集成_100%"), CAPABILITY, Ref("tag", "a.b-c")):
        key = key_of(*ref)
        assert re.fullmatch(r"[\w.-]+", key)
        assert read_key(key) == ref


@pytest.mark.parametrize(
    ("address", "ref"),
    [
        ("/practices/short-branches", Ref("practice", "short-branches")),
        ("/capabilities/continuous-delivery/version-control", CAPABILITY),
        ("/practices/?tag=CI%2FCD+now", Ref("tag", "CI/CD now")),
        ("/coaches/{coach}", Ref("coach", "{coach}")),
        ("/teams/{team}", Ref("team", "{team}")),
    ],
)
def test_a_page_has_a_button_that_follows_and_one_that_stops(
    capability: Capability, yue: User, log_in: Callable[[User], FlaskClient], address: str, ref: Ref
) -> None:
    make_practice("short-branches", capability=capability, level=2, tags=("CI/CD now",))
    slugs = {"coach": make_coach("Cao Coach").slug, "team": make_team("Payments").slug}
    address, ref = address.format(**slugs), Ref(ref.kind, ref.slug.format(**slugs))
    browser = log_in(yue)

    assert _buttons(browser.get(address).text) == [(str(ref), "yes")]
    answer = browser.post("/following", data={"ref": str(ref), "follow": "yes"})
    assert (answer.status_code, answer.location.replace("+", "%20").replace("%2F", "/")) == (
        303,
        address.replace("+", "%20").replace("%2F", "/"),
    )
    assert _buttons(browser.get(address).text) == [(str(ref), "no")]
    browser.post("/following", data={"ref": str(ref), "follow": "no"})
    assert _buttons(browser.get(address).text) == [(str(ref), "yes")]


def _buttons(page: str) -> list[tuple[str, str]]:
    return re.findall(r'name="ref" value="([^"]*)">\s*<input type="hidden" name="follow" value="(\w+)"', page)


def test_visitors_see_no_button_and_cannot_follow(capability: Capability, client: FlaskClient) -> None:
    make_practice("short-branches", capability=capability)
    assert "/following" not in client.get("/practices/short-branches").text
    assert client.post("/following", data={"ref": str(CAPABILITY), "follow": "yes"}).location.startswith("/login")
    assert client.get("/following").location.startswith("/login")


def test_what_one_follows_is_on_a_page_with_suggestions(
    capability: Capability, yue: User, log_in: Callable[[User], FlaskClient]
) -> None:
    make_practice("short-branches", capability=capability)
    make_team("Payments", yue)
    let_follow(yue, Ref("practice", "short-branches"), CAPABILITY, Ref("tag", "gone"))
    for name in ("Chen Xiao", "Wu Di"):
        let_follow(make_user(name), OTHER)

    page = log_in(yue).get("/following").text

    assert re.findall(r'<a class="following-title"[^>]*>([^<]+)<', page) == [
        "About short-branches",
        "Version control",
        "Payments",
        "Change management",
        "Test automation",
    ]
    assert "No longer there" in page
    answer = log_in(yue).post("/following", data={"ref": "tag.gone", "follow": "no", "from": "list"})
    assert (answer.status_code, answer.location) == (303, "/following")
    assert Ref("tag", "gone") not in followed_by(yue.id)


def test_only_what_is_there_and_goes_on_can_be_followed(
    capability: Capability, yue: User, log_in: Callable[[User], FlaskClient]
) -> None:
    training = make_training(slug="first-steps")
    browser = log_in(yue)
    assert browser.post("/following", data={"ref": "practice.none", "follow": "yes"}).status_code == 404
    assert browser.post("/following", data={"ref": "nonsense", "follow": "yes"}).status_code == 404
    assert browser.post("/following", data={"ref": f"training.{training.slug}", "follow": "yes"}).status_code == 422
    assert browser.post("/following", data={}).status_code == 303
    with pytest.raises(InvalidInputError), transaction() as session:
        follow(session, yue.id, Ref("weather", "rain"), now=utc_now())


def test_nobody_follows_more_than_anybody_reads(yue: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.community.follows.service.MOST_FOLLOWED", 2)
    let_follow(yue, Ref("tag", "a"), Ref("tag", "b"), Ref("tag", "a"))
    with pytest.raises(ConflictError):
        let_follow(yue, Ref("tag", "c"))


@pytest.mark.race
@pytest.mark.both_databases
def test_a_double_click_follows_once(app: Flask, yue: User) -> None:
    user_id = yue.id

    def click() -> None:
        with transaction() as session:
            follow(session, user_id, CAPABILITY, now=utc_now())

    assert all_at_once(4, click) == [0, 0, 0, 0]
    assert followed_by(user_id) == [CAPABILITY]


def test_the_page_asks_as_often_for_many(
    capability: Capability, yue: User, log_in: Callable[[User], FlaskClient], count_queries: list[str]
) -> None:
    def queries(number: int) -> int:
        for each in range(number):
            make_practice(f"practice-{number}-{each}", capability=capability, tags=(f"tag-{each}",))
            let_follow(yue, Ref("practice", f"practice-{number}-{each}"), Ref("tag", f"tag-{each}"))
        browser = log_in(yue)
        browser.get("/following")
        count_queries.clear()
        assert browser.get("/following").status_code == 200
        return len(count_queries)

    assert queries(2) == queries(20)


# Who is told of what.


def test_followers_hear_in_their_language_and_the_actor_does_not(capability: Capability, yue: User) -> None:
    chen, wu = make_user("Chen Xiao", language="zh"), make_user("Wu Di")
    make_practice("short-branches", capability=capability)
    make_practice("short-branches", language="zh", title="短分支", capability=capability)
    let_follow(yue, CAPABILITY)
    let_follow(chen, CAPABILITY)
    let_follow(wu, CAPABILITY)

    tell(CAPABILITY, about=Ref("practice", "short-branches"), actor=wu)
    assert tell_waiting() == 2

    assert notices(yue) == ["New on Version control: About short-branches"]
    assert ("版本控制" in notices(chen, "zh")[0], "短分支" in notices(chen, "zh")[0]) == (True, True)
    assert notices(wu) == []
    assert db.session.scalars(select(FollowEvent)).all() == []


def test_who_follows_several_hears_once_of_the_nearest(capability: Capability, yue: User) -> None:
    make_practice("short-branches", capability=capability, tags=("git",))
    let_follow(yue, CAPABILITY, Ref("tag", "git"))
    tell(Ref("tag", "git"), CAPABILITY, about=Ref("practice", "short-branches"))
    assert (tell_waiting(), notices(yue)) == (1, ["New on git: About short-branches"])


def test_nobody_is_told_of_what_is_not_for_them_to_see(
    app: Flask, yue: User, capability: Capability, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A kind of subject that only members of a team may see."""
    chen = make_user("Chen Xiao")

    def find(slugs: object, reader: User | None, _language: str) -> list[Subject]:
        return [Subject("secret", "plan", "The plan", "/")] if reader is not None and reader.name == "Chen Xiao" else []

    monkeypatch.setitem(app.extensions["subject_kinds"], "secret", Kind("secret", "Secret", find))
    let_follow(yue, CAPABILITY)
    let_follow(chen, CAPABILITY)
    tell(CAPABILITY, about=Ref("secret", "plan"))
    assert tell_waiting() == 1
    assert (notices(yue), len(notices(chen))) == ([], 1)


def test_what_is_gone_by_then_is_not_told(capability: Capability, yue: User) -> None:
    let_follow(yue, CAPABILITY)
    tell(CAPABILITY, about=Ref("practice", "never-was"))
    assert (tell_waiting(), notices(yue)) == (0, [])
    assert db.session.scalars(select(FollowEvent)).all() == []


def test_a_digest_leaves_out_what_is_gone_by_then(capability: Capability, yue: User) -> None:
    practice = make_practice("short-branches", capability=capability)
    let_follow(yue, CAPABILITY)
    tell(CAPABILITY, about=Ref("practice", "short-branches"))
    tell_waiting()
    (notice,) = db.session.scalars(select(Notice)).all()

    def holds() -> bool:
        with reading_as("en", "UTC"):
            return bring_up_to_date(notice.kind, notice.params, yue.id, now=utc_now()) is not None

    assert holds()
    with transaction() as session:
        session.delete(session.merge(practice))
    assert not holds()


def test_without_followers_nothing_is_noted(capability: Capability) -> None:
    tell(CAPABILITY, about=Ref("practice", "short-branches"))
    assert db.session.scalars(select(FollowEvent)).all() == []


def test_who_stops_following_or_leaves_hears_nothing(capability: Capability, yue: User) -> None:
    chen = make_user("Chen Xiao")
    make_practice("short-branches", capability=capability)
    let_follow(yue, CAPABILITY)
    let_follow(chen, CAPABILITY)
    tell(CAPABILITY, about=Ref("practice", "short-branches"))
    with transaction() as session:
        unfollow(session, yue.id, CAPABILITY)
        session.get_one(User, chen.id).disabled_at = utc_now()
    assert tell_waiting() == 0
    assert db.session.scalars(select(Notice)).all() == []


# What the features tell.


def test_the_library_tells_of_new_practices_and_changed_ones(capability: Capability, yue: User, tmp_path: Path) -> None:
    coach = make_coach("Cao Coach")
    owner = coach.user
    chen, wu = make_user("Chen Xiao"), make_user("Wu Di")
    let_follow(yue, CAPABILITY)
    let_follow(chen, Ref("coach", coach.slug), CAPABILITY)
    folder = tmp_path / "practices"
    write_practice(folder, owner=owner.email)
    write_practice(folder, language="zh", title="短分支", translation_of="en", owner=owner.email)
    sync(folder, tmp_path)
    assert tell_waiting() == 2
    assert notices(yue) == ["New on Version control: About short-branches"]
    assert notices(chen) == ["New on Cao Coach: About short-branches"]

    let_follow(wu, Ref("practice", "short-branches"))
    sync(folder, tmp_path)
    assert tell_waiting() == 0
    write_practice(folder, reviewed=None, owner=owner.email)
    sync(folder, tmp_path)
    assert (tell_waiting(), notices(wu)) == (0, []), "another date is no news"
    write_practice(folder, summary="Said in other words.", owner=owner.email)
    sync(folder, tmp_path)
    assert (tell_waiting(), notices(wu)) == (1, ["Changed: About short-branches"])


@pytest.mark.slow
def test_an_import_of_hundreds_is_one_line(capability: Capability, yue: User, tmp_path: Path) -> None:
    let_follow(yue, CAPABILITY)
    folder = tmp_path / "practices"
    for number in range(40):
        write_practice(folder, f"practice-{number:02}")
    sync(folder, tmp_path)
    assert tell_waiting() == 40
    assert notices(yue) == ["40 new practices on Version control"]


def test_followers_hear_of_case_studies_of_sessions_and_of_room(capability: Capability, yue: User) -> None:
    ada, coach = make_user("Ada"), make_coach("Cao Coach", is_taking_requests=False)
    team = make_team("Payments", ada)
    let_follow(yue, Ref("team", team.slug), Ref("coach", coach.slug))
    let_follow(ada, Ref("team", team.slug))
    let_follow(coach.user, Ref("coach", coach.slug))

    story = make_case_study(ada, make_story(team, capability, title="By day"))
    tell_waiting()
    make_training(coach.user, slug="first-steps", title="First steps", capability_id=capability.id)
    tell_waiting()
    with transaction() as session:
        same = {"bio": "", "site": "", "languages": ["en"], "skills": {}, "headline": "Contract tests"}
        for is_free in (True, True):
            row = session.merge(coach)
            save_profile(session, row.user, row, is_taking_requests=is_free, now=utc_now(), **same)  # type: ignore[arg-type]
    tell_waiting()

    assert notices(yue) == [
        "New case study, Payments: By day",
        "New session, Cao Coach: First steps",
        "Cao Coach has room for requests again",
    ]
    assert [line for line in notices(ada) if "New" in line] == [], "the team heard of it from the editor"
    assert [line for line in notices(coach.user) if "New session" in line or "room" in line] == []
    assert story.slug


def test_drafts_are_told_to_nobody(capability: Capability, yue: User) -> None:
    ada = make_user("Ada")
    team = make_team("Payments", ada)
    let_follow(yue, Ref("team", team.slug), CAPABILITY)
    make_manuscript(ada, make_story(team, capability), State.SUBMITTED)
    make_training(state="draft", capability_id=capability.id)
    assert (tell_waiting(), notices(yue)) == (0, [])


# Many, crashes, races.


@pytest.mark.slow
def test_a_thousand_followers_make_no_publication_slow(
    capability: Capability, app: Flask, count_queries: list[str]
) -> None:
    make_practice("short-branches", capability=capability)
    with transaction() as session:
        people = [
            User(
                email=f"m{number}@example.com", name=f"M {number}", language="en", time_zone="UTC", created_at=utc_now()
            )
            for number in range(1000)
        ]
        session.add_all(people)
        session.flush()
        session.add_all(
            Follow(user_id=person.id, kind=CAPABILITY.kind, slug=CAPABILITY.slug, since=utc_now()) for person in people
        )
    count_queries.clear()
    tell(CAPABILITY, about=Ref("practice", "short-branches"))
    assert len(count_queries) <= 4
    began = time.perf_counter()
    assert tell_waiting() == 1000
    assert time.perf_counter() - began < 20
    assert len(db.session.scalars(select(Notice.id)).all()) == 1000


@pytest.mark.race
@pytest.mark.both_databases
def test_a_worker_killed_at_any_statement_tells_everybody_once(
    capability: Capability, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    make_practice("short-branches", capability=capability)
    ids = [make_user(f"Member {number}").id for number in range(5)]
    for user_id in ids:
        with transaction() as session:
            follow(session, user_id, CAPABILITY, now=utc_now())
    number, ended, rounds = 0, -1, 0
    while ended:
        number, rounds = number + 3, rounds + 1
        tell(CAPABILITY, about=Ref("practice", "short-branches"))
        ended = killed_at(number, tell_waiting)
        tell_waiting()
        db.session.rollback()
        told = db.session.execute(select(Notice.user_id, Notice.params).order_by(Notice.user_id)).all()
        assert [(user_id, params.get("number", 1)) for user_id, params in told] == [
            (user_id, rounds) for user_id in ids
        ], f"killed at statement {number}"
    assert rounds > 5


@pytest.mark.race
@pytest.mark.both_databases
def test_several_workers_tell_everybody_once(
    capability: Capability, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 3)
    make_practice("short-branches", capability=capability)
    ids = [make_user(f"Member {number}").id for number in range(20)]
    for user_id in ids:
        with transaction() as session:
            follow(session, user_id, CAPABILITY, now=utc_now())
    tell(CAPABILITY, about=Ref("practice", "short-branches"))
    assert all_at_once(3, tell_waiting) == [0, 0, 0]
    told = db.session.execute(select(Notice.user_id, Notice.params).order_by(Notice.user_id)).all()
    assert [(user_id, params.get("number", 1)) for user_id, params in told] == [(user_id, 1) for user_id in ids]


def test_events_know_the_roles_of_nobody(app: Flask, capability: Capability) -> None:
    """An administrator sees drafts; a draft is still no news for one."""
    admin = make_user("Adam", Role.ADMINISTRATOR)
    let_follow(admin, CAPABILITY)
    draft = make_training(state="draft", slug="a-draft", capability_id=capability.id)
    assert (tell_waiting(), notices(admin), draft.slug) == (0, [], "a-draft")
