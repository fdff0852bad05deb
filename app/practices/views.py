"""The library's pages."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app.capabilities.queries import list_main_areas
from app.kernel.errors import NotFoundError
from app.kernel.types import LANGUAGES
from app.practices.export import as_markdown
from app.practices.models import Practice
from app.practices.queries import (
    SORTS,
    Choices,
    chosen,
    count_facets,
    list_next_level,
    list_related,
    team_names,
    versions_of,
)
from app.practices.rules import DIFFICULTIES
from app.web.access import readers
from app.web.dates import request_now
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES, request_language
from app.web.paging import paginate, requested_page, with_params
from app.web.sections import sections_for
from app.web.shared import shared_page
from app.writing.history.queries import find_standing
from app.writing.queries import find_keeping

blueprint = Blueprint("practices", __name__, template_folder="templates")

FACETS = ("area", "capability", "level", "tag", "team", "language")
MOST_TAGS = 20


@blueprint.get("/practices/")
@readers
@shared_page
def index() -> str:
    choices = Choices(**{name: chosen_values(name) for name in FACETS})
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else "capability"
    page = paginate(chosen(None, choices, request_language(), sort=sort), number=requested_page())
    names = {
        "capability": _("By capability"),
        "title": _("By title"),
        "newest": _("Newest first"),
        "used": _("Most used by teams"),
    }
    sorts = [(names[key], with_params(sort=key, page=None), key == sort) for key in SORTS]
    return render_template("practices/index.html", page=page, facets=_facets(choices), sorts=sorts)


def _facets(choices: Choices) -> list[Facet]:
    counts = count_facets(choices, request_language())
    areas = list_main_areas()
    hues = {area.slug: str(area.hue) for area in areas}
    capabilities = [(capability, area) for area in areas for capability in area.capabilities]
    capability_hues = {capability.slug: str(area.hue) for capability, area in capabilities}
    language = request_language()
    tags = [tag for tag, _count in counts["tag"].most_common(MOST_TAGS)]
    labels: dict[str, tuple[str, list[tuple[str, str]]]] = {
        "area": (_("Area"), [(area.slug, area.name.in_(language)) for area in areas]),
        "capability": (_("Capability"), [(each.slug, each.name.in_(language)) for each, _area in capabilities]),
        "level": (_("Level"), [(str(level), _("Level %(level)s", level=level)) for level in range(1, 6)]),
        "tag": (_("Tag"), [(tag, tag) for tag in dict.fromkeys([*choices.tag, *tags])]),
        "team": (_("Used by"), list(team_names({*counts["team"], *choices.team}).items())),
        "language": (_("Language"), list(LANGUAGE_NAMES.items())),
    }
    shades = {"area": hues, "capability": capability_hues}
    return [
        build_facet(name, label, counts[name], values, shades.get(name)) for name, (label, values) in labels.items()
    ]


@blueprint.get("/practices/<slug>")
@readers
@shared_page
def show(slug: str) -> str:
    versions = versions_of(None, slug)
    practice = _pick(versions)
    return render_template(
        "practices/show.html",
        practice=practice,
        versions=versions,
        difficulties=DIFFICULTIES,
        is_stale=practice.is_stale(request_now().date()),
        next_level=list_next_level(practice),
        related=list_related(practice),
        sections=sections_for("practice", practice, None),
        keeping=find_keeping("practice", practice.slug, practice.language),
        standing=find_standing("practice", practice.slug, practice.language),
    )


@blueprint.get("/practices/<slug>.md")
@readers
def source(slug: str) -> Response:
    practice = _pick(versions_of(None, slug))
    return Response(as_markdown(practice), mimetype="text/markdown")


def _pick(versions: list[Practice]) -> Practice:
    """The version in the language of the address, else of the reader, else the first. Raises NotFoundError."""
    if not versions:
        raise NotFoundError(_("There is no such practice. Search for it, or look through the library."))
    wanted = request.args.get("lang")
    wanted = wanted if wanted in LANGUAGES else request_language()
    return next((practice for practice in versions if practice.language == wanted), versions[0])
