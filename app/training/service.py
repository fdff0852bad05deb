"""What those who run a session do with it. Each function is one action; the caller opens the transaction.

Everything that touches an existing session locks it first (see `seats.ledger.lock`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.errors import ConflictError, InvalidInputError
from app.kernel.markup import Rendered, render
from app.kernel.slugs import unique_slug
from app.kernel.state import WrongStepError
from app.notifications.service import notify
from app.training.models import Meeting, TrainingCoach, TrainingSession
from app.training.rules import (
    MAX_CAPACITY,
    MAX_REASON,
    SESSION_STEPS,
    State,
    Step,
    check_future,
    check_meetings,
    check_times,
)
from app.training.seats.deciding import release
from app.training.seats.filling import fill_seats
from app.training.seats.head_starts import give_head_start
from app.training.seats.ledger import list_places, lock
from app.training.seats.rules import Seat
from app.training.seats.telling import announcement, invitation
from app.training.telling import tell_of_session


@dataclass(frozen=True, kw_only=True)
class Details:
    """What is said about a session. `description` is Markdown, `coach_ids` in the order in which they are named. `meetings` are
    (start, end) in their order, from `starts_at` to `ends_at`; without any there is one, as long as the session.
    """

    kind: str
    title: str
    description: str
    language: str
    capability_id: int | None
    level: int | None
    starts_at: datetime
    ends_at: datetime
    time_zone: str
    place: str
    link: str
    capacity: int
    signup_opens_at: datetime | None
    signup_closes_at: datetime | None
    coach_ids: Sequence[int]
    meetings: Sequence[tuple[datetime, datetime]] = ()
    course_id: int | None = None

    @property
    def times(self) -> list[tuple[datetime, datetime]]:
        """(start, end) of every meeting."""
        return list(self.meetings) or [(self.starts_at, self.ends_at)]


def details_of(training: TrainingSession) -> Details:
    """What is said about a session now."""
    same = [item.name for item in fields(Details) if item.name not in {"coach_ids", "meetings"}]
    return Details(
        **{name: getattr(training, name) for name in same},
        coach_ids=[row.user_id for row in training.coach_rows],
        meetings=[(meeting.starts_at, meeting.ends_at) for meeting in training.meetings],
    )


def create(
    session: Session,
    details: Details,
    *,
    actor: User,
    now: datetime,
    slug: str | None = None,
    is_sample: bool = False,
    rendered: Rendered | None = None,
) -> TrainingSession:
    """Prepare a session as a draft. Whoever makes many of them brings the description `rendered`. Raises InvalidInputError for
    details that contradict each other.
    """
    check_future(details.starts_at, now)
    training = TrainingSession(
        slug=slug or unique_slug(details.title, "session"),
        state=State.DRAFT,
        created_by_id=actor.id,
        created_at=now,
        is_sample=is_sample,
    )
    _write(training, details, rendered, now=now)
    session.add(training)
    session.flush()
    return training


def change(
    session: Session,
    training_id: int,
    details: Details,
    *,
    revision: int,
    actor: User,
    now: datetime,
    rendered: Rendered | None = None,
) -> TrainingSession:
    """Say something else about a session, and tell those with a place if time or place is another. Seats that a raised
    capacity brings go to the waiting list; a lowered one takes no seat away.

    Raises ConflictError if somebody else changed it since `revision`, or it is cancelled; InvalidInputError for
    details that contradict each other.
    """
    training = lock(session, training_id)
    if training.revision != revision:
        raise ConflictError(
            _l(
                "Somebody else changed this session while you did. Look at what it says now in another window; "
                "saving again replaces it with what stands here."
            )
        )
    if training.state == State.CANCELLED:
        raise ConflictError(_l("This session is cancelled and stays as it is."))
    if details.starts_at != training.starts_at:
        check_future(details.starts_at, now)
    if training.decided_at is None and training.decision_asked_at is None and training.decide_at is not None:
        # Whether it takes place is decided as long before it begins as it was to be.
        training.decide_at += details.starts_at - training.starts_at
    before = _told(training)
    new_coaches = set(details.coach_ids) - training.coach_ids
    _write(training, details, rendered, now=now)
    training.revision += 1
    session.flush()
    if training.state == State.PUBLISHED:
        release(session, training, new_coaches, by=actor, now=now)
        _tell_change(session, training, before, now=now)
        fill_seats(session, training, by_id=actor.id, now=now)
    return training


def publish(session: Session, training_id: int, *, now: datetime) -> TrainingSession:
    """Show a draft to everybody and open its sign-up. Raises ConflictError, or InvalidInputError if it lies behind."""
    training = lock(session, training_id)
    _take_step(training, Step.PUBLISH)
    check_future(training.starts_at, now)
    training.updated_at = now
    training.revision += 1
    give_head_start(session, training, now=now)
    tell_of_session(session, training, now=now)
    session.flush()
    return training


def cancel(session: Session, training_id: int, *, reason: str, actor: User, now: datetime) -> TrainingSession:
    """Call a session off and tell everybody with a place, and its other coaches. The places stay as history.

    Raises InvalidInputError without a reason, ConflictError for a session that is over or not published.
    """
    if not reason.strip() or len(reason) > MAX_REASON:
        raise InvalidInputError(
            _l("Say why in at most 500 characters; everybody with a place will read it."), field="reason"
        )
    training = lock(session, training_id)
    if training.ends_at <= now:
        raise ConflictError(_l("This session is over; it cannot be cancelled any more."))
    _take_step(training, Step.CANCEL)
    training.cancel_reason, training.updated_at = reason.strip(), now
    training.sequence += 1
    training.revision += 1
    params = {**announcement(training), "reason": training.cancel_reason}
    people = [enrolment.user for enrolment in list_places(session, training)]
    people += [coach for coach in training.coaches if coach.id != actor.id]
    for person in people:
        notify(session, person, "training cancelled", params, now=now)
    session.flush()
    return training


def discard(session: Session, training_id: int) -> None:
    """Delete a draft. Raises ConflictError for what was published: it can be cancelled, not undone."""
    training = lock(session, training_id)
    if training.state != State.DRAFT:
        raise ConflictError(_l("Only a draft can be deleted. Cancel the session instead, so that people hear of it."))
    session.delete(training)
    session.flush()


def _take_step(training: TrainingSession, step: Step) -> None:
    """The one way in which the state of a session changes. Raises ConflictError for a step that the table lacks."""
    try:
        training.state = SESSION_STEPS.after(State(training.state), step)
    except WrongStepError:
        raise ConflictError(_WRONG_STEPS[step, State(training.state)]) from None


_WRONG_STEPS = {
    (Step.PUBLISH, State.PUBLISHED): _l("This session is published already."),
    (Step.PUBLISH, State.CANCELLED): _l("This session is cancelled. Announce a new one instead."),
    (Step.CANCEL, State.DRAFT): _l("This session is a draft that nobody else sees. Delete it instead."),
    (Step.CANCEL, State.CANCELLED): _l("This session is cancelled already."),
}


def _write(training: TrainingSession, details: Details, rendered: Rendered | None, *, now: datetime) -> None:
    _check(training, details)
    shown = (*_IN_CALENDARS, "description")
    before = {name: getattr(training, name) for name in shown} if training.id else {}
    times = _times(training)
    for item in fields(details):
        if item.name not in {"coach_ids", "description", "meetings"}:
            setattr(training, item.name, getattr(details, item.name))
    if before.get("description") != details.description:
        rendered = rendered or render(details.description)
        training.description = details.description
        training.description_html, training.description_text = rendered.html, rendered.text
    _write_coaches(training, details.coach_ids)
    _write_meetings(training, details.times)
    if training.state == State.PUBLISHED and (
        any(getattr(training, name) != before[name] for name in shown) or _times(training) != times
    ):
        training.sequence += 1
    training.updated_at = now


_IN_CALENDARS = ("title", "starts_at", "ends_at", "time_zone", "place", "link")


def _check(training: TrainingSession, details: Details) -> None:
    check_times(
        starts_at=details.starts_at,
        ends_at=details.ends_at,
        signup_opens_at=details.signup_opens_at,
        signup_closes_at=details.signup_closes_at,
    )
    check_meetings(details.times)
    if not 1 <= details.capacity <= MAX_CAPACITY:
        raise InvalidInputError(_l("Choose between 1 and 1,000 seats."), field="capacity")
    if training.minimum is not None and details.capacity < training.minimum:
        raise InvalidInputError(
            _l(
                "%(minimum)s have to come for it to take place; choose at least as many seats.",
                minimum=training.minimum,
            ),
            field="capacity",
        )
    if not details.coach_ids:
        raise InvalidInputError(_l("Choose at least one coach who runs it."), field="coaches")
    if not details.place and not details.link:
        raise InvalidInputError(_l("Say where it takes place, or give the link to join."), field="place")


def _write_coaches(training: TrainingSession, coach_ids: Sequence[int]) -> None:
    rows = {row.user_id: row for row in training.coach_rows}
    wanted = list(dict.fromkeys(coach_ids))
    training.coach_rows = [rows.get(user_id) or TrainingCoach(user_id=user_id) for user_id in wanted]
    for position, row in enumerate(training.coach_rows):
        row.position = position


def _write_meetings(training: TrainingSession, times: Sequence[tuple[datetime, datetime]]) -> None:
    """The meetings in their order. One that is moved stays the same meeting, so that its attendance stays with it."""
    present = list(training.meetings)
    for meeting, (starts_at, ends_at) in zip(present, times, strict=False):
        meeting.starts_at, meeting.ends_at = starts_at, ends_at
    training.meetings = present[: len(times)] + [
        Meeting(starts_at=starts_at, ends_at=ends_at) for starts_at, ends_at in times[len(present) :]
    ]


def _times(training: TrainingSession) -> list[tuple[datetime, datetime]]:
    """When it meets."""
    return [(meeting.starts_at, meeting.ends_at) for meeting in training.meetings]


def _told(training: TrainingSession) -> dict[str, Any]:
    """What people with a place know of a session."""
    times = [[start.isoformat(), end.isoformat()] for start, end in _times(training)]
    return {**invitation(training), "meetings": times}


def _tell_change(session: Session, training: TrainingSession, before: dict[str, Any], *, now: datetime) -> None:
    """Time or place is another: everybody with a place hears of it. Only the link is another: those with a seat do."""
    after = _told(training)
    moved = any(after[name] != before[name] for name in _TOLD)
    if not moved and after["link"] == before["link"]:
        return
    earlier = {f"{name}_before": before[name] for name in _TOLD}
    for enrolment in list_places(session, training):
        if enrolment.state == Seat.CONFIRMED:
            notify(session, enrolment.user, "training changed", {**after, **earlier}, now=now)
        elif moved:
            public = {**announcement(training), "meetings": after["meetings"]}
            notify(session, enrolment.user, "training changed", {**public, **earlier}, now=now)


_TOLD = ("starts", "ends", "place", "meetings")
