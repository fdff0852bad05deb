"""What readers see of a case study: written when a version of it is published. The caller opens the transaction."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.case_studies.models import CaseStudy, CreditedCoach, CreditedPractice, CreditedSession, Metric
from app.case_studies.queries import coaches_by_slug, find_capability, find_published, find_team
from app.case_studies.rules import MAX_BYLINE, Story
from app.kernel.errors import InvalidInputError
from app.kernel.markup import Rendered
from app.writing.models import Manuscript


def publish_story(
    session: Session, manuscript: Manuscript, story: Story, rendered: Rendered, *, on: date, now: datetime
) -> CaseStudy:
    """Let readers see what `story` says. `on` is the day of publication, if readers did not see it before.

    Raises InvalidInputError for the field `team` where the team is no longer there.
    """
    case_study = find_published(manuscript.slug, manuscript.language)
    if case_study is None:
        case_study = CaseStudy(
            slug=manuscript.slug, language=manuscript.language, published_on=on, created_at=now, metrics=[]
        )
        session.add(case_study)
    with session.no_autoflush:
        write_story(case_study, story, rendered, now=now)
    case_study.translation_of, case_study.is_sample = manuscript.translation_of, manuscript.is_sample
    case_study.byline = story.byline or byline_of(case_study.team.name, [each.user.name for each in manuscript.authors])
    session.flush()
    return case_study


def withdraw_story(session: Session, manuscript: Manuscript) -> None:
    """Take it out of readers' sight."""
    case_study = find_published(manuscript.slug, manuscript.language)
    if case_study is not None:
        session.delete(case_study)
        session.flush()


def byline_of(team: str, authors: list[str]) -> str:
    """Who is named where nobody said otherwise: the team, and whoever wrote."""
    names = ", ".join(authors)
    return (f"{team}: {names}" if names else team)[:MAX_BYLINE]


def write_story(case_study: CaseStudy, story: Story, rendered: Rendered, *, now: datetime) -> None:
    """Bring the row to what the story says. What is credited twice is credited once; coaches without a profile are not."""
    team, capability = find_team(story.team), find_capability(story.capability)
    if team is None:
        raise InvalidInputError(NO_TEAM, field="team")
    case_study.team, case_study.capability = team, capability
    case_study.title, case_study.summary, case_study.form = story.title, story.summary, story.form
    case_study.organisation, case_study.byline, case_study.updated_at = story.organisation, story.byline, now
    case_study.html, case_study.text = rendered.html, rendered.text
    case_study.headings = [asdict(heading) for heading in rendered.headings]
    case_study.metrics = [Metric(position=number, **asdict(values)) for number, values in enumerate(story.metrics)]
    _credit(case_study, story)


NO_TEAM = _l("There is no such team. Choose another one.")


def _credit(case_study: CaseStudy, story: Story) -> None:
    accounts = coaches_by_slug(story.coaches)
    helpers = [accounts[slug] for slug in story.coaches if slug in accounts]
    case_study.practices = [
        CreditedPractice(practice_slug=slug, position=number)
        for number, slug in enumerate(dict.fromkeys(story.practices))
    ]
    case_study.coaches = [
        CreditedCoach(user_id=user_id, position=number) for number, user_id in enumerate(dict.fromkeys(helpers))
    ]
    case_study.sessions = [
        CreditedSession(training_slug=slug, position=number)
        for number, slug in enumerate(dict.fromkeys(story.sessions))
    ]
