"""The PDF of a case study, for whoever can read its page."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app.case_studies.kind import KIND
from app.case_studies.models import CaseStudy
from app.case_studies.pages import Shown, show_stored
from app.case_studies.printing.papers import paper_of
from app.case_studies.printing.wording import sheet_of
from app.case_studies.queries import get_own_manuscript, get_versions, load_whole, pick_version
from app.config import Config
from app.kernel.errors import NotFoundError
from app.web.access import readers
from app.web.downloads import download
from app.web.i18n import LOCALES, language
from app.web.shared import reader
from app.writing.models import Manuscript
from app.writing.policy import seen_number
from app.writing.queries import content_of

blueprint = Blueprint("printing", __name__)


def _text_at(slug: str) -> tuple[CaseStudy | Manuscript, Shown]:
    """What is published; what never was, for those who may read it. Raises NotFoundError."""
    wanted, person = request.args.get("lang"), reader()
    try:
        case_study = load_whole(pick_version(get_versions(slug, person), wanted, language()))
    except NotFoundError:
        if person is None:
            raise
        manuscript = get_own_manuscript(slug, wanted, person)
        content = content_of(manuscript, seen_number(person, manuscript))
        return manuscript, KIND.shown(manuscript, content, KIND.render(content))
    return case_study, show_stored(case_study)


@blueprint.get("/case-studies/<slug>.pdf")
@readers
def paper(slug: str) -> ResponseReturnValue:
    case_study, shown = _text_at(slug)
    with force_locale(LOCALES[case_study.language]):
        sheet = sheet_of(case_study, shown)
    config: Config = current_app.config["GUILDHALL"]
    printed = paper_of(sheet, config.data_dir / "papers")
    if printed.pdf is None:
        page = render_template("case_studies/printing/unprintable.html", case_study=case_study, lacking=printed.lacking)
        return page, 409
    name = f"{case_study.slug}.{case_study.language}.pdf"
    answer = download(printed.pdf, "application/pdf", name, is_shown=True)
    # An answer of its own for each reader: who may read a draft is asked every time.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
