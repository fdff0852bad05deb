"""Language and time zone of a request, and the compiled message catalogues.

People see `en` and `zh`; Babel's locales are `en` and `zh_Hans_CN`. Browsers say `zh-CN`, `zh-Hans`, `zh-TW`: matched
by language first, because a list like `zh-CN,zh;q=0.9,en;q=0.8` against full locale names answers English.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path

from babel import Locale
from babel.messages import mofile, pofile
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, get_locale
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from app.config import Config
from app.kernel.types import LANGUAGES

# Parsed once: Flask-Babel would parse a name again for every request.
LOCALES = {"en": Locale("en"), "zh": Locale("zh", "CN", "Hans")}
LANGUAGE_NAMES = {"en": "English", "zh": "中文"}
COOKIE = "language"
SOURCE = Path(__file__).resolve().parent.parent / "translations"


def init_app(app: Flask) -> None:
    config: Config = app.config["GUILDHALL"]
    app.config["BABEL_DEFAULT_LOCALE"] = str(LOCALES[config.default_language])
    app.config["BABEL_DEFAULT_TIMEZONE"] = config.default_time_zone
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(compile_catalogues(config.data_dir))
    Babel(app, locale_selector=lambda: LOCALES[request_language()], timezone_selector=request_zone)
    app.jinja_env.globals.update(language=language, LANGUAGE_NAMES=LANGUAGE_NAMES)


def language() -> str:
    """`en` or `zh`: what is being written right now, in a request or inside `force_locale`."""
    locale = get_locale()
    return "zh" if locale is not None and locale.language == "zh" else "en"


def request_language() -> str:
    """The reader's language: the person's own, else the cookie's, else the browser's, else the site's default."""
    if "language" not in g:
        g.language = _choose_language()
    chosen: str = g.language
    return chosen


def _choose_language() -> str:
    config: Config = current_app.config["GUILDHALL"]
    if not has_request_context():
        return config.default_language
    chosen = getattr(current_user, "language", None) or request.cookies.get(COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return _best_match(request.headers.get("Accept-Language", "")) or config.default_language


@lru_cache(maxsize=256)
def _best_match(header: str) -> str | None:
    """The language that `Accept-Language` likes best. Browsers send few different ones.

    Not by `best_match`, to which the exact `en` of `zh-Hans-CN,en;q=0.8` is better than a `zh` from somewhere.
    """
    accepted = parse_accept_header(header, LanguageAccept)
    wanted = (tag.partition("-")[0].lower() for tag, quality in accepted if quality > 0)
    return next((code for code in wanted if code in LANGUAGES), None)


def request_zone() -> str:
    """The reader's IANA time zone: the person's own, else the site's."""
    config: Config = current_app.config["GUILDHALL"]
    if "time_zone" not in g:
        g.time_zone = (has_request_context() and getattr(current_user, "time_zone", None)) or config.default_time_zone
    chosen: str = g.time_zone
    return chosen


def compile_catalogues(data_dir: Path) -> Path:
    """The folder of compiled catalogues for the present `.po` files, made if it is not there yet."""
    sources = sorted(SOURCE.glob("*/LC_MESSAGES/messages.po"))
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    target = data_dir / "translations" / digest
    for path in sources:
        compiled = target / path.relative_to(SOURCE).with_suffix(".mo")
        if compiled.exists():
            continue
        compiled.parent.mkdir(parents=True, exist_ok=True)
        fresh = compiled.with_suffix(".new")
        with path.open("rb") as source, fresh.open("wb") as out:
            mofile.write_mo(out, pofile.read_po(source, locale=path.parts[-3]))
        fresh.replace(compiled)
    return target
