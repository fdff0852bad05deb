"""Who may call a view. Every view carries exactly one mark; a view without one stops the start-up.

`@public`     anybody, always: log-in, health, the language switch
`@readers`    whoever may read the site: everybody, or members only where VISITORS is `none`
`@member`     whoever is logged in
`@requires`   whoever is logged in and passes the policy

Whether a person may act on one particular thing is asked with `ensure()` once the view has loaded it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.routing import IntegerConverter, Map

from app.kernel.errors import ForbiddenError
from app.web.errors import wants_json
from app.web.i18n import request_language
from app.web.words import LOGGED_OUT, does_keep_words, kept_words

View = TypeVar("View", bound=Callable[..., Any])
Policy = Callable[[Any], bool]


@dataclass(frozen=True)
class Access:
    """A view's mark. `policy` is asked only of people who are logged in."""

    name: str
    policy: Policy | None = None


def public(view: View) -> View:
    return _mark(view, Access("public"))


def readers(view: View) -> View:
    return _mark(view, Access("readers"))


def member(view: View) -> View:
    return _mark(view, Access("member"))


def requires(policy: Policy) -> Callable[[View], View]:
    return lambda view: _mark(view, Access("requires", policy))


def ensure(allowed: bool) -> None:
    """Go on if `allowed`. Raises ForbiddenError otherwise."""
    if not allowed:
        raise ForbiddenError(NOT_ALLOWED)


def the_member() -> Any:
    """The account that is logged in, rather than Flask-Login's proxy for it. For views that only members reach; above
    this floor `accounts.login.me` says the same and knows what an account is.
    """
    return current_user._get_current_object()  # noqa: SLF001


NOT_ALLOWED = _l("You can see this, but you may not do that. An administrator can give you the right to.")


def _mark(view: View, access: Access) -> View:
    if hasattr(view, "access"):
        raise RuntimeError(f"{view.__name__} has two access marks")
    view.access = access  # type: ignore[attr-defined]
    return view


def access_of(app: Flask, endpoint: str) -> Access:
    """The mark of an endpoint. Raises RuntimeError where there is none."""
    access = getattr(app.view_functions[endpoint], "access", None)
    if not isinstance(access, Access):
        raise RuntimeError(f"The view {endpoint} has no access mark: @public, @readers, @member or @requires(policy).")
    return access


class RowId(IntegerConverter):
    """`<id:…>` in an address: the number of a row. Anything larger than a column can hold is no such address."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, min=1, max=2**31 - 1)


def init_app(app: Flask) -> None:
    app.url_map.converters["id"] = RowId
    app.before_request(_guard)


def check_marks(app: Flask) -> None:
    """Stop the start-up if a view has no mark. Raises RuntimeError."""
    for endpoint in app.view_functions:
        access_of(app, endpoint)


def _guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    access = access_of(current_app, request.endpoint)
    if access.name == "public":
        return None
    if access.name == "readers" and not current_app.config["GUILDHALL"].members_only:
        return None
    if not current_user.is_authenticated:
        if does_keep_words() and not wants_json():
            return kept_words(LOGGED_OUT)
        answer: ResponseReturnValue = current_app.login_manager.unauthorized()  # type: ignore[attr-defined]
        return answer
    if access.policy and not access.policy(current_user):
        raise ForbiddenError(NOT_ALLOWED)
    # While the person's row is at hand: after a transaction it would have to be read again.
    request_language()
    return None
