"""What shows that an answer is true without anybody writing it down: the practices on its capability that the team has
adopted. One that it is only trying shows nothing yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel.speaklater import LazyString
from sqlalchemy import select
from sqlalchemy.orm import contains_eager

from app.capabilities.models import Capability
from app.kernel.db import db
from app.maturity.models import Evidence
from app.practices.adoption.models import Adoption
from app.practices.adoption.rules import ADOPTED, STAGE_NAMES, Stage
from app.practices.models import Practice
from app.practices.queries import in_language


@dataclass(frozen=True)
class Adopted:
    """A practice that a team has adopted, and how far it is with it. `level` is the one that the practice is for, if for one."""

    capability: str
    slug: str
    title: str
    level: int | None
    stage: str
    since: date
    link: str

    @property
    def stage_name(self) -> LazyString:
        return STAGE_NAMES[Stage(self.stage)]

    @property
    def as_item(self) -> dict[str, Any]:
        """As a snapshot keeps it."""
        return _item("practice", self.title, f"/practices/{self.slug}", stage=self.stage)


def list_adopted(team_id: int, framework_id: int, language: str) -> dict[str, list[Adopted]]:
    """By the slug of the capability, the firmest first. One query."""
    query = (
        select(Practice)
        .join(Practice.capability)
        .where(Capability.framework_id == framework_id)
        .options(contains_eager(Practice.capability))
    )
    used = in_language(query, language).add_columns(Adoption).join(Adoption, Adoption.practice_slug == Practice.slug)
    used = used.where(Adoption.team_id == team_id, Adoption.stage.in_(ADOPTED))
    found: dict[str, list[Adopted]] = {}
    for practice, adoption in sorted(db.session.execute(used), key=_firmest_first):
        capability = practice.capability.slug
        found.setdefault(capability, []).append(
            Adopted(
                capability=capability,
                slug=practice.slug,
                title=practice.title,
                level=practice.level,
                stage=adoption.stage,
                since=adoption.since,
                link=adoption.link,
            )
        )
    return found


def _firmest_first(row: Any) -> tuple[int, date, int]:
    adoption: Adoption = row[1]
    return ADOPTED.index(Stage(adoption.stage)), adoption.since, adoption.id


def as_item(evidence: Evidence) -> dict[str, Any]:
    """What was written down, as a snapshot keeps it."""
    return _item(
        evidence.kind, evidence.title, evidence.link, value=evidence.value, unit=evidence.unit, window=evidence.window
    )


def _item(
    kind: str,
    title: str,
    link: str,
    *,
    value: float | None = None,
    unit: str = "",
    window: str = "",
    stage: str = "",
) -> dict[str, Any]:
    return {
        "kind": kind,
        "title": title,
        "link": link,
        "value": value,
        "unit": unit,
        "window": window,
        "stage": stage,
    }
