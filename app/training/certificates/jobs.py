"""What comes by itself: certificates a day after a session, their papers, and doubts where attendance was put right."""

from __future__ import annotations

from sqlalchemy.orm import joinedload

from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.notifications.service import notify
from app.training.certificates.models import Certificate
from app.training.certificates.printing import print_due
from app.training.certificates.queries import borne_again, earning, unborne
from app.training.certificates.service import issue

BATCH = 50


def issue_due() -> int:
    """Issue what was earned in sessions that have been over for a day. Returns how many certificates those are."""
    training_ids = list(db.session.execute(earning(utc_now()).limit(BATCH)).scalars())
    db.session.rollback()
    issued = 0
    for training_id in training_ids:
        with transaction() as session:
            issued += issue(session, training_id, actor=None, now=utc_now())
    return issued


def doubt() -> int:
    """Tell those who run a session of certificates that its attendance no longer bears. Returns how many those are."""
    has_work = any(db.session.execute(query.limit(1)).first() for query in (unborne(), borne_again()))
    db.session.rollback()
    if not has_work:
        return 0
    now = utc_now()
    with transaction() as session:
        take_turns(session, "certificate doubts")
        for certificate in session.execute(borne_again().limit(BATCH)).unique().scalars():
            certificate.doubted_at = None
        query = unborne().options(joinedload(Certificate.training)).order_by(Certificate.id).limit(BATCH)
        doubted = list(session.execute(query).unique().scalars())
        for certificate in doubted:
            certificate.doubted_at = now
            session.flush()
            params = {"slug": certificate.training.slug, "title": certificate.title, "name": certificate.name}
            for coach in certificate.training.coaches:
                notify(session, coach, "certificate doubted", params, now=now)
        return len(doubted)


JOBS = (
    Job("certificates", 60.0, issue_due),
    Job("certificate papers", 1.0, print_due),
    Job("certificate doubts", 60.0, doubt),
)
