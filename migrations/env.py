"""How Alembic reaches the database of the application that calls it."""

from alembic import context
from flask import current_app

from app.kernel.types import LocalizedText, UTCDateTime

database = current_app.extensions["migrate"].db


def render_item(kind, item, _context):
    """Our column types are written as what the database sees, so that old migrations do not import today's code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, LocalizedText):
        return "sa.JSON()"
    return False


def compare_type(_context, _inspected, _metadata_column, inspected_type, metadata_type):
    """Our own types have no twin in the database; their `impl` has."""
    if isinstance(metadata_type, UTCDateTime | LocalizedText):
        return not isinstance(inspected_type, type(metadata_type.impl_instance))
    return None


def process_revision_directives(_context, _revision, directives):
    """No file for a revision in which nothing changes."""
    if getattr(context.config.cmd_opts, "autogenerate", False) and directives[0].upgrade_ops.is_empty():
        directives[:] = []


if context.is_offline_mode():
    context.configure(url=str(database.engine.url), target_metadata=database.metadata, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with database.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            # SQLite changes a table by making it anew; with foreign keys on, dropping the old one deletes all that hangs on it.
            connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = OFF")
        context.configure(
            connection=connection,
            target_metadata=database.metadata,
            render_item=render_item,
            compare_type=compare_type,
            process_revision_directives=process_revision_directives,
            render_as_batch=connection.dialect.name == "sqlite",
        )
        try:
            with context.begin_transaction():
                context.run_migrations()
        finally:
            if connection.dialect.name == "sqlite":
                connection.connection.dbapi_connection.execute("PRAGMA foreign_keys = ON")
