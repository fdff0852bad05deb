"""The versions of a framework: each is the whole of it, is made once, and never changes. The rows say what the latest says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from flask_babel import lazy_gettext as _l
from sqlalchemy import event, select
from sqlalchemy.orm import Session, joinedload, object_session, undefer

from app.capabilities.documents import Document, ancestors, areas_of, capabilities_of, carried_over
from app.capabilities.models import Framework, FrameworkVersion
from app.capabilities.moving import move_references
from app.capabilities.rows import bring_rows
from app.kernel.db import db, take_turns
from app.kernel.errors import NotFoundError

Said = TypeVar("Said")


class Editor(Protocol):
    """Whoever publishes. Frameworks know no accounts."""

    @property
    def id(self) -> int: ...


def find_latest_version(framework_id: int) -> FrameworkVersion | None:
    """The version that the rows say, with its content."""
    query = (
        select(FrameworkVersion)
        .where(FrameworkVersion.framework_id == framework_id)
        .options(undefer(FrameworkVersion.content))
        .order_by(FrameworkVersion.number.desc())
        .limit(1)
    )
    return db.session.execute(query).scalar_one_or_none()


def by_present_slugs(said: Mapping[str, Said], framework: Framework) -> Mapping[str, Said]:
    """What was said of the capabilities of some version of `framework`, by the slugs that they have today. Most of the time they are
    the same, and the latest version need not be read.
    """
    if said.keys() <= {each.slug for area in framework.areas for each in area.capabilities}:
        return said
    version = find_latest_version(framework.id)
    return carried_over(said, capabilities_of(version.content)) if version is not None else {}


def by_slugs_of(version: FrameworkVersion, said: Mapping[str, Said]) -> Mapping[str, Said]:
    """What is kept by the slugs that capabilities have today, by those that they had in `version`, whose content has to be loaded.
    What `version` does not know is left out. It goes back step by step, as what is kept came here: a slug may have been given to
    something else between.
    """
    if version.number == version.framework.number:
        return said
    since = (
        select(FrameworkVersion.content)
        .where(FrameworkVersion.framework_id == version.framework_id, FrameworkVersion.number > version.number)
        .order_by(FrameworkVersion.number)
    )
    documents = [version.content, *db.session.execute(since).scalars()]
    for before, after in reversed(list(pairwise(documents))):
        came_from = ancestors(capabilities_of(before), capabilities_of(after))
        said = {came_from[slug]: each for slug, each in said.items() if slug in came_from}
    return said


def list_versions(framework_id: int) -> list[FrameworkVersion]:
    """Every version without its content, the newest first, with whoever published it."""
    query = (
        select(FrameworkVersion)
        .where(FrameworkVersion.framework_id == framework_id)
        .options(joinedload(FrameworkVersion.editor))
        .order_by(FrameworkVersion.number.desc())
    )
    return list(db.session.execute(query).unique().scalars())


def get_version(framework_id: int, number: int) -> FrameworkVersion:
    """That version with its content and whoever published it. Raises NotFoundError."""
    query = (
        select(FrameworkVersion)
        .where(FrameworkVersion.framework_id == framework_id, FrameworkVersion.number == number)
        .options(undefer(FrameworkVersion.content), joinedload(FrameworkVersion.editor))
    )
    version = db.session.execute(query).unique().scalar_one_or_none()
    if version is None:
        raise NotFoundError(_l("There is no such version of this framework."))
    return version


def take_framework(session: Session, slug: str) -> None:
    """Whoever edits or publishes this framework waits here for whoever began before, to the end of that transaction."""
    take_turns(session, f"framework {slug}")


def publish(
    session: Session,
    framework: Framework,
    content: Document,
    *,
    note: str,
    editor: Editor | None,
    now: datetime,
    is_from_file: bool = False,
) -> FrameworkVersion:
    """Make `content`, a checked document, the next version of `framework`, and bring the rows to it."""
    before = find_latest_version(framework.id)
    whole = with_former_slugs(content, before.content if before else None)
    bring_rows(session, framework, whole)
    if before:
        move_references(session, before.content, whole)
    framework.number += 1
    version = FrameworkVersion(
        framework_id=framework.id,
        number=framework.number,
        label=whole["version"],
        note=note,
        content=whole,
        is_from_file=is_from_file,
        editor_id=editor.id if editor else None,
        at=now,
    )
    session.add(version)
    session.flush()
    return version


def with_former_slugs(content: Document, before: Document | None) -> dict[str, Any]:
    """`content`, in which everything names all the slugs that it ever had, so that one may leave out versions between two."""
    areas = _former_slugs(areas_of(before) if before else {}, areas_of(content))
    capabilities = _former_slugs(capabilities_of(before) if before else {}, capabilities_of(content))
    return {
        **content,
        "areas": [
            {
                **area,
                "was": areas[area["slug"]],
                "capabilities": [{**each, "was": capabilities[each["slug"]]} for each in area["capabilities"]],
            }
            for area in content["areas"]
        ],
    }


def _former_slugs(before: Mapping[str, dict[str, Any]], now: Mapping[str, dict[str, Any]]) -> dict[str, list[str]]:
    """For each slug of `now` those before it, the oldest first. A slug that something has today is nobody's former one."""
    came_from = ancestors(before, now)
    found = {}
    for slug, item in now.items():
        former = came_from.get(slug)
        earlier = [*before[former]["was"], former] if former else []
        found[slug] = [each for each in dict.fromkeys([*earlier, *item["was"]]) if each not in now]
    return found


class UnchangeableError(RuntimeError):
    """Something tried to change or delete a version."""


@event.listens_for(FrameworkVersion, "before_update")
def _refuse_to_change(_mapper: Any, _connection: Any, version: FrameworkVersion) -> None:
    # A row may be called dirty although every value is what it was.
    session = object_session(version)
    if session is None or session.is_modified(version):
        raise UnchangeableError(f"Version {version.number} of a framework was about to be changed.")
