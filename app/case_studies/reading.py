"""Case studies as what is read from beginning to end: those that are published."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_
from sqlalchemy.orm import undefer

from app.case_studies.models import CaseStudy
from app.case_studies.queries import slugs_written_by, visible_to
from app.community.articles import ArticleKind, Texts, hash_of_text
from app.kernel.db import db


def _list_slugs(before: datetime, owner: Any | None) -> Sequence[str]:
    query = visible_to(None).where(CaseStudy.published_on <= before.date())
    if owner is not None:
        query = query.where(or_(CaseStudy.slug.in_(slugs_written_by(owner.id)), CaseStudy.team_id.in_(owner.team_ids)))
    slugs = query.with_only_columns(CaseStudy.slug).distinct().order_by(CaseStudy.slug)
    return db.session.execute(slugs).scalars().all()


def _find_texts(slugs: Collection[str]) -> Texts:
    query = visible_to(None).where(CaseStudy.slug.in_(slugs)).options(undefer(CaseStudy.text))
    rows = db.session.execute(query).unique().scalars()
    return {(row.slug, row.language): hash_of_text(row.title, row.summary, row.text) for row in rows}


ARTICLES = (ArticleKind("case-study", "case_studies.show", _list_slugs, _find_texts),)
