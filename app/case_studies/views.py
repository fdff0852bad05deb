"""Reading case studies: the list, the page, its source."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from app.case_studies.contents import for_readers
from app.case_studies.kind import KIND
from app.case_studies.pages import chosen_filters, facets_of, show_stored, sort_links
from app.case_studies.queries import SORTS, get_versions, listing, load_whole, pick_version
from app.case_studies.rules import CASE_STUDY
from app.web.access import readers
from app.web.i18n import language
from app.web.paging import paginate, requested_page
from app.web.sections import sections_for
from app.web.shared import reader, shared_page
from app.writing.history.queries import find_standing
from app.writing.queries import content_of, find_manuscript, list_author_ids

blueprint = Blueprint("case_studies", __name__, template_folder="templates")


@blueprint.get("/case-studies/")
@readers
@shared_page
def index() -> str:
    filters = chosen_filters()
    sort = request.args.get("sort", "")
    sort = sort if sort in SORTS else SORTS[0]
    page = paginate(listing(filters, language(), sort), number=requested_page())
    return render_template("case_studies/index.html", page=page, facets=facets_of(filters), sorts=sort_links(sort))


@blueprint.get("/case-studies/<slug>")
@readers
@shared_page
def show(slug: str) -> str:
    versions = get_versions(slug, reader())
    case_study = pick_version(versions, request.args.get("lang"), language())
    return render_template(
        "case_studies/show.html",
        case_study=case_study,
        shown=show_stored(load_whole(case_study)),
        others=[version.language for version in versions if version is not case_study],
        sections=sections_for("case-study", case_study, None),
        standing=find_standing(CASE_STUDY, case_study.slug, case_study.language),
        author_id=next(iter(list_author_ids(CASE_STUDY, case_study.slug, case_study.language)), None),
    )


@blueprint.get("/case-studies/<slug>.md")
@readers
def source(slug: str) -> Response:
    case_study = pick_version(get_versions(slug, reader()), request.args.get("lang"), language())
    manuscript = find_manuscript(CASE_STUDY, case_study.slug, case_study.language)
    assert manuscript is not None
    content = content_of(manuscript, manuscript.published_number)
    return Response(KIND.export(manuscript, for_readers(content)), mimetype="text/markdown")
