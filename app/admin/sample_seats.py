"""How the seats of a sample session are given out, and who has them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.models import Team, User
from app.admin.sample_dates import Data
from app.training.models import TrainingSession
from app.training.rules import Waiting
from app.training.seats.deciding import approve
from app.training.seats.holds import hold
from app.training.seats.questions import Form, Question, list_questions, write_questions
from app.training.seats.settings import Settings, change_settings
from app.training.seats.taking import enrol, withdraw


def settle(session: Session, training: TrainingSession, item: Data, *, actor: User, now: datetime) -> None:
    """What its coaches chose before anybody could sign up: how seats are given out, and what is asked."""
    seats = item.get("seats", {})
    minimum = seats.get("minimum")
    settings = Settings(
        needs_approval=seats.get("approval", False),
        waiting=Waiting(seats.get("waiting", Waiting.PROMOTION)),
        offer_hours=seats.get("offer_hours", 24),
        absentees_last=seats.get("absentees_last", False),
        minimum=minimum,
        decide_at=training.starts_at - timedelta(days=seats["decided_before"]) if minimum else None,
    )
    change_settings(session, training.id, settings, revision=training.revision, actor=actor, now=now)
    questions = [
        Question(Form(each["form"]), each["label"], tuple(each.get("options", ())), each.get("required", True))
        for each in item.get("questions", ())
    ]
    write_questions(session, training.id, questions)


def fill(
    session: Session,
    training: TrainingSession,
    item: Data,
    people: Mapping[str, User],
    teams: Mapping[str, Team],
    *,
    actor: User,
    now: datetime,
) -> None:
    """Seats are held, people take seats, wait, ask, and some leave again. What is asked and not yet approved stays so."""
    for slug, kept in item.get("holds", {}).items():
        until = training.starts_at - timedelta(days=kept["until_before"])
        hold(session, training.id, team_id=teams[slug].id, seats=kept["seats"], until=until, actor=actor, now=now)
    questions = list_questions(session, training.id)
    taken = item.get("taken", ())
    for email in (*taken, *item.get("waiting", ()), *item.get("requests", ())):
        given = item.get("answers", {}).get(email, ())
        answers = {question.id: value for question, value in zip(questions, given, strict=False)}
        enrol(session, training.id, actor=people[email], now=now, answers=answers)
    if training.needs_approval:
        approve(session, training.id, [people[email].id for email in taken], actor=actor, now=now)
    for email in item.get("leave", ()):
        withdraw(session, training.id, actor=people[email], now=now)
