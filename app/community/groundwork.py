"""Subjects that lie on floors below: capabilities and teams."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from flask import url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.accounts.models import Team
from app.capabilities.models import Capability, Framework
from app.community.subjects import Kind, Subject
from app.kernel.db import db


def _find_capabilities(slugs: Collection[str], _reader: Any, language: str) -> Iterable[Subject]:
    query = (
        select(Capability)
        .join(Capability.framework)
        .where((Framework.slug + "." + Capability.slug).in_(slugs))
        .options(joinedload(Capability.framework), joinedload(Capability.area))
    )
    for capability in db.session.execute(query).scalars():
        yield Subject(
            kind="capability",
            slug=f"{capability.framework.slug}.{capability.slug}",
            title=capability.name.in_(language),
            url=url_for("capabilities.show", framework=capability.framework.slug, slug=capability.slug),
            note=capability.area.name.in_(language),
            summary=capability.summary.in_(language),
            hue=capability.area.hue,
        )


def _find_teams(slugs: Collection[str], _reader: Any, _language: str) -> Iterable[Subject]:
    query = select(Team).where(Team.slug.in_(slugs)).options(selectinload(Team.memberships))
    for team in db.session.execute(query).unique().scalars():
        yield Subject(
            kind="team",
            slug=team.slug,
            title=team.name,
            url=url_for("people.team", slug=team.slug),
            note=team.organisation,
            owner_ids=frozenset(membership.user_id for membership in team.memberships),
            team_id=team.id,
        )


KINDS = (Kind("capability", _l("Capability"), _find_capabilities), Kind("team", _l("Team"), _find_teams))
