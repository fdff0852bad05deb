"""What others took from a team's stories. As many queries for one story as for many; people are counted, never named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.accounts.models import Team
from app.case_studies.models import CaseStudy
from app.case_studies.queries import by_team, newest
from app.case_studies.rules import CASE_STUDY
from app.community.acknowledgements.models import Acknowledgement, RequiredReading
from app.community.helpful.queries import count_answers
from app.community.reads.models import ReadDay
from app.community.subjects import Ref
from app.kernel.db import db
from app.practices.adoption.models import Adoption, AdoptionEvent
from app.practices.adoption.rules import ADOPTED, What
from app.training.models import TrainingSession
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat
from app.training.talks.models import Talk

# The newest stories; a team with more tells of these.
MOST_STORIES = 20


def list_stories(team_id: int, language: str) -> list[CaseStudy]:
    """What the team has published, each once in the language or the one there is, the newest first."""
    stories, _total = newest(language, MOST_STORIES, by_team(team_id))
    ids = [story.id for story in stories]
    query = select(CaseStudy).where(CaseStudy.id.in_(ids)).options(selectinload(CaseStudy.practices))
    # Fills what the stories credit, so that none asks for itself.
    db.session.execute(query).unique().scalars().all()
    return stories


@dataclass(frozen=True)
class Taker:
    """Another team that took up a practice which a story of this team credits, after that story was published."""

    team: str
    slug: str
    practice_slug: str
    since: date


def list_takers(team_id: int, stories: Sequence[CaseStudy]) -> list[Taker]:
    """Who took up what after it was told, the first first. Whoever used it before took nothing from the story."""
    told: dict[str, date] = {}
    for story in stories:
        for credit in story.practices:
            told[credit.practice_slug] = min(story.published_on, told.get(credit.practice_slug, story.published_on))
    began = (
        select(AdoptionEvent.adoption_id, func.min(AdoptionEvent.since).label("since"))
        .where(AdoptionEvent.what == What.SAID)
        .group_by(AdoptionEvent.adoption_id)
        .subquery()
    )
    query = (
        select(Team.name, Team.slug, Adoption.practice_slug, began.c.since)
        .select_from(Adoption)
        .join(began, began.c.adoption_id == Adoption.id)
        .join(Team, Team.id == Adoption.team_id)
        .where(Adoption.practice_slug.in_(told), Adoption.team_id != team_id, Adoption.stage.in_(ADOPTED))
        .order_by(began.c.since, Team.name, Adoption.practice_slug)
    )
    takers = [Taker(*row) for row in db.session.execute(query)] if told else []
    return [taker for taker in takers if taker.since >= told[taker.practice_slug]]


@dataclass(frozen=True)
class Echo:
    """What came of the stories, in numbers. `reads` is None for whoever may not see how often something is read."""

    helpful: int
    answers: int
    confirmed: int
    seats: int
    reads: int | None


def count_echo(team: Team, stories: Sequence[CaseStudy], *, with_reads: bool, now: datetime) -> Echo:
    """Of these stories together: who found them helpful, who confirmed to have read them, who had a seat where they were told
    before `now`. The team's own people took nothing from themselves.
    """
    if not stories:
        return Echo(0, 0, 0, 0, 0 if with_reads else None)
    slugs, own = [story.slug for story in stories], [membership.user_id for membership in team.memberships]
    tallies = count_answers([Ref(CASE_STUDY, slug) for slug in slugs], without=own).values()
    confirmed = (
        select(func.count(Acknowledgement.user_id.distinct()))
        .join(RequiredReading, RequiredReading.id == Acknowledgement.reading_id)
        .where(
            RequiredReading.kind == CASE_STUDY,
            RequiredReading.slug.in_(slugs),
            Acknowledgement.user_id.not_in(own),
        )
    )
    told = select(Talk.training_id).where(Talk.story_slug.in_(slugs))
    seats = (
        select(func.count(Enrolment.id))
        .join(TrainingSession, TrainingSession.id == Enrolment.training_id)
        .where(
            Enrolment.training_id.in_(told),
            Enrolment.state == Seat.CONFIRMED,
            Enrolment.user_id.not_in(own),
            TrainingSession.state == State.PUBLISHED,
            TrainingSession.ends_at <= now,
        )
    )
    reads = select(func.coalesce(func.sum(ReadDay.count), 0)).where(ReadDay.kind == CASE_STUDY, ReadDay.slug.in_(slugs))
    return Echo(
        helpful=sum(tally.yes for tally in tallies),
        answers=sum(tally.total for tally in tallies),
        confirmed=db.session.execute(confirmed).scalar_one(),
        seats=db.session.execute(seats).scalar_one(),
        reads=int(db.session.execute(reads).scalar_one()) if with_reads else None,
    )
