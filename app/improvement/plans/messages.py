"""How people are reminded of what is overdue, and of assessing again. The mail leads to the plan; it is written when it is sent, so it
says what holds by then, and nothing where the item is done or the assessment begun by then.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import contains_eager, joinedload

from app.accounts.models import Membership
from app.improvement.plans.models import Plan, PlanItem
from app.improvement.plans.nudging import KIND, REVIEW, facts, review_facts
from app.improvement.plans.queries import awaits_review
from app.improvement.plans.rules import ALIVE, PlanState
from app.jobs.messages import Current, Message
from app.kernel.db import db
from app.notifications.rules import Topic
from app.web.dates import long_date


def _overdue(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Overdue in the plan of %(team)s: %(what)s", team=params["team"], what=params["what"]),
        _(
            "It was to be done by %(day)s. Is it done, or is another day better, or is it no longer wanted? "
            "One press in the plan says so. You are reminded of it again in a fortnight.",
            day=long_date(date.fromisoformat(params["due"])),
        ),
        url_for(
            "plans.show",
            slug=params["slug"],
            framework=params["framework"],
            _anchor=f"item-{params['item']}",
            _external=True,
        ),
    )


def _current(params: Mapping[str, Any], user_id: int | None, _now: datetime) -> Mapping[str, Any] | None:
    """The item as it is now; nothing once nothing is overdue, or for somebody who has left the team."""
    query = (
        select(PlanItem)
        .join(PlanItem.plan)
        .where(PlanItem.id == params["item"], PlanItem.state.in_(ALIVE), PlanItem.due_on.is_not(None))
        .where(Plan.state == PlanState.RUNNING)
        .options(contains_eager(PlanItem.plan).options(joinedload(Plan.team), joinedload(Plan.framework)))
    )
    if user_id is not None:
        query = query.where(_is_of_team(user_id))
    item = db.session.execute(query).unique().scalar_one_or_none()
    if item is None or item.due_on is None:
        return None
    return facts(item)


def _is_of_team(user_id: int) -> ColumnElement[bool]:
    """Of a plan in the surrounding query."""
    membership = select(Membership.user_id).where(Membership.team_id == Plan.team_id, Membership.user_id == user_id)
    return membership.correlate(Plan).exists()


def _review(params: Mapping[str, Any]) -> Message:
    return Message(
        _("Time to assess %(team)s again", team=params["team"]),
        _(
            "The plan was to run until %(day)s. A new assessment shows how far the team has come; begin it in time, for a coach looks at "
            "it, too. Is another day better? The plan can say so.",
            day=long_date(date.fromisoformat(params["due"])),
        ),
        url_for("plans.show", slug=params["slug"], framework=params["framework"], _external=True),
    )


def _current_review(params: Mapping[str, Any], user_id: int | None, now: datetime) -> Mapping[str, Any] | None:
    """The plan as it is now; nothing once the assessment has begun or the day is far off, or for somebody who has left the team."""
    query = (
        select(Plan)
        .where(Plan.id == params["plan"], awaits_review(now.date()))
        .options(joinedload(Plan.team), joinedload(Plan.framework))
    )
    if user_id is not None:
        query = query.where(_is_of_team(user_id))
    plan = db.session.execute(query).unique().scalar_one_or_none()
    return None if plan is None else review_facts(plan)


WORDINGS = {KIND: _overdue, REVIEW: _review}
CURRENT: Mapping[str, Current] = {KIND: _current, REVIEW: _current_review}
TOPICS = {KIND: Topic.PLANS, REVIEW: Topic.PLANS}
