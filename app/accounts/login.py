"""Who is asking: the link between Flask-Login's session and an account."""

from __future__ import annotations

from flask import Flask, Response, current_app, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, LoginManager
from werkzeug.exceptions import Unauthorized

from app.accounts.models import User
from app.accounts.queries import find_by_session
from app.accounts.rules import Permission
from app.web.access import the_member
from app.web.errors import wants_json
from app.web.security import safe_path, split_url


class Visitor(AnonymousUserMixin):  # type: ignore[misc]
    """Somebody who is not logged in; answers the questions that templates ask of everybody."""

    language = None
    time_zone = None

    def may(self, _permission: Permission) -> bool:
        return False


class Manager(LoginManager):  # type: ignore[misc]
    """Mends two things that Flask-Login 0.6.3 gets wrong about the cookie that remembers a person, and leaves out what
    is not used: a session is not bound to the address it began at, because laptops move between networks.
    """

    def _session_protection_failed(self) -> bool:
        return False

    def _clear_cookie(self, response: Response) -> None:
        """Browsers ignore the deletion of a cookie called `__Host-…` unless it is marked as secure, too."""
        response.delete_cookie(
            current_app.config["REMEMBER_COOKIE_NAME"],
            secure=current_app.config["REMEMBER_COOKIE_SECURE"],
            httponly=True,
            samesite=current_app.config["REMEMBER_COOKIE_SAMESITE"],
        )

    def _load_user_from_remember_cookie(self, cookie: str) -> User | None:
        """A cookie that is worth nothing any more is deleted, instead of being looked up with every page."""
        user: User | None = super()._load_user_from_remember_cookie(cookie)
        if user is None:
            session.pop("_user_id", None)
            session.pop("_fresh", None)
            session["_remember"] = "clear"
        return user


def init_app(app: Flask) -> None:
    manager = Manager(app)
    manager.anonymous_user = Visitor
    manager.session_protection = None
    manager.user_loader(find_by_session)
    manager.unauthorized_handler(_ask_to_log_in)
    app.jinja_env.globals["Permission"] = Permission


def _ask_to_log_in() -> ResponseReturnValue:
    if wants_json():
        raise Unauthorized
    message = _("Please log in first.")
    if ("warn", message) not in {tuple(flashed) for flashed in session.get("_flashes", ())}:
        flash(message, "warn")
    return redirect(url_for("accounts.login", next=_way_back()), 303)


def _way_back() -> str | None:
    """Where to go on after the log-in: the page asked for, or the one whose button was pressed."""
    if request.method == "GET":
        return request.full_path.rstrip("?")
    page = split_url(request.referrer or "")
    return safe_path(page._replace(scheme="", netloc="", fragment="").geturl()) if page.netloc == request.host else None


def me() -> User:
    """Who is logged in. For views that only members reach; elsewhere it is `web.shared.reader`, who can be nobody."""
    user: User = the_member()
    return user
