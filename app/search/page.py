"""What the search page shows and programs get: the request as the address has it, facets with names, ways out of an
empty result.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from app.search import queries
from app.search.queries import MAX_PAGE, PAGE_SIZE, Answer, SearchRequest, ShownHit, run_search
from app.search.query import MAX_LENGTH
from app.search.sources import all_sources
from app.web.facets import SHOWN, Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES
from app.web.paging import Page, requested_page, with_params

# Parameters of the address, in the order of the page. Each may stand there several times.
FACETS = {
    "kind": _l("Kind"),
    "area": _l("Area"),
    "capability": _l("Capability"),
    "level": _l("Level"),
    "language": _l("Language"),
    "tag": _l("Tag"),
    "coach": _l("Coach"),
    "year": _l("Year"),
}
SORTS = {"best": _l("Best match"), "new": _l("Newest first"), "old": _l("Oldest first")}
BY_KIND = "kind"
# So many values of a facet are named, the most frequent ones; to name them costs.
MAX_CHOICES = 60
# Coaches of more than so many capabilities are nobody in particular.
MAX_NEAR = 5


@dataclass(frozen=True)
class WayOut:
    """Where to go on from an empty result: (sentence, address) of filters that can be taken away so that something is
    found, capabilities that are near, and the coaches for them.
    """

    filters: list[tuple[str, str]]
    capabilities: list[ShownHit]
    coaches_url: str


def requested_search() -> SearchRequest:
    """The search that the address asks for."""
    sort = request.args.get("sort", "")
    return SearchRequest(
        text=request.args.get("q", "").strip()[:MAX_LENGTH],
        filters={name: chosen for name in FACETS if (chosen := chosen_values(name))},
        page=min(requested_page(), MAX_PAGE),
        sort=sort if sort in SORTS else "best",
        grouped=request.args.get("by") == BY_KIND and not chosen_values("kind"),
    )


def is_first_look(wanted: SearchRequest) -> bool:
    """Is it what was typed, rather than a next page of it, a narrower choice or another order?"""
    return wanted.page == 1 and not wanted.filters and wanted.sort == "best"


def page_of(answer: Answer) -> Page[ShownHit]:
    return Page(answer.hits, answer.request.page, PAGE_SIZE, min(answer.total, MAX_PAGE * PAGE_SIZE))


def facets_of(answer: Answer) -> list[Facet]:
    """Every facet with what a person reads; of a long one the most frequent values come first."""
    return [_facet(name, str(label), answer.facets.get(name, Counter())) for name, label in FACETS.items()]


def sort_links(current: str) -> list[tuple[str, str, bool]]:
    return [
        (str(label), with_params(sort=sort if sort != "best" else None, page=None), sort == current)
        for sort, label in SORTS.items()
    ]


def without_filters() -> str:
    """This search without the choices of the facets; the kind, which is chosen by tabs, stays."""
    return with_params(**{name: None for name in FACETS if name != "kind"}, page=None)


def way_out(answer: Answer, facets: list[Facet], reader: Any) -> WayOut:
    """Ways on from a result without hits. Searches once more, for capabilities that have some of the words."""
    near = run_search(SearchRequest(answer.request.text, {"kind": ("capability",)}), reader, size=MAX_NEAR)
    capabilities = sorted(near.facets.get("capability", ()))
    return WayOut(
        filters=_removable(answer, facets, reader),
        capabilities=near.hits,
        coaches_url=url_for("coaches.index", capability=capabilities if len(capabilities) <= MAX_NEAR else []),
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


def _facet(name: str, label: str, counts: Counter[str]) -> Facet:
    values = {value for value, _count in counts.most_common(MAX_CHOICES)} | set(chosen_values(name))
    names = list(_names(name, values, counts).items())
    if name != "kind" and len(names) > SHOWN:
        names.sort(key=lambda value: -counts[value[0]])
    return build_facet(name, label, counts, names)


def _names(name: str, values: Collection[str], counts: Mapping[str, int]) -> dict[str, str]:
    """Names of these values, in the order in which they are shown. What has no name is called what it is."""
    known = _KNOWN[name](values) if name in _KNOWN else {}
    rest = sorted(set(values) - set(known))
    rest = rest[::-1] if name == "year" else sorted(rest, key=lambda value: -counts[value])
    return known | {value: value for value in rest}


def _kinds(values: Collection[str]) -> dict[str, str]:
    return {source.kind: str(source.label) for source in all_sources().values() if source.kind in values}


def _levels(values: Collection[str]) -> dict[str, str]:
    return {level: _("Level %(level)s", level=level) for level in "12345" if level in values}


def _languages(values: Collection[str]) -> dict[str, str]:
    return {code: name for code, name in LANGUAGE_NAMES.items() if code in values}


_KNOWN: dict[str, Callable[[Collection[str]], dict[str, str]]] = {
    "kind": _kinds,
    "level": _levels,
    "language": _languages,
    "area": lambda values: queries.facet_names("area", values),
    "capability": lambda values: queries.facet_names("capability", values),
    "coach": lambda values: queries.facet_names("coach", values),
}
