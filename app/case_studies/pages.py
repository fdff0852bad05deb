"""What the pages of a case study show, put together for the templates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from app.accounts.models import Team, User
from app.capabilities.models import Capability
from app.capabilities.queries import list_main_capabilities
from app.case_studies.credits import Credit, Credits, find_credits, profiles_of
from app.case_studies.figures import Figure, figure_of
from app.case_studies.models import CaseStudy, Metric
from app.case_studies.queries import SORTS, Counts, Filters, count_choices, find_capability
from app.case_studies.rules import CASE_STUDY, FORM_NAMES, Form, MetricValues, Story
from app.case_studies.service import byline_of
from app.coaches.search_source import PROFILES
from app.kernel.db import db
from app.kernel.markup import Rendered
from app.web.facets import Facet, build_facet, chosen_values
from app.web.i18n import LANGUAGE_NAMES, language
from app.web.paging import with_params
from app.writing.queries import list_author_ids


@dataclass(frozen=True)
class Shown:
    """A case study as readers see it, whether it is published or still being written."""

    title: str
    summary: str
    language: str
    form: Form
    metrics: Sequence[Metric | MetricValues]
    html: str
    headings: Sequence[Mapping[str, Any]]
    team: Team
    organisation: str
    byline: str
    people: Sequence[Credit]
    published_on: date | None
    capability: Capability | None
    credits: Credits

    @property
    def figures(self) -> list[Figure]:
        """The numbers as they are drawn."""
        return [figure_of(metric) for metric in self.metrics]

    @property
    def linked_byline(self) -> Markup:
        """The byline with the names of those who have a profile leading there. Longer names first: one may begin as another."""
        urls = {person.title: person.url for person in self.people}
        names = "|".join(re.escape(name) for name in sorted(urls, key=len, reverse=True))
        if not names:
            return escape(self.byline)
        pieces = re.split(f"({names})", self.byline)
        return Markup("").join(
            Markup('<a href="{}">{}</a>').format(urls[piece], piece) if piece in urls else piece for piece in pieces
        )

    @property
    def form_name(self) -> LazyString:
        return FORM_NAMES[self.form]


def show_stored(case_study: CaseStudy) -> Shown:
    """What is published."""
    authors = list_author_ids(CASE_STUDY, case_study.slug, case_study.language)
    helpers = [credit.user_id for credit in case_study.coaches]
    profiles = PROFILES.of(db.session(), helpers) if helpers else {}
    return Shown(
        title=case_study.title,
        summary=case_study.summary,
        language=case_study.language,
        form=Form(case_study.form),
        metrics=[metric for metric in case_study.metrics if _has_values(metric)],
        html=case_study.html,
        headings=case_study.headings,
        team=case_study.team,
        organisation=case_study.organisation or case_study.team.organisation,
        byline=case_study.byline,
        people=profiles_of([*authors, *helpers]),
        published_on=case_study.published_on,
        capability=case_study.capability,
        credits=find_credits(
            [credit.practice_slug for credit in case_study.practices],
            [profiles[user_id] for user_id in helpers if user_id in profiles],
            [credit.training_slug for credit in case_study.sessions],
        ),
    )


def show_preview(story: Story, rendered: Rendered, team: Team, authors: Sequence[User]) -> Shown:
    """What is being written, as it would be published."""
    return Shown(
        title=story.title,
        summary=story.summary,
        language=story.language,
        form=story.form,
        metrics=[metric for metric in story.metrics if _has_values(metric)],
        html=rendered.html,
        headings=[asdict(heading) for heading in rendered.headings],
        team=team,
        organisation=story.organisation or team.organisation,
        byline=story.byline or byline_of(team.name, [each.name for each in authors]),
        people=profiles_of([each.id for each in authors]),
        published_on=None,
        capability=find_capability(story.capability),
        credits=find_credits(story.practices, story.coaches, story.sessions),
    )


def _has_values(metric: Metric | MetricValues) -> bool:
    return metric.before is not None and metric.after is not None


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
