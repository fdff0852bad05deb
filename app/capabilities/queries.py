"""Reading frameworks, areas, capabilities."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l
from sqlalchemy import or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from app.capabilities.files import STRENGTHS
from app.capabilities.models import Area, Capability, Crosswalk, Framework
from app.kernel.db import db
from app.kernel.errors import NotFoundError


def list_frameworks() -> list[Framework]:
    """Every framework with areas and capabilities, the main one first, those set aside last."""
    query = (
        select(Framework)
        .options(selectinload(Framework.areas).selectinload(Area.capabilities))
        .order_by(Framework.is_aside, Framework.position, Framework.slug)
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
    return sorted(found, key=lambda each: (STRENGTHS.index(each.strength), each.capability.position))


@dataclass(frozen=True)
class Linked(Counterpart):
    """A counterpart together with what it is the counterpart of."""

    near: Capability


def list_links(one: Framework, other: Framework) -> tuple[dict[int, list[Linked]], dict[int, list[Linked]]]:
    """The links between two frameworks that were loaded with their capabilities, by the ids of the capabilities of `one`, and by
    those of `other`; closest first. In whichever direction a link was written, it counts for both.
    """
    mine = {each.id: each for area in one.areas for each in area.capabilities}
    theirs = {each.id: each for area in other.areas for each in area.capabilities}
    there = Crosswalk.from_id.in_(mine) & Crosswalk.to_id.in_(theirs)
    back = Crosswalk.from_id.in_(theirs) & Crosswalk.to_id.in_(mine)
    from_one: dict[int, list[Linked]] = {}
    from_other: dict[int, list[Linked]] = {}
    for link in db.session.execute(select(Crosswalk).where(or_(there, back))).scalars():
        near_id, far_id = (link.from_id, link.to_id) if link.from_id in mine else (link.to_id, link.from_id)
        near, far = mine[near_id], theirs[far_id]
        from_one.setdefault(near.id, []).append(Linked(far, link.strength, link, near))
        from_other.setdefault(far.id, []).append(Linked(near, link.strength, link, far))
    for found in (*from_one.values(), *from_other.values()):
        found.sort(key=_closest_first)
    return from_one, from_other


def _closest_first(each: Counterpart) -> tuple[int, int, int]:
    return STRENGTHS.index(each.strength), each.capability.area_id, each.capability.position


@dataclass(frozen=True)
class Around:
    """What a capability needs and what it blocks, each in the order of the framework."""

    needs: list[Capability]
    blocks: list[Capability]


def list_around(capability: Capability) -> Around:
    query = (
        select(Capability)
        .join(Capability.area)
        .where(Capability.framework_id == capability.framework_id)
        .options(contains_eager(Capability.area), joinedload(Capability.framework))
        .order_by(Area.position, Capability.position)
    )
    others = list(db.session.execute(query).scalars())
    return Around(
        needs=[each for each in others if each.slug in capability.needs],
        blocks=[each for each in others if capability.slug in each.needs],
    )
