"""Frameworks from files: what the files say becomes what the database has, as versions where something changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.capabilities.crossing import save_crosswalk
from app.capabilities.documents import as_document, fingerprint
from app.capabilities.files import RefusedFrameworkError, read_crosswalk, read_framework
from app.capabilities.models import Framework, FrameworkVersion
from app.capabilities.rows import MAIN, find_rows, new_rows
from app.capabilities.versions import find_latest_version, publish, take_framework, with_former_slugs
from app.kernel.frontmatter import RefusedFileError
from app.kernel.report import Outcome, Report

CROSSWALK = "crosswalk.yaml"


def sync_frameworks(session: Session, folder: Path, report: Report, *, now: datetime, over_edits: bool = False) -> None:
    """Make the database say what the files in `folder` say. A framework whose file is gone stays. Where a framework was edited on
    the site since its file came in and the file has changed as well, the file is taken only with `over_edits`.
    """
    paths = sorted(path for path in folder.glob("*.yaml") if path.name != CROSSWALK)
    seen: dict[str, str] = {}

    def bring_framework(path: Path) -> Outcome:
        given = read_framework(path)
        if seen.setdefault(given["slug"], path.name) != path.name:
            raise RefusedFileError(f"{seen[given['slug']]} has the slug {given['slug']} already")
        return save_framework(session, given, now=now, over_edits=over_edits)

    for path in sorted(paths, key=lambda path: path.stem != MAIN):
        _bring(path, bring_framework, report)
    _make_first_versions(session, now=now)
    if (folder / CROSSWALK).exists():
        _bring(
            folder / CROSSWALK,
            lambda path: save_crosswalk(session, read_crosswalk(path), over_edits=over_edits),
            report,
        )


def _bring(path: Path, bring: Callable[[Path], Outcome], report: Report) -> None:
    name = f"{path.parent.name}/{path.name}"
    try:
        report.add(bring(path), name)
    except RefusedFrameworkError as error:
        report.add(Outcome.REFUSED, name, error.reason, error.line, error.notes)
    except RefusedFileError as error:
        report.add(Outcome.REFUSED, name, error.reason, error.line)


def save_framework(session: Session, given: Mapping[str, Any], *, now: datetime, over_edits: bool = False) -> Outcome:
    """Create the framework, or make what is given its next version. Raises RefusedFileError where the site has an edit that the
    file knows nothing of.
    """
    session.flush()
    take_framework(session, given["slug"])
    framework, said = find_rows(session, given["slug"]), fingerprint(given)
    if framework is None:
        framework = new_rows(session, given)
        publish(session, framework, given, note="", editor=None, now=now, is_from_file=True)
        framework.file_hash = said
        session.flush()
        return Outcome.CREATED
    if framework.file_hash == said and not over_edits:
        return Outcome.LEFT
    latest = find_latest_version(framework.id)
    if latest is not None and with_former_slugs(given, latest.content) == latest.content:
        framework.file_hash = said
        session.flush()
        return Outcome.LEFT
    if latest is not None and not latest.is_from_file and not over_edits:
        raise RefusedFileError(
            f"version {latest.number} was published on the site, and the file does not have what it changed. Download it from"
            f" the page of the framework and put it in place of the file, or take the file nevertheless: --over-edits"
        )
    publish(session, framework, given, note="", editor=None, now=now, is_from_file=True)
    framework.file_hash = said
    session.flush()
    return Outcome.CHANGED


def _make_first_versions(session: Session, *, now: datetime) -> None:
    """A framework from before there were versions, whose file is gone, gets what it says as its first."""
    without = select(Framework.slug).where(
        ~select(FrameworkVersion.id).where(FrameworkVersion.framework_id == Framework.id).exists()
    )
    for slug in list(session.execute(without).scalars()):
        framework = find_rows(session, slug)
        if framework is not None:
            publish(session, framework, as_document(framework), note="", editor=None, now=now, is_from_file=True)
