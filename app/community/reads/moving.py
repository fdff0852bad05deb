"""What was read counts on when it gets another address."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.community.reads.models import ReadDay
from app.kernel.db import take_turns


def move(session: Session, kind: str, old: str, new: str) -> None:
    """Where both addresses were read on a day, the counts are added."""
    take_turns(session, "read tally")
    for row in session.execute(select(ReadDay).where(ReadDay.kind == kind, ReadDay.slug == old)).scalars().all():
        there = session.get(ReadDay, (kind, new, row.language, row.day))
        if there is None:
            session.add(ReadDay(kind=kind, slug=new, language=row.language, day=row.day, count=row.count))
        else:
            there.count += row.count
        session.delete(row)
    session.flush()
