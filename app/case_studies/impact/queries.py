"""The numbers of what is published, each story once."""

from __future__ import annotations

from dataclasses import fields

from sqlalchemy import select

from app.accounts.models import Team
from app.case_studies.impact.rules import Told, in_unit_of, times_better
from app.case_studies.measures import find_measure
from app.case_studies.models import Metric
from app.case_studies.queries import Filters, listing
from app.case_studies.rules import MetricValues
from app.kernel.db import db

EVERYTHING = Filters()
_VALUES = [getattr(Metric, each.name) for each in fields(MetricValues)]


def list_told(preferred: str, filters: Filters = EVERYTHING) -> tuple[list[Told], int]:
    """Every number that can be compared with others, and how many there are that cannot, because the team named its own
    measure or unit. One query, of columns alone. A story that gives one measure twice counts with the first.
    """
    story = listing(filters, preferred).order_by(None).subquery()
    query = (
        select(
            *_VALUES,
            story.c.slug,
            story.c.title,
            story.c.language.label("story_language"),
            story.c.team_id,
            Team.name.label("team_name"),
            Team.is_benchmark,
            story.c.capability_id,
            story.c.published_on,
        )
        .join(story, story.c.id == Metric.case_study_id)
        .join(Team, Team.id == story.c.team_id)
        .where(Metric.before.is_not(None), Metric.after.is_not(None))
        .order_by(Metric.case_study_id, Metric.position)
    )
    told: dict[tuple[str, str], Told] = {}
    others = 0
    for row in db.session.execute(query):
        values = MetricValues(*row[: len(_VALUES)])
        measure = find_measure(values.measure)
        pair = in_unit_of(measure, values) if measure else None
        if measure is None or pair is None:
            others += 1
            continue
        number = Told(
            measure=measure,
            values=values,
            before=pair[0],
            after=pair[1],
            times=times_better(measure, *pair),
            slug=row.slug,
            title=row.title,
            language=row.story_language,
            team_id=row.team_id,
            team=row.team_name,
            is_benchmark=row.is_benchmark,
            capability_id=row.capability_id,
            day=row.published_on,
        )
        told.setdefault((row.slug, measure.key), number)
    return list(told.values()), others
