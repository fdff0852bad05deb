"""Reading case studies: the list, the page, its source."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_login import current_user
from markupsafe import Markup

from app.case_studies.files import to_markdown
from app.case_studies.forms import DecisionForm
from app.case_studies.models import CaseStudy
from app.case_studies.pages import chosen_filters, desk_for, facets_of, show_stored, sort_links
from app.case_studies.policy import can_review
from app.case_studies.queries import SORTS, get_versions, listing, load_whole, pick_version
from app.web.access import readers
from app.web.i18n import language
from app.web.paging import paginate, requested_page
from app.web.sections import sections_for
from app.web.shared import Piece, own, reader, shared_page
from app.web.stored import stored, stored_page

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


def reviewing() -> Piece:
    """The way to what waits for a decision, for whoever decides."""
    return own("review", lambda: render_template("case_studies/_reviewing.html") if can_review(current_user) else "")


@blueprint.get("/case-studies/<slug>")
@readers
@stored_page
def show(slug: str) -> str:
    versions = get_versions(slug, reader())
    return show_page(pick_version(versions, request.args.get("lang"), language()), versions)


def show_page(case_study: CaseStudy, versions: list[CaseStudy], form: DecisionForm | None = None) -> str:
    """The page of a case study. `form` is a decision that could not be taken as it was sent."""
    desk = desk_for(case_study, reader())
    if desk is not None and desk.may_decide and form is None:
        form = DecisionForm(formdata=None)
    return render_template(
        "case_studies/show.html",
        case_study=case_study,
        article=_article(case_study, versions),
        desk=desk,
        form=form,
    )


def _article(case_study: CaseStudy, versions: list[CaseStudy]) -> Markup:
    """The story itself, which is the same for everybody who reads in this language and sees the same versions."""
    others = tuple(version.language for version in versions if version is not case_study)
    key = ("case study", case_study.id, case_study.revision, others)

    def make() -> Markup:
        sections = sections_for("case-study", case_study, None)
        text = render_template(
            "case_studies/_article.html",
            shown=show_stored(load_whole(case_study)),
            slug=case_study.slug,
            others=others,
            sections=sections,
        )
        return Markup(text)  # noqa: S704  # our own template

    return stored(key, make)


@blueprint.get("/case-studies/<slug>.md")
@readers
def source(slug: str) -> Response:
    case_study = pick_version(get_versions(slug, reader()), request.args.get("lang"), language())
    return Response(to_markdown(case_study), mimetype="text/markdown")
