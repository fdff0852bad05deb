"""What an address answers at which nothing is any more: it leads on, or it says what became of the text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, Response, current_app, make_response, redirect, render_template, request, url_for

from app.writing.keeping.models import FormerAddress
from app.writing.keeping.queries import find_former
from app.writing.kinds import get_kind

CAME_FROM = "from"


def init_app(app: Flask, pages: Mapping[str, str]) -> None:
    """`pages` are the endpoints that take a `slug`, with the kind of text that each shows."""
    app.extensions["left_pages"] = dict(pages)


def answer() -> Response | None:
    """What to say instead of "nothing is here"; None where nothing ever was."""
    kind = current_app.extensions["left_pages"].get(request.endpoint)
    if kind is None or request.method not in {"GET", "HEAD"} or not request.view_args:
        return None
    former = find_former(kind, request.view_args["slug"])
    if former is None:
        return None
    if former.to_slug is None:
        return make_response(render_template("writing/keeping/gone.html", former=former), 410)
    # A redirect is remembered for ever by browsers; what was retired may come back.
    return redirect(_new_address(former, kind), 302 if former.is_retired else 301)  # type: ignore[return-value]


def _new_address(former: FormerAddress, kind: str) -> str:
    """The page of the same sort, in the same language. A reader who looks for what was retired is told where they are."""
    asked: dict[str, Any] = {name: value for name, value in request.args.items() if name == "lang"}
    if former.is_retired:
        asked[CAME_FROM] = f"{kind}:{former.slug}"
    if former.to_kind == kind and request.endpoint:
        return url_for(request.endpoint, slug=former.to_slug, **asked)
    address = get_kind(str(former.to_kind)).url(str(former.to_slug), asked.pop("lang", ""))
    came_from = asked.get(CAME_FROM)
    return f"{address}{'&' if '?' in address else '?'}{CAME_FROM}={came_from}" if came_from else address


def arrival() -> FormerAddress | None:
    """What the reader was led here from, where that was retired."""
    kind, _colon, slug = request.args.get(CAME_FROM, "").partition(":")
    former = find_former(kind, slug) if slug else None
    return former if former is not None and former.is_retired else None
