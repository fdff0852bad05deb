"""Having certificates printed, by the worker: a few at a time, each exactly once.

A certificate is due as long as it has no paper. Whoever is killed between printing and writing down leaves it due.
"""

from __future__ import annotations

import base64
import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import Any

import structlog
from sqlalchemy import select

from app.config import ROOT
from app.jobs.messages import reading_as
from app.kernel.db import db, take_turns, transaction
from app.training.certificates.models import Certificate, CertificatePaper
from app.training.certificates.rules import MAX_NAME
from app.training.certificates.wording import sheet_of

log = structlog.get_logger()
BATCH = 10
# The press takes a second for three papers, and on a machine that is busy with other things many times as long.
SECONDS = 180
# Out of memory, or the machine is shutting down.
_ENDED = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT})
_PRESS = (sys.executable, "-m", "app.training.certificates.press")


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
    answers = _press(list(sheets.values())) or [_alone(sheet) for sheet in sheets.values()]
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
    return (_press([sheet]) or [{"lacking": ""}])[0]


def _press(sheets: Sequence[dict[str, Any]]) -> list[dict[str, str]] | None:
    """What the press answers, None where it fails. Raises CalledProcessError where it was ended from outside: no paper is to
    blame for that, and all of them stay due.
    """
    try:
        done = subprocess.run(  # noqa: S603  # our own program; what was typed goes through its input alone
            _PRESS, input=json.dumps(sheets).encode(), cwd=ROOT, capture_output=True, timeout=SECONDS, check=True
        )
    except subprocess.SubprocessError as error:
        if getattr(error, "returncode", 0) in _ENDED:
            raise
        said = getattr(error, "stderr", None) or b""
        log.warning("certificates not printed", number=len(sheets), error=said.decode(errors="replace")[-500:])
        return None
    answers: list[dict[str, str]] = json.loads(done.stdout)
    return answers


def _paper(certificate_id: int, answer: dict[str, str]) -> CertificatePaper:
    pdf = base64.b64decode(answer["pdf"]) if "pdf" in answer else None
    return CertificatePaper(
        certificate_id=certificate_id,
        pdf=pdf,
        has_pdf=pdf is not None,
        lacking=answer.get("lacking", "")[:MAX_NAME],
    )
