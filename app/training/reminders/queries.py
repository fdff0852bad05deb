"""Who has to be reminded of what now."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select
from sqlalchemy.orm import contains_eager

from app.accounts.models import User
from app.kernel.db import db
from app.training.models import Meeting, TrainingSession
from app.training.reminders.models import Reminder, ReminderPlan
from app.training.reminders.rules import AHEAD, DEFAULT, Lead
from app.training.rules import State
from app.training.seats.models import Enrolment
from app.training.seats.rules import Seat


def chosen_leads(training_id: int) -> frozenset[Lead]:
    """How long before this session's people are reminded."""
    return leads_of(db.session.get(ReminderPlan, training_id))


def leads_of(plan: ReminderPlan | None) -> frozenset[Lead]:
    return DEFAULT if plan is None else frozenset(lead for lead in Lead if getattr(plan, lead))


def due(lead: Lead, now: datetime) -> Select[Enrolment, Meeting, ReminderPlan, Reminder]:
    """(place, meeting, plan, last reminder) wherever a reminder with this lead is due and was not thought of: the person has
    a seat, the session takes place, the meeting has not begun.
    """
    of_this = and_(
        Reminder.enrolment_id == Enrolment.id, Reminder.meeting_id == Meeting.id, Reminder.lead == lead.value
    )
    return (
        select(Enrolment, Meeting, ReminderPlan, Reminder)
        .join(Enrolment.training)
        .join(Enrolment.user)
        .join(Meeting, Meeting.training_id == TrainingSession.id)
        .outerjoin(ReminderPlan, ReminderPlan.training_id == TrainingSession.id)
        .outerjoin(Reminder, of_this)
        .where(Meeting.starts_at > now, Meeting.starts_at <= now + AHEAD[lead], _is_chosen(lead))
        .where(TrainingSession.state == State.PUBLISHED, Enrolment.state == Seat.CONFIRMED, User.disabled_at.is_(None))
        .where(or_(Reminder.covers_until.is_(None), Reminder.covers_until < Meeting.starts_at))
        .options(contains_eager(Enrolment.training), contains_eager(Enrolment.user))
        .order_by(Meeting.starts_at, Enrolment.id)
    )


def _is_chosen(lead: Lead) -> ColumnElement[bool]:
    return func.coalesce(getattr(ReminderPlan, lead.value), literal(lead in DEFAULT)).is_(True)


def find_meeting(meeting_id: int) -> Meeting | None:
    return db.session.get(Meeting, meeting_id)
