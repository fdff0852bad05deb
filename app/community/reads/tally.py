"""Counting what `noting` wrote down: file by file, each exactly once, in the worker.

The name of a file goes into the database in the transaction that counts it, and only then the file goes. Whoever is killed in
between finds the name the next time, and only deletes.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.community.articles import texts_of
from app.community.reads.models import ReadDay, ReadSeen, ReadTallied
from app.community.reads.noting import SPOOL, folder
from app.community.reads.rules import ONCE_IN
from app.community.subjects import Ref
from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import take_turns, transaction
from app.kernel.types import LANGUAGES

KEEP_NAMES = timedelta(days=7)
# Two years and a quarter: a year beside the one before it.
KEEP_DAYS = timedelta(days=820)


@dataclass(frozen=True, order=True)
class _Note:
    """One line: at that moment somebody saw this."""

    at: datetime
    ref: Ref
    language: str
    mark: str


def tally() -> int:
    """Count the files whose time is over. Returns how many they were."""
    done = 0
    for path in SPOOL.ripe(folder()):
        notes = sorted(_parse(SPOOL.read(path)))
        versions = texts_of({note.ref for note in notes}) if notes else {}
        with transaction() as session:
            take_turns(session, "read tally")
            if session.get(ReadTallied, path.name) is None:
                session.add(ReadTallied(name=path.name, at=utc_now()))
                _count(session, notes, set(versions))
        path.unlink(missing_ok=True)
        done += 1
    return done


def _parse(lines: Iterable[bytes]) -> list[_Note]:
    """A line that a crash has cut off, or that is none of ours, does not count."""
    notes = []
    for raw in lines:
        try:
            line = json.loads(raw)
            ref = Ref(str(line["kind"]), str(line["slug"]))
            notes.append(_Note(datetime.fromtimestamp(line["at"], UTC), ref, str(line["language"]), str(line["mark"])))
        except (ValueError, KeyError, TypeError, OverflowError, OSError):
            continue
    return notes


def _count(session: Session, notes: list[_Note], versions: set[tuple[Ref, str]]) -> None:
    """Of each reader and article one read in half an hour; of what is not published, none."""
    seen = _seen(session, {note.mark for note in notes})
    counts: Counter[tuple[Ref, str, date]] = Counter()
    for note in notes:
        language = _shown(note, versions)
        last = seen.get((note.mark, note.ref))
        if language is None or (last is not None and note.at - last.at < ONCE_IN):
            continue
        counts[note.ref, language, note.at.date()] += 1
        if last is None:
            last = ReadSeen(mark=note.mark, kind=note.ref.kind, slug=note.ref.slug)
            seen[note.mark, note.ref] = last
            session.add(last)
        last.at = note.at
    session.flush()
    for (ref, language, day), count in sorted(counts.items()):
        row = session.get(ReadDay, (*ref, language, day))
        if row is None:
            row = ReadDay(kind=ref.kind, slug=ref.slug, language=language, day=day, count=0)
            session.add(row)
        row.count += count


def _seen(session: Session, marks: set[str]) -> dict[tuple[str, Ref], ReadSeen]:
    rows = session.execute(select(ReadSeen).where(ReadSeen.mark.in_(marks))).scalars()
    return {(row.mark, Ref(row.kind, row.slug)): row for row in rows}


def _shown(note: _Note, versions: set[tuple[Ref, str]]) -> str | None:
    """The language in which the reader saw it: the one that was wanted, else the first there is."""
    there = [language for language in LANGUAGES if (note.ref, language) in versions]
    return note.language if note.language in there else next(iter(there), None)


def forget_readers() -> None:
    """Throw away who read what as soon as it says nothing any more, and counts that nobody compares."""
    now = utc_now()
    with transaction() as session:
        take_turns(session, "read tally")
        session.execute(delete(ReadSeen).where(ReadSeen.at < now - ONCE_IN - timedelta(minutes=5)))
        session.execute(delete(ReadTallied).where(ReadTallied.at < now - KEEP_NAMES))
        session.execute(delete(ReadDay).where(ReadDay.day < (now - KEEP_DAYS).date()))


JOBS = (Job("count reads", 5, tally), Job("forget readers", 300, forget_readers))
