"""The company on paper: what its page says to the same reader, and nothing beyond it."""

from __future__ import annotations

from datetime import datetime

from flask import render_template, url_for
from flask_babel import gettext as _

from app.maturity.company.charts import half_year_words
from app.maturity.company.columns import department_name
from app.maturity.company.report import Report
from app.maturity.company.wording import sample_words
from app.maturity.printing.papers import printed, sheet
from app.maturity.standing.wording import day_of, score_words
from app.web.i18n import language


def print_company(report: Report, *, now: datetime) -> bytes:
    """Raises ConflictError where the press did not manage."""
    html = render_template(
        "maturity/printing/company.html",
        report=report,
        department_name=department_name,
        half_year_words=half_year_words,
        score_words=score_words,
    )
    return printed(
        {
            **sheet(url_for("company.index", framework=report.framework.slug), now),
            "title": _("Where the company stands"),
            "summary": sample_words(report),
            "team": "",
            "about": report.framework.name.in_(language()),
            "byline": day_of(now),
            "html": html,
        }
    )
