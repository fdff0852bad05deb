"""The round of published stories, and the stories themselves."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from app.accounts.models import Team
from app.case_studies.exhibition.rules import Stop
from app.case_studies.models import CaseStudy
from app.case_studies.queries import WHOLE, Filters, listing
from app.kernel.db import db


def list_stops(preferred: str, languages: tuple[str, ...] = ()) -> list[Stop]:
    """What is published, each story once, the newest first; with `languages` only what there is in one of them."""
    story = listing(Filters(language=languages), preferred).order_by(None).subquery()
    query = (
        select(story.c.id, story.c.slug, story.c.language, Team.slug, Team.name, story.c.capability_id)
        .join(Team, Team.id == story.c.team_id)
        .order_by(story.c.published_on.desc(), story.c.id.desc())
    )
    return [Stop(*row) for row in db.session.execute(query)]


def load_stories(stops: Sequence[Stop]) -> list[CaseStudy]:
    """The stories of these stops with their texts, in the same order. One that was withdrawn this moment is left out."""
    wanted = [stop.story_id for stop in stops]
    query = select(CaseStudy).where(CaseStudy.id.in_(wanted)).options(*WHOLE)
    found = {story.id: story for story in db.session.execute(query).unique().scalars()}
    return [found[story_id] for story_id in wanted if story_id in found]
