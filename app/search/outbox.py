"""From the database to the index.

A change writes (kind, key) to the outbox, in its own transaction, as the last thing before the commit. The outbox is a log:
whoever keeps an index reads on from the number that the index's last commit noted, reads the rows as they are now, and
writes. So several hosts keep an index each over the same database, and a crash anywhere repeats harmlessly.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import structlog
from flask import Flask, current_app, has_app_context
from sqlalchemy import delete, event, func, insert, select
from sqlalchemy.orm import Session, UOWTransaction

from app.config import Config
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import db, take_turns, transaction
from app.search.index import IndexBrokenError, IndexBusyError, SearchIndex
from app.search.models import SearchOutbox
from app.search.sources import all_sources

log = structlog.get_logger()
BATCH = 100
# An index that was away for longer is made anew.
KEEP = timedelta(days=7)
CHECK_SECONDS = 60.0
PRUNE_SECONDS = 3600.0
_CHANGED = "changed documents"


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
    keys = {(source.kind, key) for row in changed for source in all_sources().values() for key in source.watched(row)}
    if keys:
        session.info.setdefault(_CHANGED, set()).update(keys)


@event.listens_for(db.session, "before_commit")
def _write_changes(session: Session) -> None:
    """Number the changes in the order of the commits: who reads on from a number must not miss a lower one that is
    committed later. SQLite's writers take turns anyway; on PostgreSQL they do from here to the commit.
    """
    keys = session.info.pop(_CHANGED, None)
    if keys:
        take_turns(session, "search outbox")
        now = utc_now()
        rows = [{"kind": kind, "key": key, "at": now} for kind, key in sorted(keys)]
        session.connection().execute(insert(SearchOutbox), rows)


@event.listens_for(db.session, "after_soft_rollback")
def _forget_changes(session: Session, _previous: Any) -> None:
    session.info.pop(_CHANGED, None)


def note_everything(session: Session) -> None:
    """Put all documents into the outbox, after a change of the words that many of them share (a capability's name)."""
    everything = {
        (document.kind, document.key) for source in all_sources().values() for document in source.load_all(session)
    }
    session.info.setdefault(_CHANGED, set()).update(everything)


def backlog() -> int:
    """How many changes the index does not know yet; all that are kept, where there is no index."""
    try:
        watermark = the_index().watermark()
    except IndexBrokenError:
        watermark = 0
    above = select(func.count()).select_from(SearchOutbox).where(SearchOutbox.id > watermark)
    return db.session.execute(above).scalar_one()


def drain() -> int:
    """Bring the index up to date. Returns how many documents were read again.

    A lock that is busy leaves the work to whoever holds it; an index that is broken, missing, or too far behind is rebuilt.
    """
    index = the_index()
    try:
        if _is_up_to_date(index):
            return 0
        with index.writing():
            if index.is_suspect():
                index.check()
            if _is_too_far_behind(index.watermark()):
                raise IndexBrokenError("changes it does not know are not kept any more")
            if index.watermark() > _last_change():
                raise IndexBrokenError("it knows of changes that the database does not: that was set back")
            return _drain_batches(index)
    except IndexBusyError:
        return 0
    except IndexBrokenError as error:
        log.warning("search index is missing or broken; building it", error=str(error))
    finally:
        db.session.rollback()
    return _rebuild_unless_busy()


def tidy() -> int:
    """Merge small parts of the index while there is nothing else to do. Returns how many merges were made."""
    index = the_index()
    try:
        if not _is_up_to_date(index):
            return 0
        with index.writing():
            return int(index.merge())
    except (IndexBusyError, IndexBrokenError):
        return 0
    finally:
        db.session.rollback()


def check() -> int:
    """Hold the files of the index against their checksums and their number against the database; make it anew where they
    differ. Returns how many documents were read again.
    """
    index = the_index()
    try:
        with index.writing():
            index.check()
            _check_numbers(index)
    except IndexBusyError:
        return 0
    except IndexBrokenError as error:
        log.warning("search index is damaged; building it", error=str(error))
        return _rebuild_unless_busy()
    return 0


def _check_numbers(index: SearchIndex) -> None:
    """Hold the number of documents of each kind against the database. Raises IndexBrokenError.

    Only while nothing is to be indexed, before and after the count.
    """
    if index.watermark() != _last_change():
        return
    counts = {kind: source.count(db.session()) for kind, source in all_sources().items()}
    there = {kind: count for kind, count in counts.items() if count}
    if there != index.count_by_kind() and index.watermark() == _last_change():
        raise IndexBrokenError(f"it holds {index.count_by_kind()}, the database {there}")


def prune() -> int:
    """Forget changes that every index knows, or that are too old to wait for it. The newest of them stays, by which an index
    that lacks others sees it. Returns how many were forgotten.
    """
    old = select(func.max(SearchOutbox.id)).where(SearchOutbox.at < utc_now() - KEEP).scalar_subquery()
    with transaction() as session:
        gone: Any = session.execute(delete(SearchOutbox).where(SearchOutbox.id < old))
    return int(gone.rowcount)


def _is_up_to_date(index: SearchIndex) -> bool:
    return not index.is_suspect() and index.watermark() == _last_change()


def _last_change() -> int:
    number = db.session.execute(select(func.coalesce(func.max(SearchOutbox.id), 0))).scalar_one()
    db.session.rollback()
    return number


def _is_too_far_behind(watermark: int) -> bool:
    oldest = db.session.execute(select(SearchOutbox.id, SearchOutbox.at).order_by(SearchOutbox.id).limit(1)).first()
    return oldest is not None and oldest.id > watermark and oldest.at < utc_now() - KEEP


def _rebuild_unless_busy() -> int:
    try:
        return rebuild()
    except IndexBusyError:
        return 0


def _drain_batches(index: SearchIndex) -> int:
    count = 0
    while rows := _rows_above(index.watermark(), BATCH):
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
        index.apply(documents, removed, rows[-1][0])
        count += len(wanted)
    return count


def _rows_above(watermark: int, limit: int) -> list[tuple[int, str, str]]:
    query = (
        select(SearchOutbox.id, SearchOutbox.kind, SearchOutbox.key)
        .where(SearchOutbox.id > watermark)
        .order_by(SearchOutbox.id)
        .limit(limit)
    )
    rows: Any = db.session.execute(query).all()
    db.session.rollback()
    return [tuple(row) for row in rows]


def rebuild() -> int:
    """Make the index anew from the database and swap it in. Returns how many documents it holds.

    What changes meanwhile is written afterwards. Raises IndexBusyError.
    """
    index = the_index()
    session = db.session()
    try:
        with index.writing():
            watermark = _last_change()
            documents = (document for source in all_sources().values() for document in source.load_all(session))
            count = index.rebuild(documents, watermark)
            session.rollback()
            _drain_batches(index)
    finally:
        session.rollback()
    log.info("search index rebuilt", documents=count)
    return count


JOBS = (
    Job("search index", 0.25, drain),
    Job("search merge", 5.0, tidy),
    Job("search check", CHECK_SECONDS, check),
    Job("search outbox", PRUNE_SECONDS, prune),
)
