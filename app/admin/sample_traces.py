"""What people who tried the samples out were told of them: it leads nowhere once the samples are gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from app.coaching.models import CoachingRequest, Engagement
from app.jobs.models import Mail, MailState
from app.maturity.models import Assessment
from app.notifications.models import Notice
from app.training.certificates.models import Certificate
from app.training.models import TrainingSession
from app.training.wishes.models import Wish
from app.writing.models import Manuscript


@dataclass(frozen=True)
class Traces:
    """By what notices and mail name the samples: slugs of sessions, numbers of certificates, and the ids of the rest."""

    slugs: Sequence[str]
    codes: Sequence[str]
    wishes: Sequence[int]
    manuscripts: Sequence[int]
    assessments: Sequence[int]
    requests: Sequence[int]
    engagements: Sequence[int]


def find_traces(session: Session) -> Traces:
    """To be asked before the samples are taken out."""
    of_samples = select(TrainingSession.id).where(TrainingSession.is_sample)
    return Traces(
        slugs=session.execute(select(TrainingSession.slug).where(TrainingSession.is_sample)).scalars().all(),
        codes=session.execute(select(Certificate.code).where(Certificate.training_id.in_(of_samples))).scalars().all(),
        wishes=session.execute(select(Wish.id).where(Wish.is_sample)).scalars().all(),
        manuscripts=session.execute(select(Manuscript.id).where(Manuscript.is_sample)).scalars().all(),
        assessments=session.execute(select(Assessment.id).where(Assessment.is_sample)).scalars().all(),
        requests=session.execute(select(CoachingRequest.id).where(CoachingRequest.is_sample)).scalars().all(),
        engagements=session.execute(select(Engagement.id).where(Engagement.is_sample)).scalars().all(),
    )


def remove_traces(session: Session, traces: Traces) -> None:
    """Take out the notices and the mail. What is being sent this moment is the worker's; what was sent says nothing any more."""
    for table in (Notice, Mail):
        of_writing = or_(table.kind.startswith("writing "), table.kind.startswith("review "))
        of_assessments = table.kind.startswith("assessment ")
        names = or_(
            and_(of_writing, table.params["id"].as_integer().in_(traces.manuscripts)),
            and_(of_assessments, table.params["id"].as_integer().in_(traces.assessments)),
            table.params["request"].as_integer().in_(traces.requests),
            table.params["engagement"].as_integer().in_(traces.engagements),
            table.params["slug"].as_string().in_(traces.slugs),
            table.params["code"].as_string().in_(traces.codes),
            table.params["wish"].as_integer().in_(traces.wishes),
        )
        query = select(table).where(names)
        if table is Mail:
            query = query.where(Mail.state != MailState.SENDING)
        for row in session.execute(query).scalars():
            session.delete(row)
    session.flush()
