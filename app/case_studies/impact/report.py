"""The report: what was found over all capabilities, and on each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.datastructures import MultiDict

from app.capabilities.models import Capability
from app.capabilities.queries import list_main_capabilities
from app.case_studies.impact.forms import FILTERS, ImpactForm
from app.case_studies.impact.queries import list_told
from app.case_studies.impact.rules import Finding, Told, find
from app.case_studies.measures import MEASURES
from app.web.i18n import language


@dataclass(frozen=True)
class OnCapability:
    """What was found on one capability; None for stories without one."""

    capability: Capability | None
    findings: Sequence[Finding]


@dataclass(frozen=True)
class Report:
    """`others` is how many numbers of all stories have a measure or unit of their own and can be compared with nothing."""

    overall: Sequence[Finding]
    by_capability: Sequence[OnCapability]
    stories: int
    teams: int
    others: int


def make_report() -> tuple[Report, ImpactForm]:
    """What the address asks for, in two queries."""
    told, others = list_told(language())
    capabilities = {each.id: each for each in list_main_capabilities()}
    form = _form(told, list(capabilities.values()))
    choice = form.choice

    def area_of(number: Told) -> str:
        capability = capabilities.get(number.capability_id or 0)
        return capability.area.slug if capability else ""

    chosen = [number for number in told if choice.fits(number, area_of(number))]
    places: list[Capability | None] = [*capabilities.values(), None]
    on: dict[Capability | None, list[Told]] = {place: [] for place in places}
    for number in chosen:
        on[capabilities.get(number.capability_id or 0)].append(number)
    found = [OnCapability(place, find(told_there)) for place, told_there in on.items()]
    report = Report(
        overall=find(chosen),
        by_capability=[each for each in found if each.findings],
        stories=len({number.slug for number in chosen}),
        teams=len({number.team_id for number in chosen}),
        others=others,
    )
    return report, form


def _form(told: Sequence[Told], capabilities: Sequence[Capability]) -> ImpactForm:
    """With what there is something of."""
    areas = {each.area.slug: each.area.name.in_(language()) for each in capabilities}
    there = {number.measure.key for number in told}
    years = sorted({str(number.day.year) for number in told}, reverse=True)
    said = dict.fromkeys(FILTERS, "") | request.args.to_dict()
    return ImpactForm(MultiDict(said), meta={"csrf": False}).offer(
        areas=list(areas.items()),
        measures=[(measure.key, str(measure.name)) for measure in MEASURES if measure.key in there],
        years=[(year, year) for year in years],
    )
