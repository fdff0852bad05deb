"""Case studies for tests: a complete story, and the way to any state through the service itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from app.accounts.models import Team, User
from app.accounts.rules import Role
from app.capabilities.models import Capability
from app.case_studies.models import CaseStudy
from app.case_studies.rules import PARTS, MetricValues, State, Step, Story
from app.case_studies.service import create_draft, take_step
from app.kernel.db import transaction
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
    State.PUBLISHED: (Step.SUBMIT, Step.ACCEPT),
    State.REJECTED: (Step.SUBMIT, Step.REJECT),
    State.WITHDRAWN: (Step.SUBMIT, Step.WITHDRAW),
}
EDITORS_STEPS = (Step.REQUEST_CHANGES, Step.ACCEPT, Step.REJECT)


def make_story(team: Team, capability: Capability | None, **changes: object) -> Story:
    """A story that lacks nothing, changed as the test wants it."""
    story = Story(
        title="From six weeks to one",
        language="en",
        team_id=team.id,
        summary="How the gateway team releases by day.",
        capability_id=capability.id if capability else None,
        parts={part: f"What we say about {part.replace('_', ' ')}." for part in PARTS},
        metrics=(LEAD_TIME,),
    )
    return replace(story, **changes)  # type: ignore[arg-type]


def make_case_study(author: User, story: Story, state: State = State.DRAFT, editor: User | None = None) -> CaseStudy:
    """A case study of the author's team in `state`. `editor` decides; somebody is made where nobody is given."""
    with transaction() as session:
        case_study = create_draft(session, story, actor=author, now=THEN)
    for step in WAYS[state]:
        if step in EDITORS_STEPS and editor is None:
            editor = make_user("Deciding Editor", Role.EDITOR)
        actor, comment = author, ""
        if step in EDITORS_STEPS and editor is not None:
            actor, comment = editor, "A word on it."
        with transaction() as session:
            take_step(session, case_study, step, actor=actor, now=THEN, comment=comment)
    return case_study
