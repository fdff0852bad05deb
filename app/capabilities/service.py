"""Writing frameworks: what the files say becomes what the database has. Rows keep their ids, others hang on them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from app.capabilities.files import (
    AreaFile,
    CapabilityFile,
    CrosswalkFile,
    FrameworkFile,
    read_crosswalk,
    read_framework,
)
from app.capabilities.models import Area, Capability, Crosswalk, Framework, Level
from app.kernel.frontmatter import RefusedFileError
from app.kernel.report import Outcome, Report
from app.kernel.types import Localized

CROSSWALK = "crosswalk.yaml"
MAIN = "continuous-delivery"


def sync_frameworks(session: Session, folder: Path, report: Report) -> None:
    """Make the database say what the files in `folder` say. A framework whose file is gone stays."""
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != CROSSWALK)
    seen: dict[str, str] = {}

    def bring_framework(path: Path) -> Outcome:
        given = read_framework(path)
        if seen.setdefault(given.slug, path.name) != path.name:
            raise RefusedFileError(f"{seen[given.slug]} has the slug {given.slug} already")
        return save_framework(session, given)

    for path in sorted(paths, key=lambda path: path.stem != MAIN):
        _bring(path, bring_framework, report)
    if (folder / CROSSWALK).exists():
        _bring(folder / CROSSWALK, lambda path: save_crosswalk(session, read_crosswalk(path)), report)


def _bring(path: Path, bring: Callable[[Path], Outcome], report: Report) -> None:
    name = f"{path.parent.name}/{path.name}"
    try:
        report.add(bring(path), name)
    except RefusedFileError as error:
        report.add(Outcome.REFUSED, name, error.reason, error.line)


def save_framework(session: Session, given: FrameworkFile) -> Outcome:
    """Create the framework, or bring it to what is given. A capability that is no longer given is taken out."""
    session.flush()
    framework = session.execute(
        select(Framework)
        .where(Framework.slug == given.slug)
        .options(selectinload(Framework.areas).selectinload(Area.capabilities).selectinload(Capability.levels))
    ).scalar_one_or_none()
    created = framework is None
    if framework is None:
        framework = Framework(slug=given.slug, position=0 if given.slug == MAIN else 1, areas=[])
        session.add(framework)
    framework.version, framework.is_official = given.version, given.is_official
    framework.name, framework.summary = given.name, given.summary
    framework.notice, framework.source = given.notice, given.source
    capabilities = {capability.slug: capability for area in framework.areas for capability in area.capabilities}
    areas = {area.slug: area for area in framework.areas}
    framework.areas = [
        _bring_area(
            framework, areas.get(area.slug) or Area(slug=area.slug, capabilities=[]), area, number, capabilities
        )
        for number, area in enumerate(given.areas)
    ]
    if created:
        session.flush()
        return Outcome.CREATED
    changed = any(session.is_modified(row) for row in session.dirty) or bool(session.new) or bool(session.deleted)
    session.flush()
    return Outcome.CHANGED if changed else Outcome.LEFT


def _bring_area(framework: Framework, area: Area, given: AreaFile, position: int, known: dict[str, Capability]) -> Area:
    area.position, area.name, area.summary = position, given.name, given.summary
    area.capabilities = [
        _bring_capability(
            known.get(item.slug) or Capability(slug=item.slug, framework=framework, levels=[]), item, number
        )
        for number, item in enumerate(given.capabilities)
    ]
    return area


def _bring_capability(capability: Capability, given: CapabilityFile, position: int) -> Capability:
    capability.position, capability.name, capability.summary = position, given.name, given.summary
    levels = {level.number: level for level in capability.levels}
    for number, description in given.levels.items():
        if number in levels:
            levels[number].description = description
        else:
            capability.levels.append(Level(number=number, description=description))
    capability.levels[:] = [level for level in capability.levels if level.number in given.levels]
    return capability


def save_crosswalk(session: Session, given: CrosswalkFile) -> Outcome:
    """Replace the links between the two frameworks. Raises RefusedFileError for a capability that is not there, and for
    a link given twice.
    """
    origins = _capability_ids(session, given.from_framework)
    targets = _capability_ids(session, given.to_framework)
    wanted: dict[tuple[int, int], tuple[str, Localized]] = {}
    for link in given.links:
        name = f"{link.from_slug} to {link.to_slug}"
        if link.from_slug not in origins or link.to_slug not in targets:
            raise RefusedFileError(f"{name}: there is no such capability", link.line)
        key = origins[link.from_slug], targets[link.to_slug]
        if key in wanted:
            raise RefusedFileError(f"{name}: given twice", link.line)
        wanted[key] = (link.strength, link.note)
    between = Crosswalk.from_id.in_(origins.values()) & Crosswalk.to_id.in_(targets.values())
    rows = session.execute(select(Crosswalk).where(between)).scalars()
    present = {(row.from_id, row.to_id): (row.strength, row.note) for row in rows}
    if wanted == present:
        return Outcome.LEFT
    session.execute(delete(Crosswalk).where(between))
    session.add_all(
        Crosswalk(from_id=from_id, to_id=to_id, strength=strength, note=note)
        for (from_id, to_id), (strength, note) in wanted.items()
    )
    session.flush()
    return Outcome.CHANGED if present else Outcome.CREATED


def _capability_ids(session: Session, framework: str) -> dict[str, int]:
    rows = session.execute(select(Capability.slug, Capability.id).join(Framework).where(Framework.slug == framework))
    return {slug: capability_id for slug, capability_id in rows}
