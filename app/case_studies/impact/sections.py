"""What other pages show of the figures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.case_studies.impact.charts import short
from app.case_studies.impact.queries import list_told
from app.case_studies.impact.rules import Finding, find
from app.case_studies.queries import Filters
from app.case_studies.units import BY_KEY
from app.web.i18n import language
from app.web.sections import Section

CARD = "case_studies/impact/_card.html"
SHOWN = 3


@dataclass(frozen=True)
class Card:
    """A finding as a card shows it; the medians and the ratio are None where too few teams tell it."""

    finding: Finding
    url: str
    unit: str
    before: float | None
    after: float | None
    times: float | None


def on_capability(capability: Any, _reader: Any) -> Section | None:
    """What came of it: `capability` has a slug and an area with a slug. What most teams tell comes first."""
    told, _others = list_told(language(), Filters(capability=(capability.slug,)))
    findings = sorted(find(told), key=lambda finding: -finding.teams)
    if not findings:
        return None
    url = url_for("impact.index", area=capability.area.slug, _anchor=capability.slug)
    return Section(_("What came of it"), CARD, [_card(each, url) for each in findings[:SHOWN]], len(findings), url)


def _card(finding: Finding, url: str) -> Card:
    return Card(
        finding,
        url,
        BY_KEY[finding.measure.unit].name_in(language()),
        short(finding.before.middle) if finding.before else None,
        short(finding.after.middle) if finding.after else None,
        short(max(finding.times.middle, 1 / finding.times.middle)) if finding.times else None,
    )
