"""Reading what belongs to reviews: who reviews what and how much, what waits, what was said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import RoleGrant, User
from app.accounts.rules import Permission, Role, permits
from app.capabilities.models import Capability
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.writing.models import Assignment, Manuscript, ManuscriptEvent
from app.writing.queries import ROW, queue_of
from app.writing.review.models import (
    AssignmentReason,
    FindingAnswer,
    GuardedWord,
    HandedBack,
    Remark,
    RemarkEntry,
    Review,
    ReviewerCapability,
)
from app.writing.rules import DECISIONS, State

RECENT = timedelta(days=90)
MAX_WORDS = 2_000
# Of the queue so many are sorted; nobody ever looks at the rest before these are gone.
MAX_QUEUE = 2_000


@dataclass(frozen=True)
class Waiting:
    """What waits for a decision, and until when it should be there."""

    manuscript_id: int
    kind: str
    capability_id: int | None
    due_on: date | None
    state_since: datetime


def list_waiting(user: User) -> list[Waiting]:
    """Everything that this person may decide on. `due_on` is the earliest day that a reviewer was given."""
    due = (
        select(func.min(Assignment.due_on))
        .where(Assignment.manuscript_id == Manuscript.id)
        .correlate(Manuscript)
        .scalar_subquery()
    )
    query = queue_of(user).with_only_columns(
        Manuscript.id, Manuscript.kind, Manuscript.capability_id, due, Manuscript.state_since
    )
    return [Waiting(*row) for row in db.session.execute(query.limit(MAX_QUEUE))]


def assigned_ids(user_id: int | None) -> set[int]:
    """The manuscripts that wait and that this person was asked to review; with None those for which anybody was."""
    query = select(Assignment.manuscript_id).join(Manuscript).where(Manuscript.state == State.SUBMITTED)
    if user_id is not None:
        query = query.where(Assignment.user_id == user_id)
    return set(db.session.execute(query).scalars())


def load_manuscripts(ids: Sequence[int]) -> list[Manuscript]:
    """In the order of `ids`."""
    query = select(Manuscript).where(Manuscript.id.in_(ids)).options(*ROW)
    found = {row.id: row for row in db.session.execute(query).unique().scalars()} if ids else {}
    return [found[each] for each in ids if each in found]


@dataclass(frozen=True)
class Load:
    """What somebody who reviews has to do, and has done."""

    user: User
    open: int
    overdue: int
    decided: int


def editors() -> Select[User]:
    roles = [role for role in Role if permits([role], Permission.REVIEW)]
    return select(User).where(User.disabled_at.is_(None), User.grants.any(RoleGrant.role.in_(roles)))


def open_counts() -> Counter[int]:
    """{user id: open reviews}"""
    query = (
        select(Assignment.user_id, func.count())
        .join(Manuscript)
        .where(Manuscript.state == State.SUBMITTED)
        .group_by(Assignment.user_id)
    )
    return Counter({user_id: number for user_id, number in db.session.execute(query)})


def list_loads(today: date, now: datetime) -> list[Load]:
    """Of everybody who reviews: editors, those whom an editor named, and those who were asked. Most open reviews first."""
    opened = open_counts()
    overdue = dict(
        db.session.execute(
            select(Assignment.user_id, func.count())
            .join(Manuscript)
            .where(Manuscript.state == State.SUBMITTED, Assignment.due_on < today)
            .group_by(Assignment.user_id)
        ).all()
    )
    decided = dict(
        db.session.execute(
            select(ManuscriptEvent.actor_id, func.count())
            .where(ManuscriptEvent.step.in_(DECISIONS), ManuscriptEvent.at >= now - RECENT)
            .group_by(ManuscriptEvent.actor_id)
        ).all()
    )
    named = select(ReviewerCapability.user_id)
    query = select(User).where(
        User.disabled_at.is_(None),
        or_(User.id.in_(editors().with_only_columns(User.id)), User.id.in_(named), User.id.in_(list(opened))),
    )
    people = db.session.execute(query).unique().scalars()
    loads = [Load(user, opened[user.id], overdue.get(user.id, 0), decided.get(user.id, 0)) for user in people]
    return sorted(loads, key=lambda each: (-each.open, each.user.name, each.user.id))


def capabilities_of_reviewers() -> dict[int, list[Capability]]:
    """{user id: what an editor said that the person reviews}, in the order of the framework."""
    query = (
        select(ReviewerCapability)
        .join(ReviewerCapability.capability)
        .options(
            joinedload(ReviewerCapability.capability).joinedload(Capability.area),
            joinedload(ReviewerCapability.capability).joinedload(Capability.framework),
        )
        .order_by(Capability.area_id, Capability.position)
    )
    found: dict[int, list[Capability]] = {}
    for row in db.session.execute(query).scalars():
        found.setdefault(row.user_id, []).append(row.capability)
    return found


def asked_at(user_ids: Sequence[int]) -> Mapping[int, datetime]:
    """{user id: when the person was last asked to review something}, whether or not it was handed back."""
    last: dict[int, datetime] = {}
    queries = (
        select(Assignment.user_id, func.max(Assignment.assigned_at))
        .where(Assignment.user_id.in_(user_ids))
        .group_by(Assignment.user_id),
        select(HandedBack.user_id, func.max(HandedBack.at))
        .where(HandedBack.user_id.in_(user_ids))
        .group_by(HandedBack.user_id),
    )
    for query in queries:
        for user_id, moment in db.session.execute(query):
            last[user_id] = max(moment, last.get(user_id, moment))
    return last


def who_handed_back(manuscript_id: int) -> list[HandedBack]:
    query = (
        select(HandedBack)
        .where(HandedBack.manuscript_id == manuscript_id)
        .options(joinedload(HandedBack.user))
        .order_by(HandedBack.id)
    )
    return list(db.session.execute(query).unique().scalars())


def reasons_of(manuscript_ids: Sequence[int]) -> Mapping[int, AssignmentReason]:
    """{assignment id: why the rule chose}"""
    query = (
        select(AssignmentReason).join(AssignmentReason.assignment).where(Assignment.manuscript_id.in_(manuscript_ids))
    )
    return {row.assignment_id: row for row in db.session.execute(query).scalars()} if manuscript_ids else {}


def list_reviews(manuscript_id: int) -> list[Review]:
    """The latest first."""
    query = (
        select(Review)
        .where(Review.manuscript_id == manuscript_id)
        .options(joinedload(Review.reviewer))
        .order_by(Review.id.desc())
    )
    return list(db.session.execute(query).unique().scalars())


def list_remarks(manuscript_id: int) -> list[Remark]:
    query = (
        select(Remark)
        .where(Remark.manuscript_id == manuscript_id)
        .options(selectinload(Remark.entries).joinedload(RemarkEntry.author), joinedload(Remark.done_by))
        .order_by(Remark.id)
    )
    return list(db.session.execute(query).unique().scalars())


def get_remark(manuscript_id: int, remark_id: int) -> Remark:
    """Raises NotFoundError."""
    query = (
        select(Remark)
        .where(Remark.manuscript_id == manuscript_id, Remark.id == remark_id)
        .options(selectinload(Remark.entries).joinedload(RemarkEntry.author))
    )
    remark = db.session.execute(query).unique().scalar_one_or_none()
    if remark is None:
        raise NotFoundError(_l("There is no such remark. It may have been taken back."))
    return remark


def guarded_words() -> list[str]:
    query = select(GuardedWord.word).order_by(GuardedWord.normal).limit(MAX_WORDS)
    return list(db.session.execute(query).scalars())


def list_guarded() -> Select[GuardedWord]:
    return select(GuardedWord).options(joinedload(GuardedWord.added_by)).order_by(GuardedWord.normal)


def answers_of(manuscript_id: int) -> Mapping[str, FindingAnswer]:
    """{digest: why it may stay}"""
    query = (
        select(FindingAnswer)
        .where(FindingAnswer.manuscript_id == manuscript_id)
        .options(joinedload(FindingAnswer.author))
    )
    return {row.digest: row for row in db.session.execute(query).unique().scalars()}
