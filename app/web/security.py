"""Headers, cookies, forged forms, and a brake on guessing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import SplitResult, urlsplit

from flask import Flask, Response, current_app, g, request, session
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from limits import parse
from secure import (
    ContentSecurityPolicy,
    CrossOriginOpenerPolicy,
    CrossOriginResourcePolicy,
    PermissionsPolicy,
    ReferrerPolicy,
    Secure,
    StrictTransportSecurity,
    XContentTypeOptions,
    XFrameOptions,
)
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import BadRequest, Forbidden, TooManyRequests
from werkzeug.middleware.proxy_fix import ProxyFix

from app.config import Config

MAX_BODY_BYTES = 2_000_000
# What a form around a file may take beside the file.
FORM_AROUND_A_FILE = 500_000
View = TypeVar("View", bound=Callable[..., Any])
csrf = CSRFProtect()


class Brake(Limiter):
    """Flask-Limiter looks for limits before every request. Ours stand at single views, which look for themselves."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


# A brake for each process. What must hold across processes (the lock-out after failed log-ins) is counted in the database.
limiter = Brake(get_remote_address, storage_uri="memory://", strategy="moving-window")


def brake(rate: str, *names: str) -> None:
    """Count one more of what `names` say, and refuse it if it comes more often than `rate`, such as "90 per minute". For an
    action that has no view of its own. Raises werkzeug's TooManyRequests.
    """
    if limiter.enabled and not limiter.limiter.hit(parse(rate), *names):
        raise TooManyRequests


def init_app(app: Flask) -> None:
    config: Config = app.config["GUILDHALL"]
    https = config.site_url.startswith("https://")
    app.config.update(
        SECRET_KEY=config.effective_secret_key(),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_BODY_BYTES,
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME="__Host-session" if https else "session",
        SESSION_COOKIE_SECURE=https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_NAME="__Host-remember" if https else "remember",
        REMEMBER_COOKIE_SECURE=https,
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_DURATION=timedelta(days=60),
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_ENABLED=not config.testing,
    )
    app.before_request(_refuse_nul)
    # Before the form token is looked for, which reads the whole form.
    app.before_request(_allow_large_body)
    csrf.init_app(app)
    # Behind it, so that a body that is too large is refused first.
    app.before_request(_drop_nul)
    limiter.init_app(app)
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    headers = [(name, name.lower(), value) for name, value in _headers(https=https).headers.items()]
    app.before_request(_reuse_csrf_token)
    app.after_request(_keep_csrf_token)

    @app.after_request
    def add_headers(response: Response) -> Response:
        present = {name.lower() for name, _value in response.headers}
        for name, folded, value in headers:
            if folded not in present:
                response.headers.add(name, value)
        return response


def _headers(*, https: bool) -> Secure:
    return Secure(
        csp=ContentSecurityPolicy()
        .default_src("'none'")
        .script_src("'self'")
        .style_src("'self'")
        .img_src("'self'", "data:")
        .connect_src("'self'")
        .manifest_src("'self'")
        .form_action("'self'")
        .base_uri("'none'")
        .frame_ancestors("'none'"),
        hsts=StrictTransportSecurity().max_age(31_536_000) if https else None,
        referrer=ReferrerPolicy().same_origin(),
        permissions=PermissionsPolicy().camera().microphone().geolocation(),
        xcto=XContentTypeOptions().nosniff(),
        xfo=XFrameOptions().deny(),
        coop=CrossOriginOpenerPolicy().same_origin(),
        corp=CrossOriginResourcePolicy().same_origin(),
    )


def _refuse_nul() -> None:
    """No address of ours holds a NUL character, and PostgreSQL answers one with an error."""
    if "\x00" in request.path or b"%00" in request.query_string:
        raise BadRequest


def _drop_nul() -> None:
    """Nobody types one, and whoever reads a form by hand would forget to look."""
    if request.method == "POST" and any("\x00" in text for pair in request.form.items(multi=True) for text in pair):
        pairs = request.form.items(multi=True)
        cleaned = [(name.replace("\x00", ""), value.replace("\x00", "")) for name, value in pairs]
        request.form = ImmutableMultiDict(cleaned)


def large_body(megabytes: Callable[[Config], int]) -> Callable[[View], View]:
    """Mark a view that takes files of up to so many megabytes; all others take two."""

    def mark(view: View) -> View:
        view.large_body = megabytes  # type: ignore[attr-defined]
        return view

    return mark


def _allow_large_body() -> None:
    megabytes = getattr(current_app.view_functions.get(request.endpoint or ""), "large_body", None)
    if megabytes is not None:
        g.takes_megabytes = megabytes(current_app.config["GUILDHALL"])
        request.max_content_length = g.takes_megabytes * 1_000_000 + FORM_AROUND_A_FILE


def require_same_origin() -> None:
    """Refuse a form that another site sent. For the few forms of pages without a session, which can hold no token.

    Browsers say where a request comes from in `Sec-Fetch-Site`, older ones in `Origin`; a page cannot forge either.
    Raises werkzeug's Forbidden.
    """
    site = request.headers.get("Sec-Fetch-Site")
    origin = request.headers.get("Origin")
    if site not in {None, "same-origin", "none"} or (
        site is None and origin and split_url(origin).netloc != request.host
    ):
        raise Forbidden


def split_url(url: str) -> SplitResult:
    """The parts of an address that somebody sent; all empty where it is none."""
    try:
        return urlsplit(url)
    except ValueError:
        return urlsplit("")


def safe_path(target: str | None) -> str | None:
    """`target` if it is a path of this site that a log-in may lead back to, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    if any(ord(character) < 32 for character in target) or "\\" in target:
        return None
    parts = urlsplit(target)
    return None if parts.scheme or parts.netloc else target


def renew_session() -> None:
    """Begin an empty cookie session with another form token, because it is somebody else's from here on."""
    session.clear()
    g.pop("csrf_token", None)


def _reuse_csrf_token() -> None:
    """Hand out one token for a whole session instead of one a second, so that an unchanged page stays the same bytes
    and a repeated visit answers 304.
    """
    if "csrf_signed" in session:
        g.csrf_token = session["csrf_signed"]


def _keep_csrf_token(response: Response) -> Response:
    if "csrf_token" in g and session.get("csrf_signed") != g.csrf_token:
        session["csrf_signed"] = g.csrf_token
    return response


def secret_key() -> str:
    """What links and codes are signed with."""
    return str(current_app.config["SECRET_KEY"])
