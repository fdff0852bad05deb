"""Counting what `noting` wrote down: file by file, each exactly once, in the worker.

The name of a file goes into the database in the transaction that counts it, and only then the file goes. Whoever is
killed in between finds the name the next time, and only deletes. Words are kept from the third asker on; before that a
query is known by a keyed hash, and everything that was made with that key is forgotten after 30 days.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.jobs.worker import Job
from app.kernel.clock import utc_now
from app.kernel.db import take_turns, transaction
from app.search.asked.models import SearchQuery, SearchQueryAsker, SearchQueryDay, SearchSalt, SearchTallied
from app.search.asked.noting import SPOOL, folder, keyed
from app.search.asked.personal import looks_personal
from app.search.asked.wording import MAX_TEXT

MIN_ASKERS = 3
# Queries that fewer than three have asked. More of them are let go.
MAX_UNSHARED = 20_000
KEEP_UNSHARED = timedelta(days=30)
KEEP_DAYS = timedelta(days=91)
KEEP_NAMES = timedelta(days=7)
# So many different queries of one asker count in the time of a file: nobody fills the room of the others alone.
MAX_OF_ASKER = 20
MARKS = 256


@dataclass
class _Tally:
    """What the files say of one query."""

    askers: set[str] = field(default_factory=set)
    days: dict[date, list[int]] = field(default_factory=dict)

    def add(self, line: dict[str, Any]) -> None:
        numbers = self.days.setdefault(date.fromisoformat(line["day"]), [0, 0, 0])
        asked = "asker" in line
        if asked and str(line["asker"]) in self.askers:
            # Who asks again and again within a file's time asks once.
            return
        numbers[0] += asked
        numbers[1] += asked and bool(line.get("empty"))
        numbers[2] += not asked and bool(line.get("clicked"))
        if asked:
            self.askers.add(str(line["asker"]))


def tally() -> int:
    """Count the files whose time is over. Returns how many they were."""
    done = 0
    for path in SPOOL.ripe(folder()):
        tallies = _parse(SPOOL.read(path))
        with transaction() as session:
            take_turns(session, "search tally")
            if session.get(SearchTallied, path.name) is None:
                now = utc_now()
                session.add(SearchTallied(name=path.name, at=now))
                _count(session, tallies, now=now)
        path.unlink(missing_ok=True)
        done += 1
    return done


def _parse(lines: Iterable[bytes]) -> dict[str, _Tally]:
    """What a file says. A line that a crash has cut off, or that is none of ours, does not count."""
    tallies: dict[str, _Tally] = {}
    by_asker: defaultdict[str, set[str]] = defaultdict(set)
    for raw in lines:
        try:
            line = json.loads(raw)
            text = line["q"]
            if isinstance(text, str) and len(text) <= MAX_TEXT and not looks_personal(text):
                asked = by_asker[str(line.get("asker"))]
                asked.add(text)
                if "asker" in line and len(asked) > MAX_OF_ASKER:
                    continue
                tallies.setdefault(text, _Tally()).add(line)
        except (ValueError, KeyError, TypeError):
            continue
    return tallies


def _count(session: Session, tallies: dict[str, _Tally], *, now: datetime) -> None:
    salt = _salt(session, now=now)
    keys = {text: keyed("query", salt, text) for text in tallies}
    known = {
        name: query
        for query in session.execute(
            select(SearchQuery).where(SearchQuery.text.in_(tallies) | SearchQuery.key.in_(keys.values()))
        ).scalars()
        for name in (query.text or query.key,)
    }
    fresh = [text for text in tallies if text not in known and keys[text] not in known and tallies[text].askers]
    for text in fresh[: _room(session)]:
        known[text] = SearchQuery(key=keys[text])
        session.add(known[text])
    session.flush()
    # What was opened without having been looked for is somebody's invention, and has no row.
    found = [(text, query) for text in tallies if (query := known.get(text) or known.get(keys[text]))]
    _add_days(session, [(query.id, tallies[text].days) for text, query in found])
    for text, query in found:
        if query.text is None:
            _add_askers(session, query, text, (keyed("mark", salt, text, asker) for asker in tallies[text].askers))
    session.flush()


def _room(session: Session) -> int:
    """How many more queries may be kept that fewer than three have asked."""
    query = select(func.count()).select_from(SearchQuery).where(SearchQuery.text.is_(None))
    return max(0, MAX_UNSHARED - session.execute(query).scalar_one())


def _add_days(session: Session, found: list[tuple[int, dict[date, list[int]]]]) -> None:
    ids = [query_id for query_id, _days in found]
    rows = session.execute(select(SearchQueryDay).where(SearchQueryDay.query_id.in_(ids))).scalars()
    known = {(row.query_id, row.day): row for row in rows}
    for query_id, days in found:
        for day, (asked, empty, clicked) in days.items():
            row = known.get((query_id, day))
            if row is None:
                row = SearchQueryDay(query_id=query_id, day=day, asked=0, empty=0, clicked=0)
                session.add(row)
            row.asked += asked
            row.empty += empty
            row.clicked += clicked


def _add_askers(session: Session, query: SearchQuery, text: str, hashes: Iterable[str]) -> None:
    """Note the marks of who asked; from the third on, the words instead."""
    known = set(session.execute(select(SearchQueryAsker.mark).where(SearchQueryAsker.query_id == query.id)).scalars())
    marks = known | {int(each, 16) % MARKS for each in hashes}
    if len(marks) >= MIN_ASKERS:
        query.text, query.key = text, None
        session.execute(delete(SearchQueryAsker).where(SearchQueryAsker.query_id == query.id))
    else:
        session.add_all(SearchQueryAsker(query_id=query.id, mark=mark) for mark in marks - known)


def _salt(session: Session, *, now: datetime) -> str:
    salt = session.execute(select(SearchSalt).order_by(SearchSalt.id.desc()).limit(1)).scalar_one_or_none()
    if salt is None:
        salt = SearchSalt(value=secrets.token_hex(32), made_at=now)
        session.add(salt)
        session.flush()
    return salt.value


def forget_counts() -> None:
    """Throw away what has been kept long enough."""
    now = utc_now()
    with transaction() as session:
        take_turns(session, "search tally")
        if session.execute(select(SearchSalt.id).where(SearchSalt.made_at <= now - KEEP_UNSHARED)).first():
            session.execute(delete(SearchQuery).where(SearchQuery.text.is_(None)))
            session.execute(delete(SearchSalt))
        session.execute(delete(SearchQueryDay).where(SearchQueryDay.day < (now - KEEP_DAYS).date()))
        asked = select(SearchQueryDay.query_id)
        session.execute(delete(SearchQuery).where(SearchQuery.text.is_not(None), SearchQuery.id.not_in(asked)))
        session.execute(delete(SearchTallied).where(SearchTallied.at < now - KEEP_NAMES))


JOBS = (Job("count searches", 5, tally), Job("forget searches", 3600, forget_counts))
