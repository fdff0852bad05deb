"""The impact page and its sheets. Its state is its address."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from app.case_studies.impact.charts import ranges_of, short
from app.case_studies.impact.columns import FIGURES, figure_cells, name_of, story_cells
from app.case_studies.impact.report import make_report
from app.case_studies.impact.rules import ENOUGH_TEAMS
from app.case_studies.units import BY_KEY
from app.web.access import readers
from app.web.downloads import download
from app.web.i18n import language
from app.web.shared import shared_page
from app.web.sheets import as_csv
from app.web.workbooks import XLSX, Sheet, as_workbook

blueprint = Blueprint("impact", __name__)


@blueprint.get("/case-studies/impact")
@readers
@shared_page
def index() -> str:
    report, form = make_report()
    return render_template(
        "case_studies/impact/index.html",
        report=report,
        form=form,
        ranges=ranges_of(report.overall),
        unit_name=lambda key: BY_KEY[key].name_in(language()),
        name_of=name_of,
        short=short,
        enough=ENOUGH_TEAMS,
    )


@blueprint.get("/case-studies/impact.csv")
@readers
def as_text() -> Response:
    """The figures, an empty line, and the stories behind them."""
    report, _form = make_report()
    return download(as_csv([*figure_cells(report), [], *story_cells(report)]), "text/csv", "impact.csv")


@blueprint.get("/case-studies/impact.xlsx")
@readers
def as_book() -> Response:
    report, _form = make_report()
    sheets = [
        Sheet(_("Figures"), figure_cells(report), (34, 30, 14, 8, 8, 14, 14, 14, 14, 14, 14)),
        Sheet(_("Stories"), story_cells(report), (34, 30, 24, 44, 12, 14, 10, 10, 12, 20, 20, 40, 50)),
        Sheet(
            _("What is counted"), [(str(name), str(meaning)) for name, meaning in FIGURES], (24, 100), has_head=False
        ),
    ]
    return download(as_workbook(sheets), XLSX, "impact.xlsx")
