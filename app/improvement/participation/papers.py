"""The numbers on paper: tables, set by the press that sets the case studies."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from babel.dates import format_date
from flask import current_app, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _

from app.config import Config
from app.improvement.participation.columns import MEASURES, tables_of
from app.improvement.participation.report import Report
from app.training.reports.report import month_words
from app.web.i18n import language


def sheet_of(report: Report, params: dict[str, Any], *, now: datetime) -> dict[str, Any]:
    """Everything for the press, in the reader's language."""
    config: Config = current_app.config["GUILDHALL"]
    months = report.span.period.months
    framework = report.framework.name.in_(language()) if report.framework else ""
    return {
        "language": language(),
        "site": config.site_name,
        "title": _("Participation"),
        "summary": _("From %(first)s to %(last)s", first=month_words(months[0]), last=month_words(months[-1])),
        "team": config.site_name,
        "about": " · ".join(text for text in (config.site_name, framework) if text),
        "byline": format_date(now, "long", locale=get_locale()),
        "capability": "",
        "hue": 0,
        "links": _("Where the links lead"),
        "numbers": _("The numbers"),
        "before": _("Before"),
        "after": _("After"),
        "address": config.site_url.rstrip("/") + url_for("participation.index", **params),
        # The same numbers on the same day are the same paper.
        "made_at": now.replace(hour=0, minute=0, second=0, microsecond=0).isoformat(),
        "html": render_template("improvement/participation/paper.html", tables=tables_of(report), measures=MEASURES),
        "pictures": {},
        "figures": [],
    }
