"""What is written down while an engagement runs: goals, notes, what was agreed, the sessions that belong to it."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import date, datetime
from typing import TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.coaching.engagements.service import CHANGED_MEANWHILE, GoalDraft, lock, today_of
from app.coaching.models import AgreedAction, Engagement, EngagementSession, Goal, Note
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.service import notify
from app.training.models import TrainingSession
from app.training.rules import State

Row = TypeVar("Row", Goal, Note, AgreedAction)
GONE = _l("This is not there any more. Look at the page again.")


def add_goal(session: Session, engagement_id: int, draft: GoalDraft, *, actor: User) -> Goal:
    """What is open and says the same is the same: a form was sent twice. Raises InvalidInputError for a goal that says nothing."""
    if draft.capability_id is None and not draft.text.strip():
        raise InvalidInputError(_l("Choose a capability, or say it in words."), field="text")
    engagement = lock(session, engagement_id, actor, must_run=True)
    draft = replace(draft, text=" ".join(draft.text.split()))
    for there in engagement.goals:
        said = GoalDraft(**{name: getattr(there, name) for name in asdict(draft)})
        if said == draft and there.reached_on is None:
            return there
    goal = Goal(engagement_id=engagement_id, **asdict(draft))
    session.add(goal)
    session.flush()
    return goal


def mark_goal(
    session: Session, engagement_id: int, goal_id: int, *, is_reached: bool, actor: User, now: datetime
) -> None:
    """A goal was reached, or after all not. After the end, too: some are seen to be reached later."""
    lock(session, engagement_id, actor)
    goal = _get(session, Goal, engagement_id, goal_id)
    goal.reached_on = (goal.reached_on or today_of(actor, now)) if is_reached else None
    session.flush()


def remove_goal(session: Session, engagement_id: int, goal_id: int, *, actor: User) -> None:
    lock(session, engagement_id, actor, must_run=True)
    session.delete(_get(session, Goal, engagement_id, goal_id))
    session.flush()


def add_note(
    session: Session, engagement_id: int, *, on: date, text: str, html: str, actor: User, now: datetime
) -> Note:
    """Write something down. The same words of the same person for the same day are the same note: a form was sent twice."""
    text = text.strip()
    if not text:
        raise InvalidInputError(_l("Write something first."), field="text")
    lock(session, engagement_id, actor, must_run=True)
    same = (Note.engagement_id == engagement_id, Note.author_id == actor.id, Note.on == on, Note.text == text)
    there = session.execute(select(Note).where(*same)).scalars().first()
    if there is not None:
        return there
    note = Note(engagement_id=engagement_id, on=on, text=text, html=html, author_id=actor.id, at=now)
    session.add(note)
    session.flush()
    return note


def change_note(
    session: Session,
    engagement_id: int,
    note_id: int,
    *,
    on: date,
    text: str,
    html: str,
    revision: int,
    actor: User,
) -> None:
    """Only whoever wrote a note changes it. Raises ConflictError if it was saved since `revision` was read, in another window."""
    text = text.strip()
    if not text:
        raise InvalidInputError(_l("Write something, or delete the note."), field="text")
    lock(session, engagement_id, actor, must_run=True)
    note = _own_note(session, engagement_id, note_id, actor)
    if note.revision != revision:
        raise ConflictError(CHANGED_MEANWHILE)
    note.on, note.text, note.html = on, text, html
    note.revision += 1
    session.flush()


def delete_note(session: Session, engagement_id: int, note_id: int, *, actor: User) -> None:
    lock(session, engagement_id, actor, must_run=True)
    session.delete(_own_note(session, engagement_id, note_id, actor))
    session.flush()


def agree(
    session: Session,
    engagement_id: int,
    *,
    text: str,
    owner_id: int | None,
    due_on: date | None,
    actor: User,
    now: datetime,
) -> AgreedAction:
    """Agree on something. Whose it is hears of it, unless it is whoever writes it down. What is open in the same words and
    for the same person and day is the same.
    """
    engagement = lock(session, engagement_id, actor, must_run=True)
    text = " ".join(text.split())
    _check_action(engagement, text, owner_id)
    same = (
        AgreedAction.engagement_id == engagement_id,
        AgreedAction.text == text,
        AgreedAction.owner_id.is_not_distinct_from(owner_id),
        AgreedAction.due_on.is_not_distinct_from(due_on),
        AgreedAction.done_at.is_(None),
    )
    there = session.execute(select(AgreedAction).where(*same)).scalars().first()
    if there is not None:
        return there
    action = AgreedAction(engagement_id=engagement_id, text=text, owner_id=owner_id, due_on=due_on)
    session.add(action)
    session.flush()
    _tell_owner(session, engagement, action, actor=actor, now=now)
    return action


def change_action(
    session: Session,
    engagement_id: int,
    action_id: int,
    *,
    text: str,
    owner_id: int | None,
    due_on: date | None,
    revision: int,
    actor: User,
    now: datetime,
) -> None:
    """Say it better, give it to somebody else, move its date. Raises ConflictError if it was saved since `revision` was read."""
    engagement = lock(session, engagement_id, actor, must_run=True)
    text = " ".join(text.split())
    _check_action(engagement, text, owner_id)
    action = _get(session, AgreedAction, engagement_id, action_id)
    if action.revision != revision:
        raise ConflictError(CHANGED_MEANWHILE)
    is_new_owner = owner_id != action.owner_id
    if due_on != action.due_on or is_new_owner:
        # Whoever gets another date, or gets it from somebody else, is told of it again when that one is over.
        action.nudged_at = None
    action.text, action.owner_id, action.due_on = text, owner_id, due_on
    action.revision += 1
    session.flush()
    if is_new_owner:
        _tell_owner(session, engagement, action, actor=actor, now=now)


def mark_action(
    session: Session, engagement_id: int, action_id: int, *, is_done: bool, actor: User, now: datetime
) -> None:
    """Done, or after all not. Saying it twice changes nothing."""
    lock(session, engagement_id, actor)
    action = _get(session, AgreedAction, engagement_id, action_id)
    action.done_at = (action.done_at or now) if is_done else None
    session.flush()


def remove_action(session: Session, engagement_id: int, action_id: int, *, actor: User) -> None:
    lock(session, engagement_id, actor, must_run=True)
    session.delete(_get(session, AgreedAction, engagement_id, action_id))
    session.flush()


def add_session(session: Session, engagement_id: int, slug: str, *, actor: User) -> None:
    """A training session belongs to it. Raises InvalidInputError for one that is not announced."""
    lock(session, engagement_id, actor, must_run=True)
    announced = (TrainingSession.slug == slug, TrainingSession.state != State.DRAFT)
    if session.execute(select(TrainingSession.id).where(*announced)).first() is None:
        raise InvalidInputError(_l("There is no such session."), field="slug")
    if session.get(EngagementSession, (engagement_id, slug)) is None:
        session.add(EngagementSession(engagement_id=engagement_id, training_slug=slug))
    session.flush()


def remove_session(session: Session, engagement_id: int, slug: str, *, actor: User) -> None:
    lock(session, engagement_id, actor, must_run=True)
    session.execute(
        delete(EngagementSession).where(
            EngagementSession.engagement_id == engagement_id, EngagementSession.training_slug == slug
        )
    )


def _check_action(engagement: Engagement, text: str, owner_id: int | None) -> None:
    if not text:
        raise InvalidInputError(_l("Say what was agreed."), field="text")
    people = {each.user_id for each in engagement.team.memberships} | {engagement.coach_id}
    if owner_id is not None and owner_id not in people:
        raise InvalidInputError(_l("Choose somebody of the team, or the coach."), field="owner")


def _tell_owner(session: Session, engagement: Engagement, action: AgreedAction, *, actor: User, now: datetime) -> None:
    owner = session.get(User, action.owner_id) if action.owner_id is not None else None
    if owner is not None and owner.id != actor.id and owner.is_active:
        params = {"engagement": engagement.id, "team": engagement.team.name}
        notify(session, owner, "coaching action", params, now=now)


def _own_note(session: Session, engagement_id: int, note_id: int, actor: User) -> Note:
    note = _get(session, Note, engagement_id, note_id)
    if note.author_id != actor.id:
        raise ForbiddenError(_l("Only whoever wrote a note can change it. Write one of your own beside it."))
    return note


def _get(session: Session, model: type[Row], engagement_id: int, row_id: int) -> Row:
    row = session.get(model, row_id, populate_existing=True)
    if row is None or row.engagement_id != engagement_id:
        raise NotFoundError(GONE)
    return row
