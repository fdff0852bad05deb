"""Where to go on from an empty result."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, url_for
from flask_babel import gettext as _

from app.search.queries import Answer, SearchRequest, ShownHit, run_search
from app.web.facets import Facet
from app.web.paging import with_params

# Coaches of more than so many capabilities are nobody in particular.
MAX_NEAR = 5


@dataclass(frozen=True)
class Offer:
    """What a feature that search does not know can do for whoever found nothing."""

    label: str
    url: str
    icon: str


# Gets the words that found nothing.
Offerer = Callable[[str], Offer]


@dataclass(frozen=True)
class WayOut:
    """Where to go on from an empty result: (sentence, address) of filters that can be taken away so that something is
    found, capabilities that are near, the coaches for them, and what other features offer.
    """

    filters: list[tuple[str, str]]
    capabilities: list[ShownHit]
    coaches_url: str
    offers: list[Offer]


def register(app: Flask, offerers: Sequence[Offerer]) -> None:
    app.extensions["search_offers"] = tuple(offerers)


def way_out(answer: Answer, facets: list[Facet], reader: Any) -> WayOut:
    """Ways on from a result without hits. Searches once more, for capabilities that have some of the words."""
    near = run_search(SearchRequest(answer.request.text, {"kind": ("capability",)}), reader, size=MAX_NEAR)
    capabilities = sorted(near.facets.get("capability", ()))
    return WayOut(
        filters=_removable(answer, facets, reader),
        capabilities=near.hits,
        coaches_url=url_for("coaches.index", capability=capabilities if len(capabilities) <= MAX_NEAR else []),
        offers=[offer(answer.request.text) for offer in current_app.extensions["search_offers"]],
    )


def _removable(answer: Answer, facets: list[Facet], reader: Any) -> list[tuple[str, str]]:
    """The facets without whose choice something would be found; all of them together where none does it alone."""
    chosen = [facet for facet in facets if facet.chosen]
    ways = [
        (
            _("Search without %(filters)s", filters=", ".join(choice.label for choice in facet.chosen)),
            with_params(**{facet.name: None, "page": None}),
        )
        for facet in chosen
        if any(answer.facets.get(facet.name, {}).values())
    ]
    if ways or len(chosen) < 2 or not run_search(SearchRequest(answer.request.text), reader, size=1).total:
        return ways
    return [(_("Search without any filter"), with_params(**{facet.name: None for facet in chosen}, page=None))]
