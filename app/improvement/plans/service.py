"""What a team does with its plan. Each function is one action; the caller opens the transaction.

Whoever changes a plan locks its row first. An item carries a revision: who changes what somebody else has changed meanwhile is
told what it says now, and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.accounts.models import Membership, User
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.queries import NO_SUCH_ITEM, NO_SUCH_PLAN
from app.improvement.plans.rules import (
    ALIVE,
    ITEM_STEPS,
    MAX_ITEMS,
    ItemKind,
    ItemState,
    ItemStep,
    PlanState,
)
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.kernel.state import WrongStepError

CHANGED = _l("Somebody has changed this meanwhile. Look at what it says now, and save again if yours is right.")
IS_CLOSED = _l("This plan is closed. What it says stays as it was; begin the next one.")


class ItemChangedError(ConflictError):
    """Somebody has changed the item since the form was opened."""

    def __init__(self) -> None:
        super().__init__(CHANGED)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a team says of an item."""

    what: str
    owner_id: int | None = None
    due_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An item to be put in: what it is about, and with which words it begins."""

    key: str
    kind: ItemKind
    words: Words
    ref: str = ""
    capability: str = ""
    from_level: int | None = None
    to_level: int | None = None
    because: str = ""


@dataclass(frozen=True, kw_only=True)
class Outline:
    """What is said of a plan as a whole."""

    title: str
    review_on: date | None


def begin(
    session: Session,
    *,
    team_id: int,
    framework_id: int,
    outline: Outline,
    baseline_id: int | None,
    today: date,
    now: datetime,
    is_sample: bool = False,
) -> Plan:
    """The team's plan on this framework: the one that runs, or a new one that begins from the snapshot `baseline_id`.

    Two people who begin at once begin the same plan.
    """
    take_turns(session, f"improvement plan {team_id} {framework_id}")
    running = session.execute(
        select(Plan).where(Plan.team_id == team_id, Plan.framework_id == framework_id, Plan.state == PlanState.RUNNING)
    ).scalar_one_or_none()
    if running is not None:
        return running
    _check_review(outline.review_on, today)
    plan = Plan(
        team_id=team_id,
        framework_id=framework_id,
        baseline_id=baseline_id,
        title=outline.title,
        began_on=today,
        review_on=outline.review_on,
        created_at=now,
        is_sample=is_sample,
    )
    session.add(plan)
    session.flush()
    return plan


def _check_review(review_on: date | None, began_on: date) -> None:
    if review_on is not None and review_on <= began_on:
        raise InvalidInputError(_l("Choose a day after the plan has begun."), field="review_on")


def describe(session: Session, plan_id: int, outline: Outline, *, was: Outline) -> Plan:
    """Change title and day of review. Raises ConflictError where somebody has changed them since they were `was`."""
    plan = lock(session, plan_id)
    if Outline(title=plan.title, review_on=plan.review_on) not in {was, outline}:
        raise ConflictError(CHANGED)
    _check_review(outline.review_on, plan.began_on)
    plan.title, plan.review_on = outline.title, outline.review_on
    session.flush()
    return plan


def close(session: Session, plan_id: int, *, learned: str, today: date) -> Plan:
    """End the plan with what was learned. What is not done stays as it is. Raises ConflictError where it is closed already."""
    plan = lock(session, plan_id)
    plan.state, plan.closed_on, plan.learned = PlanState.CLOSED, today, learned
    session.flush()
    return plan


def add_item(session: Session, plan_id: int, draft: Draft, *, actor: User, now: datetime) -> tuple[PlanItem, bool]:
    """Put something into the plan, at its end. What is in it already (by its key) stays as it is, but for what was dropped, which
    is taken up again. Returns the item, and whether that made a difference.

    Raises InvalidInputError for an owner who is not of the team, ConflictError where the plan is closed or full.
    """
    plan = lock(session, plan_id)
    known = session.execute(
        select(PlanItem).where(PlanItem.plan_id == plan_id, PlanItem.key == draft.key)
    ).scalar_one_or_none()
    if known is not None:
        if known.state != ItemState.DROPPED:
            return known, False
        _take(known, ItemStep.REOPEN, reason="", actor=actor, now=now)
        session.flush()
        return known, True
    _check_owner(session, plan, draft.words.owner_id)
    if len(plan.items) >= MAX_ITEMS:
        raise ConflictError(
            _l("A plan holds at most %(most)s items. Close this one, or drop what is no longer wanted.", most=MAX_ITEMS)
        )
    item = PlanItem(
        plan_id=plan_id,
        position=max((each.position for each in plan.items), default=0) + 1,
        capability=draft.capability,
        from_level=draft.from_level,
        to_level=draft.to_level,
        kind=draft.kind,
        ref=draft.ref,
        what=draft.words.what,
        because=draft.because,
        key=draft.key,
        owner_id=draft.words.owner_id,
        due_on=draft.words.due_on,
        state_since=now,
        changed_by_id=actor.id,
    )
    session.add(item)
    session.flush()
    return item, True


def change_item(session: Session, item_id: int, words: Words, *, revision: int, actor: User) -> PlanItem:
    """Say otherwise what it is, whose, and by when. Raises ItemChangedError where it is no longer at `revision`."""
    plan, item = _lock_item(session, item_id, revision)
    if words.owner_id != item.owner_id:
        _check_owner(session, plan, words.owner_id)
    if words.due_on != item.due_on:
        # Whoever moves a day has looked at it; what was said about the old one is over.
        item.nudged_at = None
    item.what, item.owner_id, item.due_on = words.what, words.owner_id, words.due_on
    _sign(item, actor)
    session.flush()
    return item


def take_step(
    session: Session, item_id: int, step: ItemStep, *, reason: str = "", revision: int, actor: User, now: datetime
) -> PlanItem:
    """Begin, finish, drop an item, or take it up again. Dropping needs a reason (InvalidInputError).

    Raises ItemChangedError where it is no longer at `revision`. Whoever asks for what is so already has asked twice.
    """
    _plan, item = _lock_item(session, item_id, None)
    if item.revision != revision:
        if item.revision == revision + 1 and item.changed_by_id == actor.id and _leads_to(step, item.state):
            return item
        raise ItemChangedError
    if step is ItemStep.DROP and not reason:
        raise InvalidInputError(_l("Say why. Whoever reads the plan later learns from it."), field="reason")
    _take(item, step, reason=reason if step is ItemStep.DROP else "", actor=actor, now=now)
    session.flush()
    return item


def _leads_to(step: ItemStep, state: str) -> bool:
    return any(taken is step and after == state for (_before, taken), after in ITEM_STEPS.table.items())


def _take(item: PlanItem, step: ItemStep, *, reason: str, actor: User, now: datetime) -> None:
    """The one place in which an item changes its state. Raises ConflictError where the step does not lead on from there."""
    try:
        item.state = ITEM_STEPS.after(ItemState(item.state), step)
    except WrongStepError:
        raise ItemChangedError from None
    item.state_since, item.reason = now, reason
    if item.state not in ALIVE:
        item.nudged_at = None
    _sign(item, actor)


def _sign(item: PlanItem, actor: User) -> None:
    item.revision += 1
    item.changed_by_id = actor.id


def move(session: Session, item_id: int, *, up: bool) -> PlanItem:
    """Put an item before the one that stands before it, or behind the one that follows, among those that are alive as it is. At an
    end it stays. Nobody's words are touched, so nobody is told that somebody else was quicker.
    """
    plan, item = _lock_item(session, item_id, None)
    ordered = sorted(plan.items, key=lambda each: (each.position, each.id))
    beside = [each for each in ordered if (each.state in ALIVE) == (item.state in ALIVE)]
    place = beside.index(item) + (-1 if up else 1)
    if 0 <= place < len(beside):
        ordered.remove(item)
        ordered.insert(ordered.index(beside[place]) + (0 if up else 1), item)
        for number, each in enumerate(ordered, 1):
            each.position = number
        session.flush()
    return item


def lock(session: Session, plan_id: int) -> Plan:
    """The plan, read afresh under a lock. Raises NotFoundError, ConflictError where it is closed."""
    session.execute(
        update(Plan)
        .where(Plan.id == plan_id)
        .values(revision=Plan.revision + 1)
        .execution_options(synchronize_session=False)
    )
    plan = session.execute(
        select(Plan).where(Plan.id == plan_id).execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if plan is None:
        raise NotFoundError(NO_SUCH_PLAN)
    if plan.state == PlanState.CLOSED:
        raise ConflictError(IS_CLOSED)
    return plan


def _lock_item(session: Session, item_id: int, revision: int | None) -> tuple[Plan, PlanItem]:
    """Raises NotFoundError; ItemChangedError where a revision is given and it is another one by now."""
    plan_id = session.execute(select(PlanItem.plan_id).where(PlanItem.id == item_id)).scalar_one_or_none()
    if plan_id is None:
        raise NotFoundError(NO_SUCH_ITEM)
    plan = lock(session, plan_id)
    item = session.execute(
        select(PlanItem).where(PlanItem.id == item_id).execution_options(populate_existing=True)
    ).scalar_one()
    if revision is not None and item.revision != revision:
        raise ItemChangedError
    return plan, item


def _check_owner(session: Session, plan: Plan, owner_id: int | None) -> None:
    """Raises InvalidInputError for somebody who is not of the team."""
    if owner_id is None:
        return
    member = session.execute(
        select(Membership.user_id).where(Membership.team_id == plan.team_id, Membership.user_id == owner_id)
    )
    if member.first() is None:
        raise InvalidInputError(_l("Choose somebody of the team."), field="owner")
