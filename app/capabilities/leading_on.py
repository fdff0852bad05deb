"""The page of a capability that is called otherwise by now: its old address leads on."""

from __future__ import annotations

from flask import Response, redirect, request, url_for

from app.capabilities.documents import capabilities_of
from app.capabilities.rows import find_rows
from app.capabilities.versions import find_latest_version
from app.kernel.db import db


def answer() -> Response | None:
    """What to say instead of "nothing is here"; None where nothing ever was."""
    if request.endpoint != "capabilities.show" or not request.view_args:
        return None
    framework, slug = request.view_args["framework"], request.view_args["slug"]
    rows = find_rows(db.session(), framework)
    latest = find_latest_version(rows.id) if rows else None
    items = capabilities_of(latest.content) if latest else {}
    now = next((name for name, each in items.items() if slug in each["was"]), None)
    if now is None:
        return None
    return redirect(url_for("capabilities.show", framework=framework, slug=now), 301)  # type: ignore[return-value]
