"""How a standing's numbers are said."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.kernel.clock import zone
from app.maturity.quartiles import Quartiles
from app.maturity.scoring import shown
from app.maturity.standing.rules import Place, place_of
from app.web.i18n import request_zone

PLACE_NAMES: dict[Place, LazyString] = {
    Place.HIGHEST: _l("highest quarter"),
    Place.UPPER: _l("above the middle"),
    Place.LOWER: _l("below the middle"),
    Place.LOWEST: _l("lowest quarter"),
}


def place_words(score: float, bands: Quartiles) -> str:
    return str(PLACE_NAMES[place_of(score, bands)])


def day_of(moment: datetime) -> str:
    """Day, month and year in short, on the reader's clocks."""
    return format_skeleton("yMMMd", moment.astimezone(zone(request_zone())).date(), locale=get_locale())


def rounded(score: float | None) -> float | None:
    """As it is shown, for a spreadsheet."""
    value = shown(score)
    return None if value is None else float(value)


@lru_cache(maxsize=4096)
def score_words(score: float | None) -> str:
    """As it is shown; a dash where there is none."""
    return "–" if score is None else str(shown(score))


def level_words(level: float | None) -> str:
    """A level as a whole number; a dash where there is none."""
    return "–" if level is None else f"{level:g}"


@lru_cache(maxsize=4096)
def step_of(score: float) -> int:
    """Which of the five tints a score has: by what is shown of it, so that no 4.0 looks like a three."""
    return int(rounded(score) or 0)
