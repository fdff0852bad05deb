"""What is due, overdue, without an owner or without a date."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.kernel.db import db
from app.practices.models import Practice
from app.practices.queries import CARD, in_language
from app.practices.upkeep.models import UpkeepCheck
from app.practices.upkeep.rules import SOON, View


def in_view(view: View, language: str, *, today: date, owner_id: int | None = None) -> Select[Practice]:
    """The articles of a view, each in one language; what is most urgent comes first. Of one owner, or of all."""
    query = in_language(select(Practice), language).outerjoin(User, User.id == Practice.owner_id)
    query = query.where(_condition(view, today)).options(*CARD, joinedload(Practice.owner))
    if owner_id is not None:
        query = query.where(Practice.owner_id == owner_id)
    return query.order_by(Practice.review_by.nulls_last(), Practice.title, Practice.id)


def count_views(language: str, *, today: date, owner_id: int | None = None) -> dict[View, int]:
    return {
        view: db.session.execute(
            select(func.count()).select_from(
                in_view(view, language, today=today, owner_id=owner_id)
                .order_by(None)
                .with_only_columns(Practice.id)
                .subquery()
            )
        ).scalar_one()
        for view in View
    }


def _condition(view: View, today: date) -> ColumnElement[bool]:
    match view:
        case View.OVERDUE:
            return Practice.review_by < today
        case View.DUE:
            return Practice.review_by.between(today, today + SOON)
        case View.ORPHANED:
            return or_(Practice.owner_id.is_(None), User.disabled_at.is_not(None))
        case View.UNDATED:
            return Practice.review_by.is_(None)


def list_languages(slug: str) -> list[Practice]:
    """The article in every language, the original first."""
    query = select(Practice).where(Practice.slug == slug).options(joinedload(Practice.owner))
    query = query.order_by(Practice.translation_of.is_not(None), Practice.language)
    return list(db.session.execute(query).unique().scalars())


def last_check(slug: str) -> UpkeepCheck | None:
    query = select(UpkeepCheck).where(UpkeepCheck.slug == slug).order_by(UpkeepCheck.id.desc()).limit(1)
    return db.session.execute(query.options(joinedload(UpkeepCheck.user))).unique().scalar_one_or_none()
