"""What a team does with an assessment. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.capabilities.models import Framework, FrameworkVersion
from app.capabilities.versions import find_latest_version
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from app.maturity.assessing.answering import NOT_YOURS, said_in
from app.maturity.assessing.questions import Question, read_areas
from app.maturity.models import Answer, Assessment, Finding, FindingWord
from app.maturity.policy import speaks_for
from app.maturity.queries import running_of
from app.maturity.rules import MAX_TITLE, State, Step, Verdict
from app.maturity.service import lock, take_step

INCOMPLETE = _l("It cannot be sent yet: something is still missing. It is listed below.")


class IncompleteError(ConflictError):
    """Not everything is answered. `missing` and `open_findings` say what is not."""

    def __init__(self, missing: Sequence[Question], open_findings: Sequence[str] = ()) -> None:
        super().__init__(INCOMPLETE)
        self.missing, self.open_findings = missing, open_findings


def start(
    session: Session, team: Team, framework: Framework, *, title: str, actor: User, now: datetime
) -> tuple[Assessment, bool]:
    """The team's running assessment against the framework, and whether it is new: of two people who press at once, the second
    gets what the first has begun. Raises ForbiddenError, InvalidInputError, and ConflictError for a framework without a version,
    or set aside.
    """
    if not speaks_for(actor, team.id):
        raise ForbiddenError(NOT_YOURS)
    title = " ".join(title.split())
    if not title or len(title) > MAX_TITLE:
        raise InvalidInputError(_l("Give it a name of at most 80 characters, such as the half-year."), field="title")
    take_turns(session, f"assessment {team.id} {framework.id}")
    running = running_of(team.id, framework.id)
    if running is not None:
        return running, False
    if framework.is_aside:
        raise ConflictError(_l("This framework is set aside. Choose another one."))
    version = find_latest_version(framework.id)
    if version is None or not read_areas(version.content):
        raise ConflictError(_l("This framework asks nothing yet. Choose another one."))
    assessment = Assessment(
        team_id=team.id,
        framework_id=framework.id,
        version_id=version.id,
        title=title,
        state=State.ANSWERING,
        state_since=now,
        started_by_id=actor.id,
        started_at=now,
        answers=[],
    )
    session.add(assessment)
    session.flush()
    return assessment, True


def submit(session: Session, assessment_id: int, *, actor: User, now: datetime) -> Assessment:
    """Send the answers to the coaches. Raises IncompleteError, ForbiddenError and ConflictError."""
    return _send(session, assessment_id, Step.SUBMIT, actor, now, "")


def reply(session: Session, assessment_id: int, *, actor: User, now: datetime, comment: str = "") -> Assessment:
    """Send the answers to the coach again who returned them. A finding is answered by another answer or in words.
    Raises as `submit` does.
    """
    return _send(session, assessment_id, Step.REPLY, actor, now, comment)


def _send(session: Session, assessment_id: int, step: Step, actor: User, now: datetime, comment: str) -> Assessment:
    assessment = lock(session, assessment_id)
    answers = {answer.capability: answer for answer in assessment.answers}
    take_step(session, assessment, step, actor=actor, now=now, comment=comment.strip())
    questions = _questions(assessment.version)
    missing = still_missing(questions, answers)
    asked = {question.slug for question in questions}
    unanswered = open_findings(session, assessment, answers, asked) if step is Step.REPLY else []
    if missing or unanswered:
        # The transaction ends with the error, and the step with it.
        raise IncompleteError(missing, unanswered)
    return assessment


def take_back(session: Session, assessment_id: int, *, actor: User, now: datetime) -> Assessment:
    """Change the answers once more, as long as no coach has taken them on. Raises ForbiddenError and ConflictError."""
    assessment = lock(session, assessment_id)
    take_step(session, assessment, Step.TAKE_BACK, actor=actor, now=now)
    return assessment


def withdraw(session: Session, assessment_id: int, *, reason: str, actor: User, now: datetime) -> Assessment:
    """End it without a result. Raises ForbiddenError, ConflictError, and InvalidInputError without a reason."""
    reason = reason.strip()
    if not reason or len(reason) > 1000:
        raise InvalidInputError(_l("Say in at most 1,000 characters why; the others will ask."), field="reason")
    assessment = lock(session, assessment_id)
    take_step(session, assessment, Step.WITHDRAW, actor=actor, now=now, comment=reason)
    return assessment


def _questions(version: FrameworkVersion) -> list[Question]:
    return [question for area in read_areas(version.content) for question in area.questions]


def still_missing(questions: Sequence[Question], answers: Mapping[str, Answer]) -> list[Question]:
    """What nobody has answered yet, or what reads otherwise since it was answered."""
    return [question for question in questions if not is_done(answers.get(question.slug))]


def is_done(answer: Answer | None) -> bool:
    return answer is not None and said_in(answer).is_answer and not answer.is_changed_item


def open_findings(
    session: Session, assessment: Assessment, answers: Mapping[str, Answer], asked: Collection[str]
) -> list[str]:
    """Those of the capabilities `asked` about with a finding that the team has answered neither by another answer nor in words.
    What a newer version asks no more has no page on which it could be answered.
    """
    findings = session.execute(
        select(Finding).where(
            Finding.assessment_id == assessment.id,
            Finding.verdict.in_((Verdict.DIFFER, Verdict.ASK)),
            Finding.capability.in_(asked),
        )
    ).scalars()
    # A word without a verdict is the team's.
    words = session.execute(
        select(FindingWord).where(FindingWord.assessment_id == assessment.id, FindingWord.verdict.is_(None))
    ).scalars()
    said: dict[str, datetime] = {}
    for word in words:
        said[word.capability] = max(word.at, said.get(word.capability, word.at))
    return [finding.capability for finding in findings if not _is_answered(finding, answers, said)]


def _is_answered(finding: Finding, answers: Mapping[str, Answer], said: Mapping[str, datetime]) -> bool:
    answer = answers.get(finding.capability)
    is_changed = answer is not None and answer.revision > finding.answer_revision
    return is_changed or (finding.capability in said and said[finding.capability] >= finding.at)
