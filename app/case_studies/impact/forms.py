"""What of the numbers a reader wants to see. It comes with the address, so that it can be sent to a colleague."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from wtforms import SelectChoice, SelectField

from app.case_studies.impact.rules import Told
from app.web.forms import Form

Pairs = Sequence[tuple[str, str]]
FILTERS = ("area", "measure", "year", "kind")
BENCHMARK, OTHER = "benchmark", "other"


@dataclass(frozen=True)
class Choice:
    """What the reader chose; empty means all."""

    area: str = ""
    measure: str = ""
    year: str = ""
    kind: str = ""

    def fits(self, told: Told, area: str) -> bool:
        """Is the number of a story in `area` wanted?"""
        return (
            self.area in {"", area}
            and self.measure in {"", told.measure.key}
            and self.year in {"", str(told.day.year)}
            and self.kind in {"", BENCHMARK if told.is_benchmark else OTHER}
        )


class ImpactForm(Form):
    """Sent with GET, so it holds no token."""

    area = SelectField(_l("Area"))
    measure = SelectField(_l("Measure"))
    year = SelectField(_l("Published in"))
    kind = SelectField(_l("Teams"))

    def offer(self, *, areas: Pairs, measures: Pairs, years: Pairs) -> ImpactForm:
        """Fill in what can be chosen, as (value, label)."""
        kinds = [(BENCHMARK, _l("Benchmark teams")), (OTHER, _l("Other teams"))]
        offered = {"area": areas, "measure": measures, "year": years, "kind": kinds}
        for name, pairs in offered.items():
            self[name].choices = [SelectChoice("", _l("All")), *(SelectChoice(value, label) for value, label in pairs)]
        return self

    @property
    def choice(self) -> Choice:
        """What was chosen, be it something of which there is nothing any more."""
        return Choice(**{name: (self[name].data or "")[:80] for name in FILTERS})

    @property
    def params(self) -> dict[str, str]:
        """The same as parameters of an address."""
        return {name: self[name].data for name in FILTERS if self[name].data}
