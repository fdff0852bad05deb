"""The board of wishes, put together for the template. It is the same for everybody but for what is in `parts`."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.capabilities.choices import facet_shades, facet_values
from app.capabilities.queries import list_main_areas
from app.training.wishes.cards import cards_of
from app.training.wishes.queries import FACETS, Choices, count_facets, listed
from app.training.wishes.rules import STATE_NAMES
from app.web.dates import request_now
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES
from app.web.paging import paginate, requested_page, with_params

NEWEST = "new"


def board() -> dict[str, Any]:
    """The board that the address asks for."""
    choices = Choices(**{name: chosen_values(name) for name in FACETS})
    is_newest = request.args.get("sort") == NEWEST
    page = paginate(listed(choices, now=request_now(), newest_first=is_newest), number=requested_page())
    return {
        "page": page,
        "cards": cards_of(page.items),
        "facets": _facets(choices),
        "clear_url": url_for("wishes.index", sort=NEWEST if is_newest else None),
        "sorts": [
            (_("Most wanted"), with_params(sort=None, page=None), not is_newest),
            (_("Newest"), with_params(sort=NEWEST, page=None), is_newest),
        ],
    }


def _facets(choices: Choices) -> list[Facet]:
    counts = count_facets(choices, now=request_now())
    areas = list_main_areas()
    area_values, capability_values = facet_values(areas)
    shades = facet_shades(areas)
    labels: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "state": (_("State"), [(state.value, str(name)) for state, name in STATE_NAMES.items()]),
        "area": (_("Area"), area_values),
        "capability": (_("Capability"), capability_values),
        "language": (_("Language"), list(LANGUAGE_NAMES.items())),
    }
    return [
        build_facet(name, label, counts[name], values, shades.get(name)) for name, (label, values) in labels.items()
    ]
