"""What is usually measured: the measures that a case study can choose from, each with its definition and units.

The first five are those of the DORA programme. The definitions are our own sentences; the source says whose idea it is.
No database, no Flask.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from app.case_studies.units import BY_KEY, Unit, find_unit

DORA = "DORA: DORA’s software delivery performance metrics, dora.dev"
OWN = ""


@dataclass(frozen=True)
class Measure:
    """`names` are what it is called in a story's own language, `unit` is the key of the one that figures of many stories
    are compared in, `better` is "lower" or "higher". `weeks` is the shortest period that says something: 0 where a
    single value can do. `is_rate` is a share or a frequency of events, which needs events enough. `by_shortfall`: what counts is
    how much is missing from 100 %: from 99.9 % to 99.99 % is ten times better.
    """

    key: str
    name: LazyString
    names: Mapping[str, str]
    unit: str
    units: tuple[str, ...]
    better: str
    weeks: int
    definition: LazyString
    source: str
    is_rate: bool = False
    by_shortfall: bool = False

    @property
    def choices(self) -> list[Unit]:
        """The units that it can be given in, the one to begin with first."""
        return [BY_KEY[key] for key in self.units]

    def fits(self, unit: str) -> bool:
        """Is a text one of the units of this measure, or one that can be turned into them?"""
        found = find_unit(unit)
        return found is not None and found.family is BY_KEY[self.unit].family


_TIMES = ("days", "hours", "minutes", "weeks", "months")
_SHORT = ("minutes", "hours", "seconds", "days")
_RATES = ("per week", "per day", "per month", "per quarter", "per year")

MEASURES: tuple[Measure, ...] = (
    Measure(
        "change-lead-time",
        _l("Change lead time"),
        {"en": "Change lead time", "zh": "变更前置时间"},
        "days",
        _TIMES,
        "lower",
        2,
        _l(
            "From the moment a change is committed to version control until it runs in production; the median of all changes."
        ),
        DORA,
    ),
    Measure(
        "deployment-frequency",
        _l("Deployment frequency"),
        {"en": "Deployment frequency", "zh": "部署频率"},
        "per week",
        _RATES,
        "higher",
        2,
        _l("How often one application is deployed to production in a period."),
        DORA,
        is_rate=True,
    ),
    Measure(
        "change-fail-rate",
        _l("Change fail rate"),
        {"en": "Change fail rate", "zh": "变更失败率"},
        "%",
        ("%",),
        "lower",
        2,
        _l("Of all deployments, the share after which somebody had to step in at once: roll back, or repair."),
        DORA,
        is_rate=True,
    ),
    Measure(
        "recovery-time",
        _l("Failed deployment recovery time"),
        {"en": "Failed deployment recovery time", "zh": "失败部署恢复时间"},
        "hours",
        ("hours", "minutes", "days"),
        "lower",
        2,
        _l("From a deployment that fails until the service is whole again; the median of all that failed."),
        DORA,
    ),
    Measure(
        "rework-rate",
        _l("Deployment rework rate"),
        {"en": "Deployment rework rate", "zh": "部署返工率"},
        "%",
        ("%",),
        "lower",
        2,
        _l("Of all deployments, the share that nobody had planned and that an incident in production made necessary."),
        DORA,
        is_rate=True,
    ),
    Measure(
        "cycle-time",
        _l("Cycle time"),
        {"en": "Cycle time", "zh": "周期时间"},
        "days",
        ("days", "weeks", "hours", "months"),
        "lower",
        2,
        _l("From the start of work on an item until it is finished; the median of all items."),
        "The Kanban Guide, kanbanguides.org",
    ),
    Measure(
        "build-time",
        _l("Build time"),
        {"en": "Build time", "zh": "构建时长"},
        "minutes",
        _SHORT,
        "lower",
        1,
        _l("From the start of a build on the build server until it has a result; the median of all builds."),
        "Humble, Farley: Continuous Delivery, 2010",
    ),
    Measure(
        "feedback-time",
        _l("Time to the first test result"),
        {"en": "Time to the first test result", "zh": "首个测试结果用时"},
        "minutes",
        _SHORT,
        "lower",
        1,
        _l("From the push of a change until its author knows whether the first stage of tests passed."),
        "Humble, Farley: Continuous Delivery, 2010",
    ),
    Measure(
        "regression-time",
        _l("Full regression test"),
        {"en": "Full regression test", "zh": "全量回归测试用时"},
        "hours",
        ("hours", "days", "weeks", "minutes"),
        "lower",
        0,
        _l("From the start of all tests that a release needs, those by hand too, until all have a result."),
        "Humble, Farley: Continuous Delivery, 2010",
    ),
    Measure(
        "test-automation",
        _l("Test automation rate"),
        {"en": "Test automation rate", "zh": "测试自动化率"},
        "%",
        ("%",),
        "higher",
        0,
        _l("Of the test cases that a release has to pass, the share that runs without anybody doing something."),
        OWN,
    ),
    Measure(
        "test-coverage",
        _l("Test coverage"),
        {"en": "Test coverage", "zh": "测试覆盖率"},
        "%",
        ("%",),
        "higher",
        0,
        _l(
            "Of the statements or branches of the code, the share that automated tests run through. Say which of the two."
        ),
        "ISTQB Glossary: statement coverage, branch coverage",
    ),
    Measure(
        "escaped-defects",
        _l("Defects escaping to production"),
        {"en": "Defects escaping to production", "zh": "生产逃逸缺陷"},
        "per month",
        ("per month", "per week", "per quarter", "per year"),
        "lower",
        4,
        _l("Defects that no test found and that were first seen in production, in a period."),
        "ISTQB Glossary: escaped defect",
        is_rate=True,
    ),
    Measure(
        "incidents",
        _l("Incidents"),
        {"en": "Incidents", "zh": "生产事件"},
        "per month",
        ("per month", "per week", "per quarter", "per year"),
        "lower",
        4,
        _l("Interruptions of a service that nobody had planned, and losses of its quality, in a period."),
        "ITIL 4 Glossary: incident",
        is_rate=True,
    ),
    Measure(
        "availability",
        _l("Service availability"),
        {"en": "Service availability", "zh": "服务可用性"},
        "%",
        ("%",),
        "higher",
        4,
        _l("Of the time in which the service should work, or of the requests to it, the share that went well."),
        "Beyer, Jones, Petoff, Murphy: Site Reliability Engineering, 2016",
        by_shortfall=True,
    ),
    Measure(
        "manual-work",
        _l("Manual work for a release"),
        {"en": "Manual work for a release", "zh": "每次发布的手工工作量"},
        "person-hours",
        ("person-hours", "person-days", "person-minutes"),
        "lower",
        0,
        _l(
            "What people do by hand for one release, all of them together, meetings and waiting for each other included."
        ),
        "Beyer, Jones, Petoff, Murphy: Site Reliability Engineering, 2016 (toil)",
    ),
    Measure(
        "environment-time",
        _l("Time to an environment"),
        {"en": "Time to an environment", "zh": "环境交付时长"},
        "hours",
        ("hours", "days", "minutes", "weeks"),
        "lower",
        0,
        _l("From asking for a test environment until it can be used."),
        OWN,
    ),
    Measure(
        "satisfaction",
        _l("Satisfaction"),
        {"en": "Satisfaction", "zh": "满意度"},
        "points",
        ("points", "%"),
        "higher",
        0,
        _l("The mean of what people answered on the same scale to the same question. Name both in the source."),
        "Forsgren and others: The SPACE of Developer Productivity, 2021",
    ),
)
_BY_KEY: Mapping[str, Measure] = {measure.key: measure for measure in MEASURES}
DORA_KEYS = tuple(measure.key for measure in MEASURES if measure.source == DORA)


def find_measure(key: str) -> Measure | None:
    """The measure of that key; None for the empty one, which stands for something else that the team names itself."""
    return _BY_KEY.get(key)
