"""The numbers as tables, the same on the page, in the sheets and on paper, each with what it counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.improvement.participation.report import Numbers, Report
from app.improvement.participation.rules import Count, Levels
from app.maturity.rules import LEVELS
from app.training.reports.report import month_words
from app.web.i18n import language

Cell = str | float | None


@dataclass(frozen=True)
class Measure:
    """Something that is counted. `is_of_teams`: where it would tell of fewer than five teams, it is hidden or waits."""

    label: LazyString
    meaning: LazyString
    count: Callable[[Numbers], Count]
    is_of_teams: bool = False


MEASURES: Sequence[Measure] = (
    Measure(
        _l("Teams assessed"),
        _l(
            "Teams with a final assessment against the framework, each in the month of its first one. A month with fewer than five "
            "waits for the next in which there are five together."
        ),
        lambda numbers: numbers.teams,
        is_of_teams=True,
    ),
    Measure(
        _l("Assessments"),
        _l("Assessments against the framework that a coach has verified. Months wait for five as with the teams."),
        lambda numbers: numbers.assessments,
        is_of_teams=True,
    ),
    Measure(
        _l("Sessions held"),
        _l("Published training sessions that have begun; drafts and cancelled ones never count."),
        lambda numbers: numbers.sessions,
    ),
    Measure(
        _l("Seats taken"),
        _l("People with a seat in these sessions. Whoever has two seats counts twice."),
        lambda numbers: numbers.seats,
    ),
    Measure(
        _l("People reached"),
        _l(
            "Different people who were there at one meeting at least. Whoever comes in two months counts once in the sum."
        ),
        lambda numbers: numbers.people,
    ),
    Measure(
        _l("Coaches trained"),
        _l("People who have become coaches, in the month in which they reached the stage that they are at now."),
        lambda numbers: numbers.coaches,
    ),
    Measure(
        _l("Case studies"),
        _l("Published case studies, each once whatever languages it is there in."),
        lambda numbers: numbers.stories,
    ),
    Measure(
        _l("Practices adopted"),
        _l(
            "Each practice that a team uses day to day or has as its standard now, in the month since which it does. "
            "What is on trial or was stopped is not counted."
        ),
        lambda numbers: numbers.practices,
    ),
)


def few() -> str:
    """What stands in place of a sum that is hidden."""
    return _("fewer than five")


def hidden() -> str:
    """What stands in place of a number beside others: it may be hidden for their sake, and be five or more itself."""
    return _("not shown")


def sum_cells(report: Report) -> list[list[Cell]]:
    """What is counted, ever, in this year, in the period."""
    head: list[Cell] = [_("What is counted"), _("So far"), str(report.span.year), _("Chosen months")]
    return [head, *([str(each.label), *_sums(each.count(report.numbers))] for each in MEASURES)]


def _sums(count: Count) -> list[Cell]:
    return [few() if count.ever is None else count.ever, count.year, count.period]


def month_cells(report: Report) -> list[list[Cell]]:
    """A line for each month of the period."""
    head: list[Cell] = [_("Calendar month"), *(str(each.label) for each in MEASURES)]
    columns = [each.count(report.numbers).months for each in MEASURES]
    rows = zip(report.span.period.months, *columns, strict=True)
    return [head, *([month_words(month), *numbers] for month, *numbers in rows)]


def level_cells(report: Report) -> list[list[Cell]]:
    """How many teams have reached which level, in all and in each area."""
    head: list[Cell] = [_("Area"), *(_("Level %(level)s", level=level) for level in LEVELS), _("Teams")]
    rows = [(_("All areas together"), report.overall)]
    rows += [(area.name.in_(language()), levels) for area, levels in report.areas]
    return [head, *([name, *_levels(levels)] for name, levels in rows)]


def _levels(levels: Levels) -> list[Cell]:
    return [hidden() if count is None else count for count in (*levels.counts.values(), levels.teams)]


def stage_cells(report: Report) -> list[list[Cell]]:
    """How many are at which stage of the path of coaches."""
    head: list[Cell] = [_("Stage"), _("So far"), str(report.span.year), _("Chosen months")]
    return [head, *([stage.name.in_(language()), *_sums(count)] for stage, count in report.stages)]


@dataclass(frozen=True)
class Table:
    """A table with its heading. The first row names the columns, the first cell of a row the row."""

    title: str
    cells: Sequence[Sequence[Cell]]
    remark: str = ""


def tables_of(report: Report) -> list[Table]:
    """All of it, in the order in which it is shown."""
    tables = [Table(_("In numbers"), sum_cells(report))]
    if report.framework:
        title = _("Teams by level reached: %(framework)s", framework=report.framework.name.in_(language()))
        tables.append(Table(title, level_cells(report), sampling(report)))
    if report.stages:
        tables.append(Table(_("Coaches by stage"), stage_cells(report)))
    tables.append(Table(_("Month by month"), month_cells(report)))
    return tables


def sampling(report: Report) -> str:
    """Of how many teams the levels speak."""
    if report.assessed is None:
        return _("Fewer than five teams have been assessed, so no number about them is shown.")
    said = [_("%(num)s of %(all)s teams have been assessed.", num=report.assessed, all=report.all_teams)]
    if report.recently is not None:
        said.append(_("%(num)s of these in the last 12 months.", num=report.recently))
    return " ".join(said)
