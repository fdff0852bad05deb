"""What can be spoken of is looked up by kind, for one reader, as often for many as for one."""

from __future__ import annotations

import pytest
from flask import Flask
from flask_babel import force_locale

from app.accounts.rules import Role
from app.community.subjects import Ref, all_kinds, find_many, find_subject, get_subject
from app.kernel.errors import NotFoundError
from app.training.rules import State as SessionState
from tests.factories.case_studies import make_case_study, make_manuscript, make_story
from tests.factories.coaches import make_coach
from tests.factories.courses import make_course
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.training import make_training


def test_every_kind_says_what_it_is_called_and_where_it_is(app: Flask) -> None:
    capability = make_framework().areas[0].capabilities[0]
    ada, cao = make_user("Ada"), make_coach("Cao Coach")
    team = make_team("Payments", ada)
    make_practice("short-branches", capability=capability, level=2, tags=("git",), owner_id=cao.user_id)
    story = make_case_study(ada, make_story(team, capability))
    training = make_training(cao.user, slug="first-steps")
    course = make_course(cao.user, title="Small steps")
    refs = [
        Ref("practice", "short-branches"),
        Ref("tag", "git"),
        Ref("case-study", story.slug),
        Ref("training", training.slug),
        Ref("course", course.slug),
        Ref("coach", cao.slug),
        Ref("capability", "continuous-delivery.version-control"),
        Ref("team", team.slug),
    ]
    assert {ref.kind for ref in refs} == set(all_kinds())
    with app.test_request_context():
        found = find_many(refs, None, "en")
        assert [(found[ref].title, found[ref].url) for ref in refs] == [
            ("About short-branches", "/practices/short-branches"),
            ("git", "/practices/?tag=git"),
            (story.title, f"/case-studies/{story.slug}"),
            (training.title, "/training/first-steps"),
            ("Small steps", f"/training/courses/{course.slug}"),
            ("Cao Coach", f"/coaches/{cao.slug}"),
            ("Version control", "/capabilities/continuous-delivery/version-control"),
            ("Payments", f"/teams/{team.slug}"),
        ]
        owners = {ref.kind: found[ref].owner_ids for ref in refs}
    assert owners == {
        "practice": {cao.user_id},
        "tag": set(),
        "case-study": {ada.id},
        "training": {cao.user_id},
        "course": {cao.user_id},
        "coach": {cao.user_id},
        "capability": set(),
        "team": {ada.id},
    }


def test_the_title_is_in_the_language_asked_for_where_there_is_one(app: Flask) -> None:
    make_practice("short-branches")
    make_practice("short-branches", language="zh", title="短分支")
    make_practice("only-english")
    with app.test_request_context(), force_locale("zh_Hans_CN"):
        found = find_many([Ref("practice", "short-branches"), Ref("practice", "only-english")], None, "zh")
    assert {ref.slug: (each.title, each.language) for ref, each in found.items()} == {
        "short-branches": ("短分支", "zh"),
        "only-english": ("About only-english", "en"),
    }


def test_what_is_gone_or_hidden_is_not_in_the_answer(app: Flask) -> None:
    coach, admin, ada = make_coach("Cao Coach"), make_user("Adam", Role.ADMINISTRATOR), make_user("Ada")
    draft = make_training(coach.user, slug="a-draft", state=SessionState.DRAFT)
    story = make_manuscript(ada, make_story(make_team("Payments", ada), None))
    refs = [Ref("practice", "none"), Ref("training", draft.slug), Ref("case-study", story.slug), Ref("weather", "rain")]
    with app.test_request_context():
        assert find_many(refs, None, "en") == {}
        assert list(find_many(refs, admin, "en")) == [Ref("training", "a-draft")]
        assert find_subject(Ref("practice", "none"), admin, "en") is None
        with pytest.raises(NotFoundError):
            get_subject(Ref("training", "a-draft"), None, "en")


@pytest.mark.slow
def test_many_take_as_many_queries_as_one(app: Flask, count_queries: list[str]) -> None:
    capability = make_framework().areas[0].capabilities[0]
    ada = make_user("Ada")
    teams = [make_team(f"Team {number}", ada) for number in range(6)]
    stories = [make_case_study(ada, make_story(team, capability)).slug for team in teams]
    for number in range(6):
        make_practice(f"practice-{number}", capability=capability)

    def queries_for(number: int) -> int:
        with app.test_request_context():
            count_queries.clear()
            refs = [Ref("practice", f"practice-{each}") for each in range(number)]
            refs += [Ref("case-study", slug) for slug in stories[:number]]
            refs += [Ref("team", team_slug) for team_slug in team_slugs[:number]]
            assert len(find_many(refs, None, "en")) == 3 * number
            return len(count_queries)

    team_slugs = [team.slug for team in teams]
    assert queries_for(6) == queries_for(1)


def test_a_reference_reads_back_from_its_text() -> None:
    for ref in (Ref("practice", "short-branches"), Ref("capability", "continuous-delivery.version-control")):
        assert Ref.parse(str(ref)) == ref
