"""Who is asked to review a text, and what was decided. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.capabilities.models import Capability
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.service import notify
from app.writing.kinds import Kind
from app.writing.models import Assignment, Manuscript
from app.writing.policy import can_review, is_near
from app.writing.queries import list_reviewers
from app.writing.review.models import AssignmentReason, HandedBack, Review, ReviewerCapability
from app.writing.review.policy import Side
from app.writing.review.queries import asked_at, editors, open_counts, who_handed_back
from app.writing.review.remarking import send_entries
from app.writing.review.rules import MAX_BECAUSE, Candidate, Criterion, Fit, Mark, choose
from app.writing.rules import State, Step
from app.writing.service import Prepared, lock, take_step


def set_capabilities(session: Session, user: User, capability_ids: Collection[int], *, actor: User) -> None:
    """Say what somebody reviews; with nothing, that the person reviews nothing by name. Raises ForbiddenError."""
    _ensure_editor(actor)
    session.execute(delete(ReviewerCapability).where(ReviewerCapability.user_id == user.id))
    known = session.execute(select(Capability.id).where(Capability.id.in_(capability_ids))).scalars()
    session.add_all([ReviewerCapability(user_id=user.id, capability_id=each) for each in sorted(known)])
    session.flush()


def assign_by_rule(session: Session, manuscript: Manuscript, *, due_on: date, now: datetime) -> Assignment | None:
    """Ask whoever the rule chooses (`rules.choose`). None where nobody is left who could."""
    take_turns(session, "review assignment")
    chosen = choose(list_candidates(session, manuscript))
    if chosen is None:
        return None
    assignment = Assignment(user=session.get_one(User, chosen.user_id), assigned_at=now, due_on=due_on)
    manuscript.assignments.append(assignment)
    session.flush()
    session.add(AssignmentReason(assignment_id=assignment.id, fit=chosen.fit, open=chosen.open))
    session.flush()
    return assignment


def list_candidates(session: Session, manuscript: Manuscript) -> list[Candidate]:
    """Whoever the rule may ask: accounts that are open, not near, not asked already, and who did not hand it back."""
    people = _by_fit(session, manuscript)
    refused = {row.user_id for row in who_handed_back(manuscript.id)} | manuscript.reviewer_ids
    opened, asked = open_counts(), asked_at(list(people))
    return [
        Candidate(user.id, user.name, fit, opened[user.id], asked.get(user.id))
        for user, fit in people.values()
        if user.id not in refused and not is_near(user, manuscript)
    ]


def _by_fit(session: Session, manuscript: Manuscript) -> dict[int, tuple[User, Fit]]:
    """Everybody with an open account who could review, by the best reason there is."""
    people = {user.id: (user, Fit.EDITOR) for user in session.execute(editors()).unique().scalars()}
    if manuscript.capability is None:
        return people
    query = (
        select(User, ReviewerCapability.capability_id)
        .join(ReviewerCapability, ReviewerCapability.user_id == User.id)
        .join(Capability, Capability.id == ReviewerCapability.capability_id)
        .where(User.disabled_at.is_(None), Capability.area_id == manuscript.capability.area_id)
    )
    for user, capability_id in session.execute(query).unique():
        knows = capability_id == manuscript.capability_id
        if knows or people.get(user.id, (user, Fit.EDITOR))[1] is not Fit.CAPABILITY:
            people[user.id] = (user, Fit.CAPABILITY if knows else Fit.AREA)
    return people


def ask_again_or_choose(session: Session, manuscript: Manuscript, *, due_on: date, now: datetime) -> None:
    """On a submission: those who were asked before and still may are asked again, until a new day; else the rule chooses."""
    for assignment in list(manuscript.assignments):
        if assignment.user.is_active and not is_near(assignment.user, manuscript):
            assignment.due_on, assignment.assigned_at = due_on, now
        else:
            manuscript.assignments.remove(assignment)
    session.flush()
    if not manuscript.assignments:
        assign_by_rule(session, manuscript, due_on=due_on, now=now)


def assign(
    session: Session, manuscript: Manuscript, person: User | None, *, actor: User, due_on: date, now: datetime
) -> Assignment:
    """Ask this person by hand. Raises ForbiddenError, ConflictError where nothing waits, and InvalidInputError for somebody who
    is too near or has been asked already.
    """
    lock(session, manuscript)
    _ensure_editor(actor)
    _ensure_waiting(manuscript)
    if person is None or not person.is_active:
        raise InvalidInputError(_l("Nobody has an open account with this address."), field="email")
    if is_near(person, manuscript):
        raise InvalidInputError(
            _l("%(name)s is in a team with an author, and nobody reviews what is near.", name=person.name),
            field="email",
        )
    if person.id in manuscript.reviewer_ids:
        raise InvalidInputError(_l("%(name)s was asked already.", name=person.name), field="email")
    assignment = Assignment(user=person, assigned_by_id=actor.id, assigned_at=now, due_on=due_on)
    manuscript.assignments.append(assignment)
    session.flush()
    _ask(session, manuscript, assignment, actor, now)
    return assignment


def unassign(session: Session, manuscript: Manuscript, user_id: int, *, actor: User) -> None:
    """The person need not review it. Raises ForbiddenError, and NotFoundError for somebody who was not asked."""
    lock(session, manuscript)
    _ensure_editor(actor)
    manuscript.assignments.remove(_assignment_of(manuscript, user_id))
    session.flush()


def hand_back(
    session: Session, manuscript: Manuscript, *, reason: str, actor: User, due_on: date, now: datetime
) -> Assignment | None:
    """The actor, who was asked, would rather not. Whoever the rule chooses next is asked, and with nobody left, all editors are
    told. Raises NotFoundError, ConflictError where nothing waits any more, InvalidInputError without a reason.
    """
    lock(session, manuscript)
    assignment = _assignment_of(manuscript, actor.id)
    _ensure_waiting(manuscript)
    reason = reason.strip()
    if not reason or len(reason) > MAX_BECAUSE:
        raise InvalidInputError(_l("Say why in at most 500 characters; editors read it."), field="reason")
    manuscript.assignments.remove(assignment)
    session.add(HandedBack(manuscript_id=manuscript.id, user_id=actor.id, reason=reason, at=now))
    session.flush()
    following = None
    if not manuscript.assignments:
        following = assign_by_rule(session, manuscript, due_on=due_on, now=now)
        if following is not None:
            _ask(session, manuscript, following, actor, now)
        else:
            for editor in list_reviewers(manuscript):
                if editor.id != actor.id:
                    notify(session, editor, "review without reviewer", _params(manuscript, actor), now=now)
    return following


def _ask(session: Session, manuscript: Manuscript, assignment: Assignment, actor: User, now: datetime) -> None:
    if assignment.user.id != actor.id:
        params = {**_params(manuscript, actor), "due": assignment.due_on.isoformat()}
        notify(session, assignment.user, "review assigned", params, now=now)


def _params(manuscript: Manuscript, actor: User) -> dict[str, object]:
    return {"id": manuscript.id, "title": manuscript.title, "actor": actor.name}


def _assignment_of(manuscript: Manuscript, user_id: int) -> Assignment:
    found = next((each for each in manuscript.assignments if each.user_id == user_id), None)
    if found is None:
        raise NotFoundError(_l("This person is not asked to review it."))
    return found


def _ensure_editor(actor: User) -> None:
    if not can_review(actor):
        raise ForbiddenError(_l("Only editors say who reviews what."))


def _ensure_waiting(manuscript: Manuscript) -> None:
    if manuscript.state != State.SUBMITTED:
        raise ConflictError(_l("This does not wait for a review, so nobody is asked."))


@dataclass(frozen=True)
class Verdict:
    """What a reviewer says of version `number`."""

    number: int
    step: Step
    marks: Mapping[Criterion, Mark]
    reason: str


def decide(
    session: Session,
    kind: Kind,
    manuscript: Manuscript,
    verdict: Verdict,
    *,
    actor: User,
    now: datetime,
    prepared: Prepared | None = None,
) -> Review:
    """Take a decision, keep it with its marks, and send the remarks that the actor has not sent yet.

    Raises what `take_step` raises, InvalidInputError for the field `sensitive` where something is accepted without it, and
    ConflictError where another version was submitted than the one that was read.
    """
    lock(session, manuscript)
    sensitive = verdict.marks.get(Criterion.SENSITIVE)
    if verdict.step is Step.ACCEPT and sensitive in {None, Mark.NOT_YET}:
        raise InvalidInputError(SENSITIVE_FIRST[sensitive is None], field="sensitive")
    if manuscript.state == State.SUBMITTED and verdict.number != manuscript.submitted_number:
        raise ConflictError(_l("Another version was submitted in the meantime. Read that one before you decide."))
    number = manuscript.submitted_number or 0
    take_step(session, kind, manuscript, verdict.step, actor=actor, now=now, comment=verdict.reason, prepared=prepared)
    review = Review(
        manuscript_id=manuscript.id,
        number=number,
        decision=verdict.step,
        reason=verdict.reason.strip(),
        reviewer_id=actor.id,
        at=now,
        **{name.value: mark for name, mark in verdict.marks.items()},
    )
    session.add(review)
    send_entries(session, manuscript, Side.REVIEW, now=now, author=actor)
    session.flush()
    return review


SENSITIVE_FIRST = {
    True: _l("Say first whether anything in it must stay inside."),
    False: _l("You say that something has to go first. Ask for changes instead."),
}
