"""Reminding people of what lies about: each at most once in a round of the manuscript, however often this is called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.db import db, take_turns
from app.notifications.service import notify
from app.writing.models import Manuscript
from app.writing.policy import is_near
from app.writing.queries import ROW, list_reviewers
from app.writing.review.models import Nudged
from app.writing.review.rules import Nudge, has_been_left_lying, nobody_made_the_changes, nudge_for_review
from app.writing.rules import State

# Reminders in one transaction; the rest comes with the next one.
BATCH = 200
# Which day a moment is at the house, and until when what was submitted then should be reviewed.
Days = Callable[[datetime], date]


@dataclass(frozen=True)
class Reminder:
    manuscript: Manuscript
    person: User
    nudge: Nudge
    due_on: date

    @property
    def key(self) -> tuple[int, int, str, datetime]:
        return self.manuscript.id, self.person.id, self.nudge, self.manuscript.state_since


def list_reminders(day_of: Days, due_day: Days, *, now: datetime) -> list[Reminder]:
    """What has to be said today and was not said in this round; at most BATCH."""
    query = (
        select(Manuscript)
        .where(Manuscript.state.in_([State.SUBMITTED, State.CHANGES_REQUESTED]))
        .options(*ROW)
        .order_by(Manuscript.state_since, Manuscript.id)
    )
    manuscripts = list(db.session.execute(query).unique().scalars())
    ids = [each.id for each in manuscripts]
    rows = db.session.execute(select(Nudged).where(Nudged.manuscript_id.in_(ids))).scalars()
    said = {(row.manuscript_id, row.user_id, row.nudge, row.round) for row in rows}
    found: list[Reminder] = []
    for manuscript in manuscripts:
        found += [each for each in _of(manuscript, day_of, due_day, day_of(now)) if each.key not in said]
        if len(found) >= BATCH:
            break
    return found[:BATCH]


def _of(manuscript: Manuscript, day_of: Days, due_day: Days, today: date) -> Iterator[Reminder]:
    if manuscript.state == State.CHANGES_REQUESTED:
        # Whoever saves has begun.
        if nobody_made_the_changes(day_of(manuscript.updated_at), today):
            for author in manuscript.authors:
                if author.user.is_active:
                    yield Reminder(manuscript, author.user, Nudge.CHANGES, today)
        return
    for assignment in manuscript.assignments:
        nudge = nudge_for_review(assignment.due_on, today)
        if nudge is not None and assignment.user.is_active and not is_near(assignment.user, manuscript):
            yield Reminder(manuscript, assignment.user, nudge, assignment.due_on)
    due_on = min((each.due_on for each in manuscript.assignments), default=due_day(manuscript.state_since))
    if has_been_left_lying(due_on, today):
        for editor in list_reviewers(manuscript):
            yield Reminder(manuscript, editor, Nudge.LEFT_LYING, due_on)


def remind(session: Session, day_of: Days, due_day: Days, *, now: datetime) -> int:
    """Send what is due. Returns how many were sent."""
    take_turns(session, "review reminders")
    reminders = list_reminders(day_of, due_day, now=now)
    for each in reminders:
        manuscript_id, user_id, nudge, round_ = each.key
        session.add(Nudged(manuscript_id=manuscript_id, user_id=user_id, nudge=nudge, round=round_, at=now))
        params = {"id": manuscript_id, "title": each.manuscript.title, "due": each.due_on.isoformat()}
        notify(session, each.person, f"review {each.nudge}", params, now=now)
    session.flush()
    return len(reminders)
