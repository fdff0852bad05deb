"""The rows of a framework brought to what a document says. They keep their ids: the library hangs on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.capabilities.documents import Document, ancestors, areas_of, capabilities_of
from app.capabilities.models import Area, Capability, Framework, Level
from app.kernel.types import Localized

MAIN = "continuous-delivery"


def find_rows(session: Session, slug: str) -> Framework | None:
    """The framework with everything that is in it."""
    query = (
        select(Framework)
        .where(Framework.slug == slug)
        .options(selectinload(Framework.areas).selectinload(Area.capabilities).selectinload(Capability.levels))
    )
    return session.execute(query).scalar_one_or_none()


def new_rows(session: Session, document: Document) -> Framework:
    """A framework with nothing in it yet."""
    slug = document["slug"]
    framework = Framework(slug=slug, position=0 if slug == MAIN else 1, areas=[])
    _say(framework, document)
    session.add(framework)
    session.flush()
    return framework


def bring_rows(session: Session, framework: Framework, document: Document) -> None:
    """Make the rows say what `document` says. What was renamed keeps its row; a capability that is no longer there is taken out."""
    _say(framework, document)
    areas = {area.slug: area for area in framework.areas}
    capabilities = {capability.slug: capability for area in framework.areas for capability in area.capabilities}
    known_areas = _known(areas, areas_of(document))
    known = _known(capabilities, capabilities_of(document))
    framework.areas = [
        _bring_area(
            framework, known_areas.get(item["slug"]) or Area(slug=item["slug"], capabilities=[]), item, number, known
        )
        for number, item in enumerate(document["areas"])
    ]
    session.flush()


def _known(rows: Mapping[str, Any], items: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """The row of each item that has one already, be it under a former slug."""
    return {slug: rows[former] for slug, former in ancestors(rows, items).items()}


def _say(framework: Framework, document: Document) -> None:
    framework.version, framework.is_official = document["version"], document["official"]
    framework.name, framework.summary = Localized(document["name"]), Localized(document["summary"])
    framework.notice, framework.source = Localized(document["notice"]), Localized(document["source"])


def _bring_area(
    framework: Framework, area: Area, given: Mapping[str, Any], position: int, known: Mapping[str, Capability]
) -> Area:
    area.slug, area.position, area.weight = given["slug"], position, given["weight"]
    area.name, area.summary = Localized(given["name"]), Localized(given["summary"])
    area.capabilities = [
        _bring_capability(known.get(item["slug"]) or Capability(framework=framework, levels=[]), item, number)
        for number, item in enumerate(given["capabilities"])
    ]
    return area


def _bring_capability(capability: Capability, given: Mapping[str, Any], position: int) -> Capability:
    capability.slug, capability.position = given["slug"], position
    capability.weight, capability.needs = given["weight"], list(given["needs"])
    capability.name, capability.summary = Localized(given["name"]), Localized(given["summary"])
    levels = {level.number: level for level in capability.levels}
    wanted = {int(number): Localized(texts) for number, texts in given["levels"].items()}
    for number, description in wanted.items():
        if number in levels:
            levels[number].description = description
        else:
            capability.levels.append(Level(number=number, description=description))
    capability.levels[:] = [level for level in capability.levels if level.number in wanted]
    return capability
