"""How the company's sample is said."""

from __future__ import annotations

from flask_babel import gettext as _

from app.maturity.company.report import Report
from app.web.filters import number
from app.web.i18n import language


def sample_words(report: Report) -> str:
    """Of how many teams the numbers speak, and against what they were assessed; where there are none, only the latter."""
    framework, rollup = report.framework.name.in_(language()), report.rollup
    if rollup.assessed is None:
        return framework
    return _(
        "%(assessed)s of %(teams)s teams, assessed in the last 12 months against %(framework)s.",
        assessed=number(rollup.assessed),
        teams=number(rollup.teams),
        framework=framework,
    )
