"""The migrations lead to exactly the tables that the models describe, and the conventions of the schema hold."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import DateTime, inspect

from app.kernel.db import Base, db
from app.kernel.types import LocalizedText, UTCDateTime


def differences() -> list[object]:
    def same_type(
        _context: object, _column: object, _metadata_column: object, found: object, wanted: object
    ) -> bool | None:
        return (
            not isinstance(found, type(wanted.impl_instance))
            if isinstance(wanted, UTCDateTime | LocalizedText)
            else None
        )

    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": same_type})
        return list(compare_metadata(context, Base.metadata))


def test_the_migrations_lead_to_the_models(app: Flask) -> None:
    assert differences() == []


def test_a_missing_migration_would_be_noticed(app: Flask) -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE notice")
    try:
        assert differences() != []
    finally:
        Base.metadata.tables["notice"].create(db.engine)


@pytest.mark.slow
def test_the_migrations_can_be_taken_back(app: Flask) -> None:
    db.session.remove()
    downgrade(directory="migrations", revision="base")
    assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
    upgrade(directory="migrations")
    assert differences() == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_moments_are_stored_as_aware_utc(table: object) -> None:
    naive = [column.name for column in table.columns if isinstance(column.type, DateTime)]  # type: ignore[attr-defined]
    assert naive == []


@pytest.mark.parametrize("table", Base.metadata.sorted_tables, ids=lambda table: table.name)
def test_every_foreign_key_says_what_happens_when_its_row_goes(table: object) -> None:
    silent = [key.parent.name for key in table.foreign_keys if key.ondelete is None]  # type: ignore[attr-defined]
    assert silent == []
