"""Going along the path: beginning, being watched, asking for the next stage, being taken on. The caller opens the transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.queries import find_by_email
from app.accounts.rules import Role
from app.accounts.service import give_role
from app.coaching.growth.models import Application, Observation, Standing
from app.coaching.growth.policy import can_decide_about
from app.coaching.growth.queries import (
    are_there_leads,
    find_place,
    list_deciders,
    list_observable,
    progress_of,
)
from app.coaching.growth.rules import Asked, brings_role
from app.kernel.db import take_turns
from app.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from app.notifications.service import notify, notify_all
from app.training.queries import get_training
from app.training.seats.ledger import lock
from app.training.service import change, details_of

OBSERVED, APPLIED, APPROVED, DECLINED = "path observed", "path applied", "path approved", "path declined"


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What somebody who watched has to say."""

    is_ready: bool
    strengths: str
    advice: str


def begin(session: Session, person: User, *, now: datetime) -> None:
    """Be a candidate from today on. Whoever is on the path already stays where they are."""
    _lock(session, person.id)
    place = find_place(person)
    if not place.stages:
        raise ConflictError(_l("There is no path yet. An administrator can bring it in."))
    if place.stage is None:
        session.merge(Standing(user_id=person.id, stage=place.stages[0].slug, since=now.date()))
        session.flush()


def leave(session: Session, person: User, *, now: datetime) -> None:
    """Go off the path again, as long as one is no coach. What others have seen stays with the person."""
    _lock(session, person.id)
    if Role.COACH in person.roles:
        raise ConflictError(_l("You are a coach. An administrator can take the role back."))
    _withdraw(session, person.id, now)
    session.execute(delete(Standing).where(Standing.user_id == person.id))


def observe(session: Session, slug: str, person_id: int, seen: Seen, *, observer: User, now: datetime) -> None:
    """Say how somebody ran a session. Said again about the same session, it replaces what was said."""
    if (slug, person_id) not in {(row[0], row[3]) for row in list_observable(observer.id, now)}:
        raise NotFoundError(_l("Choose a session of the last three months and somebody who ran it."))
    _lock(session, person_id)
    mine = (
        Observation.user_id == person_id,
        Observation.observer_id == observer.id,
        Observation.training_slug == slug,
    )
    observation = session.execute(select(Observation).where(*mine)).scalar_one_or_none()
    is_new = observation is None
    if observation is None:
        observation = Observation(user_id=person_id, observer_id=observer.id, training_slug=slug)
        session.add(observation)
    observation.is_ready, observation.strengths, observation.advice = seen.is_ready, seen.strengths, seen.advice
    observation.at = now
    session.flush()
    if is_new:
        person = session.get_one(User, person_id)
        notify(session, person.contact, OBSERVED, {"observer": observer.name}, now=now)


def take_along(session: Session, training_id: int, email: str, *, actor: User, now: datetime) -> User:
    """Run a session together with somebody: whoever wants to become a coach has to begin somewhere. Raises InvalidInputError for an
    address of nobody else, with one sentence for whatever is wrong with it.
    """
    person = find_by_email(email.strip().lower())
    if person is None or not person.is_active or person.id == actor.id:
        raise InvalidInputError(
            _l("Nobody can be taken along under this address. Ask them for the one with which they log in."),
            field="email",
        )
    training = lock(session, training_id)
    if actor.id not in training.coach_ids:
        raise ForbiddenError(_l("You do not run this session."))
    if person.id not in training.coach_ids:
        whole = get_training(actor, training.slug)
        details = details_of(whole)
        details = replace(details, coach_ids=[*details.coach_ids, person.id])
        change(session, training_id, details, revision=training.revision, actor=actor, now=now)
    return person


def apply(session: Session, person: User, words: str, *, now: datetime) -> Application:
    """Ask to be taken to the next stage. How far its conditions are met is kept as it is now. Asked twice is asked once. Whoever has
    not met all of them says why it is time all the same; raises InvalidInputError where not.
    """
    _lock(session, person.id)
    place = find_place(person)
    found = _find_open(session, person.id)
    if found is not None:
        return found
    if place.stage is None or place.following is None:
        raise ConflictError(_l("Nothing comes next for you on this path."))
    progress = progress_of(person, place, now)
    if not words and not all(each.is_met for each in progress):
        raise InvalidInputError(_l("Not everything is reached yet. Say why it is time all the same."), field="words")
    application = Application(
        user_id=person.id,
        stage=place.following.slug,
        words=words,
        evidence=[each.row for each in progress],
        asked_at=now,
    )
    session.add(application)
    session.flush()
    people = [each.contact for each in list_deciders() if each.id != person.id]
    notify_all(session, people, APPLIED, {"person": person.name}, now=now)
    return application


def withdraw(session: Session, person: User, *, now: datetime) -> None:
    """Not ask any more."""
    _lock(session, person.id)
    _withdraw(session, person.id, now)


def approve(session: Session, application_id: int, *, actor: User, now: datetime) -> Application:
    """Take the person to the stage. Whoever becomes a coach gets the role with it."""
    application, person = _get_open(session, application_id, actor)
    place = find_place(person)
    if place.following is None or place.following.slug != application.stage:
        raise ConflictError(_l("The person is on another stage by now, or the path has changed. Let them ask again."))
    _decide(session, application, Asked.APPROVED, "", actor, now)
    standing = {"stage": application.stage, "since": now.date(), "approved_by_id": actor.id}
    session.merge(Standing(user_id=person.id, **standing))
    if brings_role(place.slugs, application.stage):
        give_role(session, person, Role.COACH)
    session.flush()
    notify(session, person.contact, APPROVED, {"stage": application.stage}, now=now)
    return application


def decline(session: Session, application_id: int, reason: str, *, actor: User, now: datetime) -> Application:
    """Not yet, and why."""
    application, person = _get_open(session, application_id, actor)
    if not reason:
        raise InvalidInputError(_l("Say what is missing, so that the person can go on."), field="reason")
    _decide(session, application, Asked.DECLINED, reason, actor, now)
    session.flush()
    notify(session, person.contact, DECLINED, {"stage": application.stage}, now=now)
    return application


def _lock(session: Session, person_id: int) -> None:
    take_turns(session, f"path of {person_id}")


def _find_open(session: Session, person_id: int) -> Application | None:
    query = select(Application).where(Application.user_id == person_id, Application.state == Asked.OPEN)
    return session.execute(query).unique().scalar_one_or_none()


def _withdraw(session: Session, person_id: int, now: datetime) -> None:
    found = _find_open(session, person_id)
    if found is not None:
        found.state, found.decided_at = Asked.WITHDRAWN, now
        session.flush()


def _get_open(session: Session, application_id: int, actor: User) -> tuple[Application, User]:
    application = session.get(Application, application_id)
    leads = are_there_leads()
    may = application is not None and can_decide_about(
        actor, application.user_id, is_lead=find_place(actor).is_lead, are_there_leads=leads
    )
    if application is None or not may:
        raise NotFoundError(_l("There is no such application, or it is not yours to decide."))
    _lock(session, application.user_id)
    session.refresh(application)
    if application.state != Asked.OPEN:
        raise ConflictError(_l("This was decided or withdrawn meanwhile."))
    person = session.get_one(User, application.user_id)
    if not person.is_active:
        raise ConflictError(_l("This account is closed."))
    return application, person


def _decide(session: Session, application: Application, state: Asked, reason: str, actor: User, now: datetime) -> None:
    application.state, application.reason = state, reason
    application.decided_by_id, application.decided_at = actor.id, now
    session.flush()
