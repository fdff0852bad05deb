"""A case study in words, where its fields hold slugs and bare numbers: for whoever reviews it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from app.case_studies.credits import Credit, find_credits
from app.case_studies.queries import find_capability, find_team
from app.case_studies.rules import MetricValues, Story
from app.web.filters import number
from app.web.i18n import language


def words_of(story: Story) -> dict[str, Any]:
    """What is not there any more keeps its slug."""
    team, capability = find_team(story.team), find_capability(story.capability)
    credited = find_credits(story.practices, story.coaches, story.sessions)
    return {
        "team": team.name if team else story.team,
        "capability": capability.name.in_(language()) if capability else story.capability,
        "metrics": [_metric(metric) for metric in story.metrics],
        "practices": _titles(story.practices, credited.practices),
        "coaches": _titles(story.coaches, credited.coaches),
        "sessions": _titles(story.sessions, credited.sessions),
    }


def _titles(slugs: Sequence[str], found: Sequence[Credit]) -> list[str]:
    titles = {credit.key: credit.title for credit in found}
    return [titles.get(slug, slug) for slug in slugs]


def _metric(metric: MetricValues) -> str:
    """One number on one line, in the order in which one would say it."""
    before, after = (_figure(value) for value in (metric.before, metric.after))
    better = _("the lower, the better") if metric.better == "lower" else _("the higher, the better")
    change = f"{before} {metric.before_unit}".strip() + f" → {after} {metric.unit}".rstrip()
    said = (metric.name, change, better, _period(metric), _cases(metric), metric.source, metric.remark)
    return " · ".join(filter(None, said))


def _figure(value: float | None) -> str:
    return "–" if value is None else number(value)


def _period(metric: MetricValues) -> str:
    return " → ".join(filter(None, (metric.window_before, metric.window)))


def _cases(metric: MetricValues) -> str:
    if metric.cases_before is None and metric.cases_after is None:
        return ""
    before, after = (_figure(value) for value in (metric.cases_before, metric.cases_after))
    return _("cases: %(before)s → %(after)s", before=before, after=after)
