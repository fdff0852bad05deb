"""What the pages of a case study show, put together for the templates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from app.accounts.models import Team, User
from app.capabilities.models import Capability
from app.capabilities.queries import list_main_capabilities
from app.case_studies.credits import Credits, find_credits
from app.case_studies.figures import Figure, figure_of
from app.case_studies.models import CaseStudy, CaseStudyEvent, Metric
from app.case_studies.policy import can_edit, can_see_history, can_take
from app.case_studies.queries import SORTS, Counts, Filters, count_choices, list_events
from app.case_studies.rendering import render_story
from app.case_studies.rules import (
    DECISIONS,
    EDITABLE,
    TRANSITIONS,
    MetricValues,
    State,
    Step,
    Story,
    what_is_missing,
)
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES, language
from app.web.paging import with_params


@dataclass(frozen=True)
class Shown:
    """A story as readers see it, whether it is stored or only previewed."""

    title: str
    summary: str
    language: str
    metrics: Sequence[Metric | MetricValues]
    html: str
    headings: Sequence[Mapping[str, Any]]
    team: Team
    organisation: str
    byline: str
    published_on: date | None
    capability: Capability | None
    credits: Credits

    @property
    def figures(self) -> list[Figure]:
        """The numbers as they are drawn."""
        return [figure_of(metric) for metric in self.metrics]


def show_stored(case_study: CaseStudy) -> Shown:
    """The case study as it was rendered when it was saved."""
    story = case_study.story
    return Shown(
        title=case_study.title,
        summary=case_study.summary,
        language=case_study.language,
        metrics=[metric for metric in case_study.metrics if _has_values(metric)],
        html=case_study.html,
        headings=case_study.headings,
        team=case_study.team,
        organisation=case_study.organisation or case_study.team.organisation,
        byline=case_study.byline,
        published_on=case_study.published_on,
        capability=case_study.capability,
        credits=find_credits(story.practices, story.coaches, story.sessions),
    )


def show_preview(story: Story, team: Team) -> Shown:
    """What was typed, through the same renderer, without saving it. Raises InvalidInputError for a text too long."""
    rendered = render_story(story.language, story.parts)
    capability = next((each for each in list_main_capabilities() if each.id == story.capability_id), None)
    return Shown(
        title=story.title,
        summary=story.summary,
        language=story.language,
        metrics=[metric for metric in story.metrics if _has_values(metric)],
        html=rendered.html,
        headings=[{"level": each.level, "anchor": each.anchor, "text": each.text} for each in rendered.headings],
        team=team,
        organisation=team.organisation,
        byline=story.byline,
        published_on=None,
        capability=capability,
        credits=find_credits(story.practices, story.coaches, story.sessions),
    )


def _has_values(metric: Metric | MetricValues) -> bool:
    return metric.before is not None and metric.after is not None


@dataclass(frozen=True)
class Desk:
    """What stands above and below a story for those who work on it: what it lacks, what they may do, what was done."""

    state: State
    may_edit: bool
    may_decide: bool
    steps: frozenset[Step]
    missing: Sequence[LazyString]
    events: Sequence[CaseStudyEvent]
    author: User | None
    is_kept_in_file: bool


def desk_for(case_study: CaseStudy, reader: User | None) -> Desk | None:
    """The desk of this reader; None for whoever only reads."""
    if reader is None or not can_see_history(reader, case_study):
        return None
    state = State(case_study.state)
    possible = [] if case_study.is_kept_in_file else TRANSITIONS.steps_from(state)
    steps = frozenset(step for step in possible if can_take(reader, case_study, step))
    missing = what_is_missing(case_study.story) if Step.SUBMIT in steps else []
    return Desk(
        state=state,
        may_edit=can_edit(reader, case_study) and state in EDITABLE and not case_study.is_kept_in_file,
        may_decide=not steps.isdisjoint(DECISIONS),
        steps=steps,
        missing=missing,
        events=list_events(case_study),
        author=case_study.author,
        is_kept_in_file=case_study.is_kept_in_file,
    )


FACETS = ("area", "capability", "team", "language")


def chosen_filters() -> Filters:
    """What the address says."""
    return Filters(**{name: tuple(chosen_values(name)) for name in FACETS})


def facets_of(filters: Filters) -> list[Facet]:
    """The facets of the list, with counts, in the order of the framework."""
    counts: Counts = count_choices(filters, language())
    capabilities = list_main_capabilities()
    areas = {each.area.slug: each.area for each in capabilities}
    hues = {slug: str(area.hue) for slug, area in areas.items()}
    shades = {each.slug: str(each.area.hue) for each in capabilities}
    area_names = [(slug, area.name.in_(language())) for slug, area in areas.items()]
    capability_names = [(each.slug, each.name.in_(language())) for each in capabilities]
    return [
        build_facet("area", _("Area"), counts.area, area_names, hues),
        build_facet("capability", _("Capability"), counts.capability, capability_names, shades),
        build_facet("team", _("Team"), counts.team, counts.team_names),
        build_facet("language", _("Language"), counts.language, LANGUAGE_NAMES.items()),
    ]


def sort_links(current: str) -> list[tuple[str, str, bool]]:
    names = {"newest": _("Newest first"), "title": _("By title")}
    return [(names[sort], with_params(sort=sort, page=None), sort == current) for sort in SORTS]
