"""Announcing a series, changing it, publishing it. Each function is one action; the caller opens the transaction.

Whoever acts on a series locks its row, and then its sessions in the order of their ids, so that two who do so wait for each
other instead of for ever. Sign-ups lock one session and never a series.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import uuid4

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload, undefer_group

from app.accounts.models import User
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from app.kernel.markup import render
from app.kernel.slugs import MAX_LENGTH, slugify
from app.training import service
from app.training.courses.models import Series
from app.training.courses.retelling import on_day, retold
from app.training.courses.rules import Pattern, Scope, first_day, naming
from app.training.models import TrainingSession
from app.training.policy import can_edit
from app.training.rules import State
from app.training.service import Details, details_of


def create_series(
    session: Session,
    details: Details,
    days: Sequence[date],
    *,
    pattern: Pattern,
    token: str,
    actor: User,
    now: datetime,
) -> Series:
    """Prepare a draft for each of the days. What `details` say of times is said of the first day. A form that is sent twice has
    the same `token` and finds the series that it made.

    Raises InvalidInputError for details that contradict each other, or a time that no clock shows on one of the days.
    """
    take_turns(session, "training series")
    made = session.execute(select(Series).where(Series.token == token, Series.created_by_id == actor.id))
    series = made.scalar_one_or_none()
    if series is not None:
        return series
    series = Series(token=token, pattern=pattern, created_by_id=actor.id, created_at=now)
    session.add(series)
    session.flush()
    rendered = render(details.description)
    slugs = _free_slugs(session, details.title, days)
    for day, slug in zip(days, slugs, strict=True):
        with naming(day):
            training = service.create(session, on_day(details, day), actor=actor, now=now, slug=slug, rendered=rendered)
        training.series_id, training.series_date = series.id, day
    session.flush()
    return series


def _free_slugs(session: Session, title: str, days: Sequence[date]) -> list[str]:
    """`small-steps-2026-12-01`, and where that is taken, with a number behind it."""
    stem = slugify(title)[: MAX_LENGTH - len("-2026-12-01-999")].rstrip("-") or "session"
    taken = set(
        session.execute(select(TrainingSession.slug).where(TrainingSession.slug.startswith(f"{stem}-"))).scalars()
    )
    slugs = []
    for day in days:
        slug, number = f"{stem}-{day}", 1
        while slug in taken:
            number += 1
            slug = f"{stem}-{day}-{number}"
        slugs.append(slug)
    return slugs


def change_series(
    session: Session,
    training_id: int,
    details: Details,
    *,
    scope: Scope,
    seen: Mapping[int, int],
    actor: User,
    now: datetime,
) -> int:
    """Say something else about a session and about others of its series: the later ones, or all that are still to come. What
    was not touched stays as each of them has it. `seen` are the revisions that the actor saw, by id. Returns how many
    sessions say something else now. A change of the later ones makes them a series of their own.

    Raises ConflictError if somebody else changed one of them meanwhile, ForbiddenError if the actor does not run all of
    them, InvalidInputError for details that will not do on one of the days.
    """
    series, trainings = _lock(session, training_id)
    edited = next(training for training in trainings if training.id == training_id)
    affected = _affected(trainings, edited, scope, now)
    _refuse_unless_same(affected, seen)
    refuse_unless_runs(actor, affected)
    before, rendered = details_of(edited), render(details.description)
    changed = 0
    for training in affected:
        present = details_of(training)
        with naming(first_day(training.starts_at, training.time_zone)):
            wanted = details if training is edited else retold(before, details, present)
            if wanted == present:
                continue
            is_same_text = wanted.description == details.description
            service.change(
                session,
                training.id,
                wanted,
                revision=training.revision,
                actor=actor,
                now=now,
                rendered=rendered if is_same_text else None,
            )
        changed += 1
    if changed and scope is Scope.LATER:
        _split(session, series, trainings, edited, actor=actor, now=now)
    session.flush()
    return changed


def to_change(trainings: Sequence[TrainingSession], now: datetime) -> list[TrainingSession]:
    """Those of a series that a change of all would touch: what has begun or is cancelled stays as it is."""
    return [training for training in trainings if training.starts_at > now and training.state != State.CANCELLED]


def _affected(
    trainings: Sequence[TrainingSession], edited: TrainingSession, scope: Scope, now: datetime
) -> list[TrainingSession]:
    if edited.starts_at <= now:
        raise ConflictError(
            _l(
                "This session has begun, so it can only be changed by itself. To change the series, open one that is still to come."
            )
        )
    if edited.state == State.CANCELLED:
        raise ConflictError(_l("This session is cancelled and stays as it is."))
    affected = to_change(trainings, now)
    if scope is Scope.LATER:
        affected = [training for training in affected if _place_in(training) >= _place_in(edited)]
    return affected


def _place_in(training: TrainingSession) -> date:
    """Where in its series a session stands, whatever day it was moved to."""
    assert training.series_date is not None
    return training.series_date


def _refuse_unless_same(trainings: Sequence[TrainingSession], seen: Mapping[int, int]) -> None:
    changed = [training for training in trainings if seen.get(training.id) != training.revision]
    if changed:
        days = ", ".join(f"{first_day(training.starts_at, training.time_zone)}" for training in changed[:5])
        raise ConflictError(
            _l(
                "Somebody else changed sessions of this series while you did: %(days)s. Look at what they say now in another "
                "window; saving again replaces it with what stands here.",
                days=days + (" …" if len(changed) > 5 else ""),
            )
        )


def refuse_unless_runs(actor: User, trainings: Sequence[TrainingSession]) -> None:
    others = [training for training in trainings if not can_edit(actor, training)]
    if others:
        raise ForbiddenError(
            _l(
                "You do not run all of these sessions: %(title)s on %(day)s belongs to somebody else. Change this one by itself.",
                title=others[0].title,
                day=first_day(others[0].starts_at, others[0].time_zone).isoformat(),
            )
        )


def _split(
    session: Session,
    series: Series,
    trainings: Sequence[TrainingSession],
    edited: TrainingSession,
    *,
    actor: User,
    now: datetime,
) -> None:
    """Make a series of its own of `edited` and all that come after it, if any come before."""
    later = [training for training in trainings if _place_in(training) >= _place_in(edited)]
    if len(later) == len(trainings):
        return
    rest = Series(token=uuid4().hex, pattern=series.pattern, created_by_id=actor.id, created_at=now)
    session.add(rest)
    session.flush()
    for training in later:
        training.series_id = rest.id


def publish_series(session: Session, series_id: int, *, actor: User, now: datetime) -> int:
    """Publish every draft of the series that lies ahead. Returns how many. Raises ConflictError where there is none, and
    ForbiddenError if the actor does not run all of them.
    """
    drafts = [each for each in _drafts(session, series_id) if each.starts_at > now]
    refuse_unless_runs(actor, drafts)
    if not drafts:
        raise ConflictError(_l("There is no draft to publish in this series."))
    for training in drafts:
        service.publish(session, training.id, now=now)
    return len(drafts)


def discard_series(session: Session, series_id: int, *, actor: User) -> int:
    """Delete every draft of the series. Returns how many. Raises ConflictError where there is none, and ForbiddenError if the
    actor does not run all of them.
    """
    drafts = _drafts(session, series_id)
    refuse_unless_runs(actor, drafts)
    if not drafts:
        raise ConflictError(_l("There is no draft to delete in this series."))
    for training in drafts:
        service.discard(session, training.id)
    return len(drafts)


def _drafts(session: Session, series_id: int) -> list[TrainingSession]:
    return [training for training in lock_series(session, series_id)[1] if training.state == State.DRAFT]


def _lock(session: Session, training_id: int) -> tuple[Series, list[TrainingSession]]:
    """The series of a session, and its sessions, as they stay until this transaction ends."""
    series_id = session.execute(
        select(TrainingSession.series_id).where(TrainingSession.id == training_id)
    ).scalar_one_or_none()
    series, trainings = lock_series(session, series_id)
    if training_id not in {training.id for training in trainings}:
        raise ConflictError(_l("The series was changed while you did. Look at it again, and save once more."))
    return series, trainings


def lock_series(session: Session, series_id: int | None) -> tuple[Series, list[TrainingSession]]:
    series = session.execute(select(Series).where(Series.id == series_id).with_for_update()).scalar_one_or_none()
    if series is None:
        raise NotFoundError(_l("There is no such series."))
    query = (
        select(TrainingSession)
        .where(TrainingSession.series_id == series_id)
        .order_by(TrainingSession.id)
        .options(
            undefer_group("texts"), selectinload(TrainingSession.meetings), selectinload(TrainingSession.coach_rows)
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return series, list(session.execute(query).unique().scalars())
