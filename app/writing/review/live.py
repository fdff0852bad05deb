"""What readers can see by now, looked through for what must not be published. Names are added to the list after texts are out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import undefer

from app.kernel.db import db
from app.writing.kinds import all_kinds
from app.writing.models import Manuscript, Version
from app.writing.queries import ROW
from app.writing.review.findings import scan
from app.writing.review.guarding import Asked, ask_about, texts_of
from app.writing.review.models import FindingAnswer
from app.writing.review.queries import guarded_words
from app.writing.review.settings import host_suffixes

# On one page: so many texts, and no more after so many seconds.
MOST = 100
MAX_SECONDS = 3.0


@dataclass(frozen=True)
class Looked:
    """What was found, how many texts were looked through, and after which the next page begins (None: that was the last)."""

    hits: Sequence[tuple[Manuscript, Sequence[Asked]]]
    count: int
    after: int | None


def look_at_live_texts(after: int | None) -> Looked:
    """Go through the published versions from the manuscript after number `after` on. What was answered for is left out."""
    query = (
        select(Manuscript, Version)
        .join(Version, and_(Version.manuscript_id == Manuscript.id, Version.number == Manuscript.published_number))
        .where(Manuscript.id > (after or 0), Manuscript.kind.in_(list(all_kinds())))
        .options(*ROW, undefer(Version.content))
        .order_by(Manuscript.id)
        .limit(MOST)
    )
    rows = db.session.execute(query).unique().all()
    words, suffixes, kinds = guarded_words(), host_suffixes(), all_kinds()
    answers = _answers([manuscript.id for manuscript, _version in rows])
    hits, count, started = [], 0, time.monotonic()
    for manuscript, version in rows:
        if time.monotonic() - started > MAX_SECONDS:
            break
        count += 1
        found = scan(texts_of(kinds[manuscript.kind], version.content), words=words, suffixes=suffixes)
        asked = [each for each in ask_about(found, answers.get(manuscript.id, {})) if each.answer is None]
        if asked:
            hits.append((manuscript, asked))
    is_over = count == len(rows) < MOST
    return Looked(hits, count, None if is_over else rows[count - 1][0].id)


def _answers(ids: Sequence[int]) -> dict[int, dict[str, FindingAnswer]]:
    found: dict[int, dict[str, FindingAnswer]] = {}
    for row in db.session.execute(select(FindingAnswer).where(FindingAnswer.manuscript_id.in_(ids))).scalars():
        found.setdefault(row.manuscript_id, {})[row.digest] = row
    return found
