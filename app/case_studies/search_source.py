"""Case studies as search finds them: one document a language, for whoever may read it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, undefer

from app.accounts.models import Team
from app.case_studies.models import CaseStudy, Metric
from app.case_studies.policy import audience
from app.case_studies.queries import CARD, visible_to
from app.kernel.db import db
from app.search.sources import Document, Found


class CaseStudySource:
    kind = "case-study"
    label = _l("Case studies")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, CaseStudy):
            return [str(obj.id)]
        if isinstance(obj, Metric):
            return [str(obj.case_study_id)]
        if isinstance(obj, Team):
            # Its name is found, too.
            ids = db.session.execute(select(CaseStudy.id).where(CaseStudy.team_id == obj.id)).scalars()
            return [str(case_study_id) for case_study_id in ids]
        return []

    def load(self, session: Session, key: str) -> Document | None:
        case_study = session.execute(_query().where(CaseStudy.id == int(key))).unique().scalar_one_or_none()
        return _document(case_study) if case_study else None

    def load_all(self, session: Session) -> Iterator[Document]:
        return map(_document, session.execute(_query()).unique().scalars())

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        query = visible_to(reader).where(CaseStudy.id.in_(map(int, keys))).options(*CARD)
        return {str(case_study.id): _found(case_study) for case_study in db.session.execute(query).unique().scalars()}


def _query() -> Select[CaseStudy]:
    return select(CaseStudy).options(*CARD, undefer(CaseStudy.text))


def _document(case_study: CaseStudy) -> Document:
    capability = case_study.capability
    names = capability.name.texts.values() if capability else ()
    return Document(
        kind=CaseStudySource.kind,
        key=str(case_study.id),
        title=case_study.title,
        summary=case_study.summary,
        body=case_study.text,
        tags=[case_study.team.name, *names, *(metric.name for metric in case_study.metrics if metric.name)],
        languages=[case_study.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        audience=audience(case_study),
    )


def _found(case_study: CaseStudy) -> Found:
    capability = case_study.capability
    return Found(
        title=case_study.title,
        url=url_for("case_studies.show", slug=case_study.slug, lang=case_study.language),
        note=case_study.team.name,
        language=case_study.language,
        hue=capability.area.hue if capability else None,
    )
