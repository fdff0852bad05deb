"""A standing as tables for a spreadsheet: the same numbers that its pictures show."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _

from app.kernel.clock import zone
from app.maturity.quartiles import Quartiles
from app.maturity.standing.report import CapabilityRow, Report, called
from app.maturity.standing.wording import rounded
from app.web.i18n import language, request_zone
from app.web.workbooks import Sheet, as_workbook

Cell = str | float | None


def area_cells(report: Report) -> list[list[Cell]]:
    """A line for each area, and one for all."""
    head: list[Cell] = [
        _("Area"),
        _("Score"),
        _("Before"),
        _("Once the targets are reached"),
        _("Other teams: lowest quarter up to"),
        _("Other teams: middle"),
        _("Other teams: highest quarter from"),
    ]
    lines = [
        [row.name, rounded(row.now), rounded(row.before), rounded(row.aim), *_band_cells(row.bands)]
        for row in report.areas
    ]
    before = report.before.score if report.before else None
    whole = [_("All areas"), rounded(report.now.score), rounded(before), rounded(report.aim)]
    return [head, *lines, [*whole, *_band_cells(report.total_bands)]]


def _band_cells(bands: Quartiles | None) -> list[Cell]:
    return [rounded(bands.low), rounded(bands.middle), rounded(bands.high)] if bands else [None, None, None]


def capability_cells(report: Report) -> list[list[Cell]]:
    head: list[Cell] = [_("Area"), _("Capability"), _("Level"), _("Before"), _("Target"), _("Due"), _("Levels missing")]
    names = {row.slug: row.name for row in report.areas}
    return [head, *(_capability(row, names[row.area]) for row in report.capabilities)]


def _capability(row: CapabilityRow, area: str) -> list[Cell]:
    due = row.due_on.isoformat() if row.due_on else None
    return [area, row.name, row.now, row.before, row.target, due, row.gap]


def history_cells(report: Report) -> list[list[Cell]]:
    """A line for each snapshot, the oldest first."""
    slugs = list(dict.fromkeys(slug for each in reversed(report.history) for slug in each.areas))
    there = zone(request_zone())
    return [
        [
            _("Day"),
            _("Snapshot"),
            _("Score"),
            _("Staged level"),
            *(called(report.names.areas, slug, language()) for slug in slugs),
        ],
        *(
            [
                each.taken_at.astimezone(there).date().isoformat(),
                each.title,
                rounded(each.score),
                each.staged,
                *(rounded(each.areas.get(slug)) for slug in slugs),
            ]
            for each in report.history
        ),
    ]


def all_cells(report: Report) -> list[list[Cell]]:
    """All three, with an empty line between them."""
    return [*area_cells(report), [], *capability_cells(report), [], *history_cells(report)]


def workbook_of(report: Report) -> bytes:
    tables: Sequence[tuple[str, list[list[Cell]], tuple[int, ...]]] = (
        (_("Areas"), area_cells(report), (34, 10, 10, 14, 16, 16, 16)),
        (_("Capabilities"), capability_cells(report), (34, 34, 10, 10, 10, 12, 12)),
        (_("Snapshots"), history_cells(report), (14, 34, 10, 10)),
    )
    return as_workbook([Sheet(name, cells, widths) for name, cells, widths in tables])
