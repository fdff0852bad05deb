"""What an advised item is called in a plan: worked out here, so that a plan says of the library what the library says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from app.accounts.models import Team
from app.case_studies.models import CaseStudy
from app.coaches.models import Coach
from app.coaches.queries import visible_to as coaches_visible_to
from app.improvement.plans.rules import MAX_WHAT, ItemKind
from app.kernel.db import db
from app.kernel.errors import NotFoundError
from app.practices.queries import titles_of
from app.training.models import TrainingSession
from app.training.queries import visible_to as sessions_visible_to

# A team that got there without a case study is named like this, for teams and case studies have slugs of their own.
OF_A_TEAM = "@"


@dataclass(frozen=True)
class Named:
    """What the item is about."""

    kind: ItemKind
    ref: str
    capability: str


def name_of(item: Named, language: str) -> str:
    """What is to be done, in words. Raises NotFoundError for what every reader could not find by itself."""
    title = _title(item, language)
    if title is None:
        raise NotFoundError(_("What this was about is no longer there. Look at the advice again."))
    return _in_words(item, title)[:MAX_WHAT]


def _title(item: Named, language: str) -> str | None:
    if item.kind is ItemKind.PRACTICE:
        return titles_of([item.ref], language).get(item.ref)
    if item.kind is ItemKind.SESSION:
        query = (
            sessions_visible_to(None).where(TrainingSession.slug == item.ref).with_only_columns(TrainingSession.title)
        )
        return db.session.execute(query).scalar_one_or_none()
    if item.kind is ItemKind.COACH:
        coach = db.session.execute(coaches_visible_to(None).where(Coach.slug == item.ref)).unique().scalar_one_or_none()
        return coach.user.name if coach is not None else None
    if item.kind is ItemKind.STORY and item.ref.startswith(OF_A_TEAM):
        team = select(Team.name).where(Team.slug == item.ref[1:], Team.is_benchmark)
        return db.session.execute(team).scalar_one_or_none()
    if item.kind is ItemKind.STORY:
        stories = select(CaseStudy.title).where(CaseStudy.slug == item.ref)
        stories = stories.order_by((CaseStudy.language == language).desc(), CaseStudy.id)
        return db.session.execute(stories.limit(1)).scalar_one_or_none()
    return None


def _in_words(item: Named, title: str) -> str:
    if item.kind is ItemKind.COACH:
        return _("Ask %(name)s for coaching on %(capability)s", name=title, capability=item.capability)
    if item.kind is ItemKind.STORY and item.ref.startswith(OF_A_TEAM):
        return _("Ask %(team)s how they came further in %(capability)s", team=title, capability=item.capability)
    return title
