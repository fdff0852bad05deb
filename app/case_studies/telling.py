"""What followers hear of case studies: those of a team, on a capability, and those that credit a coach or a practice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.case_studies.models import CaseStudy
from app.community.follows.rules import PERSON, Event
from app.community.follows.service import Actor, tell_followers


def tell_of_case_study(session: Session, case_study: CaseStudy, *, actor: Actor | None, now: datetime) -> None:
    """Tell followers that it is published; of a version in another language only where it is the first. The team itself hears of
    it from those who decide.
    """
    first = (CaseStudy.slug == case_study.slug, CaseStudy.id != case_study.id)
    if session.execute(select(CaseStudy.id).where(*first).limit(1)).first() is not None:
        return
    not_to = [membership.user_id for membership in case_study.team.memberships]
    refs, subject = _stands_on(case_study), ("case-study", case_study.slug)
    tell_followers(session, refs, Event.CASE_STUDY, subject, actor=actor, now=now, not_to=not_to)


def _stands_on(case_study: CaseStudy) -> Iterator[tuple[str, str]]:
    """What it belongs to, the nearest first."""
    yield "team", case_study.team.slug
    for credit in case_study.coaches:
        yield PERSON, str(credit.user_id)
    for practice in case_study.practices:
        yield "practice", practice.practice_slug
    if case_study.capability is not None:
        yield "capability", f"{case_study.capability.framework.slug}.{case_study.capability.slug}"
