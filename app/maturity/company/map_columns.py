"""The heat map as tables for a spreadsheet."""

from __future__ import annotations

from flask_babel import gettext as _

from app.kernel.clock import zone
from app.maturity.company.heatmap import HeatMap
from app.maturity.standing.wording import rounded
from app.web.i18n import request_zone
from app.web.workbooks import Sheet, as_workbook

Cell = str | float | None


def cells_of(found: HeatMap) -> list[list[Cell]]:
    """A line for each team, in the order of the page, without the line of the middles: a spreadsheet makes its own."""
    there = zone(request_zone())
    return [
        [
            _("Team"),
            _("Department"),
            _("Assessed on"),
            _("Score"),
            _("Staged level"),
            *(each.name for each in found.columns),
        ],
        *(
            [
                row.standing.team,
                row.standing.department,
                row.standing.taken_at.astimezone(there).date().isoformat(),
                rounded(row.standing.score),
                row.standing.staged,
                *(cell if isinstance(cell, int) else rounded(cell) for cell in row.cells),
            ]
            for row in found.rows
        ),
    ]


def missing_cells(found: HeatMap) -> list[list[Cell]]:
    """Those who were not assessed lately."""
    there = zone(request_zone())
    return [
        [_("Not assessed in the last 12 months"), _("Department"), _("Last assessed on")],
        *(
            [each.team, each.department, each.last.astimezone(there).date().isoformat() if each.last else None]
            for each in found.missing
        ),
    ]


def all_cells(found: HeatMap) -> list[list[Cell]]:
    """Both, with an empty line between them."""
    return [*cells_of(found), [], *missing_cells(found)] if found.missing else cells_of(found)


def map_workbook(found: HeatMap) -> bytes:
    widths = (30, 24, 14, 10, 14, *(14 for _column in found.columns))
    return as_workbook(
        [
            Sheet(_("Teams"), cells_of(found), widths),
            Sheet(_("Not assessed lately"), missing_cells(found), (34, 24, 18)),
        ]
    )
