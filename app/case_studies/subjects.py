"""Case studies as what the community speaks of: those that are published, for everybody alike."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from app.accounts.models import Team
from app.case_studies.models import CaseStudy
from app.case_studies.queries import Filters, authors_of, listing
from app.community.subjects import Kind, Subject
from app.kernel.db import db


def _find(slugs: Collection[str], _reader: Any, language: str) -> Iterable[Subject]:
    query = listing(Filters(), language).where(CaseStudy.slug.in_(slugs))
    query = query.options(joinedload(CaseStudy.team).selectinload(Team.memberships))
    authors = authors_of(slugs)
    for story in db.session.execute(query).unique().scalars():
        capability = story.capability
        yield Subject(
            kind="case-study",
            slug=story.slug,
            title=story.title,
            url=url_for("case_studies.show", slug=story.slug),
            language=story.language,
            note=story.team.name,
            summary=story.summary,
            hue=capability.area.hue if capability else None,
            owner_ids=authors.get(story.slug, frozenset())
            | {membership.user_id for membership in story.team.memberships},
            team_id=story.team_id,
        )


KINDS = (Kind("case-study", _l("Case study"), _find),)
