"""The figures as a page and as a sheet. A coach sees the own ones beside those of all; nobody sees another's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, render_template
from flask_babel import gettext as _

from app.accounts.login import me
from app.capabilities.queries import list_main_capabilities
from app.coaching.figures.queries import count_requests, list_heard, list_missing, spread_of_load
from app.coaching.figures.rules import FEWEST, Answers, Missing, Spread, answers_of, suppressed
from app.coaching.load import Load, load_of
from app.coaching.policy import is_coach
from app.web.access import member
from app.web.charts import Bars, make_bars
from app.web.dates import request_now
from app.web.downloads import download
from app.web.i18n import language
from app.web.sheets import as_csv

blueprint = Blueprint("coaching_figures", __name__, template_folder="../templates")
PERIOD = timedelta(days=365)


@dataclass(frozen=True)
class Figures:
    """Of the last year. `missing` has the name of each capability beside its row."""

    requests: int | None
    answers: Answers
    missing: list[tuple[str, Missing]]
    spread: Spread | None


@blueprint.get("/coaching/figures")
@member
def show() -> str:
    person = me()
    own: tuple[Answers, Load] | None = None
    if is_coach(person):
        own = answers_of(list_heard(request_now() - PERIOD, coach_id=person.id)), load_of(person.id)
    figures = _figures()
    return render_template(
        "coaching/figures/index.html",
        figures=figures,
        own=own,
        fewest=FEWEST,
        missing=_missing_bars(figures),
        spread=_spread_bars(figures.spread),
    )


@blueprint.get("/coaching/figures.csv")
@member
def as_text() -> Response:
    return download(as_csv(_rows(_figures())), "text/csv", "coaching.csv")


def _figures() -> Figures:
    since = request_now() - PERIOD
    answers = answers_of(list_heard(since), coaches=FEWEST)
    names = {each.id: each.name.in_(language()) for each in list_main_capabilities()}
    missing = [
        (_("All others together") if row.key is None else names.get(row.key, _("Another framework")), row)
        for row in suppressed(list_missing(since))
    ]
    requests = count_requests(since)
    # What is left of all requests beside those by capability is a number, too.
    rest = requests - sum(row.asked for _name, row in missing)
    is_told = requests >= FEWEST and (rest == 0 or rest >= FEWEST)
    return Figures(requests if is_told else None, answers, missing, spread_of_load())


def _missing_bars(figures: Figures) -> Bars | None:
    if not figures.missing:
        return None
    return make_bars(
        "missing",
        _("Requests that found nobody with room, by capability"),
        [(name, row.stranded, row.asked) for name, row in figures.missing],
        row_name=_("Capability"),
        value_name=_("Found nobody for a time"),
        whole_name=_("Requests"),
    )


def _spread_bars(spread: Spread | None) -> Bars | None:
    if spread is None:
        return None
    return make_bars(
        "spread",
        _("How the load is spread now"),
        [(name, value, None) for name, value in _spread_rows(spread)],
        row_name=_("Load"),
        value_name=_("Coaches"),
    )


def _spread_rows(spread: Spread) -> list[tuple[str, int]]:
    return [
        (_("Nothing at the moment"), spread.free),
        (_("Something, and room for more"), spread.some),
        (_("No room"), spread.full),
    ]


def _rows(figures: Figures) -> list[tuple[str, str, float | None, float | None]]:
    """What the page tells and nothing more; what is hidden there is empty here."""
    answers = figures.answers
    rows: list[tuple[str, str, float | None, float | None]] = [
        (_("Figure"), _("Of what"), None, None),
        (_("Requests in twelve months"), "", figures.requests, None),
        (_("Median hours to the first word"), _("without weekends"), answers.median_hours, None),
        (
            _("Answered in time"),
            _("of the offers"),
            answers.in_time,
            answers.number if answers.in_time is not None else None,
        ),
    ]
    rows += [(_("Found nobody for a time"), name, row.stranded, row.asked) for name, row in figures.missing]
    if figures.spread is not None:
        rows += [(_("Coaches by load"), name, value, None) for name, value in _spread_rows(figures.spread)]
    return rows
