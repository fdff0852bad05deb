"""The PDF of a case study, for whoever can read its page."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app.case_studies.pages import show_stored
from app.case_studies.printing.papers import paper_of
from app.case_studies.printing.wording import sheet_of
from app.case_studies.queries import get_versions, load_whole, pick_version
from app.config import Config
from app.web.access import readers
from app.web.i18n import LOCALES, language
from app.web.shared import reader

blueprint = Blueprint("printing", __name__)


@blueprint.get("/case-studies/<slug>.pdf")
@readers
def paper(slug: str) -> ResponseReturnValue:
    case_study = load_whole(pick_version(get_versions(slug, reader()), request.args.get("lang"), language()))
    with force_locale(LOCALES[case_study.language]):
        sheet = sheet_of(case_study, show_stored(case_study))
    config: Config = current_app.config["GUILDHALL"]
    printed = paper_of(sheet, config.data_dir / "papers")
    if printed.pdf is None:
        page = render_template("case_studies/printing/unprintable.html", case_study=case_study, lacking=printed.lacking)
        return page, 409
    answer = Response(printed.pdf, mimetype="application/pdf")
    name = f"{case_study.slug}.{case_study.language}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    # An answer of its own for each reader: who may read a draft is asked every time.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
