"""What goes with `[[` or `@` while somebody is writing."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, or_, select

from app.accounts.models import User
from app.kernel.db import db
from app.search.index import IndexBrokenError
from app.search.queries import suggest
from app.web.access import member

blueprint = Blueprint("completing", __name__)

MOST = 8
MAX_TYPED = 80


@blueprint.get("/complete.json")
@member
def complete() -> ResponseReturnValue:
    """Up to eight of `{insert, title, kind}` for what is typed in `q`; `for` is `link` or `mention`."""
    typed = request.args.get("q", "").strip()[:MAX_TYPED]
    if not typed:
        return _private([])
    return _private(_people(typed) if request.args.get("for") == "mention" else _things(typed))


def _things(typed: str) -> list[dict[str, str]]:
    """Things by title, as search suggests them to everybody: what not all may see could not be linked to."""
    try:
        found = suggest(typed, None, limit=MOST)
    except IndexBrokenError:
        # Whoever writes goes on without; the worker is mending the index.
        return []
    return [
        {"insert": f"[[{each.kind}:{_slug(each.url)}]]", "title": each.title, "kind": str(each.label)} for each in found
    ]


def _slug(url: str) -> str:
    return unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])


def _people(typed: str) -> list[dict[str, str]]:
    """People by name, by handle, and by the sound of their name: `linyue`, `lin-y` and `ly` all find 林岳, who is lin-yue."""
    sound = typed.lower().replace(" ", "").replace("-", "")
    conditions = [User.name.icontains(typed, autoescape=True), User.handle.startswith(typed.lower(), autoescape=True)]
    if sound.isascii() and sound.isalnum():
        conditions.append(func.replace(User.handle, "-", "").startswith(sound))
        conditions.append(User.handle.like("%-".join(sound) + "%"))
    begins = or_(User.name.istartswith(typed, autoescape=True), User.handle.startswith(typed.lower(), autoescape=True))
    query = (
        select(User.handle, User.name)
        .where(or_(*conditions), User.disabled_at.is_(None))
        .order_by(begins.desc(), User.name, User.id)
        .limit(MOST)
    )
    return [{"insert": f"@{handle}", "title": name, "kind": f"@{handle}"} for handle, name in db.session.execute(query)]


def _private(suggestions: list[dict[str, str]]) -> Response:
    """Not kept anywhere: it answers what somebody is typing."""
    answer = jsonify(suggestions=suggestions)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
