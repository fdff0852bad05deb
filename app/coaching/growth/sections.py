"""What other pages show of the path: a coach's stage, and for whoever decides, that somebody has asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import render_template, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.accounts.models import User
from app.accounts.rules import Role
from app.coaching.growth.models import PathStage, Standing
from app.coaching.growth.policy import can_decide
from app.coaching.growth.queries import are_there_leads, count_open_applications, find_place, list_stages
from app.coaching.growth.rules import brings_role, stage_of
from app.kernel.db import db
from app.web.sections import Section
from app.web.shared import reader


def stages(arguments: Sequence[str]) -> list[str]:
    """The badge of each of these people's stage, by account id; for members. Who is a candidate is nobody's business."""
    if reader() is None:
        return ["" for _argument in arguments]
    shown = _stages_of([int(argument) for argument in arguments])
    return [
        render_template("coaching/growth/_badge.html", stage=shown[int(argument)]) if int(argument) in shown else ""
        for argument in arguments
    ]


def _stages_of(user_ids: Sequence[int]) -> dict[int, PathStage]:
    found = list_stages()
    slugs, by_slug = [stage.slug for stage in found], {stage.slug: stage for stage in found}
    query = select(User, Standing.stage).outerjoin(Standing, Standing.user_id == User.id).where(User.id.in_(user_ids))
    shown = {}
    for person, kept in db.session.execute(query.options(joinedload(User.grants))).unique():
        slug = stage_of(slugs, kept, is_coach=Role.COACH in person.roles)
        if slug is not None and brings_role(slugs, slug):
            shown[person.id] = by_slug[slug]
    return shown


def waiting(_home: Any, person: Any) -> Section | None:
    """For whoever decides: how many have asked for the next stage."""
    if person is None or not {Role.COACH, Role.ADMINISTRATOR} & set(person.roles):
        return None
    count = count_open_applications(without=person.id)
    if not count or not can_decide(person, is_lead=find_place(person).is_lead, are_there_leads=are_there_leads()):
        return None
    return Section(_("Coaches to be"), "coaching/growth/_waiting.html", [count], 1, url_for("growth.people"))
