"""The worker's part: what is due is fetched, read and brought in.

Fetching and reading take their time and hold no transaction. A worker that is killed meanwhile has changed nothing, and the
source is brought in when it is due again.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import structlog
from flask import current_app

from app.config import Config
from app.exchange import trees
from app.exchange.bringing import Wanted, bring_in
from app.exchange.sources.hosts import check_host
from app.exchange.sources.models import ContentSource
from app.exchange.sources.service import claim, note_problem, note_success
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.kernel.errors import InvalidInputError

log = structlog.get_logger()
SECONDS = 60.0


def bring_what_is_due() -> int:
    """Bring in one source, if one is due. Returns how many there were."""
    waiting = db.session.query(ContentSource.id).filter(ContentSource.due_at <= utc_now()).first()
    db.session.rollback()
    if waiting is None:
        return 0
    with transaction() as session:
        source = claim(session, now=utc_now())
        if source is None:
            return 0
        session.expunge(source)
    try:
        _bring(source)
    except InvalidInputError as error:
        log.warning("a repository could not be brought in", source=source.id, reason=str(error))
        with transaction() as session:
            note_problem(session, source.id, str(error))
    return 1


def _bring(source: ContentSource) -> None:
    """Raises InvalidInputError for what cannot be had or read."""
    config: Config = current_app.config["GUILDHALL"]
    check_host(source.url, config)
    copy = config.data_dir / "sources" / f"{source.id}.git"
    commit = trees.fetch(source.url, source.branch, copy)
    if commit == source.commit:
        with transaction() as session:
            note_success(session, source.id, commit, source.report, now=utc_now())
        return
    with TemporaryDirectory() as scratch:
        # The folder's name is what documents are known by again (`practices.importer`).
        checked_out = Path(scratch) / f"source-{source.id}"
        trees.check_out(copy, commit, checked_out)
        folder = trees.folder_in(checked_out, source.folder)
        report = bring_in(folder, Wanted(kind=source.kind, name=checked_out.name))
    lines = [str(line) for line in report.lines if line.outcome != "left" or line.notes]
    with transaction() as session:
        note_success(session, source.id, commit, "\n".join([report.summary, *lines]), now=utc_now())


JOBS = (Job("sources", SECONDS, bring_what_is_due),)
