"""Finished pieces kept in memory until something that pages show has changed.

Every process keeps its own store. An entry is valid for one revision of the database (`kernel.db.Revision`) and for at
most a minute, because pages say things like "tomorrow" and "sign-up closed". The revision is read before the piece is
made, so that a piece can be newer than its revision but never older.

`@stored_page` keeps whole answers for visitors; `stored()` keeps a piece of a page for everybody. Whole pages for
members, with parts of each reader's own, are in `shared`.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sized
from functools import lru_cache
from typing import Any, TypeVar

from flask import Flask, Response, current_app, g, request, session
from flask_login import current_user
from werkzeug.datastructures import Accept
from werkzeug.http import parse_accept_header

from app.kernel.db import current_revision
from app.web.i18n import request_language
from app.web.theme import request_theme

SECONDS = 60
MAX_BYTES = 24_000_000
VARY = ("Cookie", "Accept-Language", "HX-Request")
# Longer addresses are nobody's bookmark; their pages are not kept.
MAX_PATH = 512
T = TypeVar("T")
View = TypeVar("View", bound=Callable[..., Any])


class Store:
    """Least recently used pieces, bounded by their size together. Safe under threads."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._pieces: OrderedDict[Hashable, tuple[int, float, int, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, revision: int) -> Any | None:
        with self._lock:
            piece = self._pieces.get(key)
            if piece is None or piece[0] != revision or piece[1] < time.monotonic():
                return None
            self._pieces.move_to_end(key)
            return piece[3]

    def put(self, key: Hashable, revision: int, size: int, value: Any) -> None:
        with self._lock:
            old = self._pieces.pop(key, None)
            self._bytes += size - (old[2] if old else 0)
            self._pieces[key] = (revision, time.monotonic() + SECONDS, size, value)
            while self._bytes > self._max_bytes:
                self._bytes -= self._pieces.popitem(last=False)[1][2]


def init_app(app: Flask) -> None:
    app.extensions["store"] = Store(MAX_BYTES)
    app.config["COMPRESS_EVALUATE_CONDITIONAL_REQUEST"] = False
    app.before_request(_answer_from_store)
    app.after_request(_add_validator)


def init_last(app: Flask) -> None:
    """Register the hooks that have to see the finished, compressed answer. Flask runs such hooks last registered
    first, so this is called before the others' `init_app`.
    """
    app.after_request(_make_conditional)
    app.after_request(_keep_in_store)


def stored_page(view: View) -> View:
    """Mark a GET view whose answer to visitors depends on address, language and theme alone."""
    view.is_stored = True  # type: ignore[attr-defined]
    return view


def stored(key: Hashable, make: Callable[[], T]) -> T:
    """The piece called `key` in the reader's language, made by `make` if it is not at hand. What is stored must not be
    changed afterwards.
    """
    store: Store = current_app.extensions["store"]
    full_key = ("piece", key, request_language())
    revision = request_revision()
    piece = store.get(full_key, revision)
    if piece is None:
        piece = make()
        store.put(full_key, revision, _size(piece), piece)
    return piece


def _size(piece: object) -> int:
    """About the bytes that a piece takes."""
    if isinstance(piece, Mapping):
        return 200 + sum(_size(value) for value in piece.values())
    return 200 + len(piece) * 2 if isinstance(piece, Sized) else 2_000


def request_revision() -> int:
    """The database's revision as this request first saw it."""
    if "revision" not in g:
        g.revision = current_revision()
    revision: int = g.revision
    return revision


def _page_key() -> Hashable | None:
    """The key of this request's page, None if it is not one to store."""
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method not in {"GET", "HEAD"} or not getattr(view, "is_stored", False):
        return None
    if session or current_app.config["REMEMBER_COOKIE_NAME"] in request.cookies or len(request.full_path) > MAX_PATH:
        return None
    encodings = _encodings(request.headers.get("Accept-Encoding", ""))
    fragment = "HX-Request" in request.headers
    return (
        "page",
        request.method,
        request.host,
        request.full_path,
        request_language(),
        request_theme(),
        encodings,
        fragment,
    )


@lru_cache(maxsize=256)
def _encodings(header: str) -> tuple[float, ...]:
    """What `Accept-Encoding` says of each encoding that answers are sent in. Browsers send few different ones."""
    accepted = parse_accept_header(header, Accept)
    return tuple(accepted.quality(name) for name in ("br", "zstd", "gzip", "deflate"))


def _answer_from_store() -> Response | None:
    g.page_key = _page_key()
    if g.page_key is None:
        return None
    kept = current_app.extensions["store"].get(g.page_key, request_revision())
    if kept is None:
        return None
    g.page_key = None
    body, status, headers = kept
    return Response(body, status, headers)


def _add_validator(response: Response) -> Response:
    """Give pages a validator and let browsers ask again each time."""
    if request.method in {"GET", "HEAD"} and response.status_code == 200 and not response.is_streamed:
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "private, no-cache"
        if "Vary" in response.headers:
            response.vary.update(VARY)
        else:
            response.headers["Vary"] = ", ".join(VARY)
        response.add_etag()
    return response


def _make_conditional(response: Response) -> Response:
    """Answer 304 without a body where the browser has these very bytes."""
    if "If-None-Match" not in request.headers or request.method not in {"GET", "HEAD"}:
        return response
    if response.status_code == 200 and not response.is_streamed:
        response.make_conditional(request)
    return response


def _keep_in_store(response: Response) -> Response:
    key = g.get("page_key")
    if key is None or response.status_code != 200 or "Set-Cookie" in response.headers or session.modified:
        return response
    if current_user.is_authenticated or response.is_streamed:
        return response
    body = response.get_data()
    current_app.extensions["store"].put(key, request_revision(), len(body), (body, 200, list(response.headers)))
    return response
