"""The figures as a table, the same in every sheet: a line for each measure on each capability, and one for each story behind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.case_studies.impact.charts import short
from app.case_studies.impact.report import OnCapability, Report
from app.case_studies.impact.rules import Finding, Spread, Told
from app.case_studies.units import BY_KEY
from app.web.i18n import language

Cell = str | float | None

# What each column of the figures is called, and what it means.
FIGURES: Sequence[tuple[LazyString, LazyString]] = (
    (_l("Capability"), _l("The one that the story is filed under; “All” takes all of them together.")),
    (_l("Measure"), _l("From the list of measures. What teams measured in their own way is not here.")),
    (_l("Unit"), _l("The unit of all figures of the line; numbers given in another unit were converted.")),
    (_l("Teams"), _l("How many teams stand behind the line. A team counts once, with its newest story.")),
    (_l("Stories"), _l("How many published stories tell it, each once whatever languages it is there in.")),
    (_l("Before, median"), _l("The middle of the numbers before. Empty where fewer than three teams tell it.")),
    (_l("After, median"), _l("The middle of the numbers after. Empty where fewer than three teams tell it.")),
    (_l("Times better, median"), _l("The middle of the ratios: 2 is twice as good, 0.5 half as good.")),
    (_l("Times better, least"), _l("The smallest of the ratios.")),
    (_l("Times better, most"), _l("The largest of the ratios.")),
    (_l("Without ratio"), _l("Teams whose number was nothing before or is nothing after; they are in no ratio.")),
)
STORIES: Sequence[LazyString] = (
    _l("Capability"), _l("Measure"), _l("Team"), _l("Case study"), _l("Published"), _l("Unit"), _l("Before"), _l("After"),
    _l("Times better"), _l("Period before"), _l("Period"), _l("Source"), _l("Address"),
)  # fmt: skip


def figure_cells(report: Report) -> list[list[Cell]]:
    lines: list[list[Cell]] = [[str(name) for name, _meaning in FIGURES]]
    lines += [_figure(_("All"), finding) for finding in report.overall]
    lines += [_figure(name_of(each), finding) for each in report.by_capability for finding in each.findings]
    return lines


def name_of(on: OnCapability) -> str:
    return on.capability.name.in_(language()) if on.capability else _("Without a capability")


def _figure(place: str, finding: Finding) -> list[Cell]:
    times = finding.times
    return [
        place,
        str(finding.measure.name),
        BY_KEY[finding.measure.unit].name_in(language()),
        finding.teams,
        finding.stories,
        _middle(finding.before),
        _middle(finding.after),
        _middle(times),
        short(times.least) if times else None,
        short(times.most) if times else None,
        finding.without_ratio,
    ]


def _middle(spread: Spread | None) -> float | None:
    return short(spread.middle) if spread else None


def story_cells(report: Report) -> list[list[Cell]]:
    return [[str(name) for name in STORIES], *_stories(report)]


def _stories(report: Report) -> Iterator[list[Cell]]:
    for each in report.by_capability:
        for finding in each.findings:
            yield from (_story(name_of(each), told) for told in finding.told)


def _story(place: str, told: Told) -> list[Cell]:
    return [
        place,
        str(told.measure.name),
        told.team,
        told.title,
        told.day.isoformat(),
        BY_KEY[told.measure.unit].name_in(language()),
        short(told.before),
        short(told.after),
        short(told.times) if told.times is not None else None,
        told.values.window_before,
        told.values.window,
        told.values.source,
        url_for("case_studies.show", slug=told.slug, lang=told.language, _external=True),
    ]
