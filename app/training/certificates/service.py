"""Issuing certificates and taking them back. Each function is one action; the caller opens the transaction."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.kernel.clock import zone
from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.notifications.service import notify
from app.training.certificates.models import Certificate, CertificateRule
from app.training.certificates.queries import NO_SUCH_CERTIFICATE, get_rule
from app.training.certificates.rules import new_code, printable_name
from app.training.models import TrainingSession
from app.training.rules import MAX_MEETINGS, MAX_REASON, State
from app.training.seats.attended import count_attended
from app.training.seats.ledger import lock


def set_rule(session: Session, training_id: int, *, is_on: bool, needed: int | None) -> None:
    """Say whether there are certificates, and at how many meetings one has to be for one (None: at all). Certificates that are
    out stay out; those that the new rule does not bear are shown for a decision. Raises InvalidInputError.
    """
    training = lock(session, training_id)
    if needed is not None and not 1 <= needed <= min(len(training.meetings), MAX_MEETINGS):
        raise InvalidInputError(_l("Choose a number of meetings that the session has."), field="needed")
    rule = session.get(CertificateRule, training_id) or CertificateRule(training_id=training_id)
    rule.is_on, rule.needed = is_on, needed
    session.add(rule)
    session.flush()


def issue(session: Session, training_id: int, *, actor: User | None, now: datetime) -> int:
    """Give a certificate to everybody who has earned one and never had one of this session, and tell them. Returns how many
    they are. Raises ConflictError before the end, for a cancelled session, or where it has no certificates.
    """
    training = lock(session, training_id)
    rule = get_rule(session, training)
    if training.state != State.PUBLISHED or training.ends_at > now:
        raise ConflictError(_l("Certificates can be issued once the session has taken place."))
    if not rule.is_on:
        raise ConflictError(_l("This session has no certificates. Switch them on first."))
    attended = count_attended(session, training_id)
    had = set(session.execute(select(Certificate.user_id).where(Certificate.training_id == training_id)).scalars())
    wanted = [user_id for user_id, number in attended.items() if rule.is_met(number) and user_id not in had]
    found = session.execute(select(User).where(User.id.in_(wanted)).order_by(User.id)).unique().scalars()
    # A name of nothing that is seen must not keep all others from having theirs. It can be earned once there is a name.
    people = [person for person in found if printable_name(person.name)]
    for person in people:
        _issue(session, training, person, person.name, attended[person.id], actor=actor, now=now)
    return len(people)


def issue_again(session: Session, certificate_id: int, *, name: str, actor: User, now: datetime) -> Certificate:
    """Give a new certificate, with another number, in place of one that was revoked: with the name as it should have been.

    Raises ConflictError where the person has a valid one, InvalidInputError for a name of nothing.
    """
    old = _lock(session, certificate_id)
    valid = select(Certificate.id).where(
        Certificate.training_id == old.training_id,
        Certificate.user_id == old.user_id,
        Certificate.revoked_at.is_(None),
    )
    if session.execute(valid).first() is not None:
        raise ConflictError(_l("This person has a valid certificate. Revoke it first."))
    attended = count_attended(session, old.training_id).get(old.user_id, 0)
    return _issue(session, old.training, old.user, name, attended, actor=actor, now=now)


def revoke(session: Session, certificate_id: int, *, reason: str, actor: User, now: datetime) -> None:
    """Make a certificate invalid, for a reason that everybody can read who verifies it, and tell the person.

    Raises InvalidInputError without a reason. Nothing happens to one that is revoked.
    """
    reason = reason.strip()
    if not reason or len(reason) > MAX_REASON:
        raise InvalidInputError(
            _l("Say why in at most 500 characters; whoever verifies the certificate reads it."), field="reason"
        )
    certificate = _lock(session, certificate_id)
    if certificate.revoked_at is not None:
        return
    certificate.revoked_at, certificate.revoked_by_id, certificate.revoked_reason = now, actor.id, reason
    session.flush()
    params = {"code": certificate.code, "title": certificate.title, "reason": reason}
    notify(session, certificate.user, "certificate revoked", params, now=now)


def keep(session: Session, certificate_id: int, *, actor: User, now: datetime) -> None:
    """Decide that a certificate stays although the attendance does not bear it. Raises ConflictError for a revoked one."""
    certificate = _lock(session, certificate_id)
    if certificate.revoked_at is not None:
        raise ConflictError(_l("This certificate is revoked already."))
    certificate.kept_at, certificate.kept_by_id = now, actor.id
    session.flush()


def _issue(
    session: Session,
    training: TrainingSession,
    person: User,
    name: str,
    attended: int,
    *,
    actor: User | None,
    now: datetime,
) -> Certificate:
    printed = printable_name(name)
    if not printed:
        raise InvalidInputError(_l("Give the name that stands on the certificate."), field="name")
    certificate = Certificate(
        code=new_code(),
        training_id=training.id,
        user_id=person.id,
        language=training.language,
        name=printed,
        title=printable_name(training.title),
        coaches=", ".join(printable_name(coach.name) for coach in training.coaches)[:1000],
        first_day=_day(training, training.starts_at),
        last_day=_day(training, training.ends_at),
        attended=attended,
        meetings=len(training.meetings),
        issued_at=now,
        issued_by_id=actor.id if actor else None,
    )
    session.add(certificate)
    session.flush()
    params = {"code": certificate.code, "title": certificate.title}
    notify(session, person, "certificate issued", params, now=now)
    return certificate


def _day(training: TrainingSession, moment: datetime) -> date:
    return moment.astimezone(zone(training.time_zone)).date()


def _lock(session: Session, certificate_id: int) -> Certificate:
    """The certificate as it stays until this transaction ends: its session is locked first. Raises NotFoundError."""
    certificate = session.get(Certificate, certificate_id)
    if certificate is None:
        raise NotFoundError(NO_SUCH_CERTIFICATE)
    lock(session, certificate.training_id)
    return session.get_one(Certificate, certificate_id, populate_existing=True)
