"""Where the company stands: for every member over crowds of teams, and team by team for whoever may see all. Their state is their address."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.models import User
from app.accounts.rules import Permission
from app.capabilities.models import Framework
from app.kernel.errors import NotFoundError
from app.maturity.company import columns
from app.maturity.company.charts import areas_of, half_year_words, trend_of
from app.maturity.company.forms import state_of
from app.maturity.company.heatmap import BY_CAPABILITY, HeatMap, State, make_heat_map
from app.maturity.company.map_columns import all_cells, map_workbook
from app.maturity.company.queries import list_missing
from app.maturity.company.report import Report, make_report
from app.maturity.company.wording import sample_words
from app.maturity.standing.asking import own_team_ids, snapshots_stamp
from app.maturity.standing.frameworks import Choice, choose
from app.maturity.standing.kept import latest_standings
from app.maturity.standing.queries import areas_in, latest_version_id, names_in
from app.maturity.standing.wording import day_of, level_words, score_words, step_of
from app.web.access import member, requires
from app.web.dates import request_now
from app.web.downloads import download
from app.web.i18n import language
from app.web.shared import shared_as
from app.web.sheets import as_csv
from app.web.workbooks import XLSX

blueprint = Blueprint("company", __name__, template_folder="../templates")


def sees_standings(user: User) -> bool:
    return user.may(Permission.SEE_STANDINGS)


@blueprint.get("/maturity/company")
@member
def index() -> str:
    own, stamp, sees_all = own_team_ids(me()), snapshots_stamp(), sees_standings(me())
    return shared_as((stamp, own, sees_all), lambda: _page(own, stamp, sees_all=sees_all))


def _page(own: frozenset[int], stamp: int, *, sees_all: bool) -> str:
    choice = choose(request.args.get("framework", ""))
    if choice.chosen is None:
        return render_template("maturity/company/empty.html")
    report = _report(choice.chosen, own, stamp)
    return render_template(
        "maturity/company/index.html",
        choice=choice,
        report=report,
        sees_all=sees_all,
        sample=sample_words(report),
        areas=areas_of(report),
        trend=trend_of(report),
        department_name=columns.department_name,
        half_year_words=half_year_words,
        score_words=score_words,
        step_of=step_of,
    )


def _chosen(choice: Choice) -> Framework:
    """Raises NotFoundError on a site without any framework."""
    if choice.chosen is None:
        raise NotFoundError(_("There is no framework yet."))
    return choice.chosen


def _report(framework: Framework, own: frozenset[int], stamp: int) -> Report:
    standings = latest_standings(framework.id, stamp, request_now())
    return make_report(framework, standings, own_team_ids=own, language=language())


def asked_report() -> Report:
    """As the reader may see it. Raises NotFoundError on a site without any framework."""
    return _report(_chosen(choose(request.args.get("framework", ""))), own_team_ids(me()), snapshots_stamp())


@blueprint.get("/maturity/company.csv")
@member
def as_text() -> Response:
    report = asked_report()
    return download(as_csv(columns.all_cells(report)), "text/csv", f"company-{report.framework.slug}.csv")


@blueprint.get("/maturity/company.xlsx")
@member
def as_book() -> Response:
    report = asked_report()
    return download(columns.workbook_of(report), XLSX, f"company-{report.framework.slug}.xlsx")


@blueprint.get("/maturity/company/heatmap")
@requires(sees_standings)
def heat_map() -> str:
    stamp = snapshots_stamp()
    return shared_as(stamp, lambda: _map_page(stamp))


def _map_page(stamp: int) -> str:
    choice, state = choose(request.args.get("framework", "")), state_of(request.args)
    framework = _chosen(choice)

    def link(**changes: str | None) -> dict[str, str]:
        """The parameters of this page with something else in it."""
        said = {"framework": framework.slug, **state.params, **changes}
        return {name: value for name, value in said.items() if value is not None}

    return render_template(
        "maturity/company/heatmap.html",
        choice=choice,
        state=state,
        map=_map(framework, state, stamp),
        link=link,
        department_name=columns.department_name,
        day_of=day_of,
        said=level_words if state.by == BY_CAPABILITY else score_words,
        score_words=score_words,
        step_of=step_of,
    )


def _map(framework: Framework, state: State, stamp: int) -> HeatMap:
    version = latest_version_id(framework.id) or 0
    standings = latest_standings(framework.id, stamp, request_now())
    missing = list_missing(framework.id, {each.team_id for each in standings})
    return make_heat_map(standings, missing, names_in({version}), areas_in(version), state, language())


@blueprint.get("/maturity/company/heatmap.csv")
@requires(sees_standings)
def map_as_text() -> Response:
    framework = _chosen(choose(request.args.get("framework", "")))
    found = _map(framework, state_of(request.args), snapshots_stamp())
    return download(as_csv(all_cells(found)), "text/csv", f"teams-{framework.slug}.csv")


@blueprint.get("/maturity/company/heatmap.xlsx")
@requires(sees_standings)
def map_as_book() -> Response:
    framework = _chosen(choose(request.args.get("framework", "")))
    found = _map(framework, state_of(request.args), snapshots_stamp())
    return download(map_workbook(found), XLSX, f"teams-{framework.slug}.xlsx")
