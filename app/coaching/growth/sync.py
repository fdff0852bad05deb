"""Making the database say what the file of the path says."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.coaching.growth.models import PathStage
from app.coaching.growth.path import Stage, read_path
from app.kernel.frontmatter import RefusedFileError
from app.kernel.report import Outcome, Report

FILE = Path("coaching") / "path.yaml"


def sync_path(session: Session, folder: Path, report: Report) -> None:
    """Read the path below `folder`, if there is one. People who stand on a stage that is gone begin anew with what they can."""
    file = folder / FILE
    if not file.exists():
        return
    try:
        report.add(_save(session, read_path(file)), FILE.as_posix())
    except RefusedFileError as error:
        report.add(Outcome.REFUSED, FILE.as_posix(), error.reason, error.line)


def _save(session: Session, stages: list[Stage]) -> Outcome:
    present = list(session.execute(select(PathStage).order_by(PathStage.position)).scalars())
    before = [(each.slug, each.name, each.summary, each.conditions) for each in present]
    wanted = [(each.slug, each.name, each.summary, [one.row for one in each.conditions]) for each in stages]
    if before == wanted:
        return Outcome.LEFT
    # Positions are unique, and stages may have changed places: all of them are written anew. Nothing hangs on their rows.
    session.execute(delete(PathStage))
    for position, (slug, name, summary, conditions) in enumerate(wanted):
        session.add(PathStage(slug=slug, position=position, name=name, summary=summary, conditions=conditions))
    session.flush()
    return Outcome.CHANGED if before else Outcome.CREATED
