"""What editors do with the glossary. An entry of the file is never written: what the site says stands in its place."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from app.search.analysis import fold
from app.search.editing.changes import Actor, begin_change, note_change
from app.search.glossary.current import WHAT, as_entry, list_entries, list_of_file
from app.search.glossary.entry import MAX_NAME, MAX_NAMES, OF_SITE, Entry
from app.search.glossary.models import GlossaryEntry


@dataclass(frozen=True, kw_only=True)
class Names:
    """What is said about an entry: its names in both languages, the usual one first."""

    en: list[str]
    zh: list[str]
    note: str = ""


def get_entry(key: str) -> Entry:
    """The entry as it counts now. Raises NotFoundError."""
    for entry in list_entries():
        if entry.key == key:
            return entry
    raise NotFoundError(_l("There is no such entry in the glossary."))


def add_entry(session: Session, names: Names, *, actor: Actor, now: datetime) -> Entry:
    """Raises InvalidInputError for names that cannot be, or that another entry has."""
    begin_change(session, WHAT)
    entry = _checked(OF_SITE + secrets.token_hex(8), names, list_entries())
    row = GlossaryEntry(key=entry.key, active=True)
    return _save(session, row, entry, "added", actor=actor, now=now)


def change_entry(session: Session, key: str, names: Names, *, version: int, actor: Actor, now: datetime) -> Entry:
    """`version` is that of the entry when the person began to change it. Raises InvalidInputError, NotFoundError, and
    ConflictError where somebody else was quicker.
    """
    begin_change(session, WHAT)
    before = _unchanged(session, key, version)
    entry = _checked(key, names, list_entries() if before.active else [])
    return _save(session, _row(session, key), entry, "changed", actor=actor, now=now, active=before.active)


def switch_entry(session: Session, key: str, *, active: bool, version: int, actor: Actor, now: datetime) -> Entry:
    """Take the entry out of the search, or put it back. Raises as `change_entry` does."""
    begin_change(session, WHAT)
    before = _unchanged(session, key, version)
    if active:
        _check_free(key, before.names, list_entries(), field=None)
    action = "switched on" if active else "switched off"
    return _save(session, _row(session, key), before, action, actor=actor, now=now, active=active)


def remove_entry(session: Session, key: str, *, version: int, actor: Actor, now: datetime) -> Entry | None:
    """Delete an entry of the site's own; let one of the file say again what the file says, which is then returned.

    Raises as `change_entry` does.
    """
    begin_change(session, WHAT)
    before = _unchanged(session, key, version)
    row = _row(session, key)
    if row is None:
        raise ConflictError(_l("The file has this entry just as it is. Switch it off instead."))
    after = next((entry for entry in list_of_file() if entry.key == key), None)
    if after is not None:
        _check_free(key, after.names, list_entries(), field=None)
    session.delete(row)
    session.flush()
    action = "deleted" if after is None else "put back"
    note_change(session, WHAT, key, action, actor=actor, now=now, detail=_words(after or before))
    return after


def _row(session: Session, key: str) -> GlossaryEntry | None:
    return session.execute(select(GlossaryEntry).where(GlossaryEntry.key == key)).scalar_one_or_none()


def _unchanged(session: Session, key: str, version: int) -> Entry:
    """The entry as the person saw it who sends `version`."""
    row = _row(session, key)
    entry = as_entry(row) if row is not None else get_entry(key)
    if entry.version != version:
        raise ConflictError(
            _l("Somebody has changed this entry meanwhile. Look at what it says now, and save again what should stay.")
        )
    return entry


def _checked(key: str, names: Names, others: list[Entry]) -> Entry:
    sides: dict[str, Any] = {field: _side(getattr(names, field), field) for field in ("en", "zh")}
    both = {fold(name) for name in sides["en"]} & {fold(name) for name in sides["zh"]}
    for name in sides["zh"]:
        if fold(name) in both:
            raise InvalidInputError(
                _l("“%(name)s” stands on both sides. Leave it on the side it belongs to.", name=name), field="zh"
            )
    for field, side in sides.items():
        _check_free(key, side, others, field=field)
    return Entry(key, sides["en"], sides["zh"], note=names.note)


def _side(names: list[str], field: str) -> tuple[str, ...]:
    """The names of one language, each once."""
    first: dict[str, str] = {}
    for name in names:
        first.setdefault(fold(name), name)
    kept = tuple(first.values())
    if not kept:
        raise InvalidInputError(_l("Write at least one name, each in a line of its own."), field=field)
    if len(kept) > MAX_NAMES:
        raise InvalidInputError(_l("At most %(count)s names for one thing.", count=MAX_NAMES), field=field)
    for name in kept:
        if not 2 <= len(name) <= MAX_NAME or not any(map(str.isalnum, name)) or not name.isprintable():
            raise InvalidInputError(
                _l("“%(name)s” is no name that can be looked for: use 2 to 60 characters.", name=name[:MAX_NAME]),
                field=field,
            )
    return kept


def _check_free(key: str, names: Iterable[str], others: list[Entry], *, field: str | None) -> None:
    taken = {fold(name): entry for entry in others if entry.active and entry.key != key for name in entry.names}
    for name in names:
        entry = taken.get(fold(name))
        if entry is not None:
            raise InvalidInputError(
                _l("“%(name)s” stands in the entry “%(entry)s” already.", name=name, entry=entry.title), field=field
            )


def _save(
    session: Session,
    row: GlossaryEntry | None,
    entry: Entry,
    action: str,
    *,
    actor: Actor,
    now: datetime,
    active: bool = True,
) -> Entry:
    if row is None:
        row = GlossaryEntry(key=entry.key)
    row.en, row.zh, row.note, row.active = list(entry.en), list(entry.zh), entry.note, active
    row.version = (row.version or 0) + 1
    row.updated_at, row.updated_by_id = now, actor.id
    session.add(row)
    session.flush()
    note_change(session, WHAT, entry.key, action, actor=actor, now=now, detail=_words(entry))
    return as_entry(row)


def _words(entry: Entry) -> str:
    return f"{', '.join(entry.en)} = {', '.join(entry.zh)}"
