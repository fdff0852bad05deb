"""Case studies for tests: a complete story, and the way to any state through the service itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.case_studies.contents import content_of_story
from app.case_studies.kind import KIND
from app.case_studies.models import CaseStudy
from app.case_studies.queries import find_published
from app.case_studies.rules import PARTS, Answer, Form, MetricValues, Story
from app.kernel.db import transaction
from app.kernel.slugs import unique_slug
from app.writing.models import Manuscript
from app.writing.preparing import prepare
from app.writing.rules import DECISIONS, State, Step
from app.writing.service import begin, save, take_step
from tests.factories.people import make_user

THEN = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)

LEAD_TIME = MetricValues(
    name="Change lead time",
    before=21,
    after=5,
    unit="days",
    better="lower",
    window="2026-01 to 2026-06",
    source="Build server",
)

WAYS: dict[State, tuple[Step, ...]] = {
    State.DRAFT: (),
    State.SUBMITTED: (Step.SUBMIT,),
    State.CHANGES_REQUESTED: (Step.SUBMIT, Step.REQUEST_CHANGES),
    State.ACCEPTED: (Step.SUBMIT, Step.ACCEPT),
    State.REJECTED: (Step.SUBMIT, Step.REJECT),
}


def make_story(team: Team, capability: Capability | None, /, **changes: object) -> Story:
    """A story that lacks nothing, changed as the test wants it."""
    story = Story(
        title="From six weeks to one",
        language="en",
        team=team.slug,
        summary="How the gateway team releases by day.",
        capability=capability.slug if capability else "",
        parts={part: f"What we say about {part.replace('_', ' ')}." for part in PARTS},
        metrics=(LEAD_TIME,),
    )
    return replace(story, **changes)  # type: ignore[arg-type]


def make_interview(team: Team, capability: Capability | None, /, **changes: object) -> Story:
    """An interview that lacks nothing."""
    answers = (Answer("Who are you?", "The gateway team."), Answer("What changed?", "We release by **day**."))
    return make_story(team, capability, **{"form": Form.INTERVIEW, "parts": {}, "answers": answers, **changes})


def make_manuscript(
    author: User, story: Story, state: State = State.DRAFT, editor: User | None = None, *, slug: str = ""
) -> Manuscript:
    """What the author's team writes, in `state`. `editor` decides; somebody is made where nobody is given."""
    with transaction() as session:
        manuscript = begin(
            session,
            KIND,
            content_of_story(story),
            slug=slug or unique_slug(story.title, "case-study"),
            language=story.language,
            actor=author,
            now=THEN,
        )
    for step in WAYS[state]:
        if step in DECISIONS and editor is None:
            editor = make_user("Deciding Editor", Role.EDITOR)
        move(manuscript, step, editor if step in DECISIONS and editor else author)
    return manuscript


def move(manuscript: Manuscript, step: Step, actor: User, now: datetime = THEN) -> None:
    """One step, with a word on it where it is a decision."""
    number = manuscript.submitted_number
    prepared = prepare(KIND, manuscript, number) if number and step is Step.ACCEPT else None
    comment = "A word on it." if step in DECISIONS else ""
    with transaction() as session:
        take_step(session, KIND, manuscript, step, actor=actor, now=now, comment=comment, prepared=prepared)


def change(manuscript: Manuscript, story: Story, actor: User, now: datetime = THEN) -> None:
    """Save what it says now."""
    with transaction() as session:
        content, base = content_of_story(story), manuscript.latest_number
        save(session, KIND, manuscript, content, base=base, actor=actor, now=now)


def make_case_study(author: User, story: Story, editor: User | None = None, *, slug: str = "") -> CaseStudy:
    """A published one."""
    manuscript = make_manuscript(author, story, State.ACCEPTED, editor, slug=slug)
    case_study = find_published(manuscript.slug, manuscript.language)
    assert case_study is not None
    return case_study
