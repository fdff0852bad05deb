"""What the pages of wishes show, put together for the templates. They are the same for everybody but for the parts in
`places`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from app.capabilities.queries import list_main_areas
from app.training.wishes.models import Wish
from app.training.wishes.queries import FACETS, Choices, count_facets, count_teams, count_votes, listed
from app.training.wishes.rules import STATE_NAMES, State, state_of
from app.web.dates import request_now
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES, language
from app.web.paging import paginate, requested_page, with_params

NEWEST = "new"


@dataclass(frozen=True)
class WishCard:
    """What a card shows: how many want it, and the teams that they are of."""

    wish: Wish
    state: State
    votes: int
    teams: Sequence[tuple[str, int]]


def cards_of(wishes: Sequence[Wish]) -> list[WishCard]:
    """Two queries, however many there are."""
    ids = [wish.id for wish in wishes]
    votes, teams = (count_votes(ids), count_teams(ids)) if ids else ({}, {})
    now = request_now()
    return [
        WishCard(wish, state_of(wish.closed_at, wish.training, now), votes.get(wish.id, 0), teams.get(wish.id, ()))
        for wish in wishes
    ]


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
    capabilities = [(each, area) for area in areas for each in area.capabilities]
    labels: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "state": (_("State"), [(state.value, str(name)) for state, name in STATE_NAMES.items()]),
        "area": (_("Area"), [(area.slug, area.name.in_(language())) for area in areas]),
        "capability": (_("Capability"), [(each.slug, each.name.in_(language())) for each, _area in capabilities]),
        "language": (_("Language"), list(LANGUAGE_NAMES.items())),
    }
    shades = {
        "area": {area.slug: str(area.hue) for area in areas},
        "capability": {each.slug: str(area.hue) for each, area in capabilities},
    }
    return [
        build_facet(name, label, counts[name], values, shades.get(name)) for name, (label, values) in labels.items()
    ]
