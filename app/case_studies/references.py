"""Case studies as `[[links]]` name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import func, or_, select

from app.case_studies.models import CaseStudy
from app.case_studies.queries import visible_to
from app.kernel.db import db
from app.web.references import Candidate, Linkable


def _lookup(names: Sequence[str]) -> Iterable[Candidate]:
    called = select(CaseStudy.slug).where(
        or_(CaseStudy.slug.in_(names), func.lower(CaseStudy.title).in_([name.lower() for name in names]))
    )
    query = (
        visible_to(None)
        .where(CaseStudy.slug.in_(called))
        .with_only_columns(CaseStudy.slug, CaseStudy.title, CaseStudy.language)
    )
    for slug, title, language in db.session.execute(query.order_by(CaseStudy.id)):
        yield Candidate(slug, title, f"/case-studies/{slug}", language)


LINKABLE = Linkable("case-study", ("case-study", "案例"), _lookup)
