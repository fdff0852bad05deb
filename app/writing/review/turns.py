"""What reviewing does when a manuscript takes a step: before a submission it asks about findings, after it somebody to review."""

from __future__ import annotations

from sqlalchemy.orm import Session

from app.accounts.models import User
from app.writing.kinds import Kind
from app.writing.models import Manuscript, ManuscriptEvent
from app.writing.queries import content_of
from app.writing.review.guarding import questions, refuse_unanswered
from app.writing.review.policy import Side
from app.writing.review.remarking import send_entries
from app.writing.review.service import ask_again_or_choose
from app.writing.review.settings import due_day, host_suffixes
from app.writing.rules import Step


def ask_about_findings(_session: Session, kind: Kind, manuscript: Manuscript, step: Step) -> None:
    """Raises ConflictError where something was found that nobody has answered for."""
    if step is Step.SUBMIT:
        refuse_unanswered(questions(kind, manuscript, content_of(manuscript), suffixes=host_suffixes()))


def find_a_reviewer(session: Session, manuscript: Manuscript, event: ManuscriptEvent, _actor: User) -> None:
    """On a submission somebody is asked, and sees the answers that were gathered."""
    if event.step == Step.SUBMIT:
        ask_again_or_choose(session, manuscript, due_on=due_day(event.at), now=event.at)
        send_entries(session, manuscript, Side.WRITING, now=event.at)
