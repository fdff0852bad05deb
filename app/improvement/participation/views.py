"""How many take part in the programme, as a page, as sheets and on paper. Its state is its address."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.login import me
from app.capabilities.queries import list_frameworks
from app.case_studies.printing.papers import paper_of
from app.config import Config
from app.improvement.participation.charts import months_of, widths_of
from app.improvement.participation.columns import MEASURES, Cell, sampling, tables_of
from app.improvement.participation.forms import ParticipationForm
from app.improvement.participation.papers import sheet_of
from app.improvement.participation.queries import numbers_stamp
from app.improvement.participation.report import Report, make_report
from app.improvement.participation.workbook import as_workbook
from app.kernel.clock import zone
from app.kernel.errors import ConflictError, InvalidInputError
from app.maturity.standing.asking import own_team_ids
from app.training.reports.rules import usual_period
from app.web.access import member
from app.web.dates import request_now
from app.web.downloads import download
from app.web.i18n import language
from app.web.shared import shared_as
from app.web.sheets import as_csv
from app.web.workbooks import XLSX

blueprint = Blueprint("participation", __name__, template_folder="templates")


@blueprint.get("/participation")
@member
def index() -> ResponseReturnValue:
    """The same for all who ask for the same months and are in the same teams."""
    own = own_team_ids(me())
    try:
        return shared_as((numbers_stamp(), own), lambda: _page(own))
    except InvalidInputError:
        form = _form()
        form.validate()
        return render_template("improvement/participation/index.html", form=form, report=None), 422


def _page(own: frozenset[int]) -> str:
    """Raises InvalidInputError for an address that names no months."""
    form = _asked()
    report = _report(form, own)
    return render_template(
        "improvement/participation/index.html",
        form=form,
        report=report,
        tables=tables_of(report),
        measures=MEASURES,
        months=months_of(report),
        widths=widths_of(report.overall),
        sampling=sampling(report),
    )


@blueprint.get("/participation.csv")
@member
def as_text() -> Response:
    return _file(lambda report: as_csv(_lines(report)), "text/csv", "csv")


@blueprint.get("/participation.xlsx")
@member
def as_book() -> Response:
    return _file(as_workbook, XLSX, "xlsx")


@blueprint.get("/participation.pdf")
@member
def as_paper() -> Response:
    """Raises ConflictError where the press did not manage."""
    form = _asked()
    config: Config = current_app.config["GUILDHALL"]
    printed = paper_of(
        sheet_of(_report(form, own_team_ids(me())), form.params, now=request_now()), config.data_dir / "papers"
    )
    if printed.pdf is None:
        raise ConflictError(_("The numbers cannot be printed just now. Print the page from your browser."))
    return _answer(form, printed.pdf, "application/pdf", "pdf")


def _lines(report: Report) -> list[list[Cell]]:
    """All tables below each other, each under its title."""
    lines: list[list[Cell]] = []
    for table in tables_of(report):
        lines += [[table.title], *(list(row) for row in table.cells), []]
    return lines[:-1]


def _file(write: Callable[[Report], bytes], mimetype: str, ending: str) -> Response:
    form = _asked()
    return _answer(form, write(_report(form, own_team_ids(me()))), mimetype, ending)


def _answer(form: ParticipationForm, content: bytes, mimetype: str, ending: str) -> Response:
    return download(content, mimetype, f"participation-{form.since.data}-{form.until.data}.{ending}")


def _asked() -> ParticipationForm:
    """Raises InvalidInputError for an address that names no months."""
    form = _form()
    if not form.validate():
        raise InvalidInputError(_("There are no such numbers. Choose the months on the page of participation."))
    return form


def _form() -> ParticipationForm:
    """What the address asks for. What it does not say is as it usually is: the last twelve months, the main framework."""
    usual = usual_period(request_now().astimezone(zone(_house_zone())).date())
    frameworks = [(each.slug, each.name.in_(language())) for each in list_frameworks()]
    main = frameworks[0][0] if frameworks else ""
    said = {"since": f"{usual.first:%Y-%m}", "until": f"{usual.last:%Y-%m}", "framework": main}
    said |= request.args.to_dict()
    return ParticipationForm(MultiDict(said), meta={"csrf": False}).offer(frameworks)


def _report(form: ParticipationForm, own: frozenset[int]) -> Report:
    framework = next((each for each in list_frameworks() if each.slug == form.framework.data), None)
    return make_report(framework, form.period, own_team_ids=own, now=request_now(), zone_name=_house_zone())


def _house_zone() -> str:
    """Months begin for everybody at once: cut on each reader's own clocks, they would tell of fewer than five teams by comparison."""
    config: Config = current_app.config["GUILDHALL"]
    return config.default_time_zone
