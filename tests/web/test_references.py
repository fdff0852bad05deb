"""What names in texts stand for: by slug and by title, in the text's language, as far as everybody may see it."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts.rules import Role
from app.kernel.db import transaction
from app.media.rendering import render_text
from tests.factories.case_studies import make_case_study, make_manuscript, make_story
from tests.factories.coaches import make_coach
from tests.factories.courses import make_course
from tests.factories.frameworks import make_framework
from tests.factories.people import make_team, make_user
from tests.factories.practices import make_practice
from tests.factories.training import make_training


def link(source: str, language: str = "en") -> str:
    return render_text(source, language).html.removeprefix("<p>").removesuffix("</p>").replace(' rel="noopener"', "")


def test_a_practice_by_slug_and_by_title_in_either_language(app: Flask) -> None:
    make_practice("trunk", title="Work on the Trunk")
    make_practice("trunk", language="zh", title="主干开发")
    english, chinese = '<a href="/practices/trunk">Work on the Trunk</a>', '<a href="/practices/trunk">主干开发</a>'

    for name in ("trunk", "practice:trunk", "Work on the Trunk", "work on the trunk", "主干开发", "实践：主干开发"):
        assert link(f"[[{name}]]") == english
        assert link(f"[[{name}]]", "zh") == chinese
    make_practice("only-chinese", language="zh", title="灰度发布")
    assert link("[[灰度发布]]") == '<a href="/practices/only-chinese">灰度发布</a>'


def test_every_kind_can_be_linked_to(app: Flask) -> None:
    framework = make_framework()
    capability = framework.areas[0].capabilities[0]
    coach = make_coach("Chen Xiao")
    author = make_user("Author")
    team = make_team("Payments", author)
    story = make_case_study(author, make_story(team, capability, title="Ours"), make_user("Edda", Role.EDITOR))
    training = make_training(coach.user, slug="first-steps", title="First steps")
    course = make_course(coach.user, title="The course")

    assert link("[[Ours]]") == f'<a href="/case-studies/{story.slug}">Ours</a>'
    assert link("[[案例:ours]]") == f'<a href="/case-studies/{story.slug}">Ours</a>'
    assert link("[[coach:Chen Xiao]]") == f'<a href="/coaches/{coach.slug}">Chen Xiao</a>'
    assert link("[[first-steps]]") == f'<a href="/training/{training.slug}">First steps</a>'
    assert link("[[The course]]") == f'<a href="/training/courses/{course.slug}">The course</a>'
    path = f"/capabilities/{framework.slug}/{capability.slug}"
    assert link(f"[[{capability.slug}]]") == f'<a href="{path}">{capability.name.in_("en")}</a>'
    assert link(f"[[{capability.slug}]]", "zh") == f'<a href="{path}">{capability.name.in_("zh")}</a>'


def test_a_kind_decides_between_things_of_one_name(app: Flask) -> None:
    coach = make_coach("Chen Xiao")
    make_course(coach.user, title="Testing")
    make_practice("testing", title="Testing")

    assert link("[[Testing]]") == '<a href="/practices/testing">Testing</a>'
    assert "/training/courses/" in link("[[course:Testing]]")
    assert link("[[coach:Testing]]") == (
        '<span class="lost-link" title="Nothing of this name is here for everybody to see.">coach:Testing</span>'
    )


def test_a_title_may_have_a_colon(app: Flask) -> None:
    make_practice("release", title="Release: how we do it")

    assert link("[[Release: how we do it]]") == '<a href="/practices/release">Release: how we do it</a>'


def test_what_not_everybody_may_see_cannot_be_linked_to(app: Flask) -> None:
    coach = make_coach("Chen Xiao")
    make_training(coach.user, slug="secret-plan", title="Secret plan", state="draft")
    author = make_user("Author")
    make_manuscript(author, make_story(make_team("Payments", author), None, title="Secret story"))

    rendered = render_text("[[secret-plan]] [[Secret plan]] [[Secret story]]", "en")

    assert "href" not in rendered.html
    assert rendered.lost == ("secret-plan", "Secret plan", "Secret story")


def test_whoever_is_mentioned_is_shown_by_name_and_never_by_address(app: Flask) -> None:
    coach, plain, closed = (
        make_coach("陈晓"),
        make_user("Anna Berg", email="anna@secret.example"),
        make_user("Gone Person"),
    )
    with transaction() as session:
        session.merge(closed).disabled_at = closed.created_at

    rendered = render_text("@chen-xiao @anna-berg @gone-person @anna@secret.example", "en")

    assert rendered.mentions == ("chen-xiao", "anna-berg")
    assert f'<a class="mention" href="/coaches/{coach.slug}"' in rendered.html
    assert '<span class="mention">@Anna Berg</span> @gone-person' in rendered.html
    assert plain.email not in rendered.html.replace("@anna@secret.example", "")


@pytest.mark.parametrize("number", [1, 30])
def test_a_text_with_many_names_asks_once_for_each_kind(app: Flask, count_queries: list[str], number: int) -> None:
    for each in range(number):
        make_practice(f"p-{each}")
        make_user(f"Person {each}")
    names = " ".join(f"[[p-{each}]] [[gone-{each}]] @person-{each}" for each in range(number))
    count_queries.clear()

    rendered = render_text(names, "en")

    assert len(rendered.mentions) == len(rendered.lost) == number
    asked = [statement for statement in count_queries if statement.startswith("SELECT")]
    assert len(asked) == 7
