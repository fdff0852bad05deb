"""A search as the address has it, and the addresses of others near it."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

from app.search.queries import MAX_PAGE, PAGE_SIZE, Answer, SearchRequest, ShownHit
from app.search.query import MAX_LENGTH
from app.web.facets import chosen_values
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


def sort_links(current: str) -> list[tuple[str, str, bool]]:
    return [
        (str(label), with_params(sort=sort if sort != "best" else None, page=None), sort == current)
        for sort, label in SORTS.items()
    ]


def without_filters() -> str:
    """This search without the choices of the facets; the kind, which is chosen by tabs, stays."""
    return with_params(**{name: None for name in FACETS if name != "kind"}, page=None)
