"""Having certificates printed, by the worker: a few at a time, each exactly once.

A certificate is due as long as it has no paper. Whoever is killed between printing and writing down leaves it due.
"""

from __future__ import annotations

import base64
from typing import Any

from sqlalchemy import select

from app.jobs.messages import reading_as
from app.kernel.db import db, take_turns, transaction
from app.press.running import press, program
from app.training.certificates.models import Certificate, CertificatePaper
from app.training.certificates.rules import MAX_NAME
from app.training.certificates.wording import sheet_of

BATCH = 10
# The press takes a second for three papers, and on a machine that is busy with other things many times as long.
SECONDS = 180
_PRESS = program("app.training.certificates.press")


def print_due() -> int:
    """Print some of what has no paper yet. Returns how many papers were made."""
    query = (
        select(Certificate)
        .outerjoin(CertificatePaper, CertificatePaper.certificate_id == Certificate.id)
        .where(CertificatePaper.certificate_id.is_(None), Certificate.revoked_at.is_(None))
        .order_by(Certificate.id)
        .limit(BATCH)
    )
    sheets = {certificate.id: _sheet(certificate) for certificate in db.session.execute(query).unique().scalars()}
    db.session.rollback()
    if not sheets:
        return 0
    answers = press(_PRESS, list(sheets.values()), seconds=SECONDS) or [_alone(sheet) for sheet in sheets.values()]
    with transaction() as session:
        take_turns(session, "certificate papers")
        for certificate_id, answer in zip(sheets, answers, strict=True):
            is_there = session.get(Certificate, certificate_id) is not None
            if is_there and session.get(CertificatePaper, certificate_id) is None:
                session.add(_paper(certificate_id, answer))
    return len(sheets)


def _sheet(certificate: Certificate) -> dict[str, Any]:
    with reading_as(certificate.language, certificate.training.time_zone):
        return sheet_of(certificate)


def _alone(sheet: dict[str, Any]) -> dict[str, str]:
    """One that spoils a batch must not keep the others from being printed."""
    return (press(_PRESS, [sheet], seconds=SECONDS) or [{"lacking": ""}])[0]


def _paper(certificate_id: int, answer: dict[str, str]) -> CertificatePaper:
    pdf = base64.b64decode(answer["pdf"]) if "pdf" in answer else None
    return CertificatePaper(
        certificate_id=certificate_id,
        pdf=pdf,
        has_pdf=pdf is not None,
        lacking=answer.get("lacking", "")[:MAX_NAME],
    )
