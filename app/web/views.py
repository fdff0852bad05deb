"""The reader's language and theme, the icon of the site, and the living page of components."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, abort, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.config import Config
from app.kernel.db import transaction
from app.kernel.types import LANGUAGES
from app.web import i18n, theme
from app.web.access import public
from app.web.samples import samples
from app.web.security import csrf, require_same_origin, safe_path

SECONDS_A_YEAR = 31_536_000
SECONDS_A_DAY = 86_400

blueprint = Blueprint("web", __name__)


# Pages for visitors are stored without a session, so they can hold no token: the origin is what is checked.
@blueprint.post("/language", endpoint="language")
@public
@csrf.exempt
def choose_language() -> ResponseReturnValue:
    require_same_origin()
    chosen = request.form.get("language")
    if chosen not in LANGUAGES:
        abort(400)
    if current_user.is_authenticated:
        # A person's own language outweighs the cookie, so it is what has to change.
        person = current_user._get_current_object()  # noqa: SLF001
        with transaction():
            person.language = chosen
    return _back_with_cookie(i18n.COOKIE, chosen)


@blueprint.post("/theme", endpoint="theme")
@public
@csrf.exempt
def choose_theme() -> ResponseReturnValue:
    """For readers without script; the script of the switch sets the same cookie."""
    require_same_origin()
    chosen = request.form.get("theme")
    if chosen not in theme.THEMES:
        abort(400)
    return _back_with_cookie(theme.COOKIE, chosen)


def _back_with_cookie(name: str, value: str) -> ResponseReturnValue:
    response = redirect(safe_path(request.form.get("next")) or "/", 303)
    secure = _config().site_url.startswith("https://")
    response.set_cookie(name, value, max_age=SECONDS_A_YEAR, samesite="Lax", secure=secure)
    return response


@blueprint.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """For browsers that do not read the page's own link to the icon."""
    asset: Callable[[str], str] = current_app.jinja_env.globals["asset"]  # type: ignore[assignment]
    response = redirect(asset("img/favicon.svg"), 302)
    response.cache_control.public = True
    response.cache_control.max_age = SECONDS_A_DAY
    return response


@blueprint.get("/_components")
@public
def components() -> str:
    """Every component in every state, for whoever builds pages. Not in production."""
    if _config().is_production:
        abort(404)
    return render_template("components.html", **samples())


def _config() -> Config:
    config: Config = current_app.config["GUILDHALL"]
    return config
