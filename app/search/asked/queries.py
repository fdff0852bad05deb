"""What people look for, as editors see it: never a query that fewer than three have asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, select

from app.kernel.db import db
from app.search.asked.models import SearchQuery, SearchQueryDay
from app.search.asked.tally import MIN_ASKERS
from app.web.paging import Page

PERIODS = (7, 30, 90)
VIEWS = ("frequent", "nothing", "unopened")
PAGE_SIZE = 50

_asked = func.sum(SearchQueryDay.asked)
_empty = func.sum(SearchQueryDay.empty)
_clicked = func.sum(SearchQueryDay.clicked)


@dataclass(frozen=True)
class Asked:
    """A query: how often it was asked, how often it found nothing, how often a result was opened."""

    text: str
    asked: int
    empty: int
    clicked: int


def first_day(days: int, now: datetime) -> date:
    """The first of so many days, of which today is the last."""
    return now.date() - timedelta(days=days - 1)


def list_asked(view: str, since: date, *, number: int = 1) -> Page[Asked]:
    """A page of the queries since that day: the frequent ones; those that found nothing, at least every second time; or
    those that found something of which nothing was ever opened.
    """
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "frequent": [],
        "nothing": [_empty > 0, _empty * 2 >= _asked],
        "unopened": [_clicked == 0, _asked - _empty >= MIN_ASKERS],
    }
    order: dict[str, ColumnElement[Any]] = {"nothing": _empty, "unopened": _asked - _empty}
    query = (
        select(SearchQuery.text, _asked, _empty, _clicked)
        .join(SearchQueryDay, SearchQueryDay.query_id == SearchQuery.id)
        .where(SearchQuery.text.is_not(None), SearchQueryDay.day >= since)
        .group_by(SearchQuery.id, SearchQuery.text)
        .having(_asked >= MIN_ASKERS, *conditions[view])
        .order_by(order.get(view, _asked).desc(), SearchQuery.text)
    )
    total = db.session.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    rows = db.session.execute(query.limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE))
    items = [Asked(str(text), int(asked), int(empty), int(clicked)) for text, asked, empty, clicked in rows]
    return Page(items, number, PAGE_SIZE, total)
