"""The report as a page and as sheets. Its state is its address."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts.login import me
from app.capabilities.queries import list_main_areas
from app.kernel.errors import InvalidInputError
from app.training.reports.charts import bars_of, trend_of
from app.training.reports.columns import cells_of, columns_of, sums_of
from app.training.reports.forms import FILTERS, ReportForm
from app.training.reports.policy import can_see, led_team_ids, sees_all
from app.training.reports.queries import list_coaches, list_team_names
from app.training.reports.report import Report, make_report
from app.training.reports.rules import BY_NAMES, By, usual_period
from app.training.reports.workbook import as_workbook
from app.web.access import requires
from app.web.dates import request_today
from app.web.downloads import download
from app.web.i18n import language, request_zone
from app.web.shared import Piece, own
from app.web.sheets import as_csv
from app.web.workbooks import XLSX

blueprint = Blueprint("reports", __name__)


@blueprint.get("/training/reports")
@requires(can_see)
def index() -> ResponseReturnValue:
    form, teams = _form()
    if not form.validate():
        return render_template("training/reports/index.html", form=form, report=None, sees_all=sees_all(me())), 422
    report = _report(form, teams)
    return render_template(
        "training/reports/index.html",
        form=form,
        report=report,
        columns=columns_of(report),
        sums=sums_of(report),
        row_name=BY_NAMES[report.by],
        bars=bars_of(report),
        trend=trend_of(report),
        sees_all=sees_all(me()),
    )


@blueprint.get("/training/reports.csv")
@requires(can_see)
def as_text() -> Response:
    return _sheet(lambda report: as_csv(cells_of(report)), "text/csv", "csv")


@blueprint.get("/training/reports.xlsx")
@requires(can_see)
def as_book() -> Response:
    return _sheet(as_workbook, XLSX, "xlsx")


def _sheet(write: Callable[[Report], bytes], mimetype: str, ending: str) -> Response:
    """Raises InvalidInputError for an address that names no report."""
    form, teams = _form()
    if not form.validate():
        raise InvalidInputError(_("There is no such report. Choose its months and rows on the page of the report."))
    return download(write(_report(form, teams)), mimetype, f"training-{form.since.data}-{form.until.data}.{ending}")


Teams = list[tuple[int, str, str]]


def _form() -> tuple[ReportForm, Teams]:
    """What the address asks for, with what the reader can choose, and the teams that the reader may see."""
    teams = list_team_names(None if sees_all(me()) else led_team_ids(me()))
    usual = usual_period(request_today())
    # What the address does not say is as it usually is.
    said = {"since": f"{usual.first:%Y-%m}", "until": f"{usual.last:%Y-%m}", "by": By.MONTH.value}
    said |= dict.fromkeys(FILTERS, "") | request.args.to_dict()
    form = ReportForm(MultiDict(said), meta={"csrf": False}).offer(
        capabilities=[
            (each.slug, each.name.in_(language())) for area in list_main_areas() for each in area.capabilities
        ],
        coaches=[(str(user_id), name) for user_id, name in list_coaches()],
        teams=[(slug, name) for _team_id, slug, name in teams],
    )
    return form, teams


def _report(form: ReportForm, teams: Teams) -> Report:
    """Of the chosen team; else of everybody, or for whoever only leads teams of these."""
    chosen = form.choice
    team_ids = frozenset(team_id for team_id, slug, _name in teams if chosen.team in {"", slug})
    is_everybody = sees_all(me()) and not chosen.team
    return make_report(
        chosen,
        team_ids=None if is_everybody else team_ids,
        zone_name=request_zone(),
        seen_ids=None if sees_all(me()) else led_team_ids(me()),
    )


def way() -> Piece:
    """The way to the reports, for whoever may see them."""
    return own("reports", lambda: render_template("training/reports/_way.html") if can_see(me()) else "")
