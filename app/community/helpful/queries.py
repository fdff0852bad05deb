"""Counting answers, and reading the reasons."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import joinedload

from app.community.helpful.models import HelpfulAnswer
from app.community.helpful.rules import TOLD_FROM
from app.community.subjects import Ref
from app.kernel.db import db

YES = func.sum(case((HelpfulAnswer.is_helpful, 1), else_=0))


@dataclass(frozen=True)
class Tally:
    """How many answered, and how many of them found it helpful."""

    yes: int = 0
    total: int = 0

    @property
    def is_told(self) -> bool:
        return self.total >= TOLD_FROM


def count_answers(refs: Collection[Ref], without: Collection[int] = ()) -> dict[Ref, Tally]:
    """By subject, of everybody but the people `without`; those without an answer are not in it. One query."""
    query = select(HelpfulAnswer.kind, HelpfulAnswer.slug, YES, func.count())
    query = query.where(_is_one_of(refs), HelpfulAnswer.user_id.not_in(without))
    query = query.group_by(HelpfulAnswer.kind, HelpfulAnswer.slug)
    return {Ref(kind, slug): Tally(int(yes), total) for kind, slug, yes, total in db.session.execute(query)}


def answers_of(user_id: int, refs: Collection[Ref]) -> dict[Ref, HelpfulAnswer]:
    """What the person answered. One query."""
    query = select(HelpfulAnswer).where(HelpfulAnswer.user_id == user_id, _is_one_of(refs))
    return {Ref(row.kind, row.slug): row for row in db.session.execute(query).scalars()}


def _is_one_of(refs: Collection[Ref]) -> Any:
    return or_(*(and_(HelpfulAnswer.kind == ref.kind, HelpfulAnswer.slug == ref.slug) for ref in refs))


def list_reasons(ref: Ref) -> list[HelpfulAnswer]:
    """Every "no" with its person, the latest first."""
    query = (
        select(HelpfulAnswer)
        .where(HelpfulAnswer.kind == ref.kind, HelpfulAnswer.slug == ref.slug, HelpfulAnswer.is_helpful.is_(False))
        .options(joinedload(HelpfulAnswer.user))
        .order_by(HelpfulAnswer.at.desc(), HelpfulAnswer.user_id)
    )
    return list(db.session.execute(query).unique().scalars())


def least_helpful(limit: int) -> list[tuple[Ref, Tally]]:
    """What most people found of no use, by the share of those who did; from a few answers on."""
    total = func.count()
    query = (
        select(HelpfulAnswer.kind, HelpfulAnswer.slug, YES, total)
        .group_by(HelpfulAnswer.kind, HelpfulAnswer.slug)
        .having(total >= TOLD_FROM, total > YES)
        .order_by(1.0 * YES / total, total.desc(), HelpfulAnswer.kind, HelpfulAnswer.slug)
        .limit(limit)
    )
    return [(Ref(kind, slug), Tally(int(yes), count)) for kind, slug, yes, count in db.session.execute(query)]
