"""What teams and editors do with case studies. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import update
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.case_studies.models import (
    CaseStudy,
    CaseStudyEvent,
    CreditedCoach,
    CreditedPractice,
    CreditedSession,
    Metric,
)
from app.case_studies.policy import can_edit, can_take
from app.case_studies.queries import list_members, list_reviewers
from app.case_studies.rendering import render_story
from app.case_studies.rules import (
    COMMENT_NEEDED,
    DECISIONS,
    EDITABLE,
    MAX_BYLINE,
    PARTS,
    STANDS,
    TRANSITIONS,
    State,
    Step,
    Story,
    what_is_missing,
)
from app.case_studies.telling import tell_of_case_study
from app.kernel.clock import zone
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.kernel.markup import Rendered
from app.kernel.slugs import unique_slug
from app.kernel.state import WrongStepError
from app.notifications.service import notify


def create_draft(session: Session, story: Story, *, actor: User, now: datetime) -> CaseStudy:
    """Begin a case study for one of the actor's teams. Raises ForbiddenError for another team."""
    _check_team(story, actor)
    case_study = CaseStudy(
        slug=unique_slug(story.title, "case-study"),
        state=State.DRAFT,
        state_since=now,
        author_id=actor.id,
        created_at=now,
    )
    session.add(case_study)
    write_story(case_study, story, render_story(story.language, story.parts), now=now)
    session.flush()
    return case_study


def change_draft(
    session: Session, case_study: CaseStudy, story: Story, *, revision: int, actor: User, now: datetime
) -> None:
    """Save what the team says now. `revision` is the one that the form was filled from.

    Raises ForbiddenError for people outside the team, ConflictError where the text must not change now, and
    StaleStoryError where somebody else has saved since.
    """
    _lock(session, case_study)
    if not can_edit(actor, case_study):
        raise ForbiddenError(NOT_OF_TEAM)
    _refuse_files(case_study)
    if State(case_study.state) not in EDITABLE:
        raise ConflictError(STANDS[State(case_study.state)])
    if case_study.revision != revision + 1:
        raise StaleStoryError(STALE)
    _check_team(story, actor)
    write_story(case_study, story, render_story(story.language, story.parts), now=now)
    session.flush()


class StaleStoryError(ConflictError):
    """Somebody else saved in between."""


def take_step(
    session: Session, case_study: CaseStudy, step: Step, *, actor: User, now: datetime, comment: str = ""
) -> CaseStudyEvent:
    """The only way in which a case study changes its state. Writes the history and tells those whom it concerns.

    Raises ForbiddenError for a person who may not, ConflictError where the table has no such step (of two people who
    decide at once, the second gets it) or where the story is not complete, and InvalidInputError for the field
    `comment` where the step needs one.
    """
    _lock(session, case_study)
    if not can_take(actor, case_study, step):
        raise ForbiddenError(NOT_A_REVIEWER if step in DECISIONS else NOT_OF_TEAM)
    _refuse_files(case_study)
    before = State(case_study.state)
    try:
        after = TRANSITIONS.after(before, step)
    except WrongStepError:
        raise ConflictError(STANDS[before]) from None
    _check_step(case_study, step, comment)
    case_study.state, case_study.state_since, case_study.updated_at = after, now, now
    case_study.published_on = now.astimezone(zone(actor.time_zone)).date() if after is State.PUBLISHED else None
    if after is State.PUBLISHED:
        case_study.byline = case_study.byline or _byline(case_study)
    event = CaseStudyEvent(
        step=step, from_state=before, to_state=after, comment=comment.strip(), actor_id=actor.id, at=now
    )
    case_study.events.append(event)
    session.flush()
    _tell(session, case_study, event, actor)
    if after is State.PUBLISHED:
        tell_of_case_study(session, case_study, actor=actor, now=now)
    return event


NOT_OF_TEAM = _l("Only members of the team may do that.")
NOT_A_REVIEWER = _l("Only an editor who is not in the team may decide on its case study.")
STALE = _l(
    "Somebody else saved this case study after you had opened it. Your text is still here. Look at theirs in another "
    "window; if you save again, yours replaces it."
)


def _lock(session: Session, case_study: CaseStudy) -> None:
    """Write the row before reading it, which makes everybody else wait on either database; then read it afresh."""
    session.execute(
        update(CaseStudy)
        .where(CaseStudy.id == case_study.id)
        .values(revision=CaseStudy.revision + 1)
        .execution_options(synchronize_session=False)
    )
    session.refresh(case_study)


def _check_team(story: Story, actor: User) -> None:
    if story.team_id not in actor.team_ids:
        raise ForbiddenError(NOT_OF_TEAM)


def _refuse_files(case_study: CaseStudy) -> None:
    if case_study.is_kept_in_file:
        raise ConflictError(
            _l(
                "This case study is kept in the file %(path)s. Change the file; the site follows it.",
                path=case_study.source_path,
            )
        )


def _check_step(case_study: CaseStudy, step: Step, comment: str) -> None:
    if step in COMMENT_NEEDED and not comment.strip():
        raise InvalidInputError(COMMENT_NEEDED[step], field="comment")
    missing = what_is_missing(case_study.story) if step is Step.SUBMIT else []
    if missing:
        raise ConflictError(_l("This is still missing: %(parts)s.", parts="; ".join(str(name) for name in missing)))


def _byline(case_study: CaseStudy) -> str:
    author = case_study.author
    byline = f"{author.name}, {case_study.team.name}" if author else case_study.team.name
    return byline[:MAX_BYLINE]


def write_story(case_study: CaseStudy, story: Story, rendered: Rendered, *, now: datetime) -> None:
    """Bring the row to what the story says. What is credited twice is credited once."""
    case_study.title, case_study.summary, case_study.language = story.title, story.summary, story.language
    case_study.team_id, case_study.capability_id = story.team_id, story.capability_id
    case_study.byline, case_study.updated_at = story.byline, now
    for part in PARTS:
        setattr(case_study, part, story.parts.get(part, ""))
    case_study.html, case_study.text = rendered.html, rendered.text
    case_study.headings = [asdict(heading) for heading in rendered.headings]
    case_study.metrics = [Metric(position=number, **asdict(values)) for number, values in enumerate(story.metrics)]
    _credit(case_study, story)


def _credit(case_study: CaseStudy, story: Story) -> None:
    case_study.practices = [
        CreditedPractice(practice_slug=slug, position=number)
        for number, slug in enumerate(dict.fromkeys(story.practices))
    ]
    case_study.coaches = [
        CreditedCoach(user_id=user_id, position=number) for number, user_id in enumerate(dict.fromkeys(story.coaches))
    ]
    case_study.sessions = [
        CreditedSession(training_slug=slug, position=number)
        for number, slug in enumerate(dict.fromkeys(story.sessions))
    ]


def _tell(session: Session, case_study: CaseStudy, event: CaseStudyEvent, actor: User) -> None:
    """Editors outside the team hear of a submission, the team's people of a decision."""
    if event.step == Step.SUBMIT:
        people = list_reviewers(case_study.team_id)
    elif event.step in DECISIONS:
        people = list_members(case_study.team_id)
    else:
        return
    params = {
        "slug": case_study.slug,
        "language": case_study.language,
        "title": case_study.title,
        "team": case_study.team.name,
        "actor": actor.name,
        "comment": event.comment,
    }
    for person in people:
        notify(session, person, f"case study {event.step}", params, now=event.at)
