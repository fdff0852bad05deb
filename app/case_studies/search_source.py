"""Published case studies as search finds them: one document a language. And what their credits are worth to others."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, inspect, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, selectinload, undefer

from app.accounts.models import Team
from app.case_studies.models import CaseStudy, CreditedCoach, CreditedPractice, CreditedSession, Metric
from app.case_studies.queries import CARD, visible_to
from app.coaches.search_source import PROFILES
from app.kernel.db import db
from app.search.sources import Document, Found, Lookup, has_changed

MOST = 9


class CaseStudySource:
    """A case study is useful by what one can take from it: one for each practice that it credits, one for each number
    that it gives before and after.
    """

    kind = "case-study"
    label = _l("Case studies")
    name = _l("Case study")

    def watched(self, obj: object) -> Iterable[str]:
        if isinstance(obj, CaseStudy):
            return [str(obj.id)]
        if isinstance(obj, Metric | CreditedPractice | CreditedCoach):
            return [str(obj.case_study_id)]
        if isinstance(obj, Team):
            # Its name is found, too.
            is_new = has_changed(obj, "name")
            return _keys_of(select(CaseStudy.id).where(CaseStudy.team_id == obj.id)) if is_new else []
        people = list(PROFILES.touched(obj))
        return _keys_of(select(CreditedCoach.case_study_id).where(CreditedCoach.user_id.in_(people))) if people else []

    def load(self, session: Session, key: str) -> Document | None:
        case_study = session.execute(_query().where(CaseStudy.id == int(key))).unique().scalar_one_or_none()
        if case_study is None:
            return None
        return _document(case_study, PROFILES.of(session, [credit.user_id for credit in case_study.coaches]))

    def load_all(self, session: Session) -> Iterator[Document]:
        profiles = PROFILES.of(session, None)
        return (_document(case_study, profiles) for case_study in session.execute(_query()).unique().scalars())

    def count(self, session: Session) -> int:
        return session.execute(select(func.count()).select_from(CaseStudy)).scalar_one()

    def found(self, keys: Sequence[str], reader: Any) -> Mapping[str, Found]:
        """As many queries for one as for many: the translations come with what was asked for."""
        asked = aliased(CaseStudy)
        slugs = select(asked.slug).where(asked.id.in_(map(int, keys)))
        query = visible_to(reader).where(CaseStudy.slug.in_(slugs)).options(*CARD).order_by(CaseStudy.language)
        versions = {str(case_study.id): case_study for case_study in db.session.execute(query).unique().scalars()}
        return {key: _found(versions[key], versions.values()) for key in keys if key in versions}


def _credits(rows: str, key: InstrumentedAttribute[Any]) -> Lookup[Any, int]:
    """How many published stories, each counted once however many languages it has, credit what `key` names. `rows` is
    what a case study calls those credits.
    """
    row: Any = key.class_

    def count(session: Session, keys: Collection[Any] | None) -> dict[Any, int]:
        stories = func.count(CaseStudy.slug.distinct())
        query = select(key, stories).join(CaseStudy, CaseStudy.id == row.case_study_id).group_by(key)
        query = query.where(key.in_(keys)) if keys is not None else query
        return {credited: number for credited, number in session.execute(query)}

    def touched(obj: object) -> Iterable[Any]:
        if isinstance(obj, row):
            return [getattr(obj, key.key)]
        if not isinstance(obj, CaseStudy):
            return []
        # What was taken from the list is known to the list alone.
        gone = [getattr(credit, key.key) for credit in inspect(obj).attrs[rows].history.deleted or ()]
        if not has_changed(obj, "slug"):
            return gone
        return [*gone, *db.session.execute(select(key).where(row.case_study_id == obj.id)).scalars()]

    return Lookup(of=count, touched=touched)


PRACTICE_CREDITS: Lookup[str, int] = _credits("practices", CreditedPractice.practice_slug)
COACH_CREDITS: Lookup[int, int] = _credits("coaches", CreditedCoach.user_id)
SESSION_CREDITS: Lookup[str, int] = _credits("sessions", CreditedSession.training_slug)


def _keys_of(query: Select[int]) -> list[str]:
    return [str(case_study_id) for case_study_id in db.session.execute(query).scalars()]


def _query() -> Select[CaseStudy]:
    credited = selectinload(CaseStudy.practices), selectinload(CaseStudy.coaches)
    return select(CaseStudy).options(*CARD, undefer(CaseStudy.text), *credited)


def _document(case_study: CaseStudy, profiles: Mapping[int, str]) -> Document:
    capability = case_study.capability
    names = capability.name.texts.values() if capability else ()
    metrics = case_study.metrics
    proven = [metric for metric in metrics if metric.before is not None and metric.after is not None]
    return Document(
        kind=CaseStudySource.kind,
        key=str(case_study.id),
        title=case_study.title,
        summary=case_study.summary,
        body=case_study.text,
        keywords=[case_study.team.name, *names, *(metric.name for metric in metrics if metric.name)],
        languages=[case_study.language],
        area=capability.area.slug if capability else "",
        capabilities=[capability.slug] if capability else [],
        coaches=[profiles[credit.user_id] for credit in case_study.coaches if credit.user_id in profiles],
        group=f"{CaseStudySource.kind}:{case_study.slug}",
        day=case_study.published_on,
        usefulness=min(MOST, len(case_study.practices) + len(proven)),
    )


def _found(case_study: CaseStudy, versions: Collection[CaseStudy]) -> Found:
    capability = case_study.capability
    return Found(
        title=case_study.title,
        url=_url(case_study),
        note=case_study.team.name,
        language=case_study.language,
        hue=capability.area.hue if capability else None,
        translations=tuple(
            (other.language, _url(other))
            for other in versions
            if other.slug == case_study.slug and other.language != case_study.language
        ),
    )


def _url(case_study: CaseStudy) -> str:
    return url_for("case_studies.show", slug=case_study.slug, lang=case_study.language)
