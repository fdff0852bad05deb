"""One page of a list, and the addresses of its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from flask import g, request, url_for
from sqlalchemy import Select, func, select

from app.kernel.db import db
from app.web.numbers import whole_number

T = TypeVar("T")
PAGE_SIZE = 24
MAX_PAGE = 10_000
MAX_PARAMS = 30


@dataclass(frozen=True)
class Page(Generic[T]):
    """Items of page `number` (from 1) of a list of `total` items, `size` to a page."""

    items: Sequence[T]
    number: int
    size: int
    total: int

    @property
    def count(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.size))

    @property
    def previous_url(self) -> str | None:
        before = min(self.number - 1, self.count)
        return with_params(page=before if before > 1 else None) if before else None

    @property
    def next_url(self) -> str | None:
        return with_params(page=self.number + 1) if self.number < self.count else None


def requested_page() -> int:
    """The page number in the address; 1 where it is missing or nonsense."""
    return min(whole_number(request.args.get("page")) or 1, MAX_PAGE)


def paginate(query: Select[T], *, number: int, size: int = PAGE_SIZE) -> Page[T]:
    """Page `number` of `query`, with two queries whatever its length."""
    total = db.session.execute(select(func.count()).select_from(query.order_by(None).subquery())).scalar_one()
    items = db.session.execute(query.limit(size).offset((number - 1) * size)).unique().scalars().all()
    return Page(items, number, size, total)


def with_params(**changes: Any) -> str:
    """This page's address with some parameters set (a list sets several values) or, with None, taken out."""
    # Anybody can write parameters into an address; a page with a hundred links does not repeat them all.
    params = dict(list(request.args.to_dict(flat=False).items())[:MAX_PARAMS])
    for name, value in changes.items():
        if value is None or value == []:
            params.pop(name, None)
        else:
            params[name] = [str(item) for item in value] if isinstance(value, list) else [str(value)]
    return f"{_path()}?{urlencode(params, doseq=True)}" if params else _path()


def _path() -> str:
    """This page's address without parameters. A page of results asks for it a hundred times."""
    if "path_of_page" not in g:
        assert request.endpoint is not None
        # Not with the parameters: names such as `_scheme` and `endpoint` mean something to url_for, and anybody can
        # write them into an address.
        g.path_of_page = url_for(request.endpoint, **(request.view_args or {}))
    path: str = g.path_of_page
    return path
