"""What features on one floor show of each other, which neither of them may import: handed over by the factory."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capabilities.moving import Move as CapabilityMove
from app.capabilities.references import LINKABLE as CAPABILITIES
from app.case_studies import credits as case_study_credits
from app.case_studies.models import CaseStudy
from app.case_studies.queries import Filters, listing
from app.case_studies.references import LINKABLE as CASE_STUDIES
from app.coaches.models import Coach, CoachSkill
from app.coaches.references import LINKABLE as COACHES
from app.coaching import brings as coaching
from app.community.comments.models import Comment
from app.community.moving import Move
from app.kernel.db import db
from app.maturity import brings as maturity
from app.practices.adoption.models import AdoptionEvent
from app.practices.models import Practice
from app.practices.references import LINKABLE as PRACTICES
from app.training import brings as training
from app.training.models import TrainingSession
from app.training.queries import visible_to
from app.training.talks.stories import Story
from app.web import dates
from app.web.i18n import language
from app.writing.desk.models import Unsaved
from app.writing.models import Version
from app.writing.review.models import RemarkEntry

# What [[names]] in texts can stand for. Without a kind the first that is called so is meant.
LINKABLES = (PRACTICES, CASE_STUDIES, *training.LINKABLES, CAPABILITIES, COACHES)
# Where texts stand that may show what was uploaded.
TEXTS = (
    Version.content,
    Unsaved.typed,
    Practice.html,
    CaseStudy.html,
    Coach.bio_html,
    Comment.html,
    AdoptionEvent.link,
    RemarkEntry.text,
    *training.TEXTS,
    *maturity.TEXTS,
    *coaching.TEXTS,
)
# How many of the latest training sessions the form of a case study offers, and of stories the form of a talk.
MAX_CREDITABLE = 200


def creditable_sessions(slugs: Collection[str] | None) -> list[case_study_credits.Credit]:
    """The training sessions that a case study can name: those every reader sees, the latest first."""
    query = visible_to(None).order_by(TrainingSession.starts_at.desc(), TrainingSession.id).limit(MAX_CREDITABLE)
    if slugs is not None:
        query = query.where(TrainingSession.slug.in_(slugs))
    return [
        case_study_credits.Credit(
            key=training.slug,
            title=f"{training.title} ({dates.long_date(training.starts_at)})",
            url=url_for("training.show", slug=training.slug),
        )
        for training in db.session.execute(query).unique().scalars()
    ]


def stories_to_show(slugs: Collection[str] | None) -> list[Story]:
    """The published case studies that a programme can show, the latest first, with their best numbers."""
    query = listing(Filters(), language()).limit(MAX_CREDITABLE)
    if slugs is not None:
        query = query.where(CaseStudy.slug.in_(slugs))
    return [
        Story(
            slug=story.slug,
            title=story.title,
            url=url_for("case_studies.show", slug=story.slug),
            team=story.team.name,
            language=story.language,
            metric=story.best_metric,
            hue=story.capability.area.hue if story.capability else None,
        )
        for story in db.session.execute(query).unique().scalars()
    ]


def coach_skills() -> dict[int, set[int]]:
    """What coaches could review: {user id: ids of the capabilities that the person teaches}."""
    query = select(Coach.user_id, CoachSkill.capability_id).join(CoachSkill, CoachSkill.coach_id == Coach.id)
    skills: dict[int, set[int]] = {}
    for user_id, capability_id in db.session.execute(query):
        skills.setdefault(user_id, set()).add(capability_id)
    return skills


def move_subject(moves: Sequence[Move]) -> CapabilityMove:
    """What is said of a capability in the community, and who follows it, goes along when it is renamed."""

    def move(session: Session, framework: str, old: str, new: str) -> None:
        for each in moves:
            each(session, "capability", f"{framework}.{old}", f"{framework}.{new}")

    return move
