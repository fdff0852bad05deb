"""Reading frameworks, areas, capabilities."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.capabilities.models import Area, Capability, Crosswalk, Framework
from app.kernel.db import db
from app.kernel.errors import NotFoundError


def list_frameworks() -> list[Framework]:
    """Every framework with areas and capabilities, the main one first."""
    query = (
        select(Framework)
        .options(selectinload(Framework.areas).selectinload(Area.capabilities))
        .order_by(Framework.position, Framework.slug)
    )
    return list(db.session.execute(query).scalars())


def get_framework(slug: str) -> Framework:
    """The framework with areas and capabilities. Raises NotFoundError."""
    framework = next((framework for framework in list_frameworks() if framework.slug == slug), None)
    if framework is None:
        raise NotFoundError(_l("There is no such framework."))
    return framework


def list_main_areas() -> list[Area]:
    """The areas of the main framework with their capabilities, in order; empty before the first `content sync`."""
    query = (
        select(Area)
        .join(Framework)
        .where(Framework.position == 0)
        .options(selectinload(Area.capabilities))
        .order_by(Area.position)
    )
    return list(db.session.execute(query).scalars())


def list_main_capabilities() -> list[Capability]:
    """The capabilities of the main framework with their areas, in order."""
    query = (
        select(Capability)
        .join(Capability.framework)
        .join(Capability.area)
        .where(Framework.position == 0)
        .options(contains_eager(Capability.area))
        .order_by(Area.position, Capability.position)
    )
    return list(db.session.execute(query).scalars())


def get_capability(framework_slug: str, slug: str) -> Capability:
    """The capability with area, framework and levels. Raises NotFoundError."""
    query = (
        select(Capability)
        .join(Capability.framework)
        .where(Framework.slug == framework_slug, Capability.slug == slug)
        .options(contains_eager(Capability.framework), joinedload(Capability.area), selectinload(Capability.levels))
    )
    capability = db.session.execute(query).scalar_one_or_none()
    if capability is None:
        raise NotFoundError(_l("There is no such capability."))
    return capability


@dataclass(frozen=True)
class Counterpart:
    """A capability of another framework, and how it corresponds."""

    capability: Capability
    strength: str
    link: Crosswalk


def list_counterparts(capability: Capability) -> list[Counterpart]:
    """What other frameworks have for `capability`, closest first."""
    query = (
        select(Crosswalk)
        .where(or_(Crosswalk.from_id == capability.id, Crosswalk.to_id == capability.id))
        .options(
            joinedload(Crosswalk.origin).joinedload(Capability.framework),
            joinedload(Crosswalk.origin).joinedload(Capability.area),
            joinedload(Crosswalk.target).joinedload(Capability.framework),
            joinedload(Crosswalk.target).joinedload(Capability.area),
        )
    )
    links = db.session.execute(query).scalars()
    found = [
        Counterpart(link.target if link.from_id == capability.id else link.origin, link.strength, link)
        for link in links
    ]
    return sorted(found, key=lambda each: (("same", "part", "supports").index(each.strength), each.capability.position))
