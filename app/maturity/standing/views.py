"""Where one team stands. The framework is in the address, so that a colleague sees the same."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from app.accounts.login import me
from app.accounts.models import Team
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.maturity.queries import running_of
from app.maturity.standing.asking import Asked, ask_for
from app.maturity.standing.charts import bands_of, distance_of, radar_of, trend_of
from app.maturity.standing.columns import all_cells, workbook_of
from app.maturity.standing.frameworks import Choice, choose
from app.maturity.standing.kept import latest_standings
from app.maturity.standing.report import Report, called, make_report
from app.maturity.standing.wording import day_of, place_words, score_words
from app.web.access import member
from app.web.dates import request_now
from app.web.downloads import download
from app.web.i18n import language
from app.web.shared import shared_as
from app.web.sheets import as_csv
from app.web.workbooks import XLSX

blueprint = Blueprint("standing", __name__, template_folder="../templates")


@blueprint.get("/maturity/teams/<slug>")
@member
def show(slug: str) -> str:
    asked = ask_for(slug, me())
    return shared_as(asked.key, lambda: _page(asked))


def _page(asked: Asked) -> str:
    team = db.session.get_one(Team, asked.team_id)
    choice = choose(request.args.get("framework", ""), team.id)
    report = _report(asked, team, choice)
    running = running_of(team.id, choice.chosen.id) if asked.is_own and choice.chosen else None
    if report is None:
        return render_template("maturity/standing/empty.html", team=team, choice=choice, asked=asked, running=running)
    return render_template(
        "maturity/standing/show.html",
        team=team,
        choice=choice,
        asked=asked,
        running=running,
        report=report,
        radar=radar_of(report),
        trend=trend_of(report),
        distance=distance_of(report),
        bands=bands_of(report),
        area_slugs=list(dict.fromkeys(slug for each in reversed(report.history) for slug in each.areas)),
        called=lambda names, slug: called(names, slug, language()),
        day_of=day_of,
        place_words=place_words,
        score_words=score_words,
    )


def _report(asked: Asked, team: Team, choice: Choice) -> Report | None:
    if choice.chosen is None:
        return None
    standings = latest_standings(choice.chosen.id, asked.stamp, request_now())
    return make_report(team, choice.chosen, standings, own_team_ids=asked.own_team_ids, language=language())


def report_for(slug: str) -> Report:
    """What the address asks for, for whoever asks. Raises NotFoundError where there is nothing."""
    asked = ask_for(slug, me())
    team = db.session.get_one(Team, asked.team_id)
    report = _report(asked, team, choose(request.args.get("framework", ""), team.id))
    if report is None:
        raise NotFoundError(_("This team has no snapshot yet."))
    return report


@blueprint.get("/maturity/teams/<slug>.csv")
@member
def as_text(slug: str) -> Response:
    report = report_for(slug)
    return _download(as_csv(all_cells(report)), "text/csv", report, "csv")


@blueprint.get("/maturity/teams/<slug>.xlsx")
@member
def as_book(slug: str) -> Response:
    report = report_for(slug)
    return _download(workbook_of(report), XLSX, report, "xlsx")


def _download(content: bytes, mimetype: str, report: Report, ending: str) -> Response:
    return download(content, mimetype, f"{report.team.slug}-{report.framework.slug}.{ending}")
