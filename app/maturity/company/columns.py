"""The company as tables for a spreadsheet: what the page shows, and nothing beyond it."""

from __future__ import annotations

from flask_babel import gettext as _

from app.maturity.company.charts import half_year_words
from app.maturity.company.report import Report
from app.maturity.company.rollup import Department
from app.maturity.quartiles import Quartiles
from app.maturity.standing.wording import rounded
from app.web.workbooks import Sheet, as_workbook

Cell = str | float | None


def area_cells(report: Report) -> list[list[Cell]]:
    return [
        [_("Area"), _("Lowest quarter up to"), _("Middle"), _("Highest quarter from")],
        [_("All areas"), *_quartile_cells(report.rollup.score)],
        *([name, *_quartile_cells(report.rollup.areas[slug])] for slug, name in report.areas),
    ]


def _quartile_cells(found: Quartiles | None) -> list[Cell]:
    return [rounded(found.low), rounded(found.middle), rounded(found.high)] if found else [None, None, None]


def department_cells(report: Report) -> list[list[Cell]]:
    """A line for each department, and one for all of them."""
    total = report.rollup
    whole: list[Cell] = [_("All departments"), total.teams, total.assessed, _middle(total.score)]
    return [
        [_("Department"), _("Teams"), _("Assessed"), _("All areas"), *(name for _slug, name in report.areas)],
        *(
            [*_department_head(each), *(rounded(each.areas[slug]) for slug, _name in report.areas)]
            for each in total.departments
        ),
        [*whole, *(_middle(total.areas[slug]) for slug, _name in report.areas)],
    ]


def _middle(found: Quartiles | None) -> float | None:
    return rounded(found.middle) if found else None


def _department_head(each: Department) -> list[Cell]:
    assessed: Cell = each.assessed if each.is_shown else _("not shown")
    return [department_name(each.name), each.teams, assessed, rounded(each.score)]


def department_name(name: str) -> str:
    return name or _("Without a department")


def trend_cells(report: Report) -> list[list[Cell]]:
    return [
        [_("Half-year"), _("Lowest quarter up to"), _("Middle"), _("Highest quarter from")],
        *([half_year_words(each), *_quartile_cells(each.score)] for each in report.trend),
    ]


def all_cells(report: Report) -> list[list[Cell]]:
    """All three, with an empty line between them."""
    return [*area_cells(report), [], *department_cells(report), [], *trend_cells(report)]


def workbook_of(report: Report) -> bytes:
    wide, narrow = 34, 14
    return as_workbook(
        [
            Sheet(_("Areas"), area_cells(report), (wide, narrow, narrow, narrow)),
            Sheet(
                _("Departments"),
                department_cells(report),
                (wide, *(narrow for _column in range(3 + len(report.areas)))),
            ),
            Sheet(_("Half-years"), trend_cells(report), (wide, narrow, narrow, narrow)),
        ]
    )
