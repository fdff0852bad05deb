"""What whoever signs up is asked, and what they answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, not_, select
from sqlalchemy.orm import Session

from app.kernel.errors import InvalidInputError
from app.training.seats.models import Enrolment, SignupAnswer, SignupQuestion

MAX_QUESTIONS = 12
MAX_ANSWER = 500
MAX_OPTIONS = 12
YES = "yes"


class Form(StrEnum):
    """How a question is answered: in a line, by choosing one of some answers, by agreeing."""

    TEXT = "text"
    CHOICE = "choice"
    CONSENT = "consent"


FORM_NAMES = {
    Form.TEXT: _l("A line of text"),
    Form.CHOICE: _l("One of several answers"),
    Form.CONSENT: _l("Agreeing to something"),
}


@dataclass(frozen=True)
class Question:
    """A question as a coach wrote it; `id` of one that is there already. `options` are those of a choice."""

    form: Form
    label: str
    options: tuple[str, ...] = ()
    is_required: bool = True
    id: int | None = None


def list_questions(session: Session, training_id: int) -> list[SignupQuestion]:
    """The questions of a session, in order."""
    query = select(SignupQuestion).where(SignupQuestion.training_id == training_id).order_by(SignupQuestion.position)
    return list(session.execute(query).scalars())


def write_questions(session: Session, training_id: int, questions: Sequence[Question]) -> None:
    """Ask these, in this order. What was answered to a question that is no longer asked goes with it.

    Raises InvalidInputError for a choice without answers to choose from, and for too many questions.
    """
    if len(questions) > MAX_QUESTIONS:
        raise InvalidInputError(_l("Ask at most %(most)s questions.", most=MAX_QUESTIONS), field="questions")
    for question in questions:
        if question.form is Form.CHOICE and not 2 <= len(set(question.options)) <= MAX_OPTIONS:
            raise InvalidInputError(
                _l(
                    "“%(label)s” needs between 2 and %(most)s different answers.",
                    label=question.label,
                    most=MAX_OPTIONS,
                ),
                field="questions",
            )
    rows = {row.id: row for row in list_questions(session, training_id)}
    kept = {
        question.id
        for question in questions
        if question.id in rows and not _asks_for_another(rows[question.id], question)
    }
    gone = [row for row_id, row in rows.items() if row_id not in kept]
    for row in gone:
        session.delete(row)
    # Positions are unique, so they are first moved out of the way.
    for row_id in kept:
        rows[row_id].position += 2 * MAX_QUESTIONS
    session.flush()
    for position, question in enumerate(questions):
        row = rows[question.id] if question.id in kept else SignupQuestion(training_id=training_id)
        row.position, row.kind, row.label = position, question.form, question.label
        row.options, row.is_required = list(question.options), question.is_required
        session.add(row)
    session.flush()


def _asks_for_another(row: SignupQuestion, question: Question) -> bool:
    """Whoever agreed to one sentence has not agreed to another."""
    return Form.CONSENT in {row.kind, question.form} and (row.kind, row.label) != (question.form, question.label)


def lacks_answers(session: Session, training_id: int, user_id: int) -> bool:
    """Has the person a place without an answer to a question that has to be answered? Whoever a lead signed up was not asked."""
    answered = (
        select(SignupAnswer.question_id)
        .join(Enrolment, Enrolment.id == SignupAnswer.enrolment_id)
        .where(Enrolment.user_id == user_id, SignupAnswer.question_id == SignupQuestion.id)
        .correlate(SignupQuestion)
        .exists()
    )
    query = select(SignupQuestion.id).where(
        SignupQuestion.training_id == training_id, SignupQuestion.is_required, not_(answered)
    )
    return session.execute(query.limit(1)).first() is not None


def write_answers(session: Session, training_id: int, enrolment_id: int, answers: Mapping[int, str]) -> None:
    """Keep what was answered, in place of what was answered before. Raises InvalidInputError, whose field is the question
    (`question-<id>`), where an answer is missing or none of those to choose from.
    """
    given = {question: answers.get(question.id, "").strip() for question in list_questions(session, training_id)}
    for question, answer in given.items():
        _check(question, answer)
    session.execute(delete(SignupAnswer).where(SignupAnswer.enrolment_id == enrolment_id))
    session.add_all(
        SignupAnswer(enrolment_id=enrolment_id, question_id=question.id, value=answer)
        for question, answer in given.items()
        if answer
    )
    session.flush()


def _check(question: SignupQuestion, answer: str) -> None:
    field = f"question-{question.id}"
    if not answer:
        if question.is_required and question.kind == Form.CONSENT:
            raise InvalidInputError(_l("Without this you cannot take part."), field=field)
        if question.is_required:
            raise InvalidInputError(_l("Please answer this."), field=field)
        return
    if len(answer) > MAX_ANSWER:
        raise InvalidInputError(_l("Use at most %(most)s characters.", most=MAX_ANSWER), field=field)
    allowed = {Form.CHOICE: question.options, Form.CONSENT: [YES]}.get(Form(question.kind))
    if allowed is not None and answer not in allowed:
        raise InvalidInputError(_l("Choose one of the answers."), field=field)
