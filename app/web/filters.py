"""What templates may call besides dates: icons, numbers, initials."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import LazyString, get_locale
from lucide.jinja import lucide
from markupsafe import Markup

from app.kernel.types import Localized
from app.web.i18n import language

LEAST, MOST = 1e-9, 1e15


def init_app(app: Flask) -> None:
    app.jinja_env.globals["icon"] = icon
    app.jinja_env.filters.update(number=number, initials=initials, local=local)
    # A sentence that is translated when it is shown is a string, too.
    app.jinja_env.tests["string"] = lambda value: isinstance(value, str | LazyString)


def local(text: Localized) -> str:
    """The text in the language of the page."""
    return text.in_(language())


@lru_cache(maxsize=256)
def icon(name: str, size: int = 18) -> Markup:
    """An icon of the one family, hidden from screen readers because text stands beside it."""
    svg = lucide(name, size=size, stroke_width=1.75, **{"class": "icon", "aria-hidden": "true", "focusable": "false"})
    return Markup(re.sub(r">\s+<", "><", str(svg)).strip())  # noqa: S704  # our own library's drawing


def number(value: float) -> str:
    """A figure with the grouping of the reader's language and no more digits than it has."""
    return _number(value, get_locale() or "en")


@lru_cache(maxsize=4096, typed=True)
def _number(value: float, locale: Locale | str) -> str:
    # Beyond what anybody counts, a number is written with its power of ten; the library for locales refuses it.
    if value and not LEAST <= abs(value) < MOST:
        return f"{value:g}"
    return format_decimal(value, locale=locale, decimal_quantization=False)


def initials(name: str) -> str:
    """One or two letters that stand for a person: `LY` for Lin Yue, `岳` for 林岳."""
    words = name.split()
    if not words:
        return "?"
    if len(words) == 1:
        return words[0][-1] if ord(words[0][0]) > 0x2E80 else words[0][0].upper()
    return (words[0][0] + words[-1][0]).upper()
