"""The search page."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from app.search.index import FACETS, IndexBrokenError
from app.search.queries import MAX_PAGE, PAGE_SIZE, Answer, SearchRequest, area_names, run_search
from app.search.query import MAX_LENGTH
from app.search.sources import all_sources
from app.web.access import readers
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES
from app.web.paging import Page, requested_page

blueprint = Blueprint("search", __name__, template_folder="templates")


@blueprint.get("/search")
@readers
def index() -> tuple[str, int]:
    text = request.args.get("q", "").strip()[:MAX_LENGTH]
    wanted = SearchRequest(text, {name: chosen_values(name) for name in FACETS}, min(requested_page(), MAX_PAGE))
    reader = current_user if current_user.is_authenticated else None
    try:
        answer = run_search(wanted, reader)
    except IndexBrokenError:
        return render_template("search/rebuilding.html", text=text), 503
    page = Page(answer.hits, wanted.page, PAGE_SIZE, min(answer.total, MAX_PAGE * PAGE_SIZE))
    return render_template("search/index.html", text=text, answer=answer, page=page, facets=_facets(answer)), 200


def _facets(answer: Answer) -> list[Facet]:
    """The facets with names a person reads; kinds first."""
    labels = {
        "kind": (_("Kind"), [(source.kind, str(source.label)) for source in all_sources().values()]),
        "area": (_("Area"), area_names()),
        "level": (_("Level"), [(str(level), _("Level %(level)s", level=level)) for level in range(1, 6)]),
        "language": (_("Language"), list(LANGUAGE_NAMES.items())),
    }
    return [build_facet(name, label, answer.facets.get(name, {}), values) for name, (label, values) in labels.items()]
