"""From the database to the index.

A change writes (kind, key) to the outbox on the same connection, when it is flushed. The worker takes the index's
writer lock, reads the outbox, reads the rows as they are now, writes the index, and only then forgets the outbox rows.
A crash anywhere in between repeats harmlessly.
"""

from __future__ import annotations

from typing import Any

import structlog
from flask import Flask, current_app, has_app_context
from sqlalchemy import delete, event, func, insert, select
from sqlalchemy.orm import Session, UOWTransaction

from app.config import Config
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, transaction
from app.search.index import IndexBrokenError, IndexBusyError, SearchIndex
from app.search.models import SearchOutbox
from app.search.sources import all_sources

log = structlog.get_logger()
BATCH = 100


def init_app(app: Flask) -> None:
    config: Config = app.config["GUILDHALL"]
    app.extensions["search_index"] = SearchIndex(config.index_dir)


def the_index() -> SearchIndex:
    index: SearchIndex = current_app.extensions["search_index"]
    return index


@event.listens_for(db.session, "after_flush")
def _note_changes(session: Session, _context: UOWTransaction) -> None:
    if not has_app_context() or "search_sources" not in current_app.extensions:
        return
    changed = [*session.new, *(row for row in session.dirty if session.is_modified(row)), *session.deleted]
    keys = {
        (source.kind, key)
        for row in changed
        if not isinstance(row, SearchOutbox)
        for source in all_sources().values()
        for key in source.watched(row)
    }
    if keys:
        now = utc_now()
        session.execute(insert(SearchOutbox), [{"kind": kind, "key": key, "at": now} for kind, key in sorted(keys)])


def note_everything(session: Session) -> None:
    """Put all documents into the outbox, after a change of the words that many of them share (a capability's name)."""
    now = utc_now()
    rows = [
        {"kind": document.kind, "key": document.key, "at": now}
        for source in all_sources().values()
        for document in source.load_all(session)
    ]
    if rows:
        session.execute(insert(SearchOutbox), rows)


def backlog() -> int:
    """How many changes the index does not know yet."""
    return db.session.execute(select(func.count()).select_from(SearchOutbox)).scalar_one()


def drain() -> int:
    """Bring the index up to date. Returns how many documents were read again.

    A lock that is busy leaves the work to whoever holds it; an index that is broken or missing is rebuilt.
    """
    index = the_index()
    try:
        if _is_up_to_date(index):
            return 0
        with index.writing():
            if index.is_suspect():
                index.acquit()
            return _drain_batches()
    except IndexBusyError:
        return 0
    except IndexBrokenError as error:
        log.warning("search index is missing or broken; building it", error=str(error))
    finally:
        db.session.rollback()
    return _rebuild_unless_busy()


def _is_up_to_date(index: SearchIndex) -> bool:
    return not index.is_suspect() and not _next_rows()


def _rebuild_unless_busy() -> int:
    try:
        return rebuild()
    except IndexBusyError:
        return 0


def _drain_batches() -> int:
    count = 0
    while rows := _next_rows():
        wanted = dict.fromkeys((kind, key) for _row_id, kind, key in rows)
        sources = all_sources()
        documents, removed = [], []
        for kind, key in wanted:
            document = sources[kind].load(db.session(), key) if kind in sources else None
            if document is None:
                removed.append(f"{kind}:{key}")
            else:
                documents.append(document)
        db.session.rollback()
        the_index().apply(documents, removed)
        _forget([row_id for row_id, _kind, _key in rows])
        count += len(wanted)
    return count


def _next_rows() -> list[tuple[int, str, str]]:
    query = select(SearchOutbox.id, SearchOutbox.kind, SearchOutbox.key).order_by(SearchOutbox.id).limit(BATCH)
    rows: Any = db.session.execute(query).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def rebuild() -> int:
    """Make the index anew from the database and swap it in. Returns how many documents it holds.

    What was in the outbox before is then in the index; what changes meanwhile is written afterwards. Raises
    IndexBusyError.
    """
    index = the_index()
    session = db.session()
    try:
        with index.writing():
            covered = list(session.execute(select(SearchOutbox.id)).scalars())
            count = index.rebuild(
                document for source in all_sources().values() for document in source.load_all(session)
            )
            session.rollback()
            _forget(covered)
            _drain_batches()
    finally:
        session.rollback()
    log.info("search index rebuilt", documents=count)
    return count


def _forget(ids: list[int]) -> None:
    for start in range(0, len(ids), BATCH):
        with transaction() as session:
            session.execute(delete(SearchOutbox).where(SearchOutbox.id.in_(ids[start : start + BATCH])))


JOBS = (Job("search index", 0.25, drain),)
