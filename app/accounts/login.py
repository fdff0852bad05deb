"""Who is asking: the link between Flask-Login's session and an account."""

from __future__ import annotations

from flask import Flask, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, LoginManager

from app.accounts.queries import find_by_session
from app.accounts.rules import Permission


class Visitor(AnonymousUserMixin):  # type: ignore[misc]
    """Somebody who is not logged in; answers the questions that templates ask of everybody."""

    language = None
    time_zone = None

    def may(self, _permission: Permission) -> bool:
        return False


def init_app(app: Flask) -> None:
    manager = LoginManager(app)
    manager.anonymous_user = Visitor
    # A session is not bound to the address it began at: laptops move between networks.
    manager.session_protection = None
    manager.user_loader(find_by_session)
    manager.unauthorized_handler(_ask_to_log_in)
    app.jinja_env.globals["Permission"] = Permission


def _ask_to_log_in() -> ResponseReturnValue:
    flash(_("Please log in first."), "warn")
    target = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.login", next=target), 303)
