"""The database: the base class of all tables, the session, and the one way to write.

Reading needs nothing: `db.session` opens a deferred transaction when it is first asked. Writing happens inside
`with transaction():`, once per action, at the edge (a view, a job, a command). A flush outside of it is refused, so a
GET cannot write by accident.
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache
from typing import Any, ClassVar

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Insert,
    MetaData,
    Table,
    Update,
    event,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, ORMExecuteState, Session, UOWTransaction, mapped_column, registry

from app.kernel.types import Localized, LocalizedText, UTCDateTime

BUSY_SECONDS = 15
_WRITING = "writing"
_SHOWN = "shown rows changed"


class Base(DeclarativeBase):
    """Parent of every table. Constraints get predictable names, so that migrations can find them again."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: UTCDateTime, Localized: LocalizedText},
    )

    # A table that no page shows to visitors (mail, log-in attempts, heartbeats) sets this, and its changes leave
    # the stored pages valid.
    quiet: ClassVar[bool] = False


class Revision(Base):
    """One row that counts the writes which pages may show. Stored pages are valid for the revision they were made at."""

    __tablename__ = "revision"
    quiet: ClassVar[bool] = True

    id: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[int]


db = SQLAlchemy(model_class=Base, disable_autonaming=True)


@contextmanager
def transaction() -> Iterator[Session]:
    """One action, all or nothing: everything flushed inside is committed at the end, or nothing is.

    Ends the reading transaction first, so objects loaded before are read afresh under the lock. On SQLite the
    transaction begins IMMEDIATE: writers queue up instead of failing. Raises RuntimeError when nested or when
    something was changed beforehand.
    """
    session = db.session()
    if session.info.get(_WRITING):
        raise RuntimeError("transaction() inside transaction(): one action commits once")
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("something was changed before transaction() began")
    session.rollback()
    with _in_line(session):
        try:
            session.info[_WRITING] = session.connection(execution_options={"begin": "IMMEDIATE"})
            yield session
            session.flush()
            if session.info.get(_SHOWN):
                # Last statement before the commit, so that on PostgreSQL this row is locked for a moment only.
                _count_revision(session)
            session.commit()
        except BaseException:
            session.rollback()
            raise
        finally:
            session.info.pop(_WRITING, None)
            session.info.pop(_SHOWN, None)


@contextmanager
def _in_line(session: Session) -> Iterator[None]:
    """Let the threads of this process wait in line for SQLite's one writer. SQLite makes whoever comes too early sleep,
    up to a tenth of a second at a time; under load most of the time the writer is free and all of them are asleep.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    # Whoever waited as long as SQLite would goes and gets SQLite's own answer.
    is_mine = _line.acquire(timeout=BUSY_SECONDS)
    try:
        yield
    finally:
        if is_mine:
            _line.release()


_line = threading.Lock()


def _count_revision(session: Session) -> None:
    connection = session.info[_WRITING]
    if not connection.execute(_COUNT_UP).rowcount:
        # The very first writes; on PostgreSQL several may find no row.
        take_turns(session, "first revision")
        if not connection.execute(_COUNT_UP).rowcount:
            connection.execute(insert(Revision).values(id=1, value=1))


_COUNT_UP = update(Revision.__table__).values(value=Revision.__table__.c.value + 1)  # type: ignore[arg-type]


def add_row(session: Session, model: type[Base], **values: Any) -> int:
    """Write a row of `model` at once and return its id. Defaults of the class apply. For rows that nobody needs as
    objects before the commit: it is half the work of `session.add`, and that time is spent under the lock.
    """
    inserted = write(session, model, _insert_into(model), values).inserted_primary_key
    return int(inserted[0])  # type: ignore[index]


def write(session: Session, model: type[Base], statement: Insert | Update, values: dict[str, Any]) -> CursorResult[Any]:
    """Run a statement on the table of `model` on the bare connection: objects in the session know nothing of it."""
    _note_write(session, model)
    return session.info[_WRITING].execute(statement, values)


@cache
def _insert_into(model: type[Base]) -> Insert:
    return insert(model.__table__)  # type: ignore[arg-type]


def take_turns(session: Session, name: str) -> None:
    """Make the transactions that call this with the same `name` run one after the other, from here to their end.

    For rules about rows that are not there yet, which no lock on a row can hold: "at most five attempts", "the first
    administrator". SQLite's writers take turns anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)
        session.execute(select(func.pg_advisory_xact_lock(key)))


def current_revision() -> int:
    """The number of writes that pages may show, as committed.

    Where nothing else was asked yet, a session is not begun for it: a stored page needs no other query, and the session
    would cost it more than all the rest.
    """
    if db.session.registry.has() and db.session().in_transaction():
        return db.session.connection().execute(_CURRENT_REVISION).scalar_one_or_none() or 0
    with db.engine.connect() as connection:
        return connection.execute(_CURRENT_REVISION).scalar_one_or_none() or 0


_CURRENT_REVISION = select(Revision.__table__.c.value).where(Revision.__table__.c.id == 1)


@event.listens_for(db.session, "before_flush")
def _refuse_writes_outside_a_transaction(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    changed = [*session.new, *session.deleted, *(row for row in session.dirty if session.is_modified(row))]
    if changed and not session.info.get(_WRITING):
        raise RuntimeError(f"{type(changed[0]).__name__} was changed outside transaction()")
    if any(not row.quiet for row in changed):
        session.info[_SHOWN] = True


@event.listens_for(db.session, "do_orm_execute")
def _note_bulk_writes(state: ORMExecuteState) -> None:
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    changed = state.bind_mapper.class_ if state.bind_mapper else _class_of(state.statement.table)  # type: ignore[attr-defined]
    _note_write(state.session, changed)


def _note_write(session: Session, changed: type[Base]) -> None:
    if not session.info.get(_WRITING):
        raise RuntimeError(f"{changed.__name__} was changed outside transaction()")
    if not changed.quiet:
        session.info[_SHOWN] = True


@cache
def _class_of(table: Table) -> type[Base]:
    """The class whose rows a statement changes that speaks of the bare table."""
    return next(mapper.class_ for mapper in Base.registry.mappers if mapper.local_table is table)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    if not isinstance(dbapi_connection, sqlite3.Connection):
        return
    # The driver must not begin transactions by itself; `_begin_sqlite` does.
    dbapi_connection.isolation_level = None
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = WAL",
        # With FULL a seat that was promised survives a power cut, not only a crash of the process.
        "synchronous = FULL",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "temp_store = MEMORY",
        "cache_size = -8192",
    ):
        dbapi_connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"BEGIN {connection.get_execution_options().get('begin', 'DEFERRED')}")
