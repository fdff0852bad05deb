"""Capabilities to choose from, in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l

from app.capabilities.models import Area
from app.web.forms import choices
from app.web.i18n import language

Values = list[tuple[str, str]]
LEVEL_CHOICES = choices([("", _l("No level")), *[(level, level) for level in "12345"]])


def choices_by_area(areas: Sequence[Area]) -> dict[str, list[tuple[int, str]]]:
    """{name of the area: (id, name) of its capabilities} for a field of a form."""
    return {
        area.name.in_(language()): [(each.id, each.name.in_(language())) for each in area.capabilities]
        for area in areas
    }


def facet_values(areas: Sequence[Area]) -> tuple[Values, Values]:
    """(slug, name) of the areas, and of all their capabilities."""
    capabilities = [each for area in areas for each in area.capabilities]
    return _named(areas), _named(capabilities)


def _named(things: Sequence[Any]) -> Values:
    return [(each.slug, each.name.in_(language())) for each in things]


def facet_shades(areas: Sequence[Area]) -> Mapping[str, Mapping[str, str]]:
    """By facet, the hue of each value: a capability has the one of its area."""
    return {
        "area": {area.slug: str(area.hue) for area in areas},
        "capability": {each.slug: str(area.hue) for area in areas for each in area.capabilities},
    }
