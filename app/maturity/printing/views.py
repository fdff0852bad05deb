"""Standings and snapshots to take along: on paper, as a workbook, and with all their evidence."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, send_file

from app.accounts.login import me
from app.config import Config
from app.maturity.company.views import asked_report
from app.maturity.models import Snapshot
from app.maturity.printing.company import print_company
from app.maturity.printing.pack import make_pack
from app.maturity.printing.papers import print_snapshot, print_standing
from app.maturity.printing.policy import may_have_pack
from app.maturity.printing.workbook import snapshot_workbook
from app.maturity.snapshots.policy import can_read_words
from app.maturity.snapshots.queries import get_snapshot
from app.maturity.standing.views import report_for
from app.web.access import ensure, member
from app.web.dates import request_now
from app.web.downloads import download
from app.web.workbooks import XLSX

blueprint = Blueprint("standing_papers", __name__)


@blueprint.get("/maturity/teams/<slug>.pdf")
@member
def standing(slug: str) -> Response:
    report = report_for(slug)
    pdf = print_standing(report, now=request_now())
    return _handed(pdf, "application/pdf", f"{report.team.slug}-{report.framework.slug}.pdf")


@blueprint.get("/maturity/company.pdf")
@member
def company() -> Response:
    report = asked_report()
    return _handed(print_company(report, now=request_now()), "application/pdf", f"company-{report.framework.slug}.pdf")


@blueprint.get("/maturity/snapshots/<id:snapshot_id>.pdf")
@member
def paper(snapshot_id: int) -> Response:
    """With the words for whoever may have them, and for the others the levels."""
    snapshot = get_snapshot(snapshot_id, me())
    pdf = print_snapshot(snapshot, with_words=can_read_words(me(), snapshot))
    return _handed(pdf, "application/pdf", f"{_name(snapshot)}.pdf")


@blueprint.get("/maturity/snapshots/<id:snapshot_id>.xlsx")
@member
def book(snapshot_id: int) -> Response:
    snapshot = get_snapshot(snapshot_id, me())
    content = snapshot_workbook(snapshot, with_words=can_read_words(me(), snapshot))
    return _handed(content, XLSX, f"{_name(snapshot)}.xlsx")


@blueprint.get("/maturity/snapshots/<id:snapshot_id>.zip")
@member
def pack(snapshot_id: int) -> Response:
    snapshot = get_snapshot(snapshot_id, me())
    ensure(may_have_pack(me(), snapshot))
    config: Config = current_app.config["GUILDHALL"]
    made = make_pack(
        snapshot,
        config.media_dir,
        paper=print_snapshot(snapshot, with_words=True),
        workbook=snapshot_workbook(snapshot, with_words=True),
    )
    answer = send_file(made, "application/zip", as_attachment=True, download_name=f"{_name(snapshot)}.zip")
    return _private(answer)


def _name(snapshot: Snapshot) -> str:
    """Slugs and a number: no header and no system has trouble with it."""
    return f"{snapshot.team.slug}-{snapshot.framework.slug}-{snapshot.id}"


def _handed(content: bytes, mimetype: str, name: str) -> Response:
    return _private(download(content, mimetype, name, is_shown=mimetype == "application/pdf"))


def _private(answer: Response) -> Response:
    """Who may have it is asked every time."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
