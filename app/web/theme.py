"""The reader's theme: `light`, `dark`, or `system`. Kept in a cookie, so that the page is right before any script runs."""

from __future__ import annotations

from flask import Flask, request

THEMES = ("system", "light", "dark")
COOKIE = "theme"


def init_app(app: Flask) -> None:
    app.jinja_env.globals["request_theme"] = request_theme


def request_theme() -> str:
    chosen = request.cookies.get(COOKIE, "system")
    return chosen if chosen in THEMES else "system"
