"""Reading certificates, and who has earned one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, ScalarSelect, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from app.accounts.models import User
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.training.certificates.models import Certificate, CertificateRule
from app.training.certificates.rules import BY_ITSELF, GRACE, WITH_CERTIFICATE, Rule, read_code, rule_for
from app.training.models import Meeting, TrainingSession
from app.training.rules import State
from app.training.seats.attended import count_attended
from app.training.seats.models import Enrolment
from app.training.seats.presence import ATTENDED, Attendance
from app.training.seats.rules import Seat

NO_SUCH_CERTIFICATE = _l("There is no certificate with this number. Compare it with the paper, character by character.")
MINE_LIMIT = 60


def get_certificate(code: str) -> Certificate:
    """The certificate with that number, however it was typed. Raises NotFoundError."""
    query = select(Certificate).where(Certificate.code == read_code(code)).options(joinedload(Certificate.paper))
    certificate = db.session.execute(query).unique().scalar_one_or_none()
    if certificate is None:
        raise NotFoundError(NO_SUCH_CERTIFICATE)
    return certificate


def get_certificate_of(training_id: int, certificate_id: int) -> Certificate:
    """Raises NotFoundError where it is not one of that session."""
    certificate = db.session.get(Certificate, certificate_id)
    if certificate is None or certificate.training_id != training_id:
        raise NotFoundError(NO_SUCH_CERTIFICATE)
    return certificate


def list_of_person(user_id: int) -> list[Certificate]:
    """The person's certificates that are valid, the newest first."""
    query = (
        select(Certificate)
        .where(Certificate.user_id == user_id, Certificate.revoked_at.is_(None))
        .options(joinedload(Certificate.paper), joinedload(Certificate.training))
        .order_by(Certificate.issued_at.desc(), Certificate.id.desc())
        .limit(MINE_LIMIT)
    )
    return list(db.session.execute(query).unique().scalars())


def find_latest(training_id: int, user_id: int) -> Certificate | None:
    """The person's last certificate of a session, valid or not."""
    query = (
        select(Certificate)
        .where(Certificate.training_id == training_id, Certificate.user_id == user_id)
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def get_rule(session: Session, training: TrainingSession) -> Rule:
    """What earns a certificate in this session."""
    said = session.get(CertificateRule, training.id)
    return rule_for(
        training.kind,
        len(training.meetings),
        is_on=said.is_on if said else None,
        needed=said.needed if said else None,
    )


@dataclass(frozen=True)
class Row:
    """One person of a session: at how many meetings, whether that is enough, and the certificates, the last one first."""

    person: User
    attended: int
    is_enough: bool
    certificates: list[Certificate]

    @property
    def latest(self) -> Certificate | None:
        return self.certificates[0] if self.certificates else None


def list_rows(training: TrainingSession, rule: Rule) -> list[Row]:
    """Everybody with a seat or a certificate, by name. Three queries, however many they are."""
    attended: Mapping[int, int] = count_attended(db.session(), training.id)
    query = (
        select(Certificate)
        .where(Certificate.training_id == training.id)
        .options(joinedload(Certificate.paper), joinedload(Certificate.revoked_by), joinedload(Certificate.kept_by))
        .order_by(Certificate.id.desc())
    )
    certificates: dict[int, list[Certificate]] = {}
    for certificate in db.session.execute(query).unique().scalars():
        certificates.setdefault(certificate.user_id, []).append(certificate)
    people = _people({*attended, *certificates})
    return [
        Row(
            person, attended.get(person.id, 0), rule.is_met(attended.get(person.id, 0)), certificates.get(person.id, [])
        )
        for person in people
    ]


def _people(user_ids: Collection[int]) -> list[User]:
    query = select(User).where(User.id.in_(user_ids)).order_by(User.name, User.id)
    return list(db.session.execute(query).unique().scalars())


def earning(now: datetime) -> Select[int]:
    """Sessions in which certificates come by themselves and somebody has earned one who never had one there."""
    has_had = select(Certificate.id).where(
        Certificate.training_id == Enrolment.training_id, Certificate.user_id == Enrolment.user_id
    )
    return (
        _with_rule(select(TrainingSession.id))
        .where(
            TrainingSession.ends_at <= now - GRACE,
            TrainingSession.ends_at > now - BY_ITSELF,
            _attended() >= _needed(),
            ~has_had.correlate(Enrolment).exists(),
        )
        .distinct()
    )


def unborne() -> Select[Certificate]:
    """Valid certificates whose attendance no longer bears them, and of which nobody has been told."""
    return _valid().where(_attended() < _needed(), Certificate.doubted_at.is_(None), Certificate.kept_at.is_(None))


def borne_again() -> Select[Certificate]:
    """Certificates that were doubted and whose attendance bears them again."""
    return _valid().where(_attended() >= _needed(), Certificate.doubted_at.is_not(None))


def _valid() -> Select[Certificate]:
    of_place = and_(
        Certificate.training_id == Enrolment.training_id,
        Certificate.user_id == Enrolment.user_id,
        Certificate.revoked_at.is_(None),
    )
    return _with_rule(select(Certificate)).join(Certificate, of_place)


def _with_rule(query: Select[int] | Select[Certificate]) -> Select[Any]:
    return (
        query.select_from(Enrolment)
        .join(TrainingSession, TrainingSession.id == Enrolment.training_id)
        .outerjoin(CertificateRule, CertificateRule.training_id == TrainingSession.id)
        .where(
            Enrolment.state == Seat.CONFIRMED,
            TrainingSession.state == State.PUBLISHED,
            or_(
                CertificateRule.is_on.is_(True),
                and_(CertificateRule.is_on.is_(None), TrainingSession.kind.in_(WITH_CERTIFICATE)),
            ),
        )
    )


def _attended() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Attendance)
        .where(Attendance.enrolment_id == Enrolment.id, Attendance.state.in_(ATTENDED))
        .correlate(Enrolment)
        .scalar_subquery()
    )


def _needed() -> ColumnElement[int]:
    """As `rules.rule_for` has it."""
    meetings = (
        select(func.count())
        .select_from(Meeting)
        .where(Meeting.training_id == TrainingSession.id)
        .correlate(TrainingSession)
        .scalar_subquery()
    )
    return case((CertificateRule.needed < meetings, CertificateRule.needed), else_=meetings)
