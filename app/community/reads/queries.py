"""Reading how often articles were read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.community.articles import article_kinds
from app.community.reads.models import ReadDay
from app.community.reads.rules import UNREAD_FOR
from app.community.subjects import Ref
from app.kernel.db import db
from app.kernel.types import LANGUAGES

WEEKS = 26


def count_reads(ref: Ref, since: date) -> int:
    query = select(func.coalesce(func.sum(ReadDay.count), 0)).where(_is_one_of([ref]), ReadDay.day >= since)
    return int(db.session.execute(query).scalar_one())


def most_read(
    refs: Collection[Ref] | None, since: date, *, number: int, size: int
) -> tuple[list[tuple[Ref, int]], int]:
    """A page of articles with their reads since that day, the most read first, and how many articles there are. None: of all."""
    reads = func.sum(ReadDay.count)
    query = select(ReadDay.kind, ReadDay.slug, reads).where(ReadDay.day >= since, _is_one_of(refs))
    query = query.group_by(ReadDay.kind, ReadDay.slug)
    total = db.session.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    query = query.order_by(reads.desc(), ReadDay.kind, ReadDay.slug).limit(size).offset((number - 1) * size)
    return [(Ref(kind, slug), int(count)) for kind, slug, count in db.session.execute(query)], total


def list_unread(refs: Collection[Ref] | None, now: datetime) -> list[Ref]:
    """What has been there for longer than ninety days and was read by nobody in these."""
    since = now - UNREAD_FOR
    there = [Ref(kind.kind, slug) for kind in article_kinds().values() for slug in kind.list_slugs(since, None)]
    query = select(ReadDay.kind, ReadDay.slug).where(ReadDay.day >= since.date()).distinct()
    read = {Ref(kind, slug) for kind, slug in db.session.execute(query)}
    return [ref for ref in there if ref not in read and (refs is None or ref in refs)]


def list_owned(user: object, now: datetime) -> list[Ref]:
    """What this person answers for."""
    return [Ref(kind.kind, slug) for kind in article_kinds().values() for slug in kind.list_slugs(now, user)]


def by_week(refs: Collection[Ref] | None, today: date) -> tuple[list[date], dict[str, list[int]]]:
    """The Mondays of the last half year, and the reads of each week in each language."""
    first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
    mondays = [first + timedelta(weeks=week) for week in range(WEEKS)]
    query = (
        select(ReadDay.language, ReadDay.day, func.sum(ReadDay.count))
        .where(ReadDay.day >= first, _is_one_of(refs))
        .group_by(ReadDay.language, ReadDay.day)
    )
    counts = {language: [0] * WEEKS for language in LANGUAGES}
    for language, day, count in db.session.execute(query):
        week = (day - first).days // 7
        if week < WEEKS:
            counts[language][week] += int(count)
    return mondays, counts


def _is_one_of(refs: Iterable[Ref] | None) -> ColumnElement[bool]:
    if refs is None:
        return ReadDay.count > 0
    slugs: dict[str, list[str]] = {}
    for ref in refs:
        slugs.setdefault(ref.kind, []).append(ref.slug)
    return or_(False, *(and_(ReadDay.kind == kind, ReadDay.slug.in_(of_kind)) for kind, of_kind in slugs.items()))
